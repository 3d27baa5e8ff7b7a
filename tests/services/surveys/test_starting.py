"""A survey is drawn from a seed that anybody can repeat, and shared out between interviewers."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from models.area import Area
from models.errors import ActionNotAllowed, MissingInput, NotFound, WrongValue
from models.message import Message
from models.survey import SurveyForm, SurveyRound
from services.surveys import starting
from services.surveys.drawing import drawn_places
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, MONDAY, OFFICE, OUTSIDER, STRANGER, who
from tests.services.surveys.field import INTERVIEWER, OTHER_INTERVIEWER, a_field, a_survey, places_of

THERE = {"510302": [f"a{n}" for n in range(30)], "510303": [f"b{n}" for n in range(10)]}


@given(st.integers(0, 2**31 - 1), st.integers(1, 40))
def test_a_seed_gives_the_same_places_in_whatever_order_they_stand(seed: int, wanted: int) -> None:
    turned = {part: list(reversed(codes)) for part, codes in reversed(THERE.items())}

    drawn = drawn_places(THERE, wanted=wanted, seed=seed)

    assert drawn == drawn_places(turned, wanted=wanted, seed=seed)
    assert len({code for code, _ in drawn}) == wanted
    assert all(1 <= door <= 10 for _, door in drawn)


@given(st.integers(0, 2**31 - 1))
def test_each_district_has_its_share(seed: int) -> None:
    drawn = Counter(code[0] for code, _ in drawn_places(THERE, wanted=8, seed=seed))

    assert drawn == {"a": 6, "b": 2}


def test_a_survey_is_begun_with_places_and_a_number(city: Session) -> None:
    a_field(city)

    round_ = a_survey(city)

    places = places_of(city, round_)
    assert (round_.code, round_.year, len(places)) == ("ZG-Q-2026-001", 2026, 6)
    assert Counter(one.area_code[:6] for one in places) == {"510302": 3, "510303": 3}
    assert Counter(one.interviewer for one in places) == {INTERVIEWER: 3, OTHER_INTERVIEWER: 3}
    assert starting.drawn_again(city, round_)


def test_it_says_when_the_register_has_changed_since_the_draw(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)
    place = places_of(city, round_)[0]
    city.get_one(Area, place.area_code).valid_to = date(2026, 11, 1)
    city.flush()

    assert not starting.drawn_again(city, round_)


def test_without_a_seed_it_is_drawn_by_chance(city: Session) -> None:
    a_field(city)

    assert len({a_survey(city, seed=None).seed for _ in range(3)}) == 3


def test_the_form_is_frozen_once(city: Session) -> None:
    a_field(city)
    first, second = a_survey(city), a_survey(city)

    assert first.form_code == second.form_code
    assert [one.name for one in city.exec(select(SurveyForm))] == ["residents"]


def test_the_same_order_sent_twice_is_one_survey(city: Session) -> None:
    a_field(city)

    assert a_survey(city, key="page:1").id == a_survey(city, key="page:1").id
    assert len(city.exec(select(SurveyRound)).all()) == 1


@pytest.mark.parametrize("by", [HANDLER, INSPECTOR, OUTSIDER, DISTRICT_OFFICE])
def test_only_the_office_over_the_area_begins_one(city: Session, by: str) -> None:
    a_field(city)

    with pytest.raises(ActionNotAllowed):
        a_survey(city, by=by)


def test_a_district_runs_its_own(city: Session) -> None:
    a_field(city)

    round_ = a_survey(city, by=DISTRICT_OFFICE, area="510302", places=2)

    assert {one.area_code[:6] for one in places_of(city, round_)} == {"510302"}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"title": " "}, MissingInput),
        ({"title": "长" * 81}, WrongValue),
        ({"interviewers": ()}, MissingInput),
        ({"interviewers": ("R77777",)}, NotFound),
        ({"interviewers": (STRANGER,)}, WrongValue),
        ({"closes_on": date(2026, 11, 1)}, WrongValue),
        ({"closes_on": date(2028, 11, 1)}, WrongValue),
        ({"places": 0}, WrongValue),
        ({"per_place": 201}, WrongValue),
        ({"raters": -1}, WrongValue),
        ({"seed": 2**40}, WrongValue),
        ({"form": "nobody"}, NotFound),
        ({"area": "999"}, NotFound),
        ({"area": "510302001002001"}, WrongValue),
    ],
)
def test_a_bad_order_begins_nothing(city: Session, given: dict[str, object], error: type[Exception]) -> None:
    a_field(city)

    with pytest.raises(error):
        a_survey(city, **given)
    assert city.exec(select(SurveyRound)).all() == []


def test_it_is_ended_before_its_day_with_a_reason_once(city: Session) -> None:
    a_field(city)
    round_, office = a_survey(city), who(city, OFFICE)

    with pytest.raises(MissingInput):
        starting.end(city, round_, by=office, why=" ", now=MONDAY)
    starting.end(city, round_, by=office, why="样本已够", now=MONDAY)
    with pytest.raises(starting.SurveyOver):
        starting.end(city, round_, by=office, why="再来", now=MONDAY)

    assert (round_.ended_by, round_.ended_why) == (OFFICE, "样本已够")


def test_each_interviewer_is_told_once_which_communities_are_theirs(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)

    told = city.exec(select(Message).where(Message.kind == "survey_assigned").order_by(Message.id)).all()

    assert [(one.person_code, one.facts["count"], one.facts["round"]) for one in told] == [
        (INTERVIEWER, 3, round_.code),
        (OTHER_INTERVIEWER, 3, round_.code),
    ]
