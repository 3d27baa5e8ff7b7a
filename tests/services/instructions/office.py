"""Shorthand: an instruction of the sponsor leader to the head of a unit, about one issue."""

from datetime import date, datetime

from sqlmodel import Session

from services.instructions.recording import Wording, record
from tests.cast import MONDAY, OFFICE, PRINCIPAL, who

LEADER = "R00020"
SECRET = "此事拖延日久必须月底前见底"


def wording(**other) -> Wording:
    given = {
        "leader": LEADER,
        "said_on": date(2026, 11, 2),
        "words": SECRET,
        "addressees": [PRINCIPAL],
        "issues": [],
        "area": "5103",
        "key": "page-key-1",
    }
    return Wording(**{**given, **other})


def an_instruction(session: Session, *, by: str = OFFICE, now: datetime = MONDAY, **other) -> int:
    return record(session, wording(**other), by=who(session, by, now=now), now=now)
