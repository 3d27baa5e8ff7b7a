"""Task letters as a reader sees them: which there are, where each stands, one with its history, one to be printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.paper import Paper
from models.permissions import Right, held
from models.rights import Actor
from models.task_letter import LetterAct, LetterState, TaskLetter, TaskLetterEvent, state_of
from models.unit import Person, Unit
from services.papers.reading import Printable, proved
from services.rulebook import the_city
from services.tasks.messages import AT_FIRST
from services.tasks.signing import may_see, may_see_unit, may_sign


@dataclass(frozen=True)
class LetterLine:
    """A letter in a list. `told_at`: when the first message about it left; `mine`: the reader may sign for it."""

    id: int
    number: str
    year: int
    unit: str
    unit_name: str
    edition: int
    rows: int
    state: LetterState
    issued_at: datetime
    told_at: datetime | None
    sign_due_at: datetime
    signed_at: datetime | None
    signed_by: str
    reminded_at: datetime | None
    climbed_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class Happened:
    """One line of a letter's history; names beside codes."""

    act: LetterAct
    at: datetime
    who: str
    on_behalf_of: str


@dataclass(frozen=True)
class LetterView:
    """One letter: where it stands, what it says, what happened to it, its other editions (the newest first)."""

    line: LetterLine
    content: Mapping[str, Any]
    history: Sequence[Happened]
    editions: Sequence[tuple[str, int]]


def letters(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    year: int,
    unit: str = "",
    state: LetterState | None = None,
    after: str = "",
    limit: int = 50,
) -> list[LetterLine]:
    """Letters of a year that the reader may see, by unit, in force unless replaced ones are asked for.

    `after`: the code of the unit after which the stretch begins, with the edition as `D-CGJ 2`.
    """
    replaced = state is LetterState.REPLACED
    found = _lines(session, by, now, {"year": year, "unit": unit, "replaced": replaced, "number": ""})
    return [line for line in found if state in (None, line.state) and place_of(line) > _mark(after)][:limit]


def place_of(line: LetterLine) -> tuple[str, int]:
    """Where a letter stands in the list."""
    return line.unit, line.edition


def _mark(after: str) -> tuple[str, int]:
    unit, _blank, edition = after.rpartition(" ")
    return (unit, int(edition)) if unit and edition.isdecimal() else ("", 0)


def counts(session: Session, *, by: Actor, now: datetime, year: int) -> Mapping[LetterState, int]:
    """How many letters in force stand where, and how many were replaced."""
    found = dict.fromkeys(LetterState, 0)
    for replaced in (False, True):
        for line in _lines(session, by, now, {"year": year, "unit": "", "replaced": replaced, "number": ""}):
            found[line.state] += 1
    return found


def to_sign(session: Session, *, by: Actor, now: datetime) -> list[LetterLine]:
    """Letters that wait for the reader's signature, whatever their year."""
    units = held(by, Right.SIGN_TASK_LETTER, city=the_city(session).code).units
    if not units:
        return []
    asked = {"year": None, "unit": "", "replaced": False, "number": ""}
    return [line for line in _lines(session, by, now, asked) if line.mine]


def must_see(session: Session, number: str, *, by: Actor) -> TaskLetter:
    """The letter with this number. Raises NotFound, for one that may not be seen too."""
    letter = (
        session.exec(select(TaskLetter).where(TaskLetter.number == number)).first() if "\x00" not in number else None
    )
    if letter is None or not may_see(session, letter, by):
        raise NotFound(what="task_letter", code=number)
    return letter


def must_see_unit(session: Session, code: str, *, by: Actor) -> Unit:
    """The unit, where the reader sees its letters. Raises NotFound otherwise."""
    unit = session.get(Unit, code)
    if unit is None or not may_see_unit(session, unit, by):
        raise NotFound(what="unit", code=code)
    return unit


def view(session: Session, number: str, *, by: Actor, now: datetime) -> LetterView:
    """One letter. Raises NotFound."""
    letter = must_see(session, number, by=by)
    asked = {
        "year": letter.year,
        "unit": letter.unit_code,
        "number": number,
        "replaced": letter.replaced_at is not None,
    }
    (line,) = _lines(session, by, now, asked)
    return LetterView(line, _paper(session, letter).content, _history(session, letter), _editions(session, letter))


def printable(session: Session, number: str, *, by: Actor) -> Printable:
    """A letter to be printed, as it was issued. Raises NotFound, NotAsIssued."""
    return proved(session, _paper(session, must_see(session, number, by=by)))


def _paper(session: Session, letter: TaskLetter) -> Paper:
    return session.exec(select(Paper).where(Paper.number == letter.number)).one()


def _history(session: Session, letter: TaskLetter) -> list[Happened]:
    query = select(TaskLetterEvent).where(TaskLetterEvent.letter_id == letter.id)
    events = session.exec(query.order_by(col(TaskLetterEvent.at), col(TaskLetterEvent.id))).all()
    codes = {code for event in events for code in (event.who, event.on_behalf_of) if code}
    names = dict(session.exec(select(Person.code, Person.name).where(col(Person.code).in_(codes))).all())
    return [
        Happened(
            event.act, event.at, names.get(event.who, ""), names.get(event.on_behalf_of or "", event.on_behalf_of or "")
        )
        for event in events
    ]


def _editions(session: Session, letter: TaskLetter) -> list[tuple[str, int]]:
    query = select(TaskLetter.number, TaskLetter.edition).where(
        TaskLetter.year == letter.year, TaskLetter.unit_code == letter.unit_code
    )
    return list(session.exec(query.order_by(col(TaskLetter.edition).desc())))


def _lines(session: Session, by: Actor, now: datetime, asked: Mapping[str, Any]) -> list[LetterLine]:
    """Every fitting letter that the reader may see, by unit and edition: one statement."""
    city = the_city(session).code
    seen = held(by, Right.SEE, city=city)
    scope = {"all": by.is_system, "areas": sorted(seen.areas), "units": sorted(seen.units)}
    rows = session.connection().execute(_LETTERS, {**asked, **scope}).mappings()
    return [_line(row, by, now, city) for row in rows]


def _line(row: RowMapping, by: Actor, now: datetime, city: str) -> LetterLine:
    letter = TaskLetter(**{name: row[name] for name in TaskLetter.model_fields})
    return LetterLine(
        id=row["id"],
        number=letter.number,
        year=letter.year,
        unit=letter.unit_code,
        unit_name=row["unit_name"],
        edition=letter.edition,
        rows=letter.row_count,
        state=state_of(letter, told=row["told_at"] is not None, now=now),
        issued_at=letter.issued_at,
        told_at=row["told_at"],
        sign_due_at=letter.sign_due_at,
        signed_at=letter.signed_at,
        signed_by=row["signer"] or "",
        reminded_at=letter.reminded_at,
        climbed_at=letter.climbed_at,
        mine=may_sign(letter, by, city=city),
    )


_KEYS = ", ".join(f"'task-letter-issued-' || l.id || '-' || l.unit_code || '\\:{kind}'" for kind in AT_FIRST)
_LETTERS = text(f"""
SELECT l.*, u.name AS unit_name, w.name AS signer,
       (SELECT min(m.finished_at) FROM message m WHERE m.state IN ('sent', 'delivered')
          AND m.key IN ({_KEYS})) AS told_at
  FROM task_letter l JOIN unit u ON u.code = l.unit_code JOIN area a ON a.code = u.area_code
  LEFT JOIN person w ON w.code = l.signed_by
 WHERE (CAST(:year AS int) IS NULL OR l.year = :year) AND (:unit = '' OR l.unit_code = :unit)
   AND (:number = '' OR l.number = :number) AND (l.replaced_at IS NOT NULL) = :replaced
   AND (:all OR l.unit_code = ANY(:units) OR string_to_array(a.path, '/') && CAST(:areas AS text[]))
 ORDER BY l.unit_code, l.edition
""")
