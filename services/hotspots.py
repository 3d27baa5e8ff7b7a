"""Where issues gather: points, the same fault at a point, streets, standards, above the numbers of the city's policy.

One reading of the cards of the last days, grouped four ways at once. Dropped issues (void, merged) do not count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, literal_column, or_, select, tuple_
from sqlmodel import Session, col

from models.area import Area
from models.card import IssueCard
from models.issue import Issue
from models.lifecycle import State
from models.point import Point
from models.standard import Standard
from services import rulebook
from services.filters import Scope, Wanted, counted_conditions, is_open

STREET_LEVEL = 3
MOST = 50
"""Rows of each kind."""


class Gathers(StrEnum):
    """What a hotspot is of."""

    FAULT = "fault"
    POINT = "point"
    STREET = "street"
    STANDARD = "standard"


@dataclass(frozen=True)
class Thresholds:
    """So many issues within `days` make a hotspot of each kind; 0: that kind is not looked at."""

    days: int
    least: Mapping[Gathers, int]

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> "Thresholds":
        """What the city's policy says (`[hotspot]`)."""
        given = policy.get("hotspot", {})
        return cls(int(given.get("days", 60)), {kind: int(given.get(kind.value, 0)) for kind in Gathers})


@dataclass(frozen=True)
class Hot:
    """One hotspot. `point`, `standard`, `street` are codes, each where its kind has one; `open` of those found.

    `about`: the standard in Chinese, `about_en` in English, or in Chinese where it has no other words.
    """

    kind: Gathers
    point: str | None
    standard: str | None
    street: str | None
    name: str
    about: str
    found: int
    open: int
    about_en: str = ""


def thresholds(session: Session) -> Thresholds:
    """Those of the city today."""
    return Thresholds.of(rulebook.rules(session, rulebook.the_city(session).rule_set_code or "").policy)


def hotspots(
    session: Session, *, now: datetime, area: str | None = None, scope: Scope | None = None
) -> Mapping[Gathers, Sequence[Hot]]:
    """Every kind that is looked at, most first. Raises NotFound for an unknown area."""
    wanted = thresholds(session)
    rows = session.connection().execute(_query(session, wanted, now=now, area=area, scope=scope)).all()
    names = _Names(session, rows)
    found: dict[Gathers, list[Hot]] = {kind: [] for kind, least in wanted.least.items() if least > 0}
    for row in rows:
        kind = Gathers(row.kind)
        if len(found[kind]) < MOST:
            found[kind].append(names.hot(kind, row))
    return found


def _query(session: Session, wanted: Thresholds, *, now: datetime, area: str | None, scope: Scope | None) -> Any:
    street = func.split_part(col(IssueCard.area_path), literal_column("'/'"), literal_column(str(STREET_LEVEL)))
    recent = (
        select(
            col(IssueCard.point_code).label("point"),
            col(IssueCard.standard_code).label("standard"),
            func.nullif(street, literal_column("''")).label("street"),
            cast(is_open(), Integer).label("open"),
        )
        .join(Issue, col(Issue.id) == col(IssueCard.issue_id))
        .where(col(IssueCard.found_at) >= now - timedelta(days=wanted.days), col(IssueCard.found_at) <= now)
        .where(col(Issue.state) != State.VOID, *counted_conditions(session, Wanted(area=area), scope=scope))
        .subquery()
    )
    point, standard, place = recent.c.point, recent.c.standard, recent.c.street
    kind = case(
        (func.grouping(point, standard) == 0, Gathers.FAULT.value),
        (func.grouping(point) == 0, Gathers.POINT.value),
        (func.grouping(standard) == 0, Gathers.STANDARD.value),
        else_=Gathers.STREET.value,
    )
    count = func.count()
    grouped = (
        select(kind.label("kind"), point, standard, place, count.label("found"), func.sum(recent.c.open).label("open"))
        .group_by(func.grouping_sets(tuple_(point, standard), tuple_(point), tuple_(place), tuple_(standard)))
        .subquery()
    )
    there = {
        Gathers.FAULT: and_(grouped.c.point.is_not(None), grouped.c.standard.is_not(None)),
        Gathers.POINT: grouped.c.point.is_not(None),
        Gathers.STREET: grouped.c.street.is_not(None),
        Gathers.STANDARD: grouped.c.standard.is_not(None),
    }
    hot = [
        and_(grouped.c.kind == one.value, grouped.c.found >= least, there[one])
        for one, least in wanted.least.items()
        if least > 0
    ]
    order = (grouped.c.found.desc(), grouped.c.point, grouped.c.standard, grouped.c.street)
    return select(grouped).where(or_(literal_column("false"), *hot)).order_by(*order)


class _Names:
    """What the codes of a result are called."""

    def __init__(self, session: Session, rows: Sequence[Any]) -> None:
        self._points = self._of(session, Point, {row.point for row in rows})
        self._streets = self._of(session, Area, {row.street for row in rows})
        standards = {row.standard for row in rows if row.standard}
        query = select(col(Standard.code), col(Standard.text), col(Standard.text_en))
        query = query.where(col(Standard.code).in_(standards)).order_by(col(Standard.version_code))
        rows_ = session.connection().execute(query)
        self._standards = {code: (text, text_en or text) for code, text, text_en in rows_}

    @staticmethod
    def _of(session: Session, table: Any, codes: set[str | None]) -> dict[str, str]:
        query = select(col(table.code), col(table.name)).where(col(table.code).in_(codes - {None}))
        return dict(session.connection().execute(query).tuples().all())

    def hot(self, kind: Gathers, row: Any) -> Hot:
        """With the name of the place, and of the standard."""
        place = self._points.get(row.point or "") or self._streets.get(row.street or "") or ""
        about, about_en = self._standards.get(row.standard or "", ("", ""))
        return Hot(kind, row.point, row.standard, row.street, place, about, row.found, row.open, about_en)
