"""Months in a row on the black list (黑榜): what the published appraisals make due, as proposals. Source: domain 4."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.accountability_rules import MeasureRule, When
from models.area import Area
from models.unit import Unit
from services.ranking.months import Month
from services.ranking.past import Proposal, proposals_due

LATE = 3
"""An appraisal may be published so many months late."""


def black_listed(session: Session, rules: Sequence[MeasureRule], *, today: date) -> Iterable[Mapping[str, Any]]:
    """Of each unit in a row the heaviest rule that fits: it takes the place of the lighter ones."""
    month, due = Month.of(today), []
    for _ in range(LATE if rules else 0):
        month = month.before
        due += [(month, one) for one in proposals_due(session, month)]
    paths = _paths(session, {one.unit for _, one in due})
    for month, one in due:
        fitting = [rule for rule in rules if rule.least <= one.times]
        if fitting:
            yield _measure(max(fitting, key=lambda rule: rule.least), one, month, paths[one.unit])


def _measure(rule: MeasureRule, one: Proposal, month: Month, path: str) -> Mapping[str, Any]:
    """Of the city: the lists are its own."""
    because = {"when": When.BLACK_LIST, "count": one.times, "month": str(month), "consequence": list(one.name)}
    about = {"kind": rule.propose, "rule": rule.code, "unit_code": one.unit, "area_path": path.split("/")[0]}
    return {"key": f"{rule.code}/{one.unit}/{month}", **about, "issue_id": None, "order_id": None, "because": because}


def _paths(session: Session, units: set[str]) -> Mapping[str, str]:
    query = select(Unit.code, Area.path).join(Area, col(Area.code) == col(Unit.area_code))
    return dict(session.exec(query.where(col(Unit.code).in_(units))).all())
