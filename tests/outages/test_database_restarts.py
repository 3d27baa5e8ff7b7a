"""PostgreSQL dies and comes back in the middle of work: said once, nothing lost, nothing doubled."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from models.issue import IssueEvent
from models.message import Message, MessageState
from notifications.channels import Letter, Sent
from notifications.reaper import reap
from runtime.transient import is_transient
from services import sweeps
from tests.cast import MONDAY, an_issue
from tests.notifications.desk import Memory, a_message, doors, forget_claims, run
from tests.outages.hearing import hearing
from tests.outages.server import Server, before

LATER = MONDAY + timedelta(days=20)
ISSUES = 12


@pytest.fixture
def overdue(city: Session) -> Session:
    """A city with a dozen issues that are late by weeks."""
    for _ in range(ISSUES):
        an_issue(city, state="assigned")
    city.commit()
    return city


def steps(engine: Engine) -> Counter[tuple[int, str | None]]:
    """How often each step of each issue is on record."""
    with Session(engine) as session:
        query = select(IssueEvent.issue_id, IssueEvent.step).where(col(IssueEvent.step).is_not(None))
        return Counter(session.exec(query).all())


@pytest.mark.parametrize("moment", ["SELECT id, next_step_at", "COPY", "UPDATE", "RELEASE", "COMMIT"])
def test_a_tick_that_loses_its_database_is_done_by_the_next_one(
    overdue: Session, engine: Engine, server: Server, moment: str
) -> None:
    def sessions() -> Session:
        return Session(engine)

    with before(moment, engine, server.restart) as seen, pytest.raises(Exception) as failed:  # noqa: PT011
        sweeps.tick(sessions, now=LATER, batch=5)
    assert seen
    assert is_transient(failed.value)
    sweeps.tick(sessions, now=LATER, batch=5)

    counted = steps(engine)
    assert len(counted) > ISSUES
    assert set(counted.values()) == {1}
    assert sweeps.tick(sessions, now=LATER).due == 0
    assert set_aside(engine) == 0


def set_aside(engine: Engine) -> int:
    with Session(engine) as session:
        return int(session.connection().execute(text("SELECT coalesce(sum(set_aside), 0) FROM issue")).scalar_one())


def test_a_round_whose_lock_was_lost_with_the_server_ends_well(city: Session, engine: Engine, server: Server) -> None:
    with sweeps.one_round(lambda: Session(engine)) as alone:
        server.restart()

    assert alone
    with sweeps.one_round(lambda: Session(engine)) as again:
        assert again


def test_mail_under_way_when_the_database_dies_is_neither_lost_nor_doubled(
    city: Session, engine: Engine, server: Server
) -> None:
    keys = [a_message(city, n=n, key=f"m{n}", facts={"problems": [str(n)]}) for n in range(20)]
    city.rollback()
    memory = Memory()
    at_the(5, memory, lambda: gone_for_a_second(server))
    with hearing("notifications", "services", "duban") as said:
        for _ in range(3):
            with suppress(OperationalError):
                run(engine, doors(memory))
    server.start()
    forget_claims(city, 6)
    reap(city, now=MONDAY)
    city.commit()
    run(engine, doors(memory))
    states = Counter(city.exec(select(Message.state).where(col(Message.id).in_(keys))).all())
    bodies = Counter(letter.body for _, letter in memory.letters)

    assert set(bodies.values()) == {1}
    assert len(bodies) == len(keys)
    assert set(states) <= {MessageState.SENT, MessageState.UNKNOWN}
    assert states[MessageState.UNKNOWN] <= 1
    assert len(said) <= 1, said


def gone_for_a_second(server: Server) -> None:
    server.die()
    threading.Timer(1.0, server.start).start()


def at_the(nth: int, memory: Memory, act: Callable[[], None]) -> None:
    """Do something when the nth letter is about to leave."""
    plain = memory.send

    def send(address: str, *, letter: Letter) -> Sent:
        if len(memory.letters) == nth - 1:
            act()
        return plain(address, letter=letter)

    memory.send = send  # type: ignore[method-assign]
