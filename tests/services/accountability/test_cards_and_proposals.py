"""Yellow, yellow, red; and a proposal to the target-performance office, which takes two people."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import Session, select

from models.accountability import MeasureKind, MeasureState
from models.errors import ActionNotAllowed, MissingInput
from models.message import Message
from models.paper import Paper
from models.permissions import Right
from services.accountability.deciding import approve, conclude, hold, reject, second
from services.accountability.errors import MeasureChanged, MeasureNotPossible, OwnUnit, SamePerson
from services.accountability.papers import printable
from services.accountability.rounds import every_night
from services.papers.content import Interview
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, PRINCIPAL, an_issue, at, who
from tests.services.accountability.shorthand import HEADQUARTERS, PERFORMANCE, STATIONERY, WHY, acts, measures

NIGHT = at("2026-11-06 02:00")


def overdue(session: Session, many: int) -> None:
    for n in range(many):
        an_issue(session, state="rectifying", description=f"垃圾桶满溢{n}")


def a_card(session: Session, *, now: datetime) -> None:
    every_night(session, now=now)
    card = measures(session, MeasureKind.YELLOW_CARD)[-1]
    approve(session, card.id, by=who(session, OFFICE, now=now), now=now, seen=card.version, stationery=STATIONERY)


def a_proposal(session: Session, tick: Callable[[datetime], object]) -> None:
    an_issue(session, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-17 17:01", "2026-11-19 17:01"):
        tick(at(day))


def test_four_overdue_issues_bring_no_card_and_five_bring_one(city: Session) -> None:
    overdue(city, 4)
    assert every_night(city, now=NIGHT) == 0
    overdue(city, 1)
    assert every_night(city, now=NIGHT) == 1
    (card,) = measures(city)
    assert (card.kind, card.unit_code, card.because["count"]) == (MeasureKind.YELLOW_CARD, "D-CGJ", 5)
    assert len(card.because["issues"]) == 5
    assert every_night(city, now=at("2026-11-07 02:00")) == 0


def test_a_second_yellow_card_within_the_days_brings_a_red_one(city: Session) -> None:
    overdue(city, 5)
    a_card(city, now=NIGHT)
    assert measures(city, MeasureKind.RED_CARD) == []
    a_card(city, now=at("2026-12-08 02:00"))
    every_night(city, now=at("2026-12-09 02:00"))

    (red,) = measures(city, MeasureKind.RED_CARD)
    assert (red.state, red.because["count"], red.area_path) == (MeasureState.PROPOSED, 2, "5103")
    assert every_night(city, now=at("2026-12-09 03:00")) == 0


def test_the_paper_of_a_card_names_what_is_behind_it_and_prints_again_the_same(city: Session) -> None:
    overdue(city, 5)
    a_card(city, now=NIGHT)

    (paper,) = city.exec(select(Paper)).all()
    (card,) = measures(city)
    assert (paper.number, paper.about) == ("自黄〔2026〕1号", f"measure:{card.id}")
    assert paper.content["count"] == 5
    assert "逾期问题达到规定件数（5件）" in paper.content["step"]
    assert printable(city, card).paper.content == paper.content


def test_the_unit_hears_of_a_card_when_somebody_decided_it(city: Session) -> None:
    overdue(city, 5)
    every_night(city, now=NIGHT)
    told = select(Message.kind, Message.post_code).where(Message.kind.startswith("measure"))  # type: ignore[attr-defined]
    assert city.exec(told).all() == [("measure_proposed", "5103:office"), ("measure_proposed", "5103:headquarters")]
    a_card(city, now=NIGHT)
    heard = {post for kind, post in city.exec(told).all() if kind == "measure_decided"}
    assert heard == {"D-CGJ:principal_leader", "D-CGJ:deputy_leader", "D-CGJ:handler"}


def test_a_proposal_takes_two_people(city: Session, tick: Callable[[datetime], object]) -> None:
    a_proposal(city, tick)
    now = at("2026-11-20 09:00")
    (one,) = measures(city, MeasureKind.PROPOSAL)
    top = who(city, HEADQUARTERS, now=now)
    approve(city, one.id, by=top, now=now, seen=one.version, stationery=STATIONERY, why=WHY)
    assert (one.state, one.paper) == (MeasureState.SECONDING, "")
    with pytest.raises(SamePerson):
        second(city, one.id, by=top, now=now, seen=one.version, stationery=STATIONERY)

    office = who(city, PERFORMANCE, now=now)
    second(city, one.id, by=office, now=now, seen=one.version, stationery=STATIONERY)
    assert (one.state, one.paper) == (MeasureState.ISSUED, "自移〔2026〕1号")
    conclude(city, one.id, by=office, now=now, seen=one.version, why="诫勉谈话")
    assert acts(city, one) == [
        *(("propose", "system"), ("approve", HEADQUARTERS), ("second", PERFORMANCE), ("conclude", PERFORMANCE))
    ]


def test_a_proposal_is_rejected_with_a_reason(city: Session, tick: Callable[[datetime], object]) -> None:
    a_proposal(city, tick)
    now = at("2026-11-20 09:00")
    (one,) = measures(city, MeasureKind.PROPOSAL)
    office = who(city, OFFICE, now=now)
    with pytest.raises(MissingInput):
        reject(city, one.id, by=office, now=now, seen=one.version, why="​ ")
    reject(city, one.id, by=office, now=now, seen=one.version, why="已纳入专项整治")
    assert one.state is MeasureState.REJECTED
    with pytest.raises(MeasureNotPossible):
        approve(city, one.id, by=office, now=now, seen=one.version, stationery=STATIONERY)


def test_an_interview_is_called_and_what_it_came_to_is_on_record(
    city: Session, tick: Callable[[datetime], object]
) -> None:
    a_proposal(city, tick)
    now = at("2026-11-20 09:00")
    (one,) = measures(city, MeasureKind.INTERVIEW)
    office = who(city, OFFICE, now=now)
    when = Interview("2026年11月23日15时", "三楼会议室")
    approve(city, one.id, by=office, now=now, seen=one.version, stationery=STATIONERY, interview=when)
    paper = city.exec(select(Paper).where(Paper.number == one.paper)).one()
    assert paper.content["interview"] == {"when": "2026年11月23日15时", "place": "三楼会议室"}
    hold(city, one.id, by=office, now=now, seen=one.version, why="承诺11月底前整改到位")
    assert one.state is MeasureState.DONE


@pytest.mark.parametrize("somebody", [HANDLER, PRINCIPAL, DISTRICT_OFFICE, OUTSIDER, PERFORMANCE, "R00005", "R00099"])
def test_who_does_not_decide_is_refused(city: Session, somebody: str) -> None:
    overdue(city, 5)
    every_night(city, now=NIGHT)
    (card,) = measures(city)
    by = who(city, somebody)
    with pytest.raises(ActionNotAllowed, match=Right.DECIDE_ACCOUNTABILITY.value):
        approve(city, card.id, by=by, now=NIGHT, seen=card.version, stationery=STATIONERY)
    with pytest.raises(ActionNotAllowed):
        reject(city, card.id, by=by, now=NIGHT, seen=card.version, why=WHY)


def test_nobody_decides_about_their_own_unit(city: Session) -> None:
    from datetime import date

    from models.unit import Tenure

    overdue(city, 5)
    every_night(city, now=NIGHT)
    (card,) = measures(city)
    city.add(Tenure(post_code="D-CGJ:deputy_leader", person_code=OFFICE, valid_from=date(2026, 1, 1)))
    city.flush()
    with pytest.raises(OwnUnit):
        approve(city, card.id, by=who(city, OFFICE), now=NIGHT, seen=card.version, stationery=STATIONERY)


def test_two_who_decide_at_once_do_not_both_decide(city: Session) -> None:
    overdue(city, 5)
    every_night(city, now=NIGHT)
    (card,) = measures(city)
    seen, by = card.version, who(city, OFFICE)
    approve(city, card.id, by=by, now=NIGHT, seen=seen, stationery=STATIONERY)
    with pytest.raises((MeasureChanged, MeasureNotPossible)):
        reject(city, card.id, by=who(city, HEADQUARTERS), now=NIGHT, seen=seen, why=WHY)
