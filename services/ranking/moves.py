"""What if: which open issues would lift a unit, and which few would bring it one place up. For the month that runs.

A month that is over is past moving: what is put right later does not count for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from models.scoring.what_if import few_enough, moves
from services.people import city_day
from services.ranking.live import Live, live
from services.ranking.months import Month

_ISSUES = """
SELECT i.id, i.number, i.description, i.due_at, i.state FROM issue i WHERE i.id = ANY(:ids)
"""


@dataclass(frozen=True)
class Step:
    """An open issue and what closing it alone would do to its unit's place and score."""

    number: str
    description: str
    state: str
    due_at: datetime | None
    rank: int
    rank_after: int
    score: Decimal | None
    score_after: Decimal | None


@dataclass(frozen=True)
class Way:
    """The few issues that, all closed, bring the unit to a place; None where even all of them do not."""

    rank: int
    issues: Sequence[tuple[str, str]] | None


@dataclass(frozen=True)
class WhatIf:
    """`steps`: single issues that would lift the unit, most first. `ways`: to the next place up and to the first."""

    rank: int | None
    of: int
    why: str
    steps: Sequence[Step]
    ways: Sequence[Way]


def what_if(session: Session, unit: str, *, month: Month, area_code: str, now: datetime) -> WhatIf | None:
    """None for a month that is over, and for a unit that is not in it. Raises NotFound for an area."""
    if month.last < city_day(session, now):
        return None
    found = live(session, month=month, area_code=area_code, now=now)
    place = found.field.places.get(unit)
    if place is None:
        return None
    if place.rank is None:
        return WhatIf(None, place.of, place.why, (), ())
    ranks = sorted({place.rank - 1, 1} - {0, place.rank}, reverse=True)
    chosen = {rank: few_enough(found.field, unit, rank=rank) for rank in ranks}
    lifted = moves(found.field, units=[unit])
    known = _issues(session, found, unit)
    steps = [
        Step(*known[one.case], one.rank, one.rank_after, one.score, one.score_after)
        for one in lifted
        if one.case in known
    ]
    ways = [
        Way(rank, None if ids is None else tuple(known[key][:2] for key in ids if key in known))
        for rank, ids in chosen.items()
    ]
    return WhatIf(place.rank, place.of, "", steps, ways)


Known = tuple[str, str, str, datetime | None]


def _issues(session: Session, found: Live, unit: str) -> dict[int, Known]:
    ids = [case.id for case in found.field.cases[unit]]
    rows = session.connection().execute(text(_ISSUES), {"ids": ids})
    return {row.id: (row.number, row.description, row.state, row.due_at) for row in rows}
