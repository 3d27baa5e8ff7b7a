"""My work: what waits for somebody, pile by pile, soonest first, with what may be done about each.

The order and the counts come from indexes (services/work_piles.py); of every page only its own issues are read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlmodel import Session, col
from sqlmodel import select as rows

from models.area import Area
from models.audit import Round, RoundKind, Sheet
from models.issue import Evidence, EvidenceKind, Issue, Request, RequestState
from models.lifecycle import Action
from models.point import Point
from models.rights import Actor
from models.unit import Unit
from services.link_view import SHOWN
from services.offers import Offer, offers
from services.time_left import Running, Watch
from services.work_desk import Desk, desk_of
from services.work_piles import PILES, Pile, branches_of

FIRST = 8
"""Cards of each pile on the desk itself."""
PAGE = 50
MOST = 1000
"""A pile is counted, and read through, so far; beyond it the list is the better way."""


@dataclass(frozen=True)
class Card:
    """One issue on a pile. `offers`: what may be done now. Photos are keys of evidence; `after` of this cycle only."""

    issue: Issue
    place: str
    unit: str
    suggested: str
    running: Running | None
    requests: Sequence[Request]
    before: Sequence[int]
    after: Sequence[int]
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Heap:
    """A pile as a page shows it. `count` stops at MOST; `more`: there is a next page."""

    pile: Pile
    count: int
    cards: Sequence[Card]
    more: bool

    @property
    def is_more_than_counted(self) -> bool:
        return self.count >= MOST


@dataclass(frozen=True)
class SheetToDo:
    """A sheet of an audit that its inspector has not filled yet."""

    id: int
    round: str
    kind: RoundKind
    point: str
    on_date: date


def desk(session: Session, actor: Actor, *, now: datetime) -> list[Heap]:
    """Every pile on which something lies, the first cards of each."""
    place = desk_of(session, actor, now=now)
    found = {pile: _lying(session, place, pile, page=1, size=FIRST) for pile in Pile}
    return _heaps(session, place, {pile: lying for pile, lying in found.items() if lying.ids})


def heap(session: Session, actor: Actor, pile: Pile, *, page: int, now: datetime) -> Heap:
    """One page of a pile, PAGE cards; pages count from 1 and end with MOST."""
    place = desk_of(session, actor, now=now)
    lying = _lying(session, place, pile, page=min(max(page, 1), MOST // PAGE), size=PAGE)
    return _heaps(session, place, {pile: lying})[0]


def sheets(session: Session, actor: Actor) -> list[SheetToDo]:
    """The sheets that somebody is to fill, in the order of their routes."""
    query = (
        rows(Sheet, Round, Point)
        .join(Round, col(Round.id) == col(Sheet.round_id))
        .join(Point, col(Point.code) == col(Sheet.point_code))
        .where(Sheet.inspector == actor.code, col(Sheet.filled_at).is_(None), _takes_results())
        .order_by(col(Round.on_date), col(Round.id), col(Sheet.position))
        .limit(PAGE)
    )
    found = session.exec(query)
    return [
        SheetToDo(sheet.id or 0, round_.number, round_.kind, point.name, round_.on_date)
        for sheet, round_, point in found
    ]


def _takes_results() -> ColumnElement[bool]:
    """A sheet of a quality re-check is filled after its round is finished, until the round is published."""
    again = and_(col(Sheet.again_of).is_not(None), col(Round.published_at).is_(None))
    return or_(col(Round.finished_at).is_(None), again)


@dataclass(frozen=True)
class _Lying:
    """What lies on a page of a pile, before anything about it is read."""

    ids: Sequence[int]
    count: int
    more: bool


def _lying(session: Session, place: Desk, pile: Pile, *, page: int, size: int) -> _Lying:
    """All the keys up to MOST in one go: they are as good as a count, and cost no more."""
    found, start = _ids(session, place, pile), (page - 1) * size
    return _Lying(found[start : start + size], len(found), more=len(found) > start + size)


def _heaps(session: Session, place: Desk, lying: Mapping[Pile, _Lying]) -> list[Heap]:
    """The cards of all piles at once: a handful of statements, however many piles there are."""
    ids = list(dict.fromkeys(key for one in lying.values() for key in one.ids))
    cards = _cards(session, place, ids, actions={action for pile in lying for action in PILES[pile].actions})
    return [
        Heap(pile, one.count, [_of_pile(cards[key], pile) for key in one.ids if key in cards], one.more)
        for pile, one in lying.items()
    ]


def _of_pile(card: Card, pile: Pile) -> Card:
    """An issue may lie on two piles: on each with what one does there."""
    wanted = PILES[pile].actions
    asked = card.requests if pile is Pile.DECIDE else ()
    return replace(card, requests=asked, offers=[one for one in card.offers if one.action in wanted])


def _ids(session: Session, place: Desk, pile: Pile) -> list[int]:
    """The soonest of all branches together; each is read in its own order, so that an index may end the reading."""
    at = PILES[pile].at
    branches = [
        select(col(Issue.id).label("id"), at.label("at")).where(*branch).order_by(at, col(Issue.id)).limit(MOST)
        for branch in branches_of(pile, place)
    ]
    if not branches:
        return []
    merged = union(*(branch.subquery().select() for branch in branches)).subquery()
    query = select(merged.c.id).order_by(merged.c.at, merged.c.id).limit(MOST)
    return list(session.connection().execute(query).scalars())


def _cards(session: Session, place: Desk, ids: Sequence[int], *, actions: Collection[Action]) -> dict[int, Card]:
    if not ids:
        return {}
    issues = session.exec(rows(Issue).where(col(Issue.id).in_(ids))).all()
    names, photos = _names(session, issues), _photos(session, issues)
    asked, watch = _requests(session, ids), Watch(session)
    open_to = offers(session, place.actor, issues, now=place.now, only=actions) if actions else {}
    return {
        issue.id or 0: Card(
            issue=issue,
            place=_place(issue, names),
            unit=names.get(issue.lead_unit or "", ""),
            suggested=names.get(issue.suggested_unit or "", ""),
            running=watch.running(issue, now=place.now),
            requests=asked.get(issue.id or 0, ()),
            before=photos.get((issue.id or 0, EvidenceKind.BEFORE), ()),
            after=photos.get((issue.id or 0, EvidenceKind.AFTER), ()),
            offers=open_to.get(issue.id or 0, ()),
        )
        for issue in issues
    }


def _place(issue: Issue, names: Mapping[str, str]) -> str:
    where = names.get(issue.point_code or "") or issue.address
    return " · ".join(part for part in (names.get(issue.area_code, ""), where) if part)


def _names(session: Session, issues: Sequence[Issue]) -> dict[str, str]:
    wanted = (
        (Area, {issue.area_code for issue in issues}),
        (Point, {issue.point_code for issue in issues}),
        (Unit, {code for issue in issues for code in (issue.lead_unit, issue.suggested_unit)}),
    )
    found: dict[str, str] = {}
    for table, codes in wanted:
        found |= dict(
            session.exec(rows(col(table.code), col(table.name)).where(col(table.code).in_(codes - {None}))).all()
        )
    return found


def _requests(session: Session, ids: Sequence[int]) -> dict[int, list[Request]]:
    """The open ones; of each kind there is one at most."""
    query = rows(Request).where(col(Request.issue_id).in_(ids), Request.state == RequestState.ASKED)
    found: dict[int, list[Request]] = {}
    for request in session.exec(query.order_by(col(Request.id))):
        found.setdefault(request.issue_id, []).append(request)
    return found


def _photos(session: Session, issues: Sequence[Issue]) -> dict[tuple[int, EvidenceKind], list[int]]:
    cycles = {issue.id: issue.cycle for issue in issues}
    query = rows(Evidence).where(col(Evidence.issue_id).in_(cycles), col(Evidence.media_type).in_(SHOWN))
    found: dict[tuple[int, EvidenceKind], list[int]] = {}
    for piece in session.exec(query.order_by(col(Evidence.id))):
        if piece.kind == EvidenceKind.BEFORE or piece.cycle == cycles[piece.issue_id]:
            found.setdefault((piece.issue_id, piece.kind), []).append(piece.id or 0)
    return found
