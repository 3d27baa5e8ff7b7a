"""Two transactions, one after the other or in each other's way: the first does not commit before the second waits."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from models.errors import DubanError
from services.sweeps import Sessions

SECONDS, LOOKS_A_SECOND = 30, 200


class Unhurried(Session):
    """Says when it is about to commit, and commits when it may."""

    def commit(self) -> None:
        self.info["ready"].set()
        assert self.info["go"].wait(SECONDS)
        super().commit()


@dataclass(frozen=True)
class Course:
    """Where two meet. Each is given the sessions that it is to use."""

    engine: Engine
    sessions: Sessions

    def one_after_the_other(
        self, first: Callable[[Sessions], object], second: Callable[[Sessions], object]
    ) -> list[str | None]:
        """The first comes as far as its commit; when the second has finished or waits for it, it commits."""
        ready, go = Event(), Event()

        def unhurried() -> Session:
            return Unhurried(self.engine, expire_on_commit=False, info={"ready": ready, "go": go})

        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(refusal, first, unhurried)
            until(lambda: ready.is_set() or one.done())
            other = pool.submit(refusal, second, self.sessions)
            until(lambda: other.done() or self.somebody_waits())
            go.set()
            return [one.result(SECONDS), other.result(SECONDS)]

    def somebody_waits(self) -> bool:
        """Whether a transaction waits for another."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        with self.engine.connect() as connection:
            return bool(connection.execute(text(query)).scalar_one())


def until(condition: Callable[[], Any]) -> None:
    """Wait for something to come about. Raises TimeoutError."""
    for _ in range(SECONDS * LOOKS_A_SECOND):
        if condition():
            return
        time.sleep(1 / LOOKS_A_SECOND)
    raise TimeoutError


def refusal(work: Callable[[Sessions], object], sessions: Sessions) -> str | None:
    """The code of the refusal; None when it is done. Anything else than a refusal is a fault, and is raised."""
    try:
        work(sessions)
    except DubanError as error:
        return error.code
    return None
