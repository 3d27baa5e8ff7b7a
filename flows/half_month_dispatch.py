"""Half-month dispatch 半月调度: the bulletin of the half month just ended, as a draft, on the 1st and the 16th."""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bulletins import Drafted, draft_bulletin
from models.publication import PublicationKind


@flow(name="half_month_dispatch", persist_result=False)
async def half_month_dispatch(on: date | None = None) -> State[Drafted]:
    """起草半月调度通报，通知创建办核对、指挥部审批；重复运行得到同一份。
    Drafts the bulletin of the half month before a day, to be approved and published; a second run gives the same one.

    Args:
        on: 统计此日之前的半月，留空为计划运行日 · The half month before this day; empty: the day this run is due
    """
    return await draft_bulletin(PublicationKind.HALF_MONTH, on)
