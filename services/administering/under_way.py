"""Issues under way that a change leaves with a unit that ends, or at a point that is closed."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from models.administration import ChangeKind
from models.issue import Issue
from models.lifecycle import OPEN
from services.administering.values import Changed, UnderWay
from services.cities.pack import Pack

COLUMNS = {"units": Issue.lead_unit, "points": Issue.point_code}


def left_under_way(session: Session, changes: Sequence[Changed], pack: Pack) -> tuple[UnderWay, ...]:
    """One for each such unit and point of which something is left, in the order of the changes."""
    return tuple(one for one in _found(session, changes, pack) if one.issues or one.points)


def _found(session: Session, changes: Sequence[Changed], pack: Pack) -> Iterator[UnderWay]:
    for table, column in COLUMNS.items():
        keys = [one.key for one in changes if one.place == table and _ends(one)]
        issues = _counts(session, column, keys) if keys else {}
        for key in keys:
            points = sum(point.lead_unit == key for point in pack.points) if table == "units" else 0
            yield UnderWay(table, key, issues.get(key, 0), points)


def _ends(change: Changed) -> bool:
    return change.kind is ChangeKind.ENDED or bool(change.after.get("valid_to"))


def _counts(session: Session, column: Any, keys: Sequence[str]) -> dict[str, int]:
    query = select(column, func.count()).where(column.in_(keys), col(Issue.state).in_(sorted(OPEN))).group_by(column)
    return dict(session.exec(query).all())
