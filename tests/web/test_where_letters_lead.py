"""A letter about no issue leads to the page it is about, and that page opens for whoever gets the letter."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import httpx
import pytest
from sqlmodel import Session, select

from models.accountability import MeasureKind
from models.audit import RoundKind
from models.message import Message
from notifications.kinds import KINDS
from notifications.links import PAGE
from services import audits, people, same_fault_messages
from services.accountability.deciding import approve
from services.accountability.replies import give_back as return_reply
from services.accountability.replies import reply
from services.accountability.rounds import every_night
from services.tasks import chasing
from tests.cast import DEPUTY, DISTRICT_OFFICE, INSPECTOR, MONDAY, OFFICE, an_issue, at, who
from tests.services.accountability.shorthand import HEADQUARTERS, STATIONERY, WHY, measures
from tests.services.bulletins import desk as bulletins
from tests.services.filing.cabinet import an_item, give_back, hand_in
from tests.services.ranking import desk as months
from tests.services.same_fault.town import MET, fill, more_points, points_of, swept
from tests.services.surveys.field import a_field, a_survey
from tests.services.tasks.desk import issued
from tests.web.visitor import log_in

Tick = Callable[[datetime], object]
ORDER = audits.AuditOrder(
    kind=RoundKind.COVERT,
    area_code="5103",
    points=2,
    seed=7,
    inspectors=(INSPECTOR,),
    on_date=date(2026, 11, 3),
    requested_by=OFFICE,
)


def sheets(city: Session, _tick: Tick) -> None:
    audits.start(city, ORDER, now=MONDAY)


def a_sweep(city: Session, _tick: Tick) -> None:
    more_points(city)
    swept(city, an_issue(city, state="rectifying"))
    same_fault_messages.tell_late(city, now=MONDAY + timedelta(days=40))
    for point, inspector in points_of(city).items():
        fill(city, point, MET, by=inspector)


def a_questionnaire(city: Session, _tick: Tick) -> None:
    a_field(city)
    a_survey(city)


def material(city: Session, _tick: Tick) -> None:
    item = an_item(city)
    hand_in(city, item)
    give_back(city, item)


def letters(city: Session, _tick: Tick) -> None:
    issued(city)
    for day in ("2026-11-06 08:20", "2026-11-10 08:20"):
        chasing.chase(city, now=at(day))


def an_order(city: Session, tick: Tick) -> None:
    an_issue(city, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-06 17:01", "2026-11-10 17:01", "2026-11-12 17:30"):
        tick(at(day))
    now = at("2026-11-13 09:30")
    every_night(city, now=now)
    (one, *_) = measures(city, MeasureKind.ORDER)
    approve(city, one.id or 0, by=_by(city, DISTRICT_OFFICE, now), now=now, seen=one.version, stationery=STATIONERY)
    tick(at("2026-11-26 17:01"))
    (one, *_) = measures(city, MeasureKind.ORDER)
    reply(city, one.id or 0, by=_by(city, DEPUTY, now), now=now, seen=one.version, why="已安排整改")
    (one, *_) = measures(city, MeasureKind.ORDER)
    return_reply(city, one.id or 0, by=_by(city, DISTRICT_OFFICE, now), now=now, seen=one.version, why="未写明措施")


def a_proposal(city: Session, tick: Tick) -> None:
    an_issue(city, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-17 17:01", "2026-11-19 17:01"):
        tick(at(day))
    now = at("2026-11-20 09:00")
    (one,) = measures(city, MeasureKind.PROPOSAL)
    by = _by(city, HEADQUARTERS, now)
    approve(city, one.id or 0, by=by, now=now, seen=one.version, stationery=STATIONERY, why=WHY)


def a_bulletin(city: Session, _tick: Tick) -> None:
    bulletins.a_half_month(city)
    bulletins.published(city)


def an_appeal(city: Session, _tick: Tick) -> None:
    key = months.october(city)[2]
    months.drafted(city)
    months.decided(city, months.appealed(city, key), "refused")


def _by(city: Session, person: str, now: datetime):
    return who(city, person, now=now)


STORIES = {
    sheets: {"sheet_assigned"},
    a_sweep: {"sweep_assigned", "sweep_late", "sweep_finished"},
    a_questionnaire: {"survey_assigned"},
    material: {"material_submitted", "material_returned"},
    letters: {"task_letter_issued", "task_letter_late", "task_letter_unsigned"},
    an_order: {"measure_proposed", "measure_decided", "reply_late", "reply_returned"},
    a_proposal: {"measure_seconding"},
    a_bulletin: {"publication_waits", "bulletin"},
    an_appeal: {"appraisal_open", "appeal_asked", "appeal_decided"},
}


def test_every_kind_that_has_a_page_is_looked_at() -> None:
    assert {code for code, kind in KINDS.items() if PAGE in kind.facts} == set().union(*STORIES.values())


@pytest.mark.parametrize("story", STORIES)
async def test_the_page_opens_for_whoever_gets_the_letter(
    city: Session, client: httpx.AsyncClient, tick: Tick, story: Callable[[Session, Tick], None]
) -> None:
    story(city, tick)
    city.commit()
    told = [row for row in city.exec(select(Message)) if row.kind in STORIES[story]]
    looked: dict[tuple[str, str], int] = {}
    for row in told:
        for reader in readers(city, row):
            page = str(row.facts[PAGE])
            if (reader, page) not in looked:
                log_in(city, client, reader)
                looked[reader, page] = (await client.get(page)).status_code

    assert {row.kind for row in told} == STORIES[story]
    assert {seen for seen, status in looked.items() if status != 200} == set()


def readers(city: Session, row: Message) -> Iterable[str]:
    """Whoever it is for on the day it was written."""
    if row.person_code:
        return [row.person_code]
    return people.holders(city, row.post_code or "", today=row.created_at.date())
