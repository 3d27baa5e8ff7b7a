"""Starting a victim, seeing that it died where it should, and waiting until the database has noticed."""

import signal
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.crash.victim import NAME, live
from tests.crash.works import Job
from tests.nursery import born

PATIENCE = 60.0


@dataclass(frozen=True)
class Victim:
    """A process, and the file of what it says."""

    process: ForkServerProcess
    said: Path

    def kill(self) -> None:
        self.process.kill()


def dies(work: str, job: Job, *, point: str, nth: int = 1) -> None:
    """Do the work in a process that dies there. Fails when it went past the point, or never came to it."""
    died(start(work, job, point=point, nth=nth), job, where=f"{point!r} ({nth})")


def died(victim: Victim, job: Job, *, where: str) -> None:
    """Wait for its death, and until nothing is left of it. Fails when it lived."""
    victim.process.join(PATIENCE)
    ended = victim.process.exitcode
    victim.kill()
    said = victim.said.read_text()
    victim.said.unlink()
    assert ended == -signal.SIGKILL, f"{where} was not reached: {ended}\n{said}"
    bury(job)


def start(work: str, job: Job, *, point: str | None = None, nth: int = 1) -> Victim:
    """The process of a victim."""
    with tempfile.NamedTemporaryFile(delete=False) as said:
        path = Path(said.name)
    return Victim(born(live, work, job, point, nth, said=path), path)


def bury(job: Job) -> None:
    """Wait until the database has let go of what the dead process held."""
    until = time.monotonic() + PATIENCE
    while is_there(job):
        assert time.monotonic() < until, "the database still holds on to a dead client"
        time.sleep(0.02)


def is_there(job: Job, *, waiting: bool = False) -> bool:
    """Whether the server still serves a victim there; `waiting`: one that waits for a lock."""
    where = make_url(job.url).set(drivername="postgresql").render_as_string(hide_password=False)
    query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
    with psycopg.connect(where, autocommit=True) as session:
        more = " AND wait_event_type = 'Lock')" if waiting else ")"
        return session.execute(query + more, (NAME,)).fetchone() == (True,)
