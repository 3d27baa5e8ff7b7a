"""A round that dies anywhere: the next one brings the same steps, events and messages as if nothing had been."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from models.message import Message
from tests.cast import MONDAY, an_issue, at
from tests.crash.counting import is_sealed, snapshot, told_of
from tests.crash.deaths import dies
from tests.crash.works import tick

LATER = at("2026-11-11 10:00")
STATES = ("found", "assigned", "assigned", "rectified", "verified", *(["rectifying"] * 5))
CASES = [
    ("claimed what is due", 1),
    ("claimed what is due", 5),
    ("decided", 4),
    ("issues written", 1),
    ("events written", 4),
    ("messages written", 5),
    ("before a commit", 1),
    ("before a commit", 5),
    ("after a commit", 1),
    ("after a commit", 4),
    ("all stages done", 1),
]


def overdue(session: Session) -> None:
    """Issues in many states, all long late, each found a minute after the other so that their order is certain."""
    for minute, state in enumerate(STATES):
        an_issue(session, state=state, now=MONDAY + timedelta(minutes=minute))


@pytest.mark.parametrize(("point", "nth"), CASES)
def test_no_step_event_or_message_is_lost_or_doubled(place, finished, point: str, nth: int) -> None:
    here = place(overdue)
    dies("tick", here.job(LATER), point=point, nth=nth)

    half = told_of(snapshot(here.engine))
    tick(here.job(LATER))
    whole = finished(overdue, "tick", LATER)

    assert snapshot(here.engine) == whole
    assert half.items() <= told_of(whole).items(), "an event without its messages, or the other way round"
    assert is_sealed(here.engine)


def test_what_a_dead_round_held_back_goes_with_the_next_ones(place) -> None:
    """So each person still gets one digest, not one of each round (promise 10)."""
    here = place(overdue)
    dies("tick", here.job(LATER), point="after a commit", nth=4)
    next_round = LATER + timedelta(minutes=1)
    assert held(here, at=LATER) > 0

    tick(here.job(next_round))

    assert held(here, at=next_round) == 0


def held(here, *, at) -> int:
    """How many messages wait for a later time."""
    with here.session() as session:
        return len(session.exec(select(Message.id).where(col(Message.not_before) > at)).all())
