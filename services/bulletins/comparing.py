"""A bulletin beside the one before: what went up and down. Figures of different formulae are never subtracted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.publication import Publication, PublicationKind, PublicationState
from services.bulletins.periods import Period

COMPARED = ("assigned", "to_close", "closed", "overdue_open")
RATES_COMPARED = ("rectification_rate", "on_time_rate", "rework_rate", "overdue_open_rate")


def last_before(session: Session, kind: PublicationKind, *, area_code: str, period: Period) -> Publication | None:
    """The published bulletin of the same kind and area whose period ended last before this one; its last edition."""
    query = select(Publication).where(
        Publication.kind == kind,
        Publication.area_code == area_code,
        Publication.state == PublicationState.PUBLISHED,
        Publication.period_to < period[0],
    )
    return session.exec(query.order_by(col(Publication.period_to).desc(), col(Publication.edition).desc())).first()


def compared(before: Publication | None, total: Mapping[str, Any], *, formula: str) -> dict[str, Any] | None:
    """What a bulletin says of the one before; `differences` is None where the formula is another one."""
    if before is None:
        return None
    old, same = before.content["total"], before.formula == formula
    return {
        "id": before.id,
        "from": before.period_from.isoformat(),
        "to": before.period_to.isoformat(),
        "formula": before.formula,
        "total": {name: old[name] for name in (*COMPARED, *RATES_COMPARED)},
        "differences": _differences(old, total) if same else None,
        "ranks": {line["unit_code"]: line["rank"] for line in before.content["units"]} if same else {},
    }


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Counts by number, rates in percentage points with one digit; None where one of the two is missing."""
    counts: dict[str, Any] = {name: new[name] - old[name] for name in COMPARED}
    return counts | {name: _points(old[name], new[name]) for name in RATES_COMPARED}


def _points(old: str | None, new: str | None) -> str | None:
    """As they are printed: the difference of what stands there, so that a reader can check it."""
    if old is None or new is None:
        return None
    return f"{_printed(new) - _printed(old):+.1f}"


def _printed(rate: str) -> Decimal:
    return (Decimal(rate) * 100).quantize(Decimal("0.1"))
