"""Pages at 10,000 and at 1,000,000 issues, through the whole application; then two hundred people on two workers.

First one request after the other, as five people of different rank, every page in turn with all others: the time from
the request to the last byte of the answer, without any network. Then two worker processes on loopback, with people who
look at a page every few seconds, and with people who never pause. Whoever asks shares the machine with who answers.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.types import ASGIApp

from bench.bed import a_database
from bench.crowd import multiply
from bench.queries import SIZES, Measured, _count, load_with_samples
from bench.town import a_town_database
from runtime import clock
from runtime.settings import PROJECT, Settings
from services import sessions
from services.sessions import Method
from web.app import create_app
from web.login import COOKIE

TURNS = 8
PEOPLE, PAUSE, SECONDS = 200, 5.0, 20.0
"""How many look, how long each thinks between two pages (seconds, on average), and for how long this is watched."""
ROLES = {"city office": "5103:office", "district office": "510302:office", "unit": "D-CGJ:direct_leader"}
ROLES |= {"handler": "D-CGJ:handler", "inspector": "5103:inspector"}
URLS: Mapping[str, Sequence[str]] = {
    "lists": (
        *("/issues", "/issues?open=1", "/issues?overdue=1", "/issues?soon=1", "/issues?late=1", "/issues?state=closed"),
        *(
            "/issues?open=1&sort=due",
            "/issues?sort=step",
            "/issues?severity=S1&sort=severity",
            "/issues?step=E3&open=1",
        ),
        *("/issues?unit=D-CGJ", "/issues?area=510302", "/issues?category=12", "/issues?source=covert&state=closed"),
        *("/issues?mine=found", "/issues?mine=handled", "/issues?from=2026-01-01&to=2026-01-31"),
    ),
    "search": (
        "/issues?q=垃圾",
        "/issues?q=白鹭",
        "/issues?q=龘",
        "/issues?q=公平秤未校准",
        "/issues?q=0004321",
        "/issues?q=并不存在",
    ),
    "issue": (),
    "map": (
        *("/map", "/map/points.json?bbox=104,28,106,30&zoom=10", "/map/points.json?bbox=104.7,29.3,104.8,29.4&zoom=14"),
        "/map/points.json?bbox=104,28,106,30&zoom=10&state=closed",
    ),
    "boards": ("/boards", "/boards?area=510302", "/boards?area=510302001", "/boards?unit=D-CGJ", "/boards/wall"),
    "my work": ("/desk",),
}


@dataclass(frozen=True)
class Visitor:
    """Somebody who is logged in."""

    role: str
    token: str


def main(sizes: Sequence[int] = SIZES) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    before: Mapping[str, Measured] = {}
    with a_database() as fresh, a_town_database(fresh, "pages") as engine:
        load_with_samples(engine)
        with Session(engine) as session:
            now = clock.now(session)
        for size in sizes:
            multiply(engine, to=size, until=now)
            _count(engine)
            visitors, urls = _visitors(engine), _urls(engine)
            measured = asyncio.run(_one_by_one(engine, visitors, urls))
            for kind, one in measured.items():
                growth = f"; median {one.median / before[kind].median:.1f} ×" if kind in before else ""
                slow, which = one.worst
                figure = f"{one.p95:.0f} ms, median {one.median:.0f}{growth} (slowest: {which}, {slow:.0f} ms)"
                yield f"{kind} at {size:,}: 95 % under", figure
            before = measured
        yield from _crowded(engine, visitors, urls, sizes[-1])


def _visitors(engine: Engine) -> list[Visitor]:
    query = text("SELECT person_code FROM tenure WHERE post_code = :post AND valid_to IS NULL ORDER BY id LIMIT 1")
    found = []
    with Session(engine) as session:
        for role, post in ROLES.items():
            person = session.connection().execute(query, {"post": post}).scalar()
            if person is not None:
                now = clock.true_now(session)
                token = sessions.open_session(session, person, method=Method.DEMO, device="bench", now=now)
                found.append(Visitor(role, token))
        session.commit()
    return found


def _urls(engine: Engine) -> dict[str, Sequence[str]]:
    query = text("SELECT number FROM issue WHERE lead_unit = 'D-CGJ' AND area_path LIKE '5103/510302%'")
    with engine.connect() as connection:
        numbers = list(connection.execute(text(f"{query.text} ORDER BY id DESC LIMIT 6")).scalars())
    return {**URLS, "issue": [f"/issues/{number}" for number in numbers]}


@asynccontextmanager
async def _application(engine: Engine) -> AsyncIterator[ASGIApp]:
    with tempfile.TemporaryDirectory() as home:
        url = SecretStr(engine.url.render_as_string(hide_password=False))
        app = create_app(Settings(database_url=url, home=Path(home), lang="zh-CN"))
        async with app.router.lifespan_context(app):
            yield app


async def _one_by_one(
    engine: Engine, visitors: Sequence[Visitor], urls: Mapping[str, Sequence[str]]
) -> dict[str, Measured]:
    found = {kind: Measured({}) for kind in urls}
    async with _application(engine) as app:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://duban") as client:
            for turn in range(TURNS + 1):
                for kind, of_kind in urls.items():
                    for visitor in visitors:
                        for url in of_kind:
                            taken = await _ask(client, visitor, url)
                            if turn and taken is not None:  # the first turn warms up
                                found[kind].taken.setdefault(f"{url} as {visitor.role}", []).append(taken)
    return {kind: one for kind, one in found.items() if one.taken}


async def _ask(client: httpx.AsyncClient, visitor: Visitor, url: str) -> float | None:
    """Milliseconds; None for a page that is not for this visitor."""
    start = time.perf_counter()
    answer = await client.get(url, cookies={COOKIE: visitor.token}, headers={"Accept-Encoding": "gzip"})
    taken = (time.perf_counter() - start) * 1000
    if answer.status_code in (403, 404):
        return None
    if answer.status_code != 200:
        raise RuntimeError(f"{url} as {visitor.role}: {answer.status_code}")
    return taken


def _crowded(
    engine: Engine, visitors: Sequence[Visitor], urls: Mapping[str, Sequence[str]], size: int
) -> Iterator[tuple[str, str]]:
    every = [(visitor, url) for visitor in visitors for of_kind in urls.values() for url in of_kind]
    with _workers(engine) as address:
        for pause in (PAUSE, 0.0):
            taken, failed = asyncio.run(_look(address, every, pause))
            people = f"{PEOPLE} people, " + (f"a page every {pause:.0f} s each" if pause else "without any pause")
            spread = Measured({"all": taken})
            times = f"median {spread.median:.0f} ms, 95 % under {spread.p95:.0f} ms"
            figure = f"{len(taken) / SECONDS:.0f} pages a second; {times}; {failed} failed"
            yield f"2 workers at {size:,}: {people}", figure


@contextmanager
def _workers(engine: Engine) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        url = engine.url.render_as_string(hide_password=False)
        given = {"DUBAN_DATABASE_URL": url, "DUBAN_HOME": home, "DUBAN_LANG": "zh-CN"}
        command = [sys.executable, "-m", "uvicorn", "bench.pages:application", "--factory", "--workers", "2"]
        options = ["--port", str(port), "--log-level", "error"]
        server = subprocess.Popen(
            [*command, *options], cwd=PROJECT, env={**os.environ, **given}, start_new_session=True
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def application() -> ASGIApp:
    """What each worker serves."""
    return create_app(Settings())


def _wait_for(url: str) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the workers do not answer")


async def _look(address: str, every: Sequence[tuple[Visitor, str]], pause: float) -> tuple[list[float], int]:
    limits = httpx.Limits(max_connections=PEOPLE, max_keepalive_connections=PEOPLE)
    taken: list[float] = []
    failed = 0
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60, trust_env=False) as client:
        end = time.perf_counter() + SECONDS

        async def person(number: int) -> None:
            nonlocal failed
            chance = random.Random(number)
            await asyncio.sleep(chance.uniform(0, pause))
            while time.perf_counter() < end:
                visitor, url = chance.choice(every)
                try:
                    one = await _ask(client, visitor, url)
                except (RuntimeError, httpx.HTTPError):
                    failed += 1
                else:
                    taken.extend([one] if one is not None else [])
                await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)

        await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    return taken, failed
