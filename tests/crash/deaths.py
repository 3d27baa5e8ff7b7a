"""Starting a victim, seeing that it died where it should, and waiting until the database has noticed."""

import os
import signal
import subprocess
import sys
import time

import psycopg
from sqlalchemy import make_url

from runtime.settings import PROJECT
from tests.crash.works import Job

NAME = "duban-victim"
PATIENCE = 60.0


def dies(work: str, job: Job, *, point: str, nth: int = 1) -> None:
    """Do the work in a process that dies there. Fails when it went past the point, or never came to it."""
    died(start(work, job, point=point, nth=nth), job, where=f"{point!r} ({nth})")


def died(process: "subprocess.Popen[str]", job: Job, *, where: str) -> None:
    """Wait for its death, and until nothing is left of it. Fails when it lived."""
    try:
        said, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == -signal.SIGKILL, f"{where} was not reached: {process.returncode}\n{said}"
    bury(job)


def start(work: str, job: Job, *, point: str | None = None, nth: int = 1) -> "subprocess.Popen[str]":
    """The process of a victim."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.victim", work, *_words(job, point, nth)],
        cwd=PROJECT,
        env={**os.environ, "PGAPPNAME": NAME},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _words(job: Job, point: str | None, nth: int) -> list[str]:
    words = ["--url", job.url, "--now", job.now.isoformat(), "--nth", str(nth)]
    given = {"--point": point, "--home": job.home, "--smtp": job.smtp}
    return [
        *words,
        *(str(part) for name, value in given.items() if value for part in (name, value)),
        "--typed",
        *job.typed,
    ]


def bury(job: Job) -> None:
    """Wait until the database has let go of what the dead process held."""
    until = time.monotonic() + PATIENCE
    where = make_url(job.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(where, autocommit=True) as session:
        while _still_there(session):
            assert time.monotonic() < until, "the database still holds on to a dead client"
            time.sleep(0.02)


def _still_there(session: psycopg.Connection) -> bool:
    query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s)"
    row = session.execute(query, (NAME,)).fetchone()
    return bool(row and row[0])
