"""Doing to a real PostgreSQL what a bad night does: it dies, comes back, stops answering."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import Engine, event

from runtime import postgres_programs as programs
from runtime.cluster import Cluster, _postmaster, hold
from tests.bed import FAST, SMALL

# What is committed must survive the death of the server (not that of the machine: fsync stays off).
OPTIONS = FAST | SMALL | {"max_connections": "60", "synchronous_commit": "on"}


@dataclass(frozen=True)
class Server:
    """The server behind a cluster."""

    cluster: Cluster

    @property
    def sockets(self) -> Path:
        return self.cluster.socket_folder

    @property
    def postmaster(self) -> psutil.Process | None:
        number = _postmaster(self.cluster.folder / "data")
        return None if number is None else psutil.Process(number)

    def die(self) -> None:
        """As after a fault of its own: no goodbye to anybody, recovery at the next start."""
        data = self.cluster.folder / "data"
        programs.run("pg_ctl", ["-D", str(data), "-s", "-w", "-m", "immediate", "stop"], folder=self.cluster.folder)

    def start(self) -> None:
        hold(self.cluster.folder, options=OPTIONS).release()

    def restart(self) -> None:
        self.die()
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Alive, and silent: neither the server nor any of its children gets to do anything."""
        stopped = self._signal_all(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in stopped:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGCONT)

    def stand_up(self) -> None:
        self._signal_all(signal.SIGCONT)
        self.start()

    def _signal_all(self, number: int) -> list[psutil.Process]:
        top = self.postmaster
        processes = [top, *top.children(recursive=True)] if top else []
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        return processes


@contextmanager
def before(moment: str, engine: Engine | type[Engine], act: Callable[[], None]) -> Iterator[list[str]]:
    """Do something once, just before a commit, a COPY, or a statement that begins with these words is sent.

    Yields what has been seen of the kind.
    """
    seen: list[str] = []

    def look(*details: Any) -> None:
        statement = str(details[2]).lstrip() if len(details) > 2 else "COMMIT"
        if statement.startswith(moment) and not seen:
            seen.append(statement)
            act()

    def copy(cursor: Any, statement: Any, *more: Any, **options: Any) -> Any:
        look(None, None, "COPY")
        return plain_copy(cursor, statement, *more, **options)

    plain_copy = psycopg.Cursor.copy
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "copy", copy)
        for name in ("before_cursor_execute", "commit"):
            event.listen(engine, name, look)
        try:
            yield seen
        finally:
            for name in ("before_cursor_execute", "commit"):
                event.remove(engine, name, look)
