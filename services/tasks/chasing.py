"""Letters that nobody signed for: the unit is reminded, then those above it hear. A few statements for all letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.rights import SYSTEM
from models.task_letter import LetterAct, TaskLetter
from models.unit import Unit, UnitKind
from services import rulebook
from services.people import city_day
from services.tasks.messages import LATE, PRESSING, UNSIGNED, above, letter_facts, reminded, tell


@dataclass(frozen=True)
class Chased:
    """How many letters were reminded of, and of how many those above heard."""

    reminded: int
    climbed: int


def chase(session: Session, *, now: datetime) -> Chased:
    """Remind and climb, each once for a letter, on the city's working days. Running it twice adds nothing.

    A letter for which both times have passed, after days down, climbs and is reminded of at once.
    """
    city = rulebook.the_city(session)
    if not rulebook.calendar(session, city.calendar_version or 0).is_workday(city_day(session, now)):
        return Chased(0, 0)
    late = _taken(session, _REMIND, LetterAct.REMINDED, now)
    unsigned = _taken(session, _CLIMB, LetterAct.CLIMBED, now)
    told = [(letter, area.path, reminded(unit.code)) for letter, unit, area in late]
    tell(session, LATE, told, facts=_facts(late), channels=PRESSING, now=now)
    higher = [
        (
            letter,
            area.path,
            above(
                unit.code, area_path=area.path, territorial=unit.kind is UnitKind.TERRITORIAL, office=letter.issued_as
            ),
        )
        for letter, unit, area in unsigned
    ]
    tell(session, UNSIGNED, higher, facts=_facts(unsigned), channels=PRESSING, now=now)
    return Chased(len(late), len(unsigned))


Late = Sequence[tuple[TaskLetter, Unit, Area]]


def _taken(session: Session, statement: Any, act: LetterAct, now: datetime) -> Late:
    """The letters that the statement marked just now: another run that comes at the same time marks none of them."""
    given = {"now": now, "act": act.value, "who": SYSTEM.code}
    keys = list(session.connection().execute(statement, given).scalars())
    session.expire_all()
    query = (
        select(TaskLetter, Unit, Area)
        .join(Unit, col(Unit.code) == col(TaskLetter.unit_code))
        .join(Area, col(Area.code) == col(Unit.area_code))
        .where(col(TaskLetter.id).in_(keys))
        .order_by(col(TaskLetter.id))
    )
    return session.exec(query).all() if keys else []


def _facts(late: Late) -> dict[int, dict[str, Any]]:
    return {letter.id or 0: letter_facts(letter, unit.name) for letter, unit, _ in late}


_MARK = """
WITH marked AS (
  UPDATE task_letter SET {column} = :now
   WHERE signed_at IS NULL AND replaced_at IS NULL AND {column} IS NULL AND {due} <= :now RETURNING id)
INSERT INTO task_letter_event (letter_id, act, who, at, facts) SELECT id, :act, :who, :now, '{{}}' FROM marked
RETURNING letter_id
"""
_REMIND = text(_MARK.format(column="reminded_at", due="sign_due_at"))
_CLIMB = text(_MARK.format(column="climbed_at", due="climb_due_at"))
