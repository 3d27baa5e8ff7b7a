"""The small city, committed, and a way to let time pass."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from services import reach, sweeps
from tests.small_city import a_city


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


@pytest.fixture
def sessions(engine: Engine) -> Callable[[], Session]:
    return lambda: Session(engine, expire_on_commit=False)


@pytest.fixture
def tick(city: Session, sessions) -> Callable[[datetime], sweeps.RoundCounts]:
    """One round at that time. What the test wrote before is committed first."""

    def round_at(now: datetime) -> sweeps.RoundCounts:
        city.commit()
        return sweeps.tick(sessions, now=now)

    return round_at


@pytest.fixture
def pass_up(city: Session) -> Callable[[datetime], int]:
    def at_time(now: datetime) -> int:
        done = reach.pass_up(city, now=now)
        city.commit()
        return done

    return at_time
