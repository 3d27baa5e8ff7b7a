"""Monthly appraisal 月度考核: the bulletin of the month just ended, as a draft, on the 3rd.

Its scores are those of the month's appraisal once that is published, after the time for appeals; a draft that was
counted before is counted again.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bulletins import Drafted, draft_bulletin
from models.publication import PublicationKind


@flow(name="monthly_appraisal", persist_result=False)
async def monthly_appraisal(on: date | None = None) -> State[Drafted]:
    """起草上月的月度考核通报，通知创建办核对、指挥部审批；重复运行得到同一份。
    Drafts the bulletin of the month before a day, to be approved and published; a second run gives the same one.

    Args:
        on: 统计此日之前的一月，留空为计划运行日 · The month before this day; empty: the day this run is due
    """
    return await draft_bulletin(PublicationKind.MONTHLY, on)
