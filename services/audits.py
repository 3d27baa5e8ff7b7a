"""An ad-hoc audit: points are drawn, shared between inspectors as sheets, and the inspectors are told.

The draw can be repeated by anybody from the round's frame and seed: services/audit_redraw.py does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import HELD_KINDS, Method, Round, RoundKind, Sheet
from models.errors import MissingInput, NotFound, TimeInThePast, WrongValue
from models.issue import FoundLevel
from models.permissions import Right, must_hold
from models.point import Point
from models.rights import Actor
from models.standard import Category, EvaluationSystem, EvaluationVersion, Standard
from services import audit_frame, bulk, people, rulebook
from services.audit_frame import Framed
from services.audit_redraw import drawn_from
from services.drawing import shared_out
from services.sheet_messages import tell_inspectors

MOST_POINTS = 100_000
LARGEST_SEED = 2**31 - 1
FURTHEST = timedelta(days=366)


class KeyUsed(WrongValue):
    """Another order has made round `number` with this key."""


@dataclass(frozen=True)
class AuditOrder:
    """What is to be looked at. No categories: all of them. `key` makes a repeated order harmless.

    `held`: faults wait for publication; of covert rounds and mock evaluations they always do.
    """

    kind: RoundKind
    area_code: str
    points: int
    seed: int
    inspectors: tuple[str, ...]
    on_date: date
    requested_by: str
    categories: tuple[str, ...] = ()
    version_code: str | None = None
    organiser: FoundLevel = FoundLevel.CITY
    key: str | None = None
    held: bool = False


@dataclass(frozen=True)
class Started:
    """A round that is under way. `sheets`: inspector → points in the order of the route."""

    round_id: int
    number: str
    wanted: int
    available: int
    sheets: Mapping[str, tuple[str, ...]]
    repeated: bool = False

    @property
    def drawn(self) -> int:
        return sum(len(points) for points in self.sheets.values())

    @property
    def is_short(self) -> bool:
        """Fewer points there than wanted: all of them are taken."""
        return self.drawn < self.wanted


def start(session: Session, order: AuditOrder, *, now: datetime) -> Started:
    """Draw the points, share them out, tell the inspectors.

    1. Check who asks and what for. Raises ActionNotAllowed, NotFound, MissingInput, WrongValue, TimeInThePast.
    2. Draw, in proportion to categories and areas.
    3. Write the round with the frame of the draw, one sheet per point, one message per inspector; the caller commits.
    """
    _check_values(order, today=people.city_day(session, now))
    if order.key:
        session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": order.key})
        known = session.exec(select(Round).where(Round.key == order.key)).first()
        if known is not None:
            return _known(session, known, order)
    area = _area(session, order.area_code)
    _check_right(people.actor(session, order.requested_by, now=now), area)
    _check_inspectors(session, order.inspectors, now=now)
    version = _version(session, order)
    frame = _frame(session, order, area=area, version=version)
    drawn = drawn_from(frame, method=Method.STRATA, wanted=order.points, seed=order.seed)
    if not drawn:
        raise WrongValue(field="points", value=0, expected=f"an area with open points of these categories: {area.name}")
    round_ = _new_round(session, order, version=version, now=now)
    audit_frame.keep(session, round_, frame)
    sheets = shared_out(_route(session, drawn), inspectors=tuple(dict.fromkeys(order.inspectors)))
    _write_sheets(session, round_, sheets)
    tell_inspectors(session, round_, sheets, area=area, now=now)
    assert round_.id is not None
    return Started(round_.id, round_.number, order.points, len(frame), sheets)


def available(session: Session, order: AuditOrder, *, now: datetime) -> dict[str, list[str]]:
    """What the draw of this order would be made from: category → points. Raises ActionNotAllowed, NotFound."""
    area = _area(session, order.area_code)
    _check_right(people.actor(session, order.requested_by, now=now), area)
    return audit_frame.by_category(_frame(session, order, area=area, version=_version(session, order)))


def _frame(session: Session, order: AuditOrder, *, area: Area, version: str) -> list[Framed]:
    return audit_frame.frame_today(session, area_path=area.path, version=version, categories=order.categories)


def _check_values(order: AuditOrder, *, today: date) -> None:
    if order.kind is RoundKind.SAME_FAULT:
        raise WrongValue(field="kind", value=order.kind, expected="a kind that is drawn; a sweep starts from its issue")
    if not order.inspectors:
        raise MissingInput(action="audit", missing="inspectors")
    if not 1 <= order.points <= MOST_POINTS:
        raise WrongValue(field="points", value=order.points, expected=f"1 to {MOST_POINTS}")
    if not 0 <= order.seed <= LARGEST_SEED:
        raise WrongValue(field="seed", value=order.seed, expected=f"0 to {LARGEST_SEED}")
    if order.on_date < today:
        raise TimeInThePast(field="on", value=order.on_date)
    if order.on_date > today + FURTHEST:
        raise WrongValue(field="on", value=order.on_date, expected="a day within a year from today")


def _check_right(by: Actor, area: Area) -> None:
    must_hold(by, Right.START_AUDIT, city=area.path.split("/")[0], area_path=area.path)


def _check_inspectors(session: Session, codes: Sequence[str], *, now: datetime) -> None:
    """Who holds no post may not report a problem, so could not hand a sheet in."""
    for code in codes:
        if not people.actor(session, code, now=now).all_posts:
            raise WrongValue(field="inspectors", value=code, expected="somebody who holds a post today")


def _area(session: Session, code: str) -> Area:
    area = session.get(Area, code)
    if area is None:
        raise NotFound(what="area", code=code)
    return area


def _version(session: Session, order: AuditOrder) -> str:
    """The edition named, else the newest of the city's own system on the day; it must ask for the categories."""
    query = select(EvaluationVersion).join(
        EvaluationSystem, col(EvaluationSystem.code) == col(EvaluationVersion.system_code)
    )
    if order.version_code:
        query = query.where(EvaluationVersion.code == order.version_code)
    else:
        query = query.where(col(EvaluationVersion.valid_from) <= order.on_date)
        if order.categories and (first := session.get(Category, order.categories[0])):
            query = query.where(EvaluationVersion.system_code == first.system_code)
    version = session.exec(
        query.order_by(
            col(EvaluationSystem.position), col(EvaluationVersion.valid_from).desc(), col(EvaluationVersion.code)
        )
    ).first()
    if version is None:
        raise NotFound(what="evaluation version", code=order.version_code or order.on_date)
    asked = set(session.exec(select(Standard.category_code).where(Standard.version_code == version.code)))
    for code in order.categories:
        if code not in asked:
            raise NotFound(what="category", code=code)
    return version.code


def _route(session: Session, codes: Sequence[str]) -> list[str]:
    """The points in the order in which one goes round: by area, then by code."""
    query = select(Point.code).join(Area, col(Area.code) == col(Point.area_code)).where(col(Point.code).in_(codes))
    return list(session.exec(query.order_by(col(Area.path), col(Point.code))))


def next_number(session: Session, *, now: datetime) -> str:
    """The next number of a round in this year, such as ZG-A-2026-0007."""
    prefix, year = rulebook.the_city(session).number_prefix, people.city_day(session, now).year
    (number,) = bulk.take_numbers(session, f"audit/{prefix}/{year}", 1)
    return f"{prefix}-A-{year}-{number:04d}"


def _new_round(session: Session, order: AuditOrder, *, version: str, now: datetime) -> Round:
    round_ = Round(
        number=next_number(session, now=now),
        kind=order.kind,
        organiser=order.organiser.value,
        area_code=order.area_code,
        categories=sorted(set(order.categories)),
        version_code=version,
        seed=order.seed,
        wanted=order.points,
        on_date=order.on_date,
        requested_by=order.requested_by,
        created_at=now,
        key=order.key,
        method=Method.STRATA,
        held=order.held or order.kind in HELD_KINDS,
    )
    session.add(round_)
    session.flush()
    return round_


def _write_sheets(session: Session, round_: Round, sheets: Mapping[str, Sequence[str]]) -> None:
    rows: list[dict[str, Any]] = [
        {"round_id": round_.id, "point_code": point, "inspector": who, "position": position}
        for who, points in sheets.items()
        for position, point in enumerate(points, start=1)
    ]
    bulk.insert(session, Sheet, rows)


def _known(session: Session, round_: Round, order: AuditOrder) -> Started:
    """The round that this order made before. Raises KeyUsed when it was another order."""
    assert round_.id is not None
    sheets = sheets_of(session, round_.id)
    wanted = (order.kind, order.area_code, order.seed, order.points, order.on_date, sorted(set(order.categories)))
    made = (round_.kind, round_.area_code, round_.seed, round_.wanted, round_.on_date, round_.categories)
    if wanted != made or not set(sheets) <= set(order.inspectors):
        raise KeyUsed(field="key", value=order.key, expected="a key that no other audit has used", number=round_.number)
    drawn = sum(map(len, sheets.values()))
    return Started(round_.id, round_.number, round_.wanted, drawn, sheets, repeated=True)


def asked_of(session: Session, round_: Round, point: Point) -> list[Standard]:
    """The standards of a sheet: those of the point's category in the round's edition; of a sweep the one alone."""
    query = select(Standard).where(
        Standard.version_code == round_.version_code, Standard.category_code == point.category_code
    )
    if round_.standard_code:
        query = query.where(Standard.code == round_.standard_code)
    return list(session.exec(query.order_by(col(Standard.code))))


def sheets_of(session: Session, round_id: int) -> dict[str, tuple[str, ...]]:
    """Inspector → points, in the order of the route."""
    query = select(Sheet.inspector, Sheet.point_code).where(Sheet.round_id == round_id)
    found: dict[str, tuple[str, ...]] = {}
    for who, point in session.exec(query.order_by(col(Sheet.id))):
        found[who] = (*found.get(who, ()), point)
    return found
