"""Answers: complete, once, on record for good; a correction is another reply."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from models.errors import ActionNotAllowed, MissingInput, NotFound, WrongValue
from models.survey import Audience, SurveyAnswer, SurveyReply, SurveySign
from services.surveys import answering, signs, starting
from services.surveys.answering import AnsweredAlready, CorrectedAlready, Said
from services.surveys.looking import replies_of
from tests.cast import HANDLER, MONDAY, OFFICE, at, who
from tests.services.surveys.field import GOOD, OTHER_INTERVIEWER, a_field, a_survey, ask, places_of


def a_sign(session: Session, area: str = "510302") -> SurveySign:
    round_ = a_survey(session)
    signs.make_signs(session, round_, [area], by=who(session, OFFICE), now=MONDAY)
    return session.exec(select(SurveySign)).one()


def test_an_interview_is_kept_with_every_answer_and_no_name(city: Session) -> None:
    a_field(city)
    place = places_of(city, a_survey(city))[0]

    reply = ask(city, place, key="1", satisfaction="dissatisfied")

    answers = dict(city.exec(select(SurveyAnswer.question, SurveyAnswer.answer)).all())
    assert answers == {**GOOD, "satisfaction": "dissatisfied"}
    assert (reply.audience, reply.area_code, reply.device) == ("household", place.area_code, None)


def test_field_raters_are_not_asked_what_is_for_others(city: Session) -> None:
    a_field(city)
    place = places_of(city, a_survey(city))[0]

    ask(city, place, key="1", audience=Audience.RATER)

    assert "channel" not in set(city.exec(select(SurveyAnswer.question)))


def test_a_telephone_in_doubt_sends_twice_and_it_counts_once(city: Session) -> None:
    a_field(city)
    place = places_of(city, a_survey(city))[0]

    assert ask(city, place, key="1").id == ask(city, place, key="1").id
    assert len(city.exec(select(SurveyReply)).all()) == 1


def test_only_who_goes_there_or_runs_surveys_there_enters_answers(city: Session) -> None:
    a_field(city)
    place = places_of(city, a_survey(city))[0]

    for stranger in (OTHER_INTERVIEWER, HANDLER):
        with pytest.raises(ActionNotAllowed):
            ask(city, place, key="1", by=stranger)
    ask(city, place, key="1", by=OFFICE)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({**GOOD, "support": ""}, MissingInput),
        ({**GOOD, "support": "maybe"}, WrongValue),
        ({**GOOD, "of_my_own": "aware"}, WrongValue),
    ],
)
def test_what_is_not_a_whole_form_is_not_taken(city: Session, answers: dict[str, str], error) -> None:
    a_field(city)
    place = places_of(city, a_survey(city))[0]

    with pytest.raises(error):
        answering.record(city, place, Audience.HOUSEHOLD, Said(answers, "1"), by=who(city, OFFICE), now=MONDAY)
    assert city.exec(select(SurveyReply)).all() == []


@pytest.mark.parametrize(("when", "open_"), [("2026-11-01 23:59", False), ("2026-11-02 00:00", True)])
def test_it_takes_answers_from_its_first_day(city: Session, when: str, open_: bool) -> None:
    a_field(city)
    place = places_of(city, a_survey(city))[0]

    if open_:
        ask(city, place, key="1", now=at(when))
    else:
        with pytest.raises(starting.SurveyOver):
            ask(city, place, key="1", now=at(when))


@pytest.mark.parametrize(("when", "open_"), [("2026-11-30 23:59", True), ("2026-12-01 00:00", False)])
def test_it_takes_answers_to_the_end_of_its_last_day(city: Session, when: str, open_: bool) -> None:
    a_field(city)
    sign = a_sign(city)

    if open_:
        answering.answer(city, sign, Said(GOOD, "1"), device="d", now=at(when))
    else:
        with pytest.raises(starting.SurveyOver):
            answering.answer(city, sign, Said(GOOD, "1"), device="d", now=at(when))


def test_an_ended_survey_takes_none(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)
    starting.end(city, round_, by=who(city, OFFICE), why="够了", now=MONDAY)

    with pytest.raises(starting.SurveyOver):
        ask(city, places_of(city, round_)[0], key="1")


def test_a_correction_stands_beside_what_it_corrects(city: Session) -> None:
    a_field(city)
    place = places_of(city, a_survey(city))[0]
    old = ask(city, place, key="1", satisfaction="dissatisfied")
    said = Said(GOOD, "2")
    by = who(city, OFFICE)

    new = answering.correct(city, old.id, said, why="勾错了", by=by, now=MONDAY)

    assert [one.id for one in replies_of(city, place)] == [new.id]
    assert len(city.exec(select(SurveyReply)).all()) == 2
    assert answering.correct(city, old.id, said, why="勾错了", by=by, now=MONDAY).id == new.id
    with pytest.raises(CorrectedAlready):
        answering.correct(city, old.id, Said(GOOD, "3"), why="再改", by=by, now=MONDAY)


def test_a_correction_says_why_and_is_for_interviews_alone(city: Session) -> None:
    a_field(city)
    sign = a_sign(city)
    public = answering.answer(city, sign, Said(GOOD, "1"), device="d", now=MONDAY)
    old = ask(city, places_of(city, city.get_one(type(a_survey(city)), sign.round_id))[0], key="1")

    with pytest.raises(MissingInput):
        answering.correct(city, old.id, Said(GOOD, "2"), why="", by=who(city, OFFICE), now=MONDAY)
    with pytest.raises(NotFound):
        answering.correct(city, public.id, Said(GOOD, "2"), why="不信", by=who(city, OFFICE), now=MONDAY)


def test_the_public_answers_once_on_each_telephone(city: Session) -> None:
    a_field(city)
    sign = a_sign(city)
    answering.answer(city, sign, Said(GOOD, "1"), device="telephone", now=MONDAY)

    with pytest.raises(AnsweredAlready):
        answering.answer(city, sign, Said(GOOD, "2"), device="telephone", now=MONDAY)
    answering.answer(city, sign, Said(GOOD, "3"), device="another", now=MONDAY)


def test_nothing_of_a_citizen_is_kept(city: Session) -> None:
    a_field(city)
    reply = answering.answer(city, a_sign(city), Said(GOOD, "1"), device="telephone", now=at("2026-11-02 10:37"))

    kept = " ".join(map(str, reply.model_dump().values()))
    assert "telephone" not in kept
    assert (reply.at, reply.interviewer) == (at("2026-11-02 10:00"), None)


def test_a_telephone_cannot_be_followed_from_one_survey_to_another(city: Session) -> None:
    a_field(city)
    devices = []
    for _ in range(2):
        round_ = a_survey(city)
        signs.make_signs(city, round_, ["5103"], by=who(city, OFFICE), now=MONDAY)
        sign = city.exec(select(SurveySign).where(SurveySign.round_id == round_.id)).one()
        devices.append(answering.answer(city, sign, Said(GOOD, "1"), device="telephone", now=MONDAY).device)

    assert devices[0] != devices[1]


@pytest.mark.parametrize("table", ["survey_reply", "survey_answer"])
def test_answers_are_append_only(city: Session, table: str) -> None:
    a_field(city)
    ask(city, places_of(city, a_survey(city))[0], key="1")

    with pytest.raises(DBAPIError, match="append-only"):
        city.exec(text(f"DELETE FROM {table}"))


def test_signs_are_made_once_and_within_the_survey(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city, area="510302", places=2)
    office = who(city, OFFICE)
    for _ in range(2):
        signs.make_signs(city, round_, ["510302", "510302001"], by=office, now=MONDAY)

    found = signs.signs_of(city, round_, public_url="https://cj.example/")
    assert [one.area for one in found] == ["自流井区", "五星街街道"]
    assert all(one.opens.startswith("https://cj.example/s/") for one in found)
    with pytest.raises(NotFound):
        signs.make_signs(city, round_, ["510303"], by=office, now=MONDAY)
    with pytest.raises(NotFound):
        signs.sign_of(city, "a" * 16)


def test_the_hours_of_the_public_say_no_minute(city: Session) -> None:
    a_field(city)
    sign = a_sign(city)

    reply = answering.answer(city, sign, Said(GOOD, "1"), device=None, now=MONDAY + timedelta(minutes=17))

    assert reply.at.minute == 0
