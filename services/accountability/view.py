"""Who sees which measures, and what they may do with one. What is only proposed the unit does not see.

Offices and leaders see what is decided in their place, and what they proposed themselves; a unit's people what was
decided about the unit.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_
from sqlmodel import Session, col, select

from models.accountability import TOLD, Measure, MeasureAct, MeasureEvent, MeasureKind, MeasureState
from models.errors import NotFound
from models.issue import Issue, SupervisionOrder
from models.permissions import Held, Right, must_hold
from models.rights import Actor
from models.unit import Person, Unit
from services.accountability.offers import possible
from services.accountability.recording import history
from services.rulebook import the_city
from services.sight import sees

SHOWN, PAGE = 10, 50
LATELY = timedelta(days=90)


class Pile(StrEnum):
    """The measures as they wait. A pile is in the order in which its measures fall due, the oldest first."""

    DECIDE = "decide"
    SECOND = "second"
    REVIEW = "review"
    LATE = "late"
    REPLY = "reply"
    RUNNING = "running"
    CARDS = "cards"
    ENDED = "ended"


CARDS = (MeasureKind.YELLOW_CARD, MeasureKind.RED_CARD)
ENDS = (MeasureState.DONE, MeasureState.REJECTED, MeasureState.LAPSED)


@dataclass(frozen=True)
class Line:
    """One measure in a list."""

    id: int
    kind: MeasureKind
    state: MeasureState
    unit: str
    unit_name: str
    because: dict[str, Any]
    number: str
    paper: str
    proposed_at: datetime
    decided_at: datetime | None
    reply_due_at: datetime | None
    late: bool
    climbed: int
    version: int
    area_path: str
    rule: str


@dataclass(frozen=True)
class Entry:
    """One act on record, with the names of those who did it."""

    act: MeasureAct
    who: str
    on_behalf_of: str
    at: datetime
    why: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class View:
    """A measure with everything about it. `issues`: numbers behind it, and whether the reader may open each."""

    line: Line
    entries: Sequence[Entry]
    may: frozenset[MeasureAct]
    issues: Sequence[tuple[str, bool]]
    reply: str = ""
    order: str = ""


@dataclass(frozen=True)
class Stack:
    """A pile: how many there are, and its first."""

    pile: Pile
    count: int
    lines: Sequence[Line]


def stacks(session: Session, reader: Actor, *, now: datetime) -> Sequence[Stack]:
    """Every pile that is not empty. Raises ActionNotAllowed without the right."""
    scope = _scope(session, reader)
    found = []
    for pile in Pile:
        where = [scope, *_of(pile, now)]
        count = session.exec(select(func.count(col(Measure.id))).where(*where)).one()
        if count:
            found.append(Stack(pile, count, _lines(session, pile, where, now=now, limit=SHOWN)))
    return found


def listing(
    session: Session, reader: Actor, pile: Pile, *, now: datetime, after: int = 0, limit: int = PAGE
) -> Sequence[Line]:
    """One pile in the order of its measures' ids, from behind one of them. Raises ActionNotAllowed."""
    where = [_scope(session, reader), *_of(pile, now), col(Measure.id) > after]
    return _lines(session, pile, where, now=now, limit=limit, by_id=True)


def every(
    session: Session,
    reader: Actor,
    *,
    now: datetime,
    kind: MeasureKind | None = None,
    state: MeasureState | None = None,
    unit: str | None = None,
    after: int = 0,
    limit: int = PAGE,
) -> Sequence[Line]:
    """All that the reader sees, narrowed, by id. Raises ActionNotAllowed."""
    wanted = ((Measure.kind, kind), (Measure.state, state), (Measure.unit_code, unit))
    narrow = [col(column) == value for column, value in wanted if value is not None]
    where = [_scope(session, reader), *narrow, col(Measure.id) > after]
    return _lines(session, None, where, now=now, limit=limit, by_id=True)


def the_measure(session: Session, reader: Actor, measure_id: int) -> Measure:
    """Raises NotFound, for one that may not be seen too; ActionNotAllowed without the right anywhere."""
    query = select(Measure).where(col(Measure.id) == measure_id, _scope(session, reader))
    found = session.exec(query).first()
    if found is None:
        raise NotFound(what="measure", code=measure_id)
    return found


def one(session: Session, reader: Actor, measure_id: int, *, now: datetime) -> View:
    """A measure with its history and what the reader may do. Raises as `the_measure` does."""
    measure = the_measure(session, reader, measure_id)
    (line,) = _lines(session, None, [col(Measure.id) == measure.id], now=now, limit=1)
    numbers = list(measure.because.get("issues", ())) or ([line.number] if line.number else [])
    behind = session.exec(select(Issue).where(col(Issue.number).in_(numbers)).order_by(col(Issue.number))).all()
    order = session.get(SupervisionOrder, measure.order_id) if measure.order_id else None
    return View(
        line=line,
        entries=_entries(session, history(session, measure_id)),
        may=possible(session, measure, reader),
        issues=[(issue.number, sees(reader, issue)) for issue in behind],
        reply=order.reply if order else "",
        order=order.number if order else "",
    )


def _scope(session: Session, reader: Actor) -> ColumnElement[bool]:
    over = must_hold(reader, Right.SEE_ACCOUNTABILITY, city=the_city(session).code)
    told = [col(Measure.unit_code).in_(sorted(over.units)), col(Measure.state).in_(sorted(TOLD))]
    own = col(Measure.proposed_by) == reader.code
    return or_(*_in_areas(over), own, told[0] & told[1] if over.units else false())


def _in_areas(over: Held) -> Iterable[ColumnElement[bool]]:
    """Decided in one of these places, or below it."""
    for code in sorted(over.areas):
        yield ("/" + col(Measure.area_path) + "/").contains(f"/{code}/", autoescape=True)


def _of(pile: Pile, now: datetime) -> Collection[ColumnElement[bool]]:
    state, kind, due = col(Measure.state), col(Measure.kind), col(Measure.reply_due_at)
    order = kind == MeasureKind.ORDER
    return {
        Pile.DECIDE: [state == MeasureState.PROPOSED],
        Pile.SECOND: [state == MeasureState.SECONDING],
        Pile.REVIEW: [state == MeasureState.REPLIED],
        Pile.LATE: [state == MeasureState.ISSUED, order, due <= now],
        Pile.REPLY: [state == MeasureState.ISSUED, order, or_(due > now, due.is_(None))],
        Pile.RUNNING: [state == MeasureState.ISSUED, kind.in_([MeasureKind.INTERVIEW, MeasureKind.PROPOSAL])],
        Pile.CARDS: [state == MeasureState.ISSUED, kind.in_(CARDS)],
        Pile.ENDED: [state.in_(ENDS), col(Measure.proposed_at) > now - LATELY],
    }[pile]


def _lines(
    session: Session,
    pile: Pile | None,
    where: Sequence[ColumnElement[bool]],
    *,
    now: datetime,
    limit: int,
    by_id: bool = False,
) -> Sequence[Line]:
    query = (
        select(Measure, Unit.name, Issue.number)
        .join(Unit, col(Unit.code) == col(Measure.unit_code))
        .join(Issue, col(Issue.id) == col(Measure.issue_id), isouter=True)
        .where(*where)
        .limit(limit)
    )
    newest = pile in (Pile.ENDED, Pile.CARDS) and not by_id
    order = [col(Measure.id).desc()] if newest else [col(Measure.id)]
    if pile in (Pile.LATE, Pile.REPLY) and not by_id:
        order = [col(Measure.reply_due_at), *order]
    return [_line(one, name, number, now) for one, name, number in session.exec(query.order_by(*order))]


def _line(one: Measure, name: str, number: str | None, now: datetime) -> Line:
    late = one.state is MeasureState.ISSUED and one.reply_due_at is not None and one.reply_due_at <= now
    return Line(
        id=one.id or 0,
        kind=one.kind,
        state=one.state,
        unit=one.unit_code,
        unit_name=name,
        because=one.because,
        number=number or "",
        paper=one.paper,
        proposed_at=one.proposed_at,
        decided_at=one.decided_at,
        reply_due_at=one.reply_due_at,
        late=late,
        climbed=one.climbed,
        version=one.version,
        area_path=one.area_path,
        rule=one.rule,
    )


def _entries(session: Session, events: Sequence[MeasureEvent]) -> Sequence[Entry]:
    codes = {event.who for event in events} | {event.on_behalf_of for event in events}
    names = dict(session.exec(select(Person.code, Person.name).where(col(Person.code).in_(codes - {None}))).all())
    return [
        Entry(
            event.act,
            names.get(event.who, ""),
            names.get(event.on_behalf_of or "", ""),
            event.at,
            event.why,
            event.facts,
        )
        for event in events
    ]
