"""What is overdue at a moment, worst first, for everyone whom it concerns: the city, each place above it, each unit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from models.errors import DubanError
from models.lifecycle import RUNNING
from services import rulebook

LISTED = 10
"""Issues in one list; the rest is only counted."""


@dataclass(frozen=True)
class Lagging:
    """One overdue issue. `days`: whole days since its deadline; `step`: names of the highest one since (zh-CN, en)."""

    number: str
    what: str
    unit: str
    due: datetime
    days: int
    step: tuple[str, str]


@dataclass
class Laggards:
    """How many are overdue in one scope, and the first LISTED of them."""

    count: int = 0
    worst: list[Lagging] = field(default_factory=list)


def laggards(session: Session, *, now: datetime) -> Mapping[str, Laggards]:
    """By code of the area or unit: what is in its hands and overdue. A unit of a place answers for all of the place.

    Worst is what has climbed highest, then what is late longest. What waits for a verifier is not the unit's delay.
    """
    city = rulebook.the_city(session).rule_set_code or ""
    names: dict[tuple[str, int], tuple[str, str]] = {}
    found: dict[str, Laggards] = defaultdict(Laggards)
    for row in session.connection().execute(_OVERDUE, {"now": now}).mappings():
        key = (row["rule_set_code"] or city, row["step"])
        if key not in names:
            names[key] = _step(session, *key)
        for code in _scopes(row):
            into = found[code]
            into.count += 1
            if len(into.worst) < LISTED:
                into.worst.append(_lagging(row, names[key], now))
    return found


def _scopes(row: RowMapping) -> Iterator[str]:
    """Every place above it and the unit of each, and the lead unit: each once."""
    areas = row["area_path"].split("/")
    yield from dict.fromkeys((*areas, *(f"T{area}" for area in areas), row["lead_unit"]))


def _lagging(row: RowMapping, step: tuple[str, str], now: datetime) -> Lagging:
    return Lagging(row["number"], row["place"], row["unit"], row["due_at"], (now - row["due_at"]).days, step)


def _step(session: Session, rules: str, step: int) -> tuple[str, str]:
    """What a step after the deadline is called; nothing for those before it.

    An issue whose rules cannot be read must not cost everybody the list.
    """
    if step < 0:
        return "", ""
    try:
        found = rulebook.rules(session, rules).step(f"E{step}")
    except (DubanError, LookupError, TypeError, ValueError, ArithmeticError):
        return f"E{step}", f"E{step}"
    return (found.name, found.name_en) if found.start == "due" else ("", "")


def as_line(one: Lagging) -> dict[str, Any]:
    """As a line of a message's facts."""
    return {
        "number": one.number,
        "what": one.what,
        "unit": one.unit,
        "due": one.due.isoformat(),
        "days": one.days,
        "step": list(one.step),
    }


_OVERDUE = text(f"""
SELECT i.number, i.area_path, i.lead_unit, u.name AS unit, i.due_at, i.step, i.rule_set_code,
       coalesce(p.name, nullif(i.address, ''), left(i.description, 20)) AS place
  FROM issue i JOIN unit u ON u.code = i.lead_unit LEFT JOIN point p ON p.code = i.point_code
 WHERE i.state IN ({", ".join(f"'{state.value}'" for state in sorted(RUNNING))}) AND i.due_at < :now
 ORDER BY i.step DESC, i.due_at, i.id
""")
