"""Monthly appraisal 月度考核: the month just ended, its scores open to appeals and its bulletin a draft, on the 3rd.

The bulletin's scores are those of the appraisal once that is published, after the time for appeals; a draft that was
counted before is counted again.
"""

import asyncio
from datetime import date, timedelta

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bulletins import Drafted, draft_bulletin
from flows.common import Duban, duban, lateness, patient, refused
from models.errors import DubanError
from models.publication import PublicationKind
from models.rights import SYSTEM
from runtime import clock
from services.people import city_day
from services.ranking.drafting import draft_before


@flow(name="monthly_appraisal", persist_result=False)
async def monthly_appraisal(on: date | None = None) -> State[Drafted]:
    """起草上月的月度考核得分并开放申诉，起草月度考核通报，通知创建办核对、指挥部审批；重复运行得到同一份。
    Drafts the scores of the month before a day, open to appeals, and its bulletin, to be approved and published; a
    second run gives the same ones.

    Args:
        on: 统计此日之前的一月，留空为计划运行日 · The month before this day; empty: the day this run is due
    """
    with duban() as here:
        try:
            await appraised(here, on, lateness())
        except DubanError as error:
            return refused(error)
    return await draft_bulletin(PublicationKind.MONTHLY, on)


@patient("appraise 考核评分", stage="report")
async def appraised(here: Duban, on: date | None, late: timedelta) -> int:
    """The draft of the city's scores, or the one that is there: its id. `late`: how long after its slot this runs."""
    return await asyncio.to_thread(_appraised, here, on, late)


def _appraised(here: Duban, on: date | None, late: timedelta) -> int:
    with here.sessions() as session:
        now = clock.now(session)
        row = draft_before(session, on or city_day(session, now - late), by=SYSTEM, now=now)
        session.commit()
        return row.id or 0
