"""Ad-hoc audits: who may start one, the draw, the sheets, the word to inspectors."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, col, select

from models.audit import Round, RoundKind, Sheet
from models.errors import ActionNotAllowed, MissingInput, NotFound, TimeInThePast, WrongValue
from models.message import Message
from services import audits
from services.audit_redraw import redraw
from services.audits import AuditOrder, KeyUsed
from services.drawing import draw, shared_out
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, MONDAY, OFFICE, OUTSIDER, STRANGER, VERIFIER
from tests.small_city import a_city

ORDER = AuditOrder(
    kind=RoundKind.COVERT,
    area_code="5103",
    points=2,
    seed=7,
    inspectors=(INSPECTOR,),
    on_date=date(2026, 11, 3),
    requested_by=OFFICE,
)
MANY = {"01": [f"A{n:03}" for n in range(80)], "12": [f"B{n:03}" for n in range(20)]}


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def test_a_seed_repeats_its_draw_and_another_seed_does_not() -> None:
    assert draw(MANY, wanted=10, seed=1) == draw(MANY, wanted=10, seed=1)
    assert draw(MANY, wanted=10, seed=1) != draw(MANY, wanted=10, seed=2)


def test_a_draw_of_today_can_be_repeated_in_years() -> None:
    assert draw({"01": ["a", "b", "c", "d", "e", "f"]}, wanted=3, seed=42) == ["d", "a", "e"]


@pytest.mark.parametrize("seed", range(20))
def test_every_category_is_drawn_in_proportion(seed: int) -> None:
    drawn = draw(MANY, wanted=10, seed=seed)
    assert Counter(code[0] for code in drawn) == {"A": 8, "B": 2}
    assert len(set(drawn)) == 10


def test_every_point_is_drawn_about_equally_often() -> None:
    times = Counter(
        code for seed in range(2000) for code in draw({"1": list("abcde"), "2": ["x"]}, wanted=2, seed=seed)
    )
    assert all(590 < count < 750 for count in times.values())


def test_inspectors_get_equal_stretches_of_the_route() -> None:
    sheets = shared_out(list("abcdefg"), inspectors=("one", "two", "three"))
    assert sheets == {"one": ("a", "b"), "two": ("c", "d"), "three": ("e", "f", "g")}


def test_an_inspector_for_whom_no_point_is_left_gets_no_sheet() -> None:
    assert list(shared_out(["a"], inspectors=("one", "two"))) == ["two"]


def test_a_round_has_a_number_sheets_and_one_message_for_each_inspector(city: Session) -> None:
    started = audits.start(city, replace(ORDER, points=3, inspectors=(INSPECTOR, VERIFIER)), now=MONDAY)
    assert started.number == "ZG-A-2026-0001"
    assert started.sheets == {INSPECTOR: ("P-0002",), VERIFIER: ("P-0001", "P-0003")}
    assert len(city.exec(select(Sheet)).all()) == 3
    told = city.exec(select(Message).order_by(col(Message.id))).all()
    assert [(m.kind, m.person_code, m.facts["count"]) for m in told] == [
        ("sheet_assigned", INSPECTOR, 1),
        ("sheet_assigned", VERIFIER, 2),
    ]


def test_fewer_points_than_wanted_are_all_taken_and_it_says_so(city: Session) -> None:
    started = audits.start(city, replace(ORDER, points=50), now=MONDAY)
    assert (started.drawn, started.available, started.is_short) == (3, 3, True)


def test_a_place_and_categories_limit_the_draw(city: Session) -> None:
    started = audits.start(city, replace(ORDER, area_code="510302", categories=("01",), points=9), now=MONDAY)
    assert started.sheets == {INSPECTOR: ("P-0001",)}


def test_the_draw_is_found_again_from_the_round(city: Session) -> None:
    started = audits.start(city, ORDER, now=MONDAY)
    assert redraw(city, city.get_one(Round, started.round_id)).is_same


def test_the_same_key_gives_the_same_round(city: Session) -> None:
    first = audits.start(city, replace(ORDER, key="run-1"), now=MONDAY)
    again = audits.start(city, replace(ORDER, key="run-1"), now=MONDAY)
    assert again == replace(first, repeated=True, available=2)
    assert len(city.exec(select(Round)).all()) == 1


@pytest.mark.parametrize("other", [{"seed": 8}, {"categories": ("12",)}, {"inspectors": (OFFICE,)}])
def test_a_key_of_another_order_is_refused(city: Session, other: dict) -> None:
    made = audits.start(city, replace(ORDER, key="run-1"), now=MONDAY)
    with pytest.raises(KeyUsed) as told:
        audits.start(city, replace(ORDER, key="run-1", **other), now=MONDAY)
    assert told.value.params["number"] == made.number


@pytest.mark.parametrize("who", [HANDLER, STRANGER, OUTSIDER])
def test_who_does_not_stand_over_the_place_starts_nothing(city: Session, who: str) -> None:
    with pytest.raises(ActionNotAllowed):
        audits.start(city, replace(ORDER, area_code="510302", requested_by=who), now=MONDAY)


def test_a_district_starts_audits_in_its_own_streets_only(city: Session) -> None:
    assert (
        audits.start(city, replace(ORDER, area_code="510302001", requested_by=DISTRICT_OFFICE), now=MONDAY).drawn == 2
    )
    with pytest.raises(ActionNotAllowed):
        audits.start(city, replace(ORDER, requested_by=DISTRICT_OFFICE), now=MONDAY)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"area_code": "9999"}, NotFound),
        ({"categories": ("99",)}, NotFound),
        ({"inspectors": ("R77777",)}, NotFound),
        ({"requested_by": "R77777"}, NotFound),
        ({"version_code": "CC-1999"}, NotFound),
        ({"inspectors": ()}, MissingInput),
        ({"inspectors": (STRANGER,)}, WrongValue),
        ({"points": -1}, WrongValue),
        ({"points": 0}, WrongValue),
        ({"seed": -1}, WrongValue),
        ({"seed": 2**40}, WrongValue),
        ({"on_date": date(2026, 11, 1)}, TimeInThePast),
        ({"on_date": date(2062, 11, 2)}, WrongValue),
        ({"area_code": "510303", "categories": ("12",)}, WrongValue),
    ],
)
def test_a_wrong_order_is_refused_and_nothing_is_written(city: Session, wrong: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        audits.start(city, replace(ORDER, **wrong), now=MONDAY)
    assert city.exec(select(Round)).all() == []
