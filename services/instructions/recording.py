"""Recording an instruction, answering it, finishing it. Those concerned are only told to log in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import MissingInput, NotFound, NotStored, Refused, WrongValue
from models.instruction import Instruction, InstructionAct, InstructionEvent, InstructionIssue, InstructionPerson
from models.issue import Issue
from models.lifecycle import OPEN
from models.message import Message
from models.permissions import Right, held, must_hold
from models.rights import Actor
from models.unit import ChannelClass, Person
from notifications.outbox import wake
from services import bulk
from services.commands import UNSTORABLE, is_blank
from services.instructions.sight import may_read
from services.issues import mark_leader
from services.message_rows import message_row
from services.people import city_day
from services.rulebook import the_city
from services.sight import sees

LONGEST = 5000
MOST = 50
"""Addressees, and issues, of one instruction."""
KIND = "log_in_to_read"
CHANNELS = (ChannelClass.APP, ChannelClass.CHAT, ChannelClass.SMS)


class Finished(Refused):
    """Nothing more is put on record with it."""

    code = "instruction_finished"
    template = "This instruction is finished. Record a new one."


class NotKept(NotStored):
    """The database refused the row; why stands in no log."""

    code = "instruction_not_kept"
    template = "The instruction could not be put on record. Nothing of it is kept; please try again."


@dataclass(frozen=True)
class Wording:
    """What the office writes down. `area`: whose office keeps it; `key` makes a repeated form harmless.

    `marks`: its issues that are open are marked as assigned by a leader, which says nothing of an instruction.
    """

    leader: str
    said_on: date
    words: str
    addressees: Sequence[str]
    issues: Sequence[str]
    area: str
    key: str
    marks: bool = False


def record(session: Session, wording: Wording, *, by: Actor, now: datetime) -> int:
    """Put an instruction on record and have those concerned log in. Returns its id; the caller commits.

    Raises ActionNotAllowed, NotFound for a person, an area or an issue, MissingInput, WrongValue. No error says a word
    of the text.
    """
    area = session.get(Area, wording.area)
    if area is None:
        raise NotFound(what="area", code=wording.area)
    must_hold(by, Right.KEEP_INSTRUCTIONS, city=the_city(session).code, area_path=area.path)
    known = session.exec(select(Instruction.id).where(Instruction.key == f"{by.code}/{wording.key}")).first()
    if known is not None:
        return known
    _check(session, wording, now=now)
    issues = {issue.id: issue for issue in (_issue(session, number, by) for number in wording.issues)}
    row = Instruction(
        key=f"{by.code}/{wording.key}",
        leader=wording.leader,
        said_on=wording.said_on,
        words=wording.words.strip(),
        area_path=area.path,
        recorded_by=by.code,
        recorded_at=now,
    )
    if (twin := _written(session, row)) is not None:
        return twin
    key, to = row.id or 0, list(dict.fromkeys(wording.addressees))
    bulk.insert(session, InstructionPerson, [{"instruction_id": key, "person_code": code} for code in to])
    bulk.insert(session, InstructionIssue, [{"instruction_id": key, "issue_id": issue} for issue in issues])
    _event(session, key, InstructionAct.RECORDED, by, now)
    if wording.marks:
        _mark(session, list(issues.values()), by, now)
    _tell(session, key, {*to, wording.leader} - {by.code}, "recorded", now)
    return key


def answer(session: Session, instruction_id: int, *, words: str, by: Actor, now: datetime) -> None:
    """Say what was done about it; those who keep it log in to read. Raises NotFound for a stranger, Finished."""
    row = _open(session, instruction_id, by)
    _check_words(words)
    _event(session, instruction_id, InstructionAct.ANSWERED, by, now, words.strip())
    event = _last(session, instruction_id)
    _tell(session, instruction_id, {row.recorded_by, row.leader} - {by.code}, f"answer-{event}", now)


def finish(session: Session, instruction_id: int, *, words: str = "", by: Actor, now: datetime) -> None:
    """Nothing more is to be done. Raises NotFound, ActionNotAllowed for who does not keep it, Finished."""
    row = _open(session, instruction_id, by)
    must_hold(by, Right.KEEP_INSTRUCTIONS, city=the_city(session).code, area_path=row.area_path)
    if words.strip():
        _check_words(words)
    _event(session, instruction_id, InstructionAct.FINISHED, by, now, words.strip())


def keeps(session: Session, by: Actor) -> Sequence[tuple[str, str]]:
    """The areas whose instructions somebody may record: code and name, the highest first."""
    over = held(by, Right.KEEP_INSTRUCTIONS, city=the_city(session).code)
    query = select(Area.code, Area.name).where(col(Area.code).in_(sorted(over.areas)))
    return session.exec(query.order_by(col(Area.level), col(Area.code))).all()


def _written(session: Session, row: Instruction) -> int | None:
    """The id of the twin where the same form came twice at once; None where the row is written.

    Raises NotKept. What PostgreSQL says of a refused row may hold all of it, so it goes no further than here.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        twin = session.exec(select(Instruction.id).where(Instruction.key == row.key)).first()
        if twin is None:
            raise NotKept from None
        return twin
    return None


def _mark(session: Session, issues: Sequence[Issue], by: Actor, now: datetime) -> None:
    """An act like any other of the office (decision 0025): nothing in it leads to the instruction."""
    unmarked = [issue.id or 0 for issue in issues if issue.state in OPEN and not issue.leader_assigned]
    mark_leader(session, issue_ids=unmarked, by=by, now=now)


def _check(session: Session, wording: Wording, *, now: datetime) -> None:
    _check_words(wording.words)
    if not wording.addressees:
        raise MissingInput(action="record_instruction", missing="addressees")
    for name, several in (("addressees", wording.addressees), ("issues", wording.issues)):
        if len(several) > MOST:
            raise WrongValue(field=name, value=len(several), expected=f"0–{MOST}")
    if wording.said_on > city_day(session, now):
        raise WrongValue(field="said_on", value=wording.said_on, expected=f"≤ {city_day(session, now)}")
    wanted = {wording.leader, *wording.addressees}
    there = set(session.exec(select(Person.code).where(col(Person.code).in_(wanted))).all())
    for code in sorted(wanted - there):
        raise NotFound(what="person", code=code)


def _check_words(words: str) -> None:
    """Raises MissingInput, WrongValue: neither says what was written."""
    if is_blank(words):
        raise MissingInput(action="record_instruction", missing="words")
    if len(words) > LONGEST or UNSTORABLE.search(words):
        raise WrongValue(field="words", value="…", expected=f"at most {LONGEST} characters")


def _issue(session: Session, number: str, by: Actor) -> Issue:
    found = session.exec(select(Issue).where(Issue.number == number)).first() if "\x00" not in number else None
    if found is None or not sees(by, found):
        raise NotFound(what="issue", code=number)
    return found


def _open(session: Session, instruction_id: int, by: Actor) -> Instruction:
    row = may_read(session, instruction_id, by)
    query = select(InstructionEvent.id).where(
        InstructionEvent.instruction_id == instruction_id, InstructionEvent.act == InstructionAct.FINISHED
    )
    if session.exec(query).first() is not None:
        raise Finished
    return row


def _event(session: Session, key: int, act: InstructionAct, by: Actor, now: datetime, words: str = "") -> None:
    session.add(InstructionEvent(instruction_id=key, act=act, who=by.code, at=now, words=words))
    session.flush()


def _last(session: Session, key: int) -> int | None:
    query = select(InstructionEvent.id).where(InstructionEvent.instruction_id == key)
    return session.exec(query.order_by(col(InstructionEvent.id).desc()).limit(1)).first()


def _tell(session: Session, key: int, persons: set[str], what: str, now: datetime) -> None:
    """Not what, not from whom, not about which issue: only that there is something to read."""
    rows = [
        message_row(
            key=f"read-{key}-{what}-{person}",
            kind=KIND,
            person=person,
            why="duty",
            channels=CHANNELS,
            now=now,
            facts={},
        )
        for person in sorted(persons)
    ]
    if bulk.insert(session, Message, rows, or_skip=True) if rows else 0:
        wake(session)
