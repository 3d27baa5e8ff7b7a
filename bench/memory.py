"""Memory of the whole running system: `duban up` in a folder of its own, at rest and under load, by kind of process.

PSS from /proc/*/smaps_rollup: what processes share counts once, divided among them, so that the sum is what the machine
really gives. The load: two thousand issues of the example city, half a month that passes in a minute, readers of the
page.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import psutil
from sqlalchemy import text
from sqlmodel import Session

from models.lifecycle import Action
from runtime import clock
from runtime.database import make_engine, open_database
from runtime.settings import PROJECT, Settings
from services import issues, people
from services.findings import Finding

UP = "from deployments.supervise import up; from runtime.settings import load_settings; up(load_settings())"
KINDS = (
    # a word of the command line, what it is
    ("postgres", "PostgreSQL"),
    ("prefect_server", "Prefect's server"),
    ("deployments.serve", "flow server"),
    ("web", "web page"),
    ("prefect", "a flow's run"),
    ("deployments", "up itself"),
)
ISSUES, BATCH = 2_000, 200
SETTLES, LOAD = 60.0, 90.0
"""Seconds: until it is at rest after the start; of load."""
MEGABYTE = 1024 * 1024


def main(settles: float = SETTLES, load: float = LOAD) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder, _running(Path(folder)) as (process, settings):
        time.sleep(settles)
        at_rest = _highest(process, settings, seconds=20)
        yield from _shown("at rest", at_rest)
        with _load(settings) as once:
            loaded = _highest(process, settings, seconds=load, meanwhile=once)
        yield from _shown("under load, highest", loaded)


def _shown(when: str, kinds: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    for kind, megabytes in sorted(kinds.items(), key=lambda item: -item[1]):
        if kind != "all":
            yield f"{when}: {kind}", f"{megabytes:.0f} MB"
    yield f"{when}: all", f"{kinds['all']:.0f} MB"


@contextmanager
def _running(folder: Path) -> Iterator[tuple[psutil.Process, Settings]]:
    """The whole system, stopped at the end as Ctrl-C stops it."""
    web, prefect = _free_ports()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_"))}
    own = {"DUBAN_HOME": str(folder), "DUBAN_WEB_PORT": str(web), "DUBAN_PREFECT_PORT": str(prefect)}
    process = subprocess.Popen(
        [sys.executable, "-c", UP],
        env={**kept, **own, "DUBAN_LANG": "en", "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _wait_until_up(process)
        yield psutil.Process(process.pid), Settings(home=folder, web_port=web, prefect_port=prefect)
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=90)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait_until_up(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Stop:" in line:
            return
    raise RuntimeError("duban up ended: " + "".join(said))


def _highest(
    process: psutil.Process, settings: Settings, *, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> dict[str, float]:
    """Of each kind the most it ever took, and of the sum; looked at about twice a second."""
    highest: dict[str, float] = defaultdict(float)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        meanwhile()
        for kind, megabytes in _by_kind(process, settings).items():
            highest[kind] = max(highest[kind], megabytes)
        time.sleep(0.4)
    return highest


def _by_kind(process: psutil.Process, settings: Settings) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for one in _processes(process, settings):
        with suppress(psutil.Error, OSError):
            megabytes = _pss(one.pid)
            found[_kind(" ".join(one.cmdline()))] += megabytes
            found["all"] += megabytes
    return found


def _processes(process: psutil.Process, settings: Settings) -> list[psutil.Process]:
    """`up` with all that descends from it, and PostgreSQL, which is nobody's child."""
    found = {one.pid: one for one in (process, *process.children(recursive=True))}
    with suppress(psutil.Error, OSError, ValueError):
        written = (settings.home / "postgres" / "data" / "postmaster.pid").read_text("utf-8")
        server = psutil.Process(int(written.split("\n", 1)[0]))
        found |= {one.pid: one for one in (server, *server.children(recursive=True))}
    return list(found.values())


def _kind(command: str) -> str:
    return next((kind for word, kind in KINDS if word in command), "other")


def _pss(pid: int) -> float:
    """Megabytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / MEGABYTE
    return 0.0


@contextmanager
def _load(settings: Settings) -> Iterator[Callable[[], None]]:
    """What is done once per look: first a batch of issues, then some hours pass; and the page is read."""
    lot, made = Random(3), 0
    database = open_database(settings)  # joins the running one
    engine = make_engine(database.url)

    def once() -> None:
        nonlocal made
        with Session(engine) as session:
            if made < ISSUES:
                made += BATCH
                _register(session, lot)
            else:
                clock.forward(session, timedelta(hours=3))
            session.commit()
        for _ in range(5):
            httpx.get(f"http://127.0.0.1:{settings.web_port}/", trust_env=False, timeout=30)

    try:
        yield once
    finally:
        engine.dispose()
        database.stop()


def _register(session: Session, lot: Random) -> None:
    now = clock.now(session)
    points = session.connection().execute(text("SELECT code FROM point WHERE NOT closed")).scalars().all()
    holder = "SELECT min(person_code) FROM tenure WHERE post_code = '5103:office' AND valid_to IS NULL"
    by = people.actor(session, session.connection().execute(text(holder)).scalar_one(), now=now)
    findings = [Finding("垃圾桶满溢", point=lot.choice(points), severity="S3") for _ in range(BATCH)]
    made = issues.find(session, findings=findings, by=by, now=now)
    issues.act_on_all(session, Action.ASSIGN, [outcome.issue_id or 0 for outcome in made], by, now)
