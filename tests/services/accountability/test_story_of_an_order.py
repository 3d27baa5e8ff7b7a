"""From the sixth step of the ladder to an accepted reply, by way of a late one and a returned one."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import Session, select

from models.accountability import MeasureKind, MeasureState
from models.errors import ActionNotPossible, ConditionsNotMet
from models.issue import RequestKind, SupervisionOrder
from models.message import Message
from models.paper import Paper
from services import issues, requests
from services.accountability.deciding import approve, reject
from services.accountability.replies import accept, give_back, reply
from tests.cast import DEPUTY, DISTRICT_OFFICE, HANDLER, OFFICE, PHOTO, VERIFIER, an_issue, at, read, shown, trail, who
from tests.services.accountability.shorthand import STATIONERY, WHY, acts, measures

Tick = Callable[[datetime], object]
E6 = "2026-11-12 17:30"


def an_order(session: Session, tick: Tick, *, step: str = E6) -> int:
    """An issue due on the 5th that has climbed so far; its key."""
    key = an_issue(session, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-06 17:01", "2026-11-10 17:01", step):
        tick(at(day))
    return key


def second_order(session: Session):  # -> Measure
    return next(one for one in measures(session, MeasureKind.ORDER) if one.because["degree"] == 2)


def test_what_the_ladder_numbered_is_proposed_and_no_more(city: Session, tick: Tick) -> None:
    key = an_order(city, tick)
    tick(at("2026-11-12 17:40"))

    first, second = measures(city)
    assert [first.because["degree"], second.because["degree"]] == [1, 2]
    assert {one.state for one in (first, second)} == {MeasureState.PROPOSED}
    assert (second.issue_id, second.unit_code, second.area_path) == (key, "D-CGJ", "5103/510302")
    assert acts(city, second) == [("propose", "system")]
    assert city.exec(select(Paper)).all() == []


def test_an_order_lives_from_proposal_to_accepted_reply(city: Session, tick: Tick) -> None:
    key = an_order(city, tick)
    now = at("2026-11-13 09:30")
    office = who(city, DISTRICT_OFFICE, now=now)
    one = second_order(city)
    approve(city, one.id, by=office, now=now, seen=one.version, stationery=STATIONERY, why=WHY)

    order = city.exec(select(SupervisionOrder).where(SupervisionOrder.degree == 2)).one()
    paper = city.exec(select(Paper).where(Paper.kind == "supervision_order_2")).one()
    assert (one.state, one.paper, paper.number) == (MeasureState.ISSUED, order.number, order.number)
    assert shown(one.reply_due_at) == shown(order.reply_due_at) == "2026-11-18 17:00"
    assert "11月18日17时" in paper.content["reply_due"]

    tick(at("2026-11-18 16:59"))
    assert second_order(city).climbed == 0
    tick(at("2026-11-18 17:01"))
    tick(at("2026-11-19 17:01"))
    assert second_order(city).climbed == 2
    late = city.exec(select(Message).where(Message.kind == "reply_late")).all()
    assert sorted(m.post_code for m in late) == [
        *("510302:office", "D-CGJ:deputy_leader", "D-CGJ:direct_leader", "D-CGJ:principal_leader")
    ]

    now = at("2026-11-20 10:00")
    one = second_order(city)
    reply(city, one.id, by=who(city, DEPUTY, now=now), now=now, seen=one.version, why="已安排整改")
    assert one.state is MeasureState.REPLIED
    assert read(city, key).orders_unanswered == 0

    one = second_order(city)
    give_back(city, one.id, by=office, now=now, seen=one.version, why="未写明措施")
    assert (one.state, one.climbed, shown(one.reply_due_at)) == (MeasureState.ISSUED, 0, "2026-11-24 17:00")
    assert read(city, key).orders_unanswered == 1

    issues.reply_order(city, issue_ids=[key], by=who(city, HANDLER, now=now), now=now, reply="11月底前完成")
    tick(at("2026-11-20 11:00"))
    one = second_order(city)
    assert one.state is MeasureState.REPLIED
    accept(city, one.id, by=office, now=at("2026-11-20 12:00"), seen=one.version)
    assert second_order(city).state is MeasureState.DONE
    assert acts(city, one) == [
        *(("propose", "system"), ("approve", DISTRICT_OFFICE), ("climb", "system"), ("climb", "system")),
        *(("reply", DEPUTY), ("return", DISTRICT_OFFICE), ("reply", HANDLER), ("accept", DISTRICT_OFFICE)),
    ]
    assert [one for one in trail(city, key) if "order" in one] == ["reply_order", "review_order"] * 2


def test_a_returned_reply_holds_up_the_close_out(city: Session, tick: Tick) -> None:
    key = an_order(city, tick)
    now = at("2026-11-13 09:30")
    one = second_order(city)
    approve(city, one.id, by=who(city, OFFICE, now=now), now=now, seen=one.version, stationery=STATIONERY)
    one = second_order(city)
    handler = who(city, HANDLER, now=now)
    reply(city, one.id, by=handler, now=now, seen=one.version, why="已整改")
    issues.submit(city, issue_ids=[key], by=handler, now=now, result="已整改", evidence=[PHOTO])
    issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER, now=now), now=now)
    one = second_order(city)
    give_back(city, one.id, by=who(city, OFFICE, now=now), now=now, seen=one.version, why="无照片")

    with pytest.raises(ConditionsNotMet, match="supervision_reply"):
        issues.close_out(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now)


def test_a_rejected_order_asks_for_no_reply(city: Session, tick: Tick) -> None:
    key = an_order(city, tick)
    now = at("2026-11-13 09:30")
    for one in measures(city):
        reject(city, one.id, by=who(city, OFFICE, now=now), now=now, seen=one.version, why="已现场督促")

    assert {one.state for one in measures(city)} == {MeasureState.REJECTED}
    assert read(city, key).orders_unanswered == 0
    assert city.exec(select(Message).where(Message.kind == "measure_decided")).all() == []
    tick(at("2026-11-13 10:00"))
    assert len(measures(city)) == 2


def test_a_paper_issued_from_the_issues_page_was_a_decision_too(city: Session, tick: Tick) -> None:
    from models.paper import PaperKind
    from services.papers.issuing import issue_papers

    key = an_order(city, tick)
    now = at("2026-11-13 09:30")
    office = who(city, OFFICE, now=now)
    kind = PaperKind.SUPERVISION_ORDER_2
    issue_papers(city, issue_ids=[key], kind=kind, by=office, now=now, stationery=STATIONERY)
    tick(at("2026-11-13 09:31"))

    one = second_order(city)
    assert (one.state, shown(one.reply_due_at)) == (MeasureState.ISSUED, "2026-11-18 17:00")
    assert acts(city, one) == [("propose", "system"), ("approve", OFFICE)]


def test_an_order_is_over_when_its_issue_begins_another_cycle(city: Session, tick: Tick) -> None:
    key = an_order(city, tick)
    now = at("2026-11-13 09:30")
    office = who(city, OFFICE, now=now)
    one = second_order(city)
    approve(city, one.id, by=office, now=now, seen=one.version, stationery=STATIONERY)
    requests.ask_return(city, issue_ids=[key], by=who(city, HANDLER, now=now), now=now, reason="不属本单位")
    requests.grant(city, kind=RequestKind.RETURN, issue_ids=[key], by=office, now=now)
    tick(at("2026-11-13 09:40"))

    assert {one.state for one in measures(city, MeasureKind.ORDER)} == {MeasureState.LAPSED}
    tick(at("2026-11-30 17:01"))
    assert second_order(city).climbed == 0


def test_a_reply_of_a_cycle_that_is_over_can_still_be_taken(city: Session, tick: Tick) -> None:
    key = an_order(city, tick)
    now = at("2026-11-13 09:30")
    office = who(city, OFFICE, now=now)
    one = second_order(city)
    approve(city, one.id, by=office, now=now, seen=one.version, stationery=STATIONERY)
    handler = who(city, HANDLER, now=now)
    one = second_order(city)
    reply(city, one.id, by=handler, now=now, seen=one.version, why="已整改")
    requests.ask_return(city, issue_ids=[key], by=handler, now=now, reason="不属本单位")
    requests.grant(city, kind=RequestKind.RETURN, issue_ids=[key], by=office, now=now)

    city.commit()
    one = second_order(city)
    with pytest.raises(ActionNotPossible):
        give_back(city, one.id, by=office, now=now, seen=one.version, why="无照片")
    city.rollback()
    one = second_order(city)
    accept(city, one.id, by=office, now=now, seen=one.version)
    assert one.state is MeasureState.DONE
