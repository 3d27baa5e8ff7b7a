"""Who may read which bulletin: what is published is for all who see boards there, a draft for those who work on it.

A bulletin says the same to all its readers, as one on paper does. The rows behind a figure are issues: of those, each
reader sees the ones that their boards count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import Session, col, func, select

from models.area import Area
from models.bulletin import BulletinRow
from models.errors import NotFound, WrongValue
from models.permissions import Right, held
from models.publication import Publication, PublicationAct, PublicationState
from models.rights import Actor
from models.unit import Unit
from services import publications
from services.bulletins.periods import KINDS
from services.figure_rows import COUNTS
from services.filters import Scope, below
from services.sight import scope_of

OPEN = (PublicationState.DRAFT, PublicationState.APPROVED)
ACTS = tuple(act for act in PublicationAct if act is not PublicationAct.DRAFTED)
COUNTED = ("to_close", *COUNTS)
"""The counts whose rows can be asked for. `to_close` is what is due, less what was shelved."""


@dataclass(frozen=True)
class Reading:
    """A bulletin for one reader: what they may do with it as it stands."""

    row: Publication
    area: Area
    may: frozenset[PublicationAct]

    @property
    def content(self) -> dict[str, Any]:
        return self.row.content


def must_read(session: Session, key: int, *, by: Actor, city: str) -> Reading:
    """Raises NotFound, also for one that the reader may not see."""
    row = session.get(Publication, key)
    area = session.get(Area, row.area_code) if row is not None and row.kind in KINDS else None
    if row is None or area is None or not _may_read(session, row, area, by=by, city=city):
        raise NotFound(what="bulletin", code=key)
    may = publications.open_acts(session, row, by=by, city=city, area_path=area.path)
    return Reading(row, area, may & frozenset(ACTS))


def listing(session: Session, *, by: Actor, city: str, after: int | None = None, limit: int = 30) -> list[Publication]:
    """Those that somebody may read: drafts and published ones, newest first, without those withdrawn."""
    with_some = select(Area).where(
        col(Area.code).in_(select(Publication.area_code).where(col(Publication.kind).in_(KINDS)))
    )
    areas = session.exec(with_some).all()
    theirs = [area.code for area in areas if _sees_boards(session, area, by=by, city=city)]
    desks = [area.code for area in areas if _works_on(area, by=by, city=city)]
    published = and_(col(Publication.state) == PublicationState.PUBLISHED, col(Publication.area_code).in_(theirs))
    at_work = and_(col(Publication.state).in_(OPEN), col(Publication.area_code).in_(desks))
    query = select(Publication).where(col(Publication.kind).in_(KINDS), or_(published, at_work))
    if after is not None:
        query = query.where(col(Publication.id) < after)
    return list(session.exec(query.order_by(col(Publication.id).desc()).limit(limit)))


def draftable(session: Session, *, by: Actor, city: str) -> list[tuple[str, str]]:
    """The areas whose bulletins somebody may draft, as one can choose them: their own, and those right below."""
    codes = held(by, Right.PREPARE_PUBLICATION, city=city).areas
    query = select(Area.code, Area.name).where(col(Area.code).in_(codes) | col(Area.parent_code).in_(codes))
    return [(code, name) for code, name in session.exec(query.order_by(col(Area.level), col(Area.code)))]


def _may_read(session: Session, row: Publication, area: Area, *, by: Actor, city: str) -> bool:
    if row.state is PublicationState.PUBLISHED:
        return _sees_boards(session, area, by=by, city=city)
    return _works_on(area, by=by, city=city)


def _works_on(area: Area, *, by: Actor, city: str) -> bool:
    rights = (Right.PREPARE_PUBLICATION, Right.APPROVE_PUBLICATION)
    return any(held(by, right, city=city).covers(area_path=area.path) for right in rights)


def _sees_boards(session: Session, area: Area, *, by: Actor, city: str) -> bool:
    """Whoever sees boards of the area, of a part of it, or of something in it: the bulletin is addressed to them."""
    found = scope_of(by, city=city, right=Right.SEE_BOARDS)
    if found is None or area.code in found.areas:
        return True
    if area.code == city:
        return bool(found.areas or found.units or found.points)
    inside = f"{area.path}/"
    areas = session.exec(select(Area.path).where(col(Area.code).in_(found.areas)))
    units = session.exec(
        select(Area.path).join(Unit, col(Unit.area_code) == col(Area.code)).where(col(Unit.code).in_(found.units))
    )
    return any(f"{path}/".startswith(inside) or inside.startswith(f"{path}/") for path in (*areas, *units))


@dataclass(frozen=True)
class Rows:
    """Rows behind a figure: a stretch of those that the reader may see, and of how many in all."""

    rows: Sequence[BulletinRow]
    total: int
    seen: int


@dataclass(frozen=True)
class Behind:
    """A figure: of which count, of one unit (all of them where it is empty), in one area."""

    count: str
    unit: str = ""
    area: str = ""


def rows_behind(
    session: Session, reading: Reading, behind: Behind, *, by: Actor, city: str, after: int = 0, limit: int = 100
) -> Rows:
    """Raises WrongValue for a count that is none, NotFound for an area that is none."""
    where = _behind(session, reading, behind)
    scope = scope_of(by, city=city, right=Right.SEE_BOARDS)
    mine = [*where, *_within(session, scope)]
    page = select(BulletinRow).where(*mine, col(BulletinRow.id) > after).order_by(col(BulletinRow.id)).limit(limit)
    count = select(func.count()).select_from(BulletinRow)
    return Rows(
        rows=session.exec(page).all(),
        total=session.exec(count.where(*where)).one(),
        seen=session.exec(count.where(*mine)).one(),
    )


def _behind(session: Session, reading: Reading, behind: Behind) -> list[ColumnElement[bool]]:
    if behind.count not in COUNTED:
        raise WrongValue(field="count", value=behind.count, expected=", ".join(COUNTED))
    found: list[ColumnElement[bool]] = [col(BulletinRow.publication_id) == reading.row.id, _counts(behind.count)]
    if behind.unit:
        found.append(col(BulletinRow.unit_code) == behind.unit)
    if behind.area:
        area = session.get(Area, behind.area)
        if area is None:
            raise NotFound(what="area", code=behind.area)
        found.append(below(area.path, col(BulletinRow.area_path)))
    return found


def _counts(count: str) -> ColumnElement[bool]:
    if count == "to_close":
        return and_(col(BulletinRow.due) > 0, col(BulletinRow.suspended) == 0)
    return getattr(BulletinRow, count) > 0  # type: ignore[no-any-return]


def _within(session: Session, scope: Scope | None) -> list[ColumnElement[bool]]:
    """What the reader's boards count."""
    if scope is None:
        return [true()]
    areas = session.exec(select(Area.path).where(col(Area.code).in_(scope.areas)))
    places = [below(path, col(BulletinRow.area_path)) for path in areas]
    return [or_(false(), col(BulletinRow.unit_code).in_(scope.units), *places)]


def unit_line(content: Mapping[str, Any], code: str) -> Mapping[str, Any] | None:
    """The figures of one unit."""
    return next((line for line in content["units"] if line["unit_code"] == code), None)
