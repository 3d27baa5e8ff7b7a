"""Half-month dispatch 半月调度: the figures of the half month just ended, as a bulletin, on the 1st and the 16th."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.artifacts import show_page, show_table
from flows.common import Duban, done, duban, lateness, patient, refused
from models.appraisal import Bulletin
from models.errors import DubanError
from runtime import clock
from services import bulletins, people
from services.dispatch import half_month, percent

Lines = list[Mapping[str, Any]]


@dataclass(frozen=True)
class Dispatched:
    """The period, both days included, and how many units are in it."""

    period_from: date
    period_to: date
    units: int


@flow(name="half_month_dispatch", persist_result=False)
async def half_month_dispatch(on: date | None = None) -> State[Dispatched]:
    """生成并发布半月调度通报；重复运行得到同一份。
    Publishes the bulletin of the half month before a day; a second run gives the same one.

    Args:
        on: 统计此日之前的半月，留空为计划运行日 · The half month before this day; empty: the day this run is due
    """
    with duban() as here:
        try:
            bulletin, lines = await publish(here, on, lateness())
        except DubanError as error:
            return refused(error)
        title = f"{bulletin.period_from} – {bulletin.period_to}"
        await show_page("half-month-dispatch", as_page(bulletin), description=title)
        await show_table("half-month-units", [as_row(line) for line in lines], description=title)
    return done(Dispatched(bulletin.period_from, bulletin.period_to, len(lines)), f"{title}: {len(lines)} units")


@patient("publish 通报", stage="report")
async def publish(here: Duban, on: date | None, late: timedelta) -> tuple[Bulletin, Lines]:
    """Count, freeze and tell; or find the bulletin that was published before. `late`: how long after its slot."""
    return await asyncio.to_thread(_publish, here, on, late)


def _publish(here: Duban, on: date | None, late: timedelta) -> tuple[Bulletin, Lines]:
    with here.sessions() as session:
        now = clock.now(session)
        # A run that is late, even by weeks, makes the bulletin of its own slot: no period may be left out.
        bulletin = half_month(session, on=on or people.city_day(session, now - late), now=now)
        lines = bulletins.unit_lines(session, bulletin)
        session.commit()
    return bulletin, lines


def as_page(bulletin: Bulletin) -> str:
    """The bulletin as people read it, Chinese first."""
    sums = bulletin.figures["total"]
    bottom = "、".join(one["name"] for one in bulletin.figures["bottom"]) or "–"
    rows = {
        "交办 assigned": sums["assigned"],
        "应办结 due": sums["to_close"],
        "已销号 closed": sums["closed"],
        "整改率 rectification rate": f"{percent(sums['rectification_rate'])} %",
        "按期率 on time": f"{percent(sums['on_time_rate'])} %",
        "逾期未结 overdue": sums["overdue_open"],
        "排名靠后 lowest": bottom,
    }
    table = "\n".join(f"| {name} | {value} |" for name, value in rows.items())
    period = f"{bulletin.period_from} – {bulletin.period_to}"
    return f"# 半月调度通报 · Half-month dispatch\n\n{period}\n\n| | |\n|---|---|\n{table}"


def as_row(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """One unit in the table."""
    return {
        "名次 rank": line["rank"] or "–",
        "组别 group": line["ranking_group"],
        "单位 unit": line["unit_name"],
        "应办结 due": line["to_close"],
        "已销号 closed": line["closed"],
        "整改率 %": percent(line["rectification_rate"]),
        "按期率 %": percent(line["on_time_rate"]),
        "逾期未结 overdue": line["overdue_open"],
        "返工率 rework %": percent(line["rework_rate"]),
    }
