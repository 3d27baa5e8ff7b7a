"""Papers that the ladder calls for and nobody has issued yet.

A step never issues a paper itself: a paper is signed by a person (docs/decisions/0021). Nothing is stored about what is
due: it follows from the steps that were taken, the supervision orders, and the papers that there are. An assignment
slip is left to whoever wants one, since a unit signs in without paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, text
from sqlmodel import Session

from models.issue import Issue
from models.lifecycle import RUNNING
from models.paper import DEGREES, OF_NO_ISSUE, PaperKind
from models.routing import post_for
from models.rule import RuleSet

CALLED_FOR = frozenset(PaperKind) - OF_NO_ISSUE - {PaperKind.ASSIGNMENT_SLIP}
DISTRICT = 2
"""Offices issue papers: that of the city for steps of its level, that of the district for all below."""


@dataclass(frozen=True)
class DuePaper:
    """One paper to be issued: about which issue, with which step, by which office; `since` when (UTC)."""

    kind: PaperKind
    number: str
    step: str
    unit: str
    place: str
    office: str
    since: datetime | None


@dataclass(frozen=True)
class _Step:
    """A step of frozen rules with the papers that it calls for."""

    code: str
    rank: int
    level: int
    kinds: tuple[PaperKind, ...]


def due_papers(session: Session) -> list[DuePaper]:
    """Of all issues that are being put right, the oldest issue first, the lowest step first.

    Every supervision order that the ladder has numbered in this cycle; of other papers only those of the highest step,
    since a higher one takes the place of a lower one.
    """
    steps: dict[str, Sequence[_Step]] = {}
    found: list[DuePaper] = []
    for row in session.connection().execute(_CLIMBED):
        code = row.rule_set_code
        if code not in steps:
            steps[code] = _steps(session.get_one(RuleSet, code).content)
        found += _of_issue(row, steps[code])
    return found


def _steps(rules: Mapping[str, Any]) -> list[_Step]:
    rows = [
        _Step(row["code"], int(row["code"][1:]), int(row["level"]), tuple(_kinds(row)))
        for row in rules["ladder"]["step"]
    ]
    return sorted((step for step in rows if step.kinds), key=lambda step: step.rank)


def _kinds(row: Mapping[str, Any]) -> Iterator[PaperKind]:
    names = {kind.value: kind for kind in CALLED_FOR}
    yield from (names[name] for name in (row["paper"], *row.get("enclosed", ())) if name in names)


def _of_issue(row: Row[Any], steps: Sequence[_Step]) -> Iterator[DuePaper]:
    taken = [step for step in steps if row.steps_taken >> step.rank & 1]
    orders: Mapping[str, str] = row.orders
    for step in taken:
        for kind in step.kinds:
            degree = str(DEGREES.get(kind, ""))
            called_for = degree in orders if degree else step is taken[-1]
            if called_for and f"{kind} {step.code}" not in row.issued:
                since = datetime.fromisoformat(orders[degree]) if degree else row.step_at
                yield DuePaper(kind, row.number, step.code, row.unit, row.place, _office(row, step.level), since)


def _office(row: Row[Any], level: int) -> str:
    issue = cast(Issue, row)
    return post_for(f"L{min(level, DISTRICT)}.office", issue) or post_for("L1.office", issue) or ""


_CLIMBED = text(f"""
SELECT i.number, i.area_path, i.lead_unit, i.point_code, i.rule_set_code, i.steps_taken, i.step_at, u.name AS unit,
       coalesce(p.name, nullif(i.address, ''), left(i.description, 20)) AS place,
       (SELECT coalesce(jsonb_object_agg(o.degree, o.issued_at), '{{}}') FROM supervision_order o
         WHERE o.issue_id = i.id AND o.cycle = i.cycle) AS orders,
       ARRAY(SELECT a.kind || ' ' || a.step FROM paper a WHERE a.issue_id = i.id AND a.cycle = i.cycle) AS issued
  FROM issue i JOIN unit u ON u.code = i.lead_unit LEFT JOIN point p ON p.code = i.point_code
 WHERE i.state IN ({", ".join(f"'{state.value}'" for state in sorted(RUNNING))})
   AND i.steps_taken > 1 AND i.rule_set_code IS NOT NULL
 ORDER BY i.id
""")
