"""What the flows of bulletins share: make the draft of a period, or find it, and show it as a page and a table."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from prefect.client.schemas.objects import State

from flows.artifacts import show_link, show_page, show_table
from flows.common import Duban, done, duban, lateness, patient, refused
from models import terms
from models.errors import DubanError
from models.publication import Publication, PublicationKind
from models.rights import SYSTEM
from runtime import clock
from services import people
from services.bulletins import drafting
from services.bulletins.words import percent

Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Drafted:
    """The period, both days included, how many units are in it, and whether the draft was there already."""

    period_from: date
    period_to: date
    units: int
    repeated: bool


async def draft_bulletin(kind: PublicationKind, on: date | None) -> State[Drafted]:
    """The whole of such a flow. `on`: a day after the period; none for the day on which this run is due."""
    with duban() as here:
        try:
            found = await drafted(here, kind, on, lateness())
        except DubanError as error:
            return refused(error)
        row, units = found.publication, found.publication.content["units"]
        title, name = f"{row.period_from} – {row.period_to}", kind.value.replace("_", "-")
        await show_page(f"{name}-bulletin", as_page(row), description=title)
        await show_table(f"{name}-units", [as_row(line) for line in units], description=title)
        link = f"{here.settings.public_url.rstrip('/')}/bulletins/{row.id}"
        await show_link(f"{name}-link", link, text=f"查看通报 Look at the bulletin {title}")
    words = "was there already" if found.repeated else "drafted, waits for approval"
    return done(Drafted(row.period_from, row.period_to, len(units), found.repeated), f"{title}: {words}")


@patient("draft 起草通报", stage="report")
async def drafted(here: Duban, kind: PublicationKind, on: date | None, late: timedelta) -> drafting.Drafted:
    """Count and write the draft; or find the one that is there. `late`: how long after its slot this run works."""
    return await asyncio.to_thread(_drafted, here, kind, on, late)


def _drafted(here: Duban, kind: PublicationKind, on: date | None, late: timedelta) -> drafting.Drafted:
    with here.sessions() as session:
        now = clock.now(session)
        # A run that is late, even by weeks, makes the bulletin of its own slot: no period may be left out.
        day = on or people.city_day(session, now - late)
        found = drafting.draft(session, kind, on=day, by=SYSTEM, now=now)
        session.commit()
        session.refresh(found.publication)
    return found


def as_page(row: Publication) -> str:
    """The bulletin in short, Chinese first."""
    content = row.content
    sums = content["total"]
    bottom = "、".join(one["name"] for one in content["bottom"]) or "–"
    rows = {
        "状态 state": _both(terms.PUBLICATION_STATES, row.state),
        "交办 assigned": sums["assigned"],
        "应办结 due": sums["to_close"],
        "已销号 closed": sums["closed"],
        "整改率 rectification rate": f"{percent(sums['rectification_rate'])} %",
        "按期率 on time": f"{percent(sums['on_time_rate'])} %",
        "逾期未结 overdue": sums["overdue_open"],
        "排名靠后 lowest": bottom,
    }
    table = "\n".join(f"| {name} | {value} |" for name, value in rows.items())
    title = f"{terms.term(terms.PUBLICATIONS, row.kind, 'zh-CN')} · {terms.term(terms.PUBLICATIONS, row.kind, 'en')}"
    return f"# {title}\n\n{row.period_from} – {row.period_to}\n\n| | |\n|---|---|\n{table}"


def _both(words: terms.Words, code: str) -> str:
    return f"{terms.term(words, code, 'zh-CN')} {terms.term(words, code, 'en')}"


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
