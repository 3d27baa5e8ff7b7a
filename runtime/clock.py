"""What time it is. The only place that asks; everything else gets `now` as an argument.

A demo city's clock can be moved forward. The offset lies in the database, so every process agrees on the time.
"""

from datetime import timedelta

import pendulum
from sqlmodel import Session, col, select, update

from models.city import City
from models.errors import DemoOnly, TimeInThePast


def system_now() -> pendulum.DateTime:
    """The machine's time in UTC, without the offset: for logs and for waiting, never for a deadline."""
    return pendulum.now("UTC")


def now(session: Session) -> pendulum.DateTime:
    """The city's time in UTC: the machine's, plus the offset of a demo city. Without a city, the machine's."""
    offset = session.exec(select(City.clock_offset_seconds)).first()
    return system_now().add(seconds=offset or 0)


def forward(session: Session, delta: timedelta) -> pendulum.DateTime:
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
