"""Two who merge each other's issues at the same time: one of them wins, neither gets an error of the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import Session

from models.errors import WrongValue
from tests.cast import an_issue, read
from tests.corners.verbs import merge

Sessions = Callable[[], Session]
PAIRS = 5


def merge_alone(sessions: Sessions, key: int, into: int) -> None:
    with sessions() as session:
        merge(session, key, into=into)
        session.commit()


def test_the_second_waits_for_the_first_and_is_refused(city: Session, sessions: Sessions) -> None:
    one, two = an_issue(city), an_issue(city)
    city.commit()

    with ThreadPoolExecutor(1) as pool, sessions() as first:
        merge(first, one, into=two)
        second = pool.submit(merge_alone, sessions, two, one)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.3)
        first.commit()
        with pytest.raises(WrongValue):
            second.result(timeout=30)

    assert (read(city, one).state, read(city, two).state) == ("void", "found")


def test_at_once_they_leave_exactly_one_open(city: Session, sessions: Sessions) -> None:
    pairs = [(an_issue(city), an_issue(city)) for _ in range(PAIRS)]
    city.commit()
    both = Barrier(2)

    def merge_together(key: int, into: int) -> None:
        both.wait()
        merge_alone(sessions, key, into)

    with ThreadPoolExecutor(2) as pool:
        for one, two in pairs:
            done = [pool.submit(merge_together, one, two), pool.submit(merge_together, two, one)]
            errors = [type(error) for future in done if (error := future.exception())]

            assert errors == [WrongValue]
            assert {read(city, one).state, read(city, two).state} == {"found", "void"}
