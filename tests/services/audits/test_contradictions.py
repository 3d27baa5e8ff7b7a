"""Two who filled in one sheet apart from each other: a person decides, and what is not chosen stays on record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.audit import Observation, Result, Round, RoundAct, RoundEvent, RoundKind
from models.contradiction import Contradiction
from models.errors import ActionNotAllowed, DubanError, MissingInput, NotFound
from models.issue import Issue
from services import audit_contradictions, audit_publishing
from services.audit_contradictions import Chosen, TwoResults, waiting
from services.audit_errors import Contradicted, DecidedAlready, IssueMade, OwnLook, PublishedAlready
from services.audit_receiving import receive
from services.audit_results import Seen
from tests.cast import INSPECTOR, MONDAY, OFFICE, who
from tests.services.audits.rounds import BAD, GOOD, MARKET, fill, sheet_of, started

FINE = Seen("01-02", Result.MET)
LATER = MONDAY + timedelta(hours=4)


@pytest.fixture
def round_(city: Session) -> Round:
    return started(city)


def contradicted(
    session: Session, round_: Round, first: Seen = FINE, then: Seen = BAD, *, by: str = INSPECTOR
) -> TwoResults:
    """Recorded from one phone of the inspector, handed in from another one, or typed in by the office from paper."""
    fill(session, round_, "P-0001", first)
    sheet = sheet_of(session, round_, "P-0001").id or 0
    given = {"key": "k" * 18, "insists": True, "by": who(session, by), "now": LATER}
    receive(session, sheet_id=sheet, seen=replace(then, made_at=LATER), **given)
    (one,) = waiting(session, round_)
    return one


def decide(session: Session, round_: Round, key: int, chosen: Chosen, by: str = OFFICE, why: str = "照片") -> None:
    given = {"key": key, "chosen": chosen, "by": who(session, by), "now": LATER, "why": why}
    audit_contradictions.decide(session, round_.number, **given)


def test_what_is_recorded_may_stay(city: Session, round_: Round) -> None:
    decide(city, round_, contradicted(city, round_).id, Chosen.RECORDED)
    assert waiting(city, round_) == []
    assert city.exec(select(Observation)).one().result is Result.MET
    event = city.exec(select(RoundEvent)).one()
    assert (event.act, event.why, event.facts["chosen"]) == (RoundAct.CONTRADICTION_DECIDED, "照片", "recorded")


def test_the_later_one_may_count_and_the_first_stays_beside_it(city: Session, round_: Round) -> None:
    one = contradicted(city, round_)
    decide(city, round_, one.id, Chosen.OTHER)
    row = city.exec(select(Observation)).one()
    assert (row.result, row.note, row.recorded_by, row.observed_at) == (Result.NOT_MET, BAD.note, INSPECTOR, LATER)
    kept = city.exec(select(Contradiction).where(Contradiction.id != one.id)).one()
    assert (kept.result, kept.said_by) == (Result.MET, INSPECTOR)
    assert waiting(city, round_) == []


def test_of_a_round_that_holds_nothing_the_later_fault_becomes_an_issue(city: Session) -> None:
    round_ = started(city, kind=RoundKind.ANNOUNCED)
    decide(city, round_, contradicted(city, round_).id, Chosen.OTHER)
    assert city.exec(select(Issue)).one().standard_code == "01-02"


def test_what_is_an_issue_already_is_decided_there(city: Session) -> None:
    round_ = started(city, kind=RoundKind.ANNOUNCED)
    one = contradicted(city, round_, BAD, FINE)
    with pytest.raises(IssueMade):
        decide(city, round_, one.id, Chosen.OTHER)
    decide(city, round_, one.id, Chosen.RECORDED)


@pytest.mark.parametrize(
    ("said_by", "by", "why", "error"),
    [
        (OFFICE, OFFICE, "x", OwnLook),
        (INSPECTOR, INSPECTOR, "x", ActionNotAllowed),
        (INSPECTOR, OFFICE, " ", MissingInput),
    ],
)
def test_neither_of_the_two_decides_and_never_without_a_reason(
    city: Session, round_: Round, said_by: str, by: str, why: str, error: type[DubanError]
) -> None:
    one = contradicted(city, round_, by=said_by)
    with pytest.raises(error):
        decide(city, round_, one.id, Chosen.RECORDED, by, why)
    assert waiting(city, round_) == [one]


def test_it_is_decided_once(city: Session, round_: Round) -> None:
    one = contradicted(city, round_)
    decide(city, round_, one.id, Chosen.RECORDED)
    with pytest.raises(DecidedAlready):
        decide(city, round_, one.id, Chosen.OTHER)
    with pytest.raises(NotFound):
        decide(city, round_, 2**63 - 1, Chosen.OTHER)


def test_a_round_is_not_published_before_and_nothing_is_decided_after(city: Session, round_: Round) -> None:
    one = contradicted(city, round_)
    fill(city, round_, "P-0001", GOOD)
    fill(city, round_, "P-0003", GOOD, FINE)
    fill(city, round_, "P-0002", *MARKET)
    publish = {"by": who(city, OFFICE), "now": LATER}
    with pytest.raises(Contradicted):
        audit_publishing.publish(city, round_.number, **publish)
    decide(city, round_, one.id, Chosen.OTHER)
    assert len(audit_publishing.publish(city, round_.number, **publish).issues) == 2
    with pytest.raises(PublishedAlready):
        decide(city, round_, one.id, Chosen.RECORDED)
