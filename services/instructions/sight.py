"""Who may read an instruction: whoever keeps them in its place, its leader, those it is addressed to. Nobody else.

A deputy of an addressee is not one: what is secret is for the person named. Keeping goes with the post.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, func, select

from models.errors import NotFound
from models.instruction import Instruction, InstructionAct, InstructionEvent, InstructionIssue, InstructionPerson
from models.issue import Issue
from models.permissions import Right, held
from models.rights import Actor
from models.unit import Person
from services.rulebook import the_city
from services.sight import sees

PAGE = 50


@dataclass(frozen=True)
class Cover:
    """What a list shows of an instruction: nothing of its text. `unread`: whether the reader has not read it yet."""

    id: int
    leader: str
    said_on: date
    recorded_at: datetime
    addressees: int
    read_by: int
    unread: bool
    finished: bool


@dataclass(frozen=True)
class Happened:
    """One thing on record about it. `words` only where the text itself is shown."""

    act: InstructionAct
    who: str
    at: datetime
    words: str = ""


@dataclass(frozen=True)
class Outside:
    """The cover of one with names, issues and what is on record, without a word of the text."""

    cover: Cover
    addressees: Sequence[tuple[str, bool]]
    issues: Sequence[tuple[str, bool]]
    happened: Sequence[Happened]
    keeps: bool


@dataclass(frozen=True)
class Opened:
    """The text, for whoever has just gone on record as its reader."""

    outside: Outside
    words: str
    answers: Sequence[Happened]


def may_read(session: Session, instruction_id: int, reader: Actor) -> Instruction:
    """Raises NotFound, for one that may not be read too: a stranger does not learn that it is there."""
    query = select(Instruction).where(Instruction.id == instruction_id, _scope(session, reader))
    found = session.exec(query).first()
    if found is None:
        raise NotFound(what="instruction", code=instruction_id)
    return found


def covers(session: Session, reader: Actor, *, before: int = 0, limit: int = PAGE) -> Sequence[Cover]:
    """Those that somebody may read, the newest first."""
    where = [_scope(session, reader), *([col(Instruction.id) < before] if before else [])]
    query = select(Instruction, Person.name).join(Person, col(Person.code) == col(Instruction.leader)).where(*where)
    found = session.exec(query.order_by(col(Instruction.id).desc()).limit(limit)).all()
    return [_cover(session, row, name, reader) for row, name in found]


def unread(session: Session, reader: Actor) -> int:
    """How many are addressed to somebody, or are the leader's own, and not read yet."""
    query = select(func.count(col(Instruction.id))).where(_named(reader), ~_has(InstructionAct.READ, reader.code))
    return session.exec(query).one()


def outside(session: Session, instruction_id: int, reader: Actor) -> Outside:
    """One without its text. Raises NotFound."""
    row = may_read(session, instruction_id, reader)
    cover = _cover(session, row, _names(session, {row.leader})[row.leader], reader)
    to = session.exec(
        select(InstructionPerson.person_code).where(InstructionPerson.instruction_id == instruction_id)
    ).all()
    events = _events(session, instruction_id)
    names = _names(session, {*to, *(event.who for event in events)})
    have_read = {event.who for event in events if event.act is InstructionAct.READ}
    query = select(Issue).join(InstructionIssue, col(InstructionIssue.issue_id) == col(Issue.id))
    issues = session.exec(query.where(InstructionIssue.instruction_id == instruction_id)).all()
    city = the_city(session).code
    return Outside(
        cover=cover,
        addressees=[(names[code], code in have_read) for code in sorted(to)],
        issues=[(issue.number, sees(reader, issue)) for issue in issues],
        happened=[Happened(event.act, names[event.who], event.at) for event in reversed(events)],
        keeps=held(reader, Right.KEEP_INSTRUCTIONS, city=city).covers(area_path=row.area_path),
    )


def open_it(session: Session, instruction_id: int, *, reader: Actor, now: datetime) -> Opened:
    """The text; the reading goes on record first. The caller commits before it shows anything. Raises NotFound."""
    row = may_read(session, instruction_id, reader)
    session.add(InstructionEvent(instruction_id=instruction_id, act=InstructionAct.READ, who=reader.code, at=now))
    session.flush()
    events = _events(session, instruction_id)
    names = _names(session, {event.who for event in events})
    answers = [Happened(event.act, names[event.who], event.at, event.words) for event in events if event.words]
    return Opened(outside(session, instruction_id, reader), row.words, answers)


def _scope(session: Session, reader: Actor) -> ColumnElement[bool]:
    over = held(reader, Right.KEEP_INSTRUCTIONS, city=the_city(session).code)
    slashed = "/" + col(Instruction.area_path) + "/"
    return or_(_named(reader), *(slashed.contains(f"/{code}/", autoescape=True) for code in sorted(over.areas)))


def _named(reader: Actor) -> ColumnElement[bool]:
    addressed = exists().where(
        col(InstructionPerson.instruction_id) == col(Instruction.id), col(InstructionPerson.person_code) == reader.code
    )
    return or_(col(Instruction.leader) == reader.code, addressed)


def _has(act: InstructionAct, who: str | None = None) -> ColumnElement[bool]:
    where = [col(InstructionEvent.instruction_id) == col(Instruction.id), col(InstructionEvent.act) == act]
    return exists().where(*where, *([col(InstructionEvent.who) == who] if who else []))


def _cover(session: Session, row: Instruction, leader: str, reader: Actor) -> Cover:
    events = _events(session, row.id or 0)
    have_read = {event.who for event in events if event.act is InstructionAct.READ}
    to = set(
        session.exec(select(InstructionPerson.person_code).where(InstructionPerson.instruction_id == row.id)).all()
    )
    return Cover(
        id=row.id or 0,
        leader=leader,
        said_on=row.said_on,
        recorded_at=row.recorded_at,
        addressees=len(to),
        read_by=len(to & have_read),
        unread=reader.code in to | {row.leader} and reader.code not in have_read,
        finished=any(event.act is InstructionAct.FINISHED for event in events),
    )


def _events(session: Session, instruction_id: int) -> Sequence[InstructionEvent]:
    query = select(InstructionEvent).where(InstructionEvent.instruction_id == instruction_id)
    return session.exec(query.order_by(col(InstructionEvent.id))).all()


def _names(session: Session, codes: set[str]) -> dict[str, str]:
    return dict(session.exec(select(Person.code, Person.name).where(col(Person.code).in_(codes))).all())
