"""How far the life of a demo city has come: a mark in the database, moved with each chapter's own transaction."""

from dataclasses import dataclass

from sqlmodel import Session

from services import cursors
from services.rulebook import the_city

MARK = "demo_life"
CHAPTERS = (
    *(f"round_{turn}_before_last" for turn in range(4)),
    *(f"round_{turn}_last" for turn in range(4)),
    "appraisal_published",
    "surveys",
    "mock_evaluation",
    "mock_published",
    "mock_scored",
    "covert_round",
    "filing",
    "task_letters",
    "bulletins",
    "appraisal_drafted",
    "measures",
    "patrols",
)
"""In the order in which they are played; services/demo_life/chapters.py plays them."""


@dataclass(frozen=True)
class Come:
    """How far: so many chapters are played, of how many; `name` of the last of these, empty where none was."""

    done: int

    @property
    def of(self) -> int:
        return len(CHAPTERS)

    @property
    def over(self) -> bool:
        return self.done >= self.of

    @property
    def name(self) -> str:
        return CHAPTERS[min(self.done, self.of) - 1] if self.done else ""


def begin(session: Session) -> None:
    """A demo city is to come to life, where it has not begun yet. The caller commits."""
    if the_city(session).demo and cursors.position(session, MARK) is None:
        cursors.put(session, MARK, position=0)


def come(session: Session) -> Come | None:
    """How far it has come; None for a city that has no such life."""
    at = cursors.position(session, MARK)
    return None if at is None or not the_city(session).demo else Come(at)


def take(session: Session) -> Come | None:
    """The same, held until the transaction ends; None where nothing is left, or somebody else plays."""
    there = come(session)
    if there is None or there.over:
        return None
    at = cursors.take(session, MARK, start=there.done)
    return Come(at) if at is not None and not Come(at).over else None


def move_on(session: Session, there: Come) -> Come:
    """One chapter further. The caller commits."""
    cursors.put(session, MARK, position=there.done + 1)
    return Come(there.done + 1)
