"""Two runs of one slot of a schedule, and a long round that the next one overtakes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain, count
from threading import Event

import pytest
from sqlmodel import Session

from services import digests, relay, seal, sweeps, watch
from services.sweeps import RoundCounts, Sessions
from tests.cast import at
from tests.concurrency.crowd import in_processes, is_sealed, many, rows, trails, value
from tests.services.bulletins.desk import drafted

DUE = at("2026-11-05 17:00")
MORNING = at("2026-11-03 08:20")
RUNS, SECONDS = 4, 60


class LongRound:
    """A round that has taken its lock, and goes on when it is told to."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._opened = sessions, count()
        self.under_way, self.go_on = Event(), Event()

    def __call__(self) -> RoundCounts:
        return sweeps.tick(self._session, now=DUE)

    def _session(self) -> Session:
        """The first is for the lock; with the second the work would begin."""
        if next(self._opened) == 1:
            self.under_way.set()
            assert self.go_on.wait(SECONDS)
        return self._sessions()


@pytest.fixture
def overdue(city: Session) -> list[int]:
    return many(city, 60, state="rectifying")


class TestALongRound:
    def test_the_next_one_ends_at_once(self, overdue: list[int], sessions: Sessions) -> None:
        long = LongRound(sessions)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(long)
            assert long.under_way.wait(SECONDS)
            second = sweeps.tick(sessions, now=DUE)
            long.go_on.set()

            assert (second.skipped, second.due, first.result(SECONDS).due) == (True, 0, len(overdue))

    def test_the_one_after_it_runs_again(self, overdue: list[int], sessions: Sessions) -> None:
        sweeps.tick(sessions, now=DUE)

        assert not sweeps.tick(sessions, now=DUE).skipped

    def test_a_round_that_broke_holds_nobody_up(self, city: Session, sessions: Sessions, database_url: str) -> None:
        with pytest.raises(ZeroDivisionError), sweeps.one_round(sessions):
            raise ZeroDivisionError

        (next_one,) = in_processes(1, lambda sessions, _: sweeps.tick(sessions, now=DUE), url=database_url)
        assert not next_one.skipped

    def test_with_its_lock_lost_both_rounds_share_the_work(
        self, city: Session, overdue: list[int], sessions: Sessions
    ) -> None:
        long = LongRound(sessions)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(long)
            assert long.under_way.wait(SECONDS)
            lose_the_lock(city)
            second = sweeps.tick(sessions, now=DUE)
            long.go_on.set()

            assert (second.skipped, second.due) == (False, len(overdue))
            assert first.result(SECONDS).due == 0
        assert trails(city) == {"escalate E2, escalate E3": len(overdue)}
        assert is_sealed(city)


def lose_the_lock(session: Session) -> None:
    """End the connection that holds the lock of the round, as a restart of the database would."""
    query = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    ended = rows(session, query, key=sweeps.TICK_LOCK)
    assert ended == [(True,)]


def committed(work: Callable[[Session], object]) -> Callable[[Sessions, int], object]:
    def run(sessions: Sessions, _: int) -> object:
        with sessions() as session:
            done = work(session)
            session.commit()
        return done

    return run


class TestSeveralRunsOfOneSlot:
    def test_a_round_is_done_once(self, city: Session, overdue: list[int], database_url: str) -> None:
        in_processes(RUNS, lambda sessions, _: sweeps.tick(sessions, now=DUE), url=database_url)

        assert trails(city) == {"escalate E2, escalate E3": len(overdue)}

    def test_the_daily_list_is_written_once(self, city: Session, overdue: list[int], database_url: str) -> None:
        written = in_processes(
            RUNS, committed(lambda session: digests.daily_digest(session, now=MORNING)), url=database_url
        )

        lists = "SELECT count(*), count(DISTINCT person_code) FROM message WHERE kind = 'daily_digest'"
        assert rows(city, lists) == [(sum(written), sum(written))]

    def test_the_bulletin_is_drafted_once(self, city: Session, overdue: list[int], database_url: str) -> None:
        now = at("2026-11-16 08:10")
        ids = in_processes(
            RUNS,
            committed(lambda session: drafted(session, now=now).id),
            url=database_url,
        )

        assert len(set(ids)) == 1
        assert value(city, "SELECT count(*) FROM publication") == 1
        assert value(city, "SELECT count(*) FROM bulletin_row") == len(overdue)

    def test_a_day_is_sealed_once(self, city: Session, overdue: list[int], database_url: str) -> None:
        sealed = in_processes(
            RUNS, committed(lambda session: seal.seal_day(session, now=MORNING) is not None), url=database_url
        )

        assert sealed.count(True) == 1
        assert is_sealed(city)

    def test_an_alarm_is_raised_once(self, city: Session, overdue: list[int], database_url: str) -> None:
        def alarm(sessions: Sessions, n: int) -> None:
            late = DUE + timedelta(hours=1, seconds=n)
            with sessions() as session:
                watch.alarm(session, watch.look(session, now=late), now=late)
                session.commit()

        in_processes(RUNS, alarm, url=database_url)

        assert value(city, "SELECT count(*) FROM message WHERE kind = 'watchdog'") == 2

    def test_each_event_is_handed_on_once(self, city: Session, database_url: str) -> None:
        relay.next_events(city)
        city.commit()
        many(city, 300, state="found")

        def hand_on(sessions: Sessions, _: int) -> list[int]:
            got: list[int] = []
            for _turn in range(40):
                with sessions() as session:
                    got += [event.id for event in relay.next_events(session, batch=20)]
                    session.commit()
            return got

        handed = in_processes(RUNS, hand_on, url=database_url)

        assert sorted(chain(*handed)) == [key for (key,) in rows(city, "SELECT id FROM issue_event ORDER BY id")]
