"""The clock: one place that asks for the time, moved only in a demo city."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from models.city import City
from models.errors import DemoOnly, TimeInThePast
from runtime import clock


def a_city(session: Session, *, demo: bool) -> None:
    session.add(City(code="5103", name="自贡", number_prefix="ZG", demo=demo))
    session.commit()


def test_without_a_city_it_is_the_machines_time(session: Session) -> None:
    assert abs(clock.now(session) - clock.system_now()) < timedelta(seconds=5)


def test_a_demo_citys_clock_moves_forward_for_everybody(session: Session) -> None:
    a_city(session, demo=True)
    clock.forward(session, timedelta(days=2))
    clock.forward(session, timedelta(days=1))
    session.commit()

    with Session(session.get_bind()) as another:
        ahead = clock.now(another) - clock.system_now()
    assert timedelta(days=2, hours=23, minutes=59) < ahead <= timedelta(days=3)


def test_the_time_is_utc(session: Session) -> None:
    assert clock.now(session).utcoffset() == timedelta(0)


def test_the_time_is_as_plain_as_those_of_the_database(session: Session) -> None:
    a_city(session, demo=True)

    assert {type(at) for at in (clock.now(session), clock.true_now(session), clock.system_now())} == {datetime}
    assert type(clock.forward(session, timedelta(days=1))) is datetime


def test_a_real_citys_clock_is_not_moved(session: Session) -> None:
    a_city(session, demo=False)
    with pytest.raises(DemoOnly, match="自贡"):
        clock.forward(session, timedelta(days=1))
    assert abs(clock.now(session) - clock.system_now()) < timedelta(seconds=5)


@pytest.mark.parametrize("step", [timedelta(0), timedelta(days=-1)])
def test_the_clock_does_not_go_backwards(session: Session, step: timedelta) -> None:
    a_city(session, demo=True)
    with pytest.raises(TimeInThePast):
        clock.forward(session, step)
