"""Shorthand for tests of tasks: letters issued, signed, chased; what is told to whom."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.message import Message
from models.point import Task
from models.task_letter import TaskLetter, TaskLetterEvent
from services.tasks import letters, signing
from services.tasks.letters import IssuedLetter
from services.tasks.settings import TaskSettings, read_settings
from tests.cast import MONDAY, OFFICE, who
from tests.services.papers.shelf import CITYS

YEAR = 2026
TAGS = """
[[set]]
code = "campaigns"
name = "六大攻坚"
[[set.tag]]
code = "sanitation"
name = "环境卫生"
name_en = "Sanitation"
[[set.tag]]
code = "traffic"
name = "交通秩序"
categories = ["12"]
[[set]]
code = "actions"
name = "四项行动"
[[set.tag]]
code = "road"
name = "文明交通"
categories = ["01"]
standards = ["12-02"]
"""
TAGGED = read_settings(TAGS.encode())


def issued(
    session: Session,
    *units: str,
    by: str = OFFICE,
    now: datetime = MONDAY,
    year: int = YEAR,
    settings: TaskSettings | None = None,
) -> list[IssuedLetter]:
    """Letters of these units, of all where none is named; committed."""
    actor, limits = who(session, by, now=now), settings or TaskSettings()
    done = letters.issue(session, year=year, by=actor, now=now, stationery=CITYS, settings=limits, units=units or None)
    session.commit()
    return done


def sign(session: Session, number: str, *, by: str, now: datetime = MONDAY) -> TaskLetter:
    letter = signing.sign(session, number, by=who(session, by, now=now), now=now)
    session.commit()
    return letter


def a_task(session: Session, point: str | None = None, **more: object) -> Task:
    """A row of the table."""
    given = {"year": YEAR, "category_code": "01", "point_code": point, "unit_code": "D-CGJ", **more}
    task = Task(**given)
    session.add(task)
    session.commit()
    return task


def task_of(session: Session, point: str) -> Task:
    return session.exec(select(Task).where(Task.point_code == point, Task.year == YEAR)).one()


def letter_of(session: Session, unit: str) -> TaskLetter:
    """The letter of the unit that holds."""
    session.expire_all()
    query = select(TaskLetter).where(TaskLetter.unit_code == unit, col(TaskLetter.replaced_at).is_(None))
    return session.exec(query).one()


def told(session: Session, kind: str) -> list[str]:
    """The posts that are told of this kind."""
    return sorted(session.exec(select(Message.post_code).where(Message.kind == kind)).all())


def acts(session: Session, number: str) -> Sequence[str]:
    """What happened to a letter, in order."""
    query = select(TaskLetterEvent.act).join(TaskLetter, col(TaskLetter.id) == col(TaskLetterEvent.letter_id))
    query = query.where(TaskLetter.number == number)
    return [act.value for act in session.exec(query.order_by(col(TaskLetterEvent.id)))]
