"""Weekly bulletin 创建工作周报: the week just ended, Monday to Sunday, as a draft, on Mondays."""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bulletins import Drafted, draft_bulletin
from models.publication import PublicationKind


@flow(name="weekly_bulletin", persist_result=False)
async def weekly_bulletin(on: date | None = None) -> State[Drafted]:
    """起草上一周的创建工作周报，通知创建办核对、指挥部审批；重复运行得到同一份。
    Drafts the bulletin of the week before a day, to be approved and published; a second run gives the same one.

    Args:
        on: 统计此日之前的一周，留空为计划运行日 · The week before this day; empty: the day this run is due
    """
    return await draft_bulletin(PublicationKind.WEEKLY, on)
