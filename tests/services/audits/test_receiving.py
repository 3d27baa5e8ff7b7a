"""What devices kept without a network comes in: each once, with when it was seen, and what differs is told."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.audit import Observation, Result, Round
from models.contradiction import Contradiction
from models.errors import RoundEnded
from models.unit import Person
from services import audit_results
from services.audit_receiving import Came, Received, receive
from services.audit_results import Seen
from services.audits import KeyUsed
from tests.cast import INSPECTOR, MONDAY, OFFICE, who
from tests.services.audits.rounds import BAD, fill, sheet_of, started

KEY, OTHER_KEY = "k" * 18, "o" * 18
HOUR = timedelta(hours=1)
FINE = Seen("01-02", Result.MET)


@pytest.fixture
def round_(city: Session) -> Round:
    return started(city, now=MONDAY)


def came(
    session: Session, round_: Round, seen: Seen = BAD, *, key: str = KEY, by: str = INSPECTOR, insists: bool = False
) -> Received:
    sheet = sheet_of(session, round_, "P-0001").id or 0
    given = {"seen": seen, "key": key, "insists": insists, "by": who(session, by), "now": MONDAY + 5 * HOUR}
    return receive(session, sheet_id=sheet, **given)


def test_it_is_recorded_once_with_when_it_was_seen_and_when_it_came(city: Session, round_: Round) -> None:
    seen = Seen("01-02", Result.MET, made_at=MONDAY + 2 * HOUR)
    assert [came(city, round_, seen).came for _ in range(2)] == [Came.RECORDED, Came.REPEATED]
    row = city.exec(select(Observation)).one()
    assert (row.observed_at, row.received_at) == (MONDAY + 2 * HOUR, MONDAY + 5 * HOUR)
    assert row.recorded_by == INSPECTOR


@pytest.mark.parametrize(("made_at", "kept"), [(-30, 0), (99, 5)])
def test_a_device_whose_clock_is_wrong_reaches_neither_before_the_round_nor_into_the_future(
    city: Session, round_: Round, made_at: int, kept: int
) -> None:
    came(city, round_, Seen("01-02", Result.MET, made_at=MONDAY + made_at * HOUR))
    assert city.exec(select(Observation)).one().observed_at == MONDAY + kept * HOUR


def test_what_differs_is_told_and_changes_nothing(city: Session, round_: Round) -> None:
    fill(city, round_, "P-0001", FINE)
    told = came(city, round_)
    assert told.known is not None
    assert (told.came, told.known.result, told.who) == (Came.DIFFERS, Result.MET, city.get_one(Person, INSPECTOR).name)
    assert city.exec(select(Contradiction)).all() == []


def test_who_insists_has_it_kept_beside_once(city: Session, round_: Round) -> None:
    fill(city, round_, "P-0001", FINE)
    assert [came(city, round_, insists=True).came for _ in range(2)] == [Came.HANDED_IN] * 2
    row = city.exec(select(Contradiction)).one()
    assert (row.result, row.note, row.said_by) == (Result.NOT_MET, BAD.note, INSPECTOR)
    assert city.exec(select(Observation)).one().result is Result.MET


def test_a_key_that_names_something_else_is_refused(city: Session, round_: Round) -> None:
    fill(city, round_, "P-0001", FINE)
    came(city, round_, insists=True)
    with pytest.raises(KeyUsed):
        came(city, round_, by=OFFICE, insists=True)


def test_an_audit_that_ended_meanwhile_takes_nothing_new_yet_knows_what_it_has(city: Session, round_: Round) -> None:
    fill(city, round_, "P-0001", BAD)
    audit_results.end(city, round_, by=who(city, OFFICE), why="下雨", now=MONDAY + HOUR)
    assert came(city, round_).came is Came.REPEATED
    with pytest.raises(RoundEnded):
        came(city, round_, Seen("01-01", Result.MET))
