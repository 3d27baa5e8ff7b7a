"""Who records, reads, answers and finishes a written instruction; every reading is on record."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from models.errors import ActionNotAllowed, DubanError, MissingInput, NotFound, WrongValue
from models.instruction import InstructionEvent
from models.message import Message
from models.unit import Deputy
from services.instructions import sight
from services.instructions.recording import LONGEST, Finished, answer, finish, record
from tests.cast import (
    DEPUTY,
    DISTRICT_OFFICE,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    PRINCIPAL,
    STRANGER,
    an_issue,
    read,
    who,
)
from tests.services.instructions.office import LEADER, SECRET, an_instruction, wording

EVERYBODY_ELSE = [HANDLER, DEPUTY, DISTRICT_OFFICE, OUTSIDER, STRANGER, "R00004", "R00005", "R00021", "R00013"]


def readings(session: Session, key: int) -> list[tuple[str, str]]:
    query = select(InstructionEvent).where(InstructionEvent.instruction_id == key).order_by(col(InstructionEvent.id))
    return [(one.act.value, one.who) for one in session.exec(query)]


@pytest.mark.parametrize("reader", [OFFICE, LEADER, PRINCIPAL])
def test_the_office_the_leader_and_the_addressee_read_it(city: Session, reader: str) -> None:
    key = an_instruction(city)
    opened = sight.open_it(city, key, reader=who(city, reader), now=MONDAY)
    assert opened.words == SECRET
    assert readings(city, key) == [("recorded", OFFICE), ("read", reader)]


@pytest.mark.parametrize("stranger", EVERYBODY_ELSE)
def test_nobody_else_learns_that_it_is_there(city: Session, stranger: str) -> None:
    key = an_instruction(city)
    by = who(city, stranger)
    assert sight.covers(city, by) == []
    for attempt in (
        lambda: sight.outside(city, key, by),
        lambda: sight.open_it(city, key, reader=by, now=MONDAY),
        lambda: answer(city, key, words="x", by=by, now=MONDAY),
        lambda: finish(city, key, by=by, now=MONDAY),
    ):
        with pytest.raises(NotFound) as told:
            attempt()
        assert SECRET not in str(told.value)
    assert readings(city, key) == [("recorded", OFFICE)]


def test_a_deputy_of_the_addressee_does_not_read_it(city: Session) -> None:
    key = an_instruction(city)
    days = {"valid_from": date(2026, 11, 1), "valid_to": date(2026, 11, 30)}
    city.add(Deputy(person_code=PRINCIPAL, deputy_code=HANDLER, **days))
    city.flush()
    with pytest.raises(NotFound):
        sight.open_it(city, key, reader=who(city, HANDLER), now=MONDAY)


def test_a_cover_says_nothing_of_the_text_and_counts_who_has_read(city: Session) -> None:
    key = an_instruction(city, addressees=[PRINCIPAL, "R00013"])
    by = who(city, PRINCIPAL)
    assert (sight.unread(city, by), sight.unread(city, who(city, HANDLER))) == (1, 0)
    sight.open_it(city, key, reader=by, now=MONDAY)
    (cover,) = sight.covers(city, by)
    assert (cover.read_by, cover.addressees, cover.unread, sight.unread(city, by)) == (1, 2, False, 0)
    assert SECRET not in str(sight.outside(city, key, by))


def test_those_concerned_are_told_to_log_in_and_no_more(city: Session) -> None:
    an_instruction(city)
    told = city.exec(select(Message).where(Message.kind == "log_in_to_read").order_by(Message.person_code)).all()
    assert [(one.person_code, one.facts, one.area_path, one.issue_id) for one in told] == [
        (PRINCIPAL, {}, "", None),
        (LEADER, {}, "", None),
    ]


def test_an_answer_is_as_secret_and_after_the_end_nothing_more_is_said(city: Session) -> None:
    key = an_instruction(city)
    answer(city, key, words="已约谈责任科室", by=who(city, PRINCIPAL), now=MONDAY)
    with pytest.raises(ActionNotAllowed):
        finish(city, key, by=who(city, PRINCIPAL), now=MONDAY)
    opened = sight.open_it(city, key, reader=who(city, LEADER), now=MONDAY)
    assert [one.words for one in opened.answers] == ["已约谈责任科室"]
    assert "已约谈责任科室" not in str(opened.outside)
    finish(city, key, by=who(city, OFFICE), now=MONDAY)
    with pytest.raises(Finished):
        answer(city, key, words="再补充", by=who(city, PRINCIPAL), now=MONDAY)


def test_the_same_form_sent_twice_is_one_instruction(city: Session) -> None:
    assert an_instruction(city) == an_instruction(city)


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"words": " ​\n"}, MissingInput),
        ({"words": SECRET + "\x00"}, WrongValue),
        ({"words": SECRET * LONGEST}, WrongValue),
        ({"addressees": []}, MissingInput),
        ({"addressees": ["R99999"]}, NotFound),
        ({"leader": "nobody"}, NotFound),
        ({"issues": ["ZG-2026-999999"]}, NotFound),
        ({"issues": ["\x00"]}, NotFound),
        ({"area": "9999"}, NotFound),
        ({"said_on": date(2026, 12, 1)}, WrongValue),
        ({"addressees": [f"R{n:05}" for n in range(60)]}, WrongValue),
    ],
)
def test_what_is_wrong_is_refused_without_a_word_of_the_text(city: Session, other, error: type[DubanError]) -> None:
    with pytest.raises(error) as told:
        an_instruction(city, **other)
    assert SECRET not in str(told.value) + str(told.value.params)


@pytest.mark.parametrize("somebody", [DISTRICT_OFFICE, LEADER, PRINCIPAL, "R00005"])
def test_only_the_office_of_the_place_records(city: Session, somebody: str) -> None:
    with pytest.raises(ActionNotAllowed):
        an_instruction(city, by=somebody)


def test_an_office_names_only_issues_that_it_sees(city: Session) -> None:
    elsewhere = read(city, an_issue(city, point="P-0003")).number
    here = read(city, an_issue(city)).number
    with pytest.raises(NotFound):
        an_instruction(city, by=DISTRICT_OFFICE, area="510302", issues=[elsewhere])
    record(city, wording(area="510302", issues=[here]), by=who(city, DISTRICT_OFFICE), now=MONDAY)


@pytest.mark.parametrize("table", ["instruction", "instruction_person", "instruction_issue", "instruction_event"])
def test_the_database_itself_keeps_all_of_it(city: Session, table: str) -> None:
    an_instruction(city, issues=[read(city, an_issue(city)).number])
    city.commit()
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError, match="append-only"):
            city.connection().execute(text(statement))
        city.rollback()
