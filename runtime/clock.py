"""What time it is. The only place that asks; everything else gets `now` as an argument.

A demo city's clock can be moved forward. The offset lies in the database, so every process agrees on the time.
Machines need not agree: where this one's clock is not the database's, the database's counts (docs/decisions/0013).
It is a plain datetime, as those that come out of the database: with pendulum's, `%` by a timedelta raises.
"""

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select, update

from models.city import City
from models.errors import DemoOnly, TimeInThePast

TOLERATED = timedelta(seconds=5)
"""Machines with a time service agree within milliseconds; nobody's deadline is decided by five seconds."""
log = logging.getLogger("duban.clock")
_said: list[timedelta] = []
_BOTH = text("SELECT (SELECT clock_offset_seconds FROM city LIMIT 1), clock_timestamp()")


def _machine() -> datetime:
    return datetime.now(UTC)


def system_now() -> datetime:
    """The machine's time in UTC, without the offset: for logs and for waiting, never for a deadline."""
    return _machine()


def now(session: Session) -> datetime:
    """The city's time in UTC: the true time, plus the offset of a demo city."""
    offset, ahead = _compare(session)
    return system_now() - ahead + timedelta(seconds=offset)


def true_now(session: Session) -> datetime:
    """The time in UTC that all machines agree on, without a demo city's offset: for marks that several of them read."""
    return system_now() - _compare(session)[1]


def skew(session: Session) -> timedelta:
    """How far this machine's clock is ahead of the database's; negative when behind, zero within five seconds."""
    return _compare(session)[1]


def _compare(session: Session) -> tuple[int, timedelta]:
    """The offset of a demo city in seconds, and the skew. What the question itself takes is no skew."""
    before = _machine()
    offset, there = session.connection().execute(_BOTH).one()
    after = _machine()
    ahead = before - there if there < before else after - there if there > after else timedelta()
    if abs(ahead) <= TOLERATED:
        ahead = timedelta()
    _say_once(ahead)
    return offset or 0, ahead


def _say_once(ahead: timedelta) -> None:
    """When it begins, and when it is over: every question would else be a line in the log."""
    if bool(ahead) == bool(_said):
        return
    if ahead:
        words = "this machine's clock is %+.0f s away from the database's, which counts; set both by a time service"
        log.warning(words, ahead.total_seconds())
        _said.append(ahead)
    else:
        log.warning("this machine's clock agrees with the database's again")
        _said.clear()


def forward(session: Session, delta: timedelta) -> datetime:
    """Move a demo city's clock forward (whole seconds) and return the new time. The caller commits.

    Raises DemoOnly when the city is not a demo, TimeInThePast for a step that is not forward.
    """
    seconds = int(delta.total_seconds())
    if seconds <= 0:
        raise TimeInThePast(field="forward", value=str(delta))
    moved = session.exec(
        update(City)
        .where(col(City.demo).is_(True))
        .values(clock_offset_seconds=City.clock_offset_seconds + seconds)
        .returning(col(City.code))
    ).all()
    if not moved:
        raise DemoOnly(city=session.exec(select(City.name)).first() or "–")
    return now(session)
