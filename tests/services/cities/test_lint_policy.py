"""Every setting of rules/*.toml × every kind of wrong value: told by its name and its line, never raised."""

import math
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
import tomli_w

from models.rules import parse_rules
from models.seal import plain
from runtime.i18n import using
from services.cities import Level, lint
from services.cities.lint_policy import lint_settings
from services.cities.reading import RULES
from services.cities.setting_kinds import Kind
from services.cities.setting_tables import CLOSEOUT, LADDER, SEVERITIES, Group, Rows, policy
from tests.services.cities.packs import NOW, ZIGONG
from web.admin.words import finding as said

CONTENT = {name: tomllib.loads((ZIGONG / f"rules/{name}.toml").read_text("utf-8")) for name in RULES}
SHAPES = {"severities": SEVERITIES, "ladder": LADDER, "closeout": CLOSEOUT, "policy": policy(CONTENT["severities"])}
WRONG = [
    -1,
    "",
    "  ",
    "x",
    True,
    10**12,
    -(10**400),
    math.nan,
    math.inf,
    -0.5,
    1e300,
    [],
    [[]],
    [1],
    {},
    {"x": [{}]},
    "NaN",
]
WRONG += ["0 working_days", "99999 working_days", "-1 natural_days", "24:00", "07:30+08:00", "T08", "١ working_days"]

Place = tuple[str | int, ...]


def faults(pack, name: str, content: Mapping[str, Any]) -> list[Any]:
    files = {**pack.files, f"rules/{name}.toml": tomli_w.dumps(content).encode()}
    return list(lint_settings(replace(pack, rules={**pack.rules, name: content}, files=files)))


def errors(pack, name: str, content: Mapping[str, Any]) -> set[str]:
    return {one.params["setting"] for one in faults(pack, name, content) if one.level is Level.ERROR}


def put(content: Mapping[str, Any], place: Place, value: object) -> dict[str, Any]:
    made = deepcopy(dict(content))
    inside: Any = made
    for name, then in zip(place, (*place[1:], None), strict=True):
        if then is None:
            inside[name] = value
        elif isinstance(inside, dict):
            inside = inside.setdefault(name, [{}] if isinstance(then, int) else {})
        else:
            inside = inside[name]
    return made


def leaves(shape: Any, place: Place, written: Any) -> Iterator[tuple[Place, Kind]]:
    """Each setting that a file may have, at the place of its first row."""
    if isinstance(shape, Kind):
        yield place, shape
    elif isinstance(shape, Rows):
        row = len(written) - 1 if written else 0  # the condition with lines is the last
        yield from leaves(shape.row, (*place, row), written[row] if written else {})
    elif isinstance(shape, Group):
        others = {} if shape.others is None else {next(n for n, one in written.items() if isinstance(one, dict))}
        inner = {**shape.names, **dict.fromkeys(others, shape.others)}
        for name, part in _no_twins(inner).items():
            yield from leaves(part, (*place, name), (written or {}).get(name))


def _no_twins(inner: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of tables and of kinds of messages that are alike, one: each way out, each kind of message, has the same."""
    alike = len(inner) > 5 and len({id(part) for part in inner.values()}) == 1
    return dict(list(inner.items())[:1]) if alike else inner


EVERY = [(name, place, kind) for name in RULES for place, kind in leaves(SHAPES[name], (), CONTENT[name])]


def test_the_settings_of_the_example_city_are_without_a_fault(pack):
    assert list(lint_settings(pack)) == []
    assert len(EVERY) > 80


@pytest.mark.parametrize("name", RULES)
def test_no_wrong_value_of_any_setting_passes_or_raises(pack, name):
    for file, place, kind in EVERY:
        for value in WRONG if file == name else ():
            told = errors(pack, name, put(CONTENT[name], place, value))
            assert bool(told) != kind.fits(value), (place, value, told)


NEVER = [-1, -0.5, math.nan, math.inf, 10**12, 1e300, "", "  ", [[]], [{}], [""], [True], {"x": 1}]


@pytest.mark.parametrize(("file", "place", "kind"), EVERY, ids=[".".join(map(str, (n, *p))) for n, p, _ in EVERY])
def test_some_values_are_good_for_nothing_and_yes_and_no_only_where_they_are_asked_for(file, place, kind):
    assert [value for value in NEVER if kind.fits(value)] == []
    assert kind.fits(True) == kind.fits(False) == (kind.expected == "true or false")
    assert not kind.fits(0.7) or kind.expected.startswith("a number from")


@pytest.mark.parametrize("name", RULES)
def test_a_value_that_passes_the_lint_is_one_that_the_rules_can_read(pack, name):
    for file, place, kind in EVERY:
        for value in [*WRONG, 1, 5, 0.5, "0.5", "1 natural_hours", "08:30", False] if file == name else ():
            if kind.fits(value):
                rules = parse_rules("x", {**CONTENT, name: put(CONTENT[name], place, value)})
                assert rules.assign_within.amount > 0


@pytest.mark.parametrize("wrong", [1, "x", True, [], [1], math.nan])
@pytest.mark.parametrize("name", RULES)
def test_a_table_that_is_none_is_told(pack, name, wrong):
    for table in CONTENT[name]:
        if isinstance(CONTENT[name][table], dict):
            assert table in errors(pack, name, {**CONTENT[name], table: wrong})


@pytest.mark.parametrize(
    ("name", "place", "value", "setting"),
    [
        ("policy", ("look_back", "to_days"), 3, "look_back.to_days"),
        ("policy", ("look_back", "severe"), {"share": 1.0}, "look_back.severe.severities"),
        ("policy", ("look_back", "severe", "severities"), ["S9"], "look_back.severe.severities"),
        ("policy", ("quiet_hours", "to"), "21:00", "quiet_hours.to"),
        ("policy", ("quiet_hours", "to"), "20:59", "quiet_hours.to"),
        ("policy", ("quiet_hours",), {"from": "21:00"}, "quiet_hours.to"),
        ("policy", ("evidence", "similar_bits"), 1, "evidence.same_view_bits"),
        ("policy", ("channel_limits", "sms", "per_hour"), 0, "channel_limits.sms.per_hour"),
        ("policy", ("channel_limits", "chat", "spread_minutes"), 31, "channel_limits.chat.spread_minutes"),
        ("ladder", ("step", 3, "territorial"), [], "step.E3.territorial"),
        ("ladder", ("step",), [], "step"),
        ("ladder", ("stage", 0, "stage"), "assigned", "stage.A1.stage"),
        ("ladder", ("stage", 0, "posts"), "L1.office", "stage.A1.posts"),
        ("closeout", ("condition", 4, "sheets", 0), {}, "condition.same_fault_sweep.sheets.1"),
        ("closeout", ("condition", 4, "sheets", 2, "relapses"), 0, "condition.same_fault_sweep.sheets.3.relapses"),
        ("severities", ("S3", "extension", "approver_level"), 9, "S3.extension.approver_level"),
    ],
)
def test_what_would_fall_silent_or_misbehave_is_refused(pack, name, place, value, setting):
    content = put(CONTENT[name], place, value)
    if name == "ladder" and place[-1] == "territorial":
        content = put(content, (*place[:-1], "departmental"), [])

    assert setting in errors(pack, name, content)


def test_without_any_severity_nothing_is_lost_but_the_reader_is_told(pack):
    assert "severities" in errors(pack, "severities", {})


def test_what_is_needed_and_not_there_is_told(pack):
    content = {name: value for name, value in CONTENT["policy"].items() if name != "assign_within"}

    (found,) = faults(pack, "policy", content)

    assert (found.code, found.params["setting"], found.params["value"]) == ("wrong_setting", "assign_within", "–")


@pytest.mark.parametrize("name", ["quiet_hours", "look_back", "evidence", "hotspot"])
def test_a_table_may_be_empty_or_missing(pack, name):
    rest = {table: value for table, value in CONTENT["policy"].items() if table != name}

    assert faults(pack, "policy", rest) == faults(pack, "policy", {**rest, name: {}}) == []


@pytest.mark.parametrize(
    ("name", "place", "known"),
    [
        ("policy", ("digest", "treshold"), "threshold"),
        ("policy", ("hotspots",), "hotspot"),
        ("policy", ("channel_limits", "wecombots"), "wecombot, wecom"),
        ("policy", ("look_back", "form_days"), "from_days"),
        ("closeout", ("condition", 4, "sheets", 0, "found_level"), "found_levels"),
        ("closeout", ("condition", 0, "sheets"), "condition.same_fault_sweep.sheets"),
        ("severities", ("S1", "sing_in"), "sign_in"),
    ],
)
def test_a_name_that_nothing_reads_is_a_warning_with_the_nearest(pack, name, place, known):
    value: object = [{"relapses": 1}] if place[-1] == "sheets" else 7

    (found,) = faults(pack, name, put(CONTENT[name], place, value))

    assert (found.code, found.level, found.params["known"].split(", ")[0]) == (
        "unknown_setting",
        Level.WARNING,
        known.split(", ")[0],
    )


def test_rules_as_the_database_keeps_them_are_without_a_fault(pack):
    assert list(lint_settings(replace(pack, rules=plain(CONTENT)))) == []


def test_a_fault_has_the_line_of_its_setting(pack):
    old = pack.files["rules/policy.toml"]
    new = old.replace(b"per_minute = 60", b"per_minute = 0")
    content = tomllib.loads(new.decode())

    (found,) = lint_settings(
        replace(pack, rules={**pack.rules, "policy": content}, files={**pack.files, "rules/policy.toml": new})
    )

    assert new.splitlines()[found.row - 1] == b"per_minute = 0"
    assert found.params["setting"] == "channel_limits.sms.per_minute"


def test_lists_where_texts_are_wanted_do_not_stop_the_lint(pack):
    content = put(CONTENT["ladder"], ("step", 2, "paper"), ["due_warning"])
    content = put(content, ("step", 0, "copied_for"), [["S1"]])

    found = lint(replace(pack, rules={**pack.rules, "ladder": content}), now=NOW)

    assert {one.params["setting"] for one in found if one.code == "wrong_setting"} == {
        "step.E2.paper",
        "step.E0.copied_for",
    }


def test_every_kind_of_value_is_told_in_chinese_without_english_words(pack):
    for _, place, kind in EVERY:
        found = next(one for one in faults(pack, "policy", put(CONTENT["policy"], ("assign_within",), 1)))
        with using("zh-CN"):
            text = said(replace(found, params={"setting": "x", "value": "y", "expected": kind.expected}))
        assert not {"expected", "number", "list", "text", "limit", "one"} & set(text.split()), (place, text)
