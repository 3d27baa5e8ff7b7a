"""The quality re-check: unseen, by somebody else, and where two looks differ a third person decides."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from models.audit import Observation, Result, Round, RoundKind, Sheet
from models.errors import MissingInput, NotFound, WrongValue
from models.issue import Issue
from models.message import Message
from services import audit_view
from services.audit_differences import Look, agreements, decide, differences
from services.audit_errors import NotHeld, OwnLook, Undecided
from services.audit_progress import progress
from services.audit_publishing import publish
from services.audit_rechecks import draw_again
from services.audit_results import Seen
from services.work import sheets as to_do
from tests.cast import DUTY, INSPECTOR, MONDAY, OFFICE, VERIFIER, who
from tests.services.audits.rounds import BAD, GOOD, MARKET, fill, filled, sheet_of, started
from tests.small_city import a_city

FINE = replace(BAD, result=Result.MET, note="")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


@pytest.fixture
def round_(city: Session) -> Round:
    made = started(city)
    filled(city, made)
    return made


def drawn(
    session: Session, round_: Round, *, share: int = 100, by: tuple[str, ...] = (VERIFIER,), seed: int = 3
) -> int:
    office = who(session, OFFICE)
    return draw_again(session, round_.number, share=share, seed=seed, inspectors=by, by=office, now=MONDAY)


def test_a_share_of_the_full_sheets_goes_to_somebody_else(city: Session, round_: Round) -> None:
    assert drawn(city, round_, share=34) == 2
    again = city.exec(select(Sheet).where(Sheet.again_of.is_not(None))).all()
    assert {sheet.inspector for sheet in again} == {VERIFIER}
    assert len(to_do(city, who(city, VERIFIER))) == 2


def test_whoever_looks_again_is_told(city: Session, round_: Round) -> None:
    drawn(city, round_)
    told = city.exec(select(Message).where(Message.kind == "sheet_assigned", Message.person_code == VERIFIER)).one()
    assert told.facts["count"] == 3


def test_nobody_looks_at_their_own_sheet_again(city: Session, round_: Round) -> None:
    with pytest.raises(WrongValue):
        drawn(city, round_, by=(INSPECTOR,))


def test_drawn_again_it_takes_what_is_left(city: Session, round_: Round) -> None:
    assert [drawn(city, round_, share=50, seed=seed) for seed in (1, 2)] == [2, 1]
    with pytest.raises(WrongValue):
        drawn(city, round_)


def test_a_round_whose_faults_are_issues_already_is_not_looked_at_again(city: Session) -> None:
    made = started(city, kind=RoundKind.ANNOUNCED)
    fill(city, made, "P-0001", GOOD, BAD)
    with pytest.raises(NotHeld):
        drawn(city, made)


def test_the_second_does_not_see_the_first_before_the_sheet_is_full(city: Session, round_: Round) -> None:
    drawn(city, round_)
    second, first = who(city, VERIFIER), sheet_of(city, round_, "P-0001")
    with pytest.raises(NotFound):
        audit_view.sheet_view(city, second, round_.number, first.id)
    line = next(one for one in audit_view.sheets(city, round_, second) if one.id == first.id)
    assert (line.hidden, line.met, line.not_met) == (True, 0, 0)
    fill(city, round_, "P-0001", GOOD, FINE, again=True)
    assert audit_view.sheet_view(city, second, round_.number, first.id).left == 0


def test_a_second_look_counts_nothing_and_makes_no_issue(city: Session, round_: Round) -> None:
    before = progress(city, round_.number)
    drawn(city, round_)
    fill(city, round_, "P-0001", replace(GOOD, result=Result.NOT_MET, note="破损"), BAD, again=True)
    after = progress(city, round_.number)
    assert (after.met, after.not_met, after.again_filled) == (before.met, before.not_met, 1)
    assert city.exec(select(Issue)).all() == []


def test_agreement_is_counted_for_inspectors_and_standards(city: Session, round_: Round) -> None:
    drawn(city, round_)
    fill(city, round_, "P-0001", GOOD, FINE, again=True)
    fill(city, round_, "P-0002", *MARKET, again=True)
    found = agreements(city, round_)
    assert [(one.code, one.same, one.compared) for one in found.inspectors] == [(INSPECTOR, 3, 4)]
    assert {one.code: one.rate for one in found.standards} == {"01-01": 1, "01-02": 0, "12-01": 1, "12-02": 1}


def different(city: Session, round_: Round) -> int:
    """The second look at P-0001 says that 01-02 is met."""
    drawn(city, round_)
    fill(city, round_, "P-0001", GOOD, FINE, again=True)
    (one,) = differences(city, round_)
    return one.first_id


def test_a_difference_keeps_the_round_from_being_published(city: Session, round_: Round) -> None:
    different(city, round_)
    with pytest.raises(Undecided):
        publish(city, round_.number, by=who(city, OFFICE), now=MONDAY, why="其余不再复核")


@pytest.mark.parametrize(("look", "made"), [(Look.FIRST, 3), (Look.SECOND, 2)])
def test_what_was_decided_is_what_counts(city: Session, round_: Round, look: Look, made: int) -> None:
    key = different(city, round_)
    decide(city, round_.number, first_id=key, look=look, by=who(city, OFFICE), now=MONDAY, why="看了照片")
    assert progress(city, round_.number).not_met == made
    done = publish(city, round_.number, by=who(city, OFFICE), now=MONDAY, why="其余不再复核")
    assert len(done.issues) == made


def test_a_decision_can_be_changed_until_the_round_is_published(city: Session, round_: Round) -> None:
    key = different(city, round_)
    for look in (Look.SECOND, Look.FIRST):
        decide(city, round_.number, first_id=key, look=look, by=who(city, OFFICE), now=MONDAY, why="再看照片")
    assert differences(city, round_)[0].chosen is Look.FIRST
    assert city.get_one(Observation, key).counted


def test_a_decision_needs_a_reason_and_somebody_else(city: Session, round_: Round) -> None:
    key = different(city, round_)
    given = {"first_id": key, "look": Look.FIRST, "now": MONDAY}
    with pytest.raises(MissingInput):
        decide(city, round_.number, by=who(city, OFFICE), why=" ", **given)
    with pytest.raises(NotFound):
        decide(city, round_.number, by=who(city, OFFICE), why="x", **{**given, "first_id": key + 999})


def test_whoever_looked_does_not_decide(city: Session) -> None:
    made = started(city, inspectors=(OFFICE,))
    filled(city, made)
    drawn(city, made, by=(DUTY,))
    fill(city, made, "P-0001", GOOD, FINE, again=True)
    (one,) = differences(city, made)
    with pytest.raises(OwnLook):
        decide(city, made.number, first_id=one.first_id, look=Look.FIRST, by=who(city, OFFICE), now=MONDAY, why="x")


def test_counts_that_differ_are_a_difference_though_the_result_is_the_same(city: Session) -> None:
    from services.audit_facts import Facts

    made = started(city)
    few, fewer = (Seen("01-01", Result.NOT_MET, "缺", facts=Facts(found=n, required=5)) for n in (3, 1))
    fill(city, made, "P-0001", few, BAD)
    drawn(city, made)
    fill(city, made, "P-0001", fewer, BAD, again=True)
    assert [one.standard for one in differences(city, made)] == ["01-01"]
    assert agreements(city, made).whole.rate == 1
