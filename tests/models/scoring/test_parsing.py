"""A document of rules: every wrong value is told where it stands, and the version is its hash."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from models.errors import BadRows
from models.scoring.parsing import parse_scoring, version_of
from runtime import i18n
from runtime.expectations import expected
from tests.models.scoring.rows import document

Path = tuple[str | int, ...]
OPTIONAL = {
    "on_site.default_weight",
    "on_site.measures.03-02.enough",
    "on_site.measures.01-01.full_marks",
    "on_site.measures.05-01.full_marks",
    "on_site.measures.05-01.least_minutes",
    "negative.entry[5].most",
    "appraisal.lowest",
    "appraisal.highest",
    "appraisal.relapse_factor",
    "appraisal.repeated_within_days",
    "appraisal.deductions.per_cases",
    "appraisal.self_sources",
    "ranking.least_cases",
    "lists.gap",
    "lists.red.measure",
    "lists.red.at_least",
    "lists.red.count",
    "lists.black.measure",
    "lists.black.below",
    "lists.black.count",
    "appeals.window_working_days",
}
"""May be left out: each has a value that is meant then. So may the rows of tables whose keys are the city's."""
FREE = ("on_site.weights", "on_site.measures", "questionnaire.groups", "questionnaire.questions", "appraisal.double")
FREE += ("appraisal.weights", "appraisal.incidents", "lists.red.groups", "lists.black.groups", "appraisal.difficulty")
FREE += (
    "filing.earns.",
    "composition.",
    "on_site.rounds.",
    "negative.entry[",
    "precondition[",
    "lists.consequence[",
    "ranking.order[",
)


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every table, list and value with the way to it."""
    yield path, value
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from walk(below, (*path, key))


def name(path: Path) -> str:
    """As the reader tells it: lists count from 1."""
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def changed(path: Path, value: Any) -> dict[str, Any]:
    whole = document()
    if not path:
        return dict(value)
    place: Any = whole
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole


def told(content: Mapping[str, Any]) -> dict[str, str]:
    """What is complained about: where → what was expected."""
    try:
        parse_scoring(content)
    except BadRows as error:
        return {row.column: row.expected for row in error.rows}
    return {}


EVERYTHING = list(walk(document()))
VALUES = [(path, value) for path, value in EVERYTHING if not isinstance(value, dict | list)]
TABLES = [(path, value) for path, value in EVERYTHING if isinstance(value, dict)]


def test_proposal_is_in_order() -> None:
    assert told(document()) == {}
    assert len(VALUES) > 100


@pytest.mark.parametrize(("path", "value"), VALUES, ids=lambda one: name(one) if isinstance(one, tuple) else "")
def test_wrong_value_is_told_where_it_stands(path: Path, value: Any) -> None:
    wrong = "" if isinstance(value, str) else "many"
    found = told(changed(path, wrong))
    place = name(path[:-1]) if isinstance(path[-1], int) else name(path)

    assert place in found


@pytest.mark.parametrize(
    "path", [path for path, value in VALUES if not isinstance(value, str)], ids=lambda path: name(path)
)
def test_no_number_at_all_or_one_out_of_bounds_is_told(path: Path) -> None:
    place = name(path[:-1]) if isinstance(path[-1], int) else name(path)
    wrongs = [True, float("nan"), float("inf"), -1000, 10**9, [1], {"a": 1}]

    assert [wrong for wrong in wrongs if place not in told(changed(path, wrong))] == []


@pytest.mark.parametrize(("path", "value"), VALUES, ids=lambda one: name(one) if isinstance(one, tuple) else "")
def test_missing_value_is_told_unless_it_may_be_left_out(path: Path, value: Any) -> None:
    found, place = told(changed(path, None)), name(path)
    free = place.startswith(FREE) and not any(place.endswith(end) for end in (".kind", ".weight"))

    assert place in found or place in OPTIONAL or free or isinstance(path[-1], int)
    assert not (place in OPTIONAL and found)


@pytest.mark.parametrize("path", [path for path, _ in TABLES[1:] if path != ("names",)], ids=lambda path: name(path))
def test_missing_table_is_told_once_or_may_be_left_out(path: Path) -> None:
    found, place = told(changed(path, None)), name(path)

    assert not [where for where in found if where.startswith(f"{place}.")]


@pytest.mark.parametrize(("path", "table"), TABLES, ids=lambda one: name(one) if isinstance(one, tuple) else "")
def test_misspelt_setting_is_told_in_every_table(path: Path, table: dict[str, Any]) -> None:
    assert name((*path, "mispelt")) in told(changed(path, {**table, "mispelt": "x"}))


def test_everything_wrong_is_told_at_once() -> None:
    written = document()
    written["rounding"]["score_places"] = 9
    written["cycle"]["years"] = [0.5, 0.4]
    written["lists"]["gap"] = "forgets"

    assert {"rounding.score_places", "cycle.years", "lists.gap"} == set(told(written))


@pytest.mark.parametrize(
    ("path", "value", "where", "what"),
    [
        (("composition", "annual"), {"on_site": 0.5}, "composition.annual", "weights that add up to 1"),
        (("cycle", "years"), [0.15, 0.25, 0.61], "cycle.years", "weights that add up to 1"),
        (("cycle", "years"), [], "cycle.years", "a list of numbers from 0 to 1"),
        (("questionnaire", "questions"), {}, "questionnaire.questions", "at least one question"),
        (
            ("questionnaire", "questions", "support", "answers"),
            {"supports": 0.5},
            "questionnaire.questions.support.answers",
            "shares from 0 to 1, the best of them 1",
        ),
        (("filing", "earns"), {}, "filing.earns", "shares from 0 to 1, the best of them 1"),
        (("composition",), {}, "composition", "at least one composition"),
        (("appraisal", "weights"), {}, "appraisal.weights", "at least one weight"),
        (("appraisal", "weights"), {"disposal": 0}, "appraisal.weights", "at least one weight"),
        (("appraisal", "highest"), 0, "appraisal.highest", "more than “lowest”"),
        (
            ("appraisal", "deductions", "by_finder", "city"),
            {"found": 1, "late": 0.5, "repeated": 2},
            "appraisal.deductions.by_finder.city",
            "found ≤ late ≤ repeated",
        ),
        (("ranking", "order"), [], "ranking.order", "at least one figure"),
        (("lists", "red"), {"measure": "disposal"}, "lists.red.at_least", "a threshold, or how many of each group"),
        (("lists", "black", "below"), 95, "lists.black.below", "at most “red.at_least”: nobody is on both lists"),
        (("on_site", "measures", "01-01", "per_fault"), 0, "on_site.measures.01-01.per_fault", "more than nothing"),
        (("names", "faking"), None, "names.faking", "its name: zh and en"),
    ],
)
def test_rules_that_contradict_themselves_are_told(path: Path, value: Any, where: str, what: str) -> None:
    assert what == told(changed(path, value))[where]


@pytest.mark.parametrize("key", ["precondition", "negative.entry", "ranking.order", "lists.consequence"])
def test_same_code_twice_is_told(key: str) -> None:
    written = document()
    place = written
    *above, last = key.split(".")
    for one in above:
        place = place[one]
    place[last] = [*place[last], place[last][0]]

    assert len(told(written)) == 1
    assert next(iter(told(written))).startswith(f"{key}[{len(place[last])}].")


@pytest.mark.parametrize("content", [{}, {"rounding": 5}, {"lists": []}, {"names": {"a": "b"}}])
def test_document_that_is_none_is_told_and_never_breaks_the_reader(content: dict[str, Any]) -> None:
    assert len(told(content)) > 5


def test_version_is_the_same_after_a_database_and_however_a_number_is_written() -> None:
    again = json.loads(json.dumps(document()).replace("0.25", "0.250").replace(": 2,", ": 2.0,"))

    assert again["rounding"]["score_places"] == 2.0
    assert parse_scoring(document()).version == version_of(again)
    assert parse_scoring(document()).version == parse_scoring(json.loads(json.dumps(document()))).version


def test_any_other_value_is_another_version() -> None:
    others = {version_of(changed(path, f"{v} " if isinstance(v, str) else v + 1)) for path, v in VALUES}

    assert len(VALUES) == len(others - {version_of(document())})


def test_what_was_expected_is_said_in_chinese_too() -> None:
    complaints = {text for path, _ in EVERYTHING for text in told(changed(path, "x" if path else {})).values()}
    complaints |= {text for path, value in TABLES for text in told(changed(path, {**value, "mispelt": []})).values()}
    with i18n.using("zh-CN"):
        left = {text for text in complaints if expected(text) == text}

    assert len(complaints) > 15
    assert set() == left


def test_city_that_says_nothing_of_appeals_has_the_usual_grounds_and_days() -> None:
    appeals = parse_scoring(changed(("appeals",), None)).appeals

    assert (appeals.window, appeals.grounds) == (3, ("out_of_scope", "not_my_duty", "force_majeure"))


def test_ground_of_the_citys_own_needs_its_name_and_stands_once() -> None:
    rows = [{"code": "flood"}, {"code": "flood"}]

    assert set(told(changed(("appeals", "ground"), rows))) == {"appeals.ground", "names.flood"}
