"""Shorthand for these tests: many issues, many workers at the same moment, and what must hold afterwards.

Workers are real processes where a process could make a difference; threads with sessions of their own elsewhere.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from runtime.database import make_engine, session_factory
from services import issues, seal
from services.findings import Finding
from services.sweeps import Sessions
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, who

PATIENCE = 100  # seconds until a worker that does not come back is given up
PAGE = 1000
_fork = multiprocessing.get_context("fork")  # what starts anew would spend longer on imports than on its work


def many(session: Session, count: int, *, state: str = "assigned", now: datetime = MONDAY, **finding: Any) -> list[int]:
    """So many like issues in a state up to rectifying, through the services in bulk; committed."""
    given = {"description": "垃圾桶满溢", "point": "P-0001", "standard": "01-01", **finding}
    inspector, office, handler = (who(session, code, now=now) for code in (INSPECTOR, OFFICE, HANDLER))
    keys: list[int] = []
    for start in range(0, count, PAGE):
        several = [Finding(**given)] * min(PAGE, count - start)
        page = [outcome.issue_id for outcome in issues.find(session, findings=several, by=inspector, now=now)]
        if state != "found":
            issues.assign(session, issue_ids=page, by=office, now=now, to="D-CGJ")
        if state == "rectifying":
            issues.sign_in(session, issue_ids=page, by=handler, now=now)
        session.commit()
        keys += page
    return keys


def in_processes(count: int, work: Callable[[Sessions, int], Any], *, url: str) -> list[Any]:
    """What each of so many processes, started at one moment, brought back. An error in one is raised here."""
    barrier = _fork.Barrier(count)
    pipes = [_fork.Pipe(duplex=False) for _ in range(count)]
    workers = [_fork.Process(target=_worker, args=(work, n, url, barrier, write)) for n, (_, write) in enumerate(pipes)]
    for worker in workers:
        worker.start()
    answers = [read.recv() if read.poll(PATIENCE) else ("it never came back", None) for read, _ in pipes]
    for worker in workers:
        worker.join(5)
        worker.kill()
    assert [error for error, _ in answers if error] == []
    return [answer for _, answer in answers]


def _worker(work: Callable[[Sessions, int], Any], n: int, url: str, barrier: Any, answer: Any) -> None:
    engine = make_engine(url)
    try:
        with engine.connect():  # connected before the start, so that they really run side by side
            barrier.wait(PATIENCE)
        answer.send((None, work(session_factory(engine), n)))
    except Exception:  # noqa: BLE001 - whatever it was, the test shows it
        answer.send((traceback.format_exc(), None))
    finally:
        engine.dispose()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of these threads, started at one moment, brought back: a value, or the exception that it raised."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait(PATIENCE)
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the test judges it
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def alone(sessions: Sessions, verb: Callable[..., Any], *arguments: Any, by: str, **more: Any) -> Callable[[], Any]:
    """A verb by somebody in a transaction of its own, to be called later. `now` is taken from the keywords."""

    def call() -> Any:
        with sessions() as session:
            done = verb(session, *arguments, by=who(session, by, now=more["now"]), **more)
            session.commit()
            return done

    return call


def rows(session: Session, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """What the database says now."""
    session.rollback()
    return [tuple(row) for row in session.connection().execute(text(query), values)]


def value(session: Session, query: str, **values: Any) -> Any:
    """The one value that the database says now."""
    ((one,),) = rows(session, query, **values)
    return one


def trails(session: Session, *, skip: Sequence[str] = ("find", "assign", "sign_in")) -> dict[str, int]:
    """Every course that the issues took, as one line of its events, and how many took it."""
    query = (
        "SELECT trail, count(*) FROM"
        " (SELECT string_agg(action || coalesce(' ' || step, ''), ', ' ORDER BY seq) AS trail FROM issue_event"
        "  WHERE action <> ALL(:skip) GROUP BY issue_id) t GROUP BY trail"
    )
    return dict(rows(session, query, skip=list(skip)))


def deadlocks(session: Session) -> int:
    """How often the database had to break a ring of waiting transactions. The workers have ended."""
    session.connection().execute(text("SELECT pg_stat_force_next_flush()"))
    return int(value(session, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))


def is_sealed(session: Session) -> bool:
    """Whether the whole record verifies."""
    session.rollback()
    seen = seal.verify(seal.record_lines(session))
    return seen.alteration is None and seen.events > 0
