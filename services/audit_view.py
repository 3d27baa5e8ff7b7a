"""Rounds as people see them: which ones, how far they have come, one sheet with its standards. Nothing here writes.

A covert round is unknown to the places it goes to: until it is published only who ordered it, its inspectors, and desks
at the level of its organiser or above hear of it. Whoever does a sheet a second time does not see the first until then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, or_, text
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Observation, Round, RoundKind, Sheet
from models.errors import NotFound
from models.issue import FoundLevel, Issue
from models.permissions import PERMISSIONS, Right
from models.point import Point
from models.rights import ROLES_OF, Actor
from models.scoring.rules import Measure
from models.standard import Standard
from models.unit import OwnerKind, Person
from services.audit_facts import ASKED
from services.audits import asked_of
from services.rulebook import the_city
from services.scores import formula

LEVEL_OF: Mapping[str, int] = {
    FoundLevel.CENTRAL: 1,
    FoundLevel.PROVINCE: 1,
    FoundLevel.CITY: 1,
    FoundLevel.DISTRICT: 2,
    FoundLevel.STREET: 3,
    FoundLevel.COMMUNITY: 4,
}
LOWEST = 5
SHOWN = 50
LARGEST_KEY = 2**63 - 1
LOOKED_AT = 500
"""So many of the newest rounds are looked through for those that somebody may see."""
_PROGRESS = text(
    "SELECT s.round_id, count(*) FILTER (WHERE s.again_of IS NULL),"
    " count(s.filled_at) FILTER (WHERE s.again_of IS NULL),"
    " count(*) FILTER (WHERE s.filled_at IS NULL AND s.inspector = :who)"
    " FROM sheet s WHERE s.round_id = ANY(:ids) GROUP BY s.round_id"
)
_SHEETS = text(
    "SELECT s.id, s.inspector, w.name AS inspector_name, s.position, s.filled_at, s.again_of, p.code AS point,"
    " p.name AS point_name, a.name AS area_name, count(o.id) FILTER (WHERE o.result = 'met') AS met,"
    " count(o.id) FILTER (WHERE o.result = 'not_met') AS not_met,"
    " count(o.id) FILTER (WHERE o.result = 'not_applicable') AS not_applicable"
    " FROM sheet s JOIN point p ON p.code = s.point_code JOIN area a ON a.code = p.area_code"
    " JOIN person w ON w.code = s.inspector LEFT JOIN observation o ON o.sheet_id = s.id"
    " WHERE s.round_id = :id GROUP BY s.id, w.name, p.code, a.name ORDER BY s.id"
)


@dataclass(frozen=True)
class RoundLine:
    """A round in a list. `mine`: sheets of the reader that are still open; `waits`: it is held and not published."""

    number: str
    kind: RoundKind
    area: str
    on_date: date
    sheets: int
    filled: int
    mine: int
    finished_at: datetime | None
    waits: bool


@dataclass(frozen=True)
class SheetLine:
    """A sheet in its round. `again_of`: done a second time; `hidden`: its counts are not the reader's to see yet."""

    id: int
    inspector: str
    inspector_name: str
    position: int
    point: str
    point_name: str
    area_name: str
    filled_at: datetime | None
    again_of: int | None
    met: int
    not_met: int
    not_applicable: int
    hidden: bool = False

    @property
    def observed(self) -> int:
        return self.met + self.not_met + self.not_applicable


@dataclass(frozen=True)
class Asked:
    """One standard of a sheet, and what was seen of it so far. `issue`: the number of what came of it.

    `measure`: how it is counted; `counts`: what is asked for because of that.
    """

    standard: Standard
    seen: Observation | None
    issue: str | None
    measure: Measure

    @property
    def counts(self) -> Sequence[str]:
        return ASKED[self.measure.kind]


@dataclass(frozen=True)
class SheetView:
    """One point to be looked at, standard by standard. `route`: the sheets of its inspector, in their order."""

    sheet: Sheet
    round: Round
    point: Point
    area: str
    inspector: str
    asked: Sequence[Asked]
    route: Sequence[int | None]

    @property
    def nth(self) -> int:
        """Which stop of the route it is, from 1."""
        return self.route.index(self.sheet.id) + 1

    @property
    def before(self) -> int | None:
        """The sheet before it on the route."""
        return self.route[self.nth - 2] if self.nth > 1 else None

    @property
    def after(self) -> int | None:
        """The sheet after it."""
        return self.route[self.nth] if self.nth < len(self.route) else None

    @property
    def takes_results(self) -> bool:
        """Whether something can still be recorded on it: a second look until the round is published."""
        ended = self.round.finished_at is not None and self.sheet.again_of is None
        return self.left > 0 and not ended and self.round.published_at is None

    @property
    def left(self) -> int:
        """Standards that nobody has looked at yet."""
        return sum(1 for one in self.asked if one.seen is None)


def rounds(session: Session, actor: Actor) -> list[RoundLine]:
    """The newest rounds that somebody may see, newest first."""
    query = select(Round, Area).join(Area, col(Area.code) == col(Round.area_code)).order_by(col(Round.id).desc())
    found = session.exec(query.limit(LOOKED_AT)).all()
    mine = _rounds_of_inspector(session, actor, [round_.id for round_, _ in found])
    seen = [(one, area) for one, area in found if _sees(actor, one, area, is_inspector=one.id in mine)][:SHOWN]
    progress = _progress(session, actor, [round_.id for round_, _ in seen])
    return [_line(round_, area, *progress.get(round_.id, (0, 0, 0))) for round_, area in seen]


def must_see_round(session: Session, actor: Actor, number: str) -> Round:
    """Raises NotFound, for a round too that this person is not to know of."""
    query = select(Round, Area).join(Area, col(Area.code) == col(Round.area_code)).where(col(Round.number) == number)
    found = session.exec(query).first() if "\x00" not in number else None
    if found is not None:
        mine = _rounds_of_inspector(session, actor, [found[0].id])
        if _sees(actor, *found, is_inspector=found[0].id in mine):
            return found[0]
    raise NotFound(what="round", code=number)


def sees_round(session: Session, actor: Actor, round_: Round) -> bool:
    """Whether this person may know of a round."""
    mine = _rounds_of_inspector(session, actor, [round_.id])
    return _sees(actor, round_, session.get_one(Area, round_.area_code), is_inspector=round_.id in mine)


def sheets(session: Session, round_: Round, actor: Actor) -> list[SheetLine]:
    """The sheets of a round in the order of the routes, as this person may see them."""
    rows = session.connection().execute(_SHEETS, {"id": round_.id}).mappings()
    unseen = unseen_sheets(session, round_, actor)
    return [_unseen(row) if row["id"] in unseen else SheetLine(**row) for row in rows]


def _unseen(row: RowMapping) -> SheetLine:
    return SheetLine(**{**row, "met": 0, "not_met": 0, "not_applicable": 0}, hidden=True)


def unseen_sheets(session: Session, round_: Round, actor: Actor) -> set[int | None]:
    """First looks at what somebody is to look at a second time: not to be seen before that sheet is full."""
    query = select(Sheet.again_of).where(Sheet.round_id == round_.id, Sheet.inspector == actor.code)
    return set(session.exec(query.where(col(Sheet.again_of).is_not(None), col(Sheet.filled_at).is_(None))))


def issues_of(session: Session, round_: Round, actor: Actor) -> list[Issue]:
    """What came of a round, newest first; while it is secret also what could not wait, though that names no round.

    Of what somebody is to look at a second time nothing is shown.
    """
    unseen = unseen_sheets(session, round_, actor)
    seen = select(Observation.issue_id).join(Sheet, col(Sheet.id) == col(Observation.sheet_id))
    seen = seen.where(Sheet.round_id == round_.id, col(Observation.issue_id).is_not(None))
    hidden = seen.where(col(Sheet.id).in_(unseen))
    query = select(Issue).where(or_(col(Issue.round_id) == round_.id, col(Issue.id).in_(seen)))
    query = query.where(col(Issue.id).not_in(hidden)) if unseen else query
    return list(session.exec(query.order_by(col(Issue.id).desc())))


def zone(session: Session) -> str:
    """The city's time zone."""
    return the_city(session).timezone


def sheet_view(session: Session, actor: Actor, number: str, key: int) -> SheetView:
    """One sheet of a round. Raises NotFound."""
    round_ = must_see_round(session, actor, number)
    if not 0 < key <= LARGEST_KEY:
        raise NotFound(what="sheet", code=key)
    sheet = session.exec(select(Sheet).where(Sheet.id == key, Sheet.round_id == round_.id)).first()
    if sheet is None or sheet.id in unseen_sheets(session, round_, actor):
        raise NotFound(what="sheet", code=key)
    point = session.get_one(Point, sheet.point_code)
    seen = dict(_seen(session, key))
    on_site = formula.in_force(session).on_site
    asked = []
    for one in asked_of(session, round_, point):
        observation, number_of_issue = seen.get(one.code, (None, None))
        asked.append(Asked(one, observation, number_of_issue, on_site.measure(one.code)))
    area, inspector = session.get_one(Area, point.area_code), session.get_one(Person, sheet.inspector)
    return SheetView(sheet, round_, point, area.name, inspector.name, asked, _route(session, sheet))


def _route(session: Session, sheet: Sheet) -> Sequence[int | None]:
    """First looks and second ones are routes of their own."""
    again = col(Sheet.again_of).is_not(None) if sheet.again_of is not None else col(Sheet.again_of).is_(None)
    query = select(Sheet.id).where(Sheet.round_id == sheet.round_id, Sheet.inspector == sheet.inspector, again)
    return session.exec(query.order_by(col(Sheet.position), col(Sheet.id))).all()


def _seen(session: Session, key: int) -> list[tuple[str, tuple[Observation, str | None]]]:
    query = (
        select(Observation, Issue.number)
        .join(Issue, col(Issue.id) == col(Observation.issue_id), isouter=True)
        .where(Observation.sheet_id == key)
    )
    return [(one.standard_code, (one, number)) for one, number in session.exec(query)]


def _sees(actor: Actor, round_: Round, area: Area, *, is_inspector: bool) -> bool:
    if is_inspector or round_.requested_by == actor.code:
        return True
    secret = round_.is_secret
    lowest = LEVEL_OF.get(round_.organiser, 1) if secret else LOWEST
    return any(
        post.owner_kind is OwnerKind.AREA
        and post.owner_code in area.path.split("/")
        and post.level <= lowest
        and ROLES_OF[post.kind] & PERMISSIONS[Right.SEE_AUDITS].who
        for post in actor.all_posts
    )


def _rounds_of_inspector(session: Session, actor: Actor, ids: Sequence[int | None]) -> set[int]:
    query = select(Sheet.round_id).where(Sheet.inspector == actor.code, col(Sheet.round_id).in_(ids)).distinct()
    return set(session.exec(query))


def _progress(session: Session, actor: Actor, ids: Sequence[int | None]) -> dict[int | None, tuple[int, int, int]]:
    rows = session.connection().execute(_PROGRESS, {"ids": list(ids), "who": actor.code})
    return {key: (total, filled, mine) for key, total, filled, mine in rows}


def _line(round_: Round, area: Area, total: int, filled: int, mine: int) -> RoundLine:
    return RoundLine(
        round_.number,
        round_.kind,
        area.name,
        round_.on_date,
        total,
        filled,
        mine,
        finished_at=round_.finished_at,
        waits=round_.held and round_.published_at is None,
    )
