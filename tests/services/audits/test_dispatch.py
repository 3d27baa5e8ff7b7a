"""What a round found goes to the units that answer for it: one notice each, one message for each post."""

import pytest
from sqlmodel import Session, select

from models.audit import Round, RoundAct
from models.errors import ActionNotAllowed
from models.issue import Issue
from models.lifecycle import State
from models.message import Message, MessageState
from models.paper import Paper, PaperKind
from services import audit_dispatch
from services.audit_acts import history
from services.audit_errors import NothingToDispatch
from services.audit_publishing import publish
from tests.cast import INSPECTOR, MONDAY, OFFICE, VERIFIER, who
from tests.services.audits.rounds import BAD, GOOD, fill, filled, started
from tests.services.papers.rounds import CITYS
from tests.small_city import a_city


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


@pytest.fixture
def round_(city: Session) -> Round:
    made = started(city)
    filled(city, made)
    publish(city, made.number, by=who(city, OFFICE), now=MONDAY)
    return made


def dispatched(session: Session, round_: Round, *, by: str = OFFICE) -> audit_dispatch.Dispatched:
    return audit_dispatch.dispatch(session, round_.number, by=who(session, by), now=MONDAY, stationery=CITYS)


def test_each_issue_goes_to_its_unit_with_one_notice_for_each(city: Session, round_: Round) -> None:
    done = dispatched(city, round_)
    units = {issue.lead_unit for issue in city.exec(select(Issue)).all()}
    papers = city.exec(select(Paper).where(Paper.kind == PaperKind.RECTIFICATION_NOTICE)).all()
    assert (done.assigned, done.left) == (3, [])
    assert {paper.unit_code: paper.number for paper in papers} == done.notices
    assert set(done.notices) == units
    assert {issue.state for issue in city.exec(select(Issue)).all()} == {State.ASSIGNED}


def test_done_again_there_is_nothing_left(city: Session, round_: Round) -> None:
    dispatched(city, round_)
    assert not audit_dispatch.waits(city, round_)
    with pytest.raises(NothingToDispatch):
        dispatched(city, round_)


def test_it_is_on_record(city: Session, round_: Round) -> None:
    done = dispatched(city, round_)
    event = history(city, round_)[-1]
    assert (event.act, event.who, event.facts["notices"]) == (RoundAct.DISPATCHED, OFFICE, done.notices)


def test_a_post_with_several_new_issues_is_told_of_them_in_one_message(city: Session) -> None:
    made = started(city)
    fill(city, made, "P-0001", *(BAD, type(GOOD)("01-01", BAD.result, "破损")))
    for point in ("P-0002", "P-0003"):
        codes = ("12-01", "12-02") if point == "P-0002" else ("01-01", "01-02")
        fill(city, made, point, *(type(GOOD)(code, GOOD.result) for code in codes))
    publish(city, made.number, by=who(city, OFFICE), now=MONDAY)
    dispatched(city, made)
    told = city.exec(select(Message).where(Message.post_code == "D-CGJ:handler")).all()
    waiting = [one for one in told if one.state == MessageState.PENDING]
    assert [one.kind for one in waiting] == ["digest"]
    assert {one.bundle_id for one in told if one.kind == "assigned"} == {waiting[0].id}


@pytest.mark.parametrize("person", [INSPECTOR, VERIFIER])
def test_an_inspector_hands_nothing_over(city: Session, person: str) -> None:
    made = started(city, inspectors=(INSPECTOR, VERIFIER))
    with pytest.raises(ActionNotAllowed):
        dispatched(city, made, by=person)
