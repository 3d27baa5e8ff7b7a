"""A monthly bulletin: draft with its rows, page, Word file, annex; of a month of a city's year, and of a year.

A year is 30,000 issues of 1,100 units. "A year in a month" is what no city has: all of them fall due in November.
Memory is what Python takes at most while an annex of so many rows is written.
"""

import asyncio
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from bench.bed import a_bed
from bench.scoring_rows import fill
from models.bulletin import BulletinRow
from models.publication import Publication, PublicationKind, PublicationState
from models.rights import SYSTEM
from runtime.settings import Settings
from services.bulk import table_of
from services.bulletins.drafting import draft
from services.bulletins.files import WORD, Press, made
from services.exports.bulletin_excel import write_annex
from services.papers.stationery import Stationery
from tests.cast import OFFICE, at
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in
from web.app import create_app

ISSUES = 30_000
NOW = at("2026-12-03 08:14")
IN_A_MONTH = (
    "SET session_replication_role = replica",
    "UPDATE issue SET due_at = timestamptz '2026-11-02' + id % 27 * interval '1 day',"
    " submitted_at = timestamptz '2026-11-01' + id % 29 * interval '1 day',"
    " closed_at = timestamptz '2026-11-01' + id % 29 * interval '1 day'",
    "UPDATE issue_event SET at = timestamptz '2026-11-01' + issue_id % 27 * interval '1 day'",
    "SET session_replication_role = origin",
)
ANNEXES = (3_000, 30_000, 100_000)
COLUMNS = ", ".join(
    column.name for column in table_of(BulletinRow).columns if column.name not in ("id", "publication_id")
)
AGAIN = (
    "DELETE FROM bulletin_row WHERE publication_id = :key",
    f"INSERT INTO bulletin_row (publication_id, {COLUMNS}) SELECT :key, {COLUMNS}"
    " FROM (SELECT * FROM of_it WHERE publication_id = :key) o, generate_series(1, 4) LIMIT :size",
)
Found = TypeVar("Found")


def main() -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    with a_bed() as bed:
        engine = bed.fresh("bulletins")
        fill(engine, issues=ISSUES, rounds=1)
        yield from _measured(engine, "a month of 30,000 a year")
        with Session(engine) as session:
            for statement in IN_A_MONTH:
                session.connection().execute(text(statement))
            session.connection().execute(text("UPDATE publication SET state = 'withdrawn'"))
            session.commit()
        yield from _measured(engine, "a year in a month")
        yield from _annexes(engine)


def _measured(engine: Engine, what: str) -> Iterator[tuple[str, str]]:
    with Session(engine) as session, tempfile.TemporaryDirectory() as folder:
        set_clock(session, NOW)
        row, drafting = _timed(lambda: _draft(session))
        rows = session.connection().execute(text("SELECT count(*) FROM bulletin_row"))
        _, word = _timed(lambda: made(session, row, WORD, press=Press(Stationery(), Path(folder))))
        annex = Path(folder) / "annex.xlsx"
        _, excel = _timed(lambda: _annex(session, row, annex))
        _, page = _timed(lambda: asyncio.run(_page(engine, session, row, Path(folder))))
        units = len(row.content["units"])
        yield f"{what}: {rows.scalar_one():,} rows, {units:,} units", f"{drafting + word + excel + page:.1f} s in all"
        yield "  draft: count, rank, rows and all that stands beside", f"{drafting:.2f} s"
        yield "  page, the application's start included", f"{page:.2f} s"
        yield "  Word file", f"{word:.2f} s"
        yield f"  annex for Excel, {annex.stat().st_size / 1024:,.0f} kB", f"{excel:.2f} s"


def _annexes(engine: Engine) -> Iterator[tuple[str, str]]:
    """Of the newest draft, with its rows over and over."""
    before = None
    with Session(engine) as session, tempfile.TemporaryDirectory() as folder:
        row = session.exec(select(Publication).where(Publication.state == PublicationState.DRAFT)).one()
        session.connection().execute(text("CREATE TEMPORARY TABLE of_it ON COMMIT DROP AS SELECT * FROM bulletin_row"))
        for size in ANNEXES:
            for statement in AGAIN:
                session.connection().execute(text(statement), {"key": row.id, "size": size})
            path = Path(folder) / "annex.xlsx"
            write = partial(_annex, session, row, path)
            took, peak = _timed(write)[1], _peak(write)
            growth = f"; {took / before[0]:.1f} and {peak / before[1]:.2f} times" if before else ""
            yield f"annex of {size:,} rows: time, memory at most", f"{took:.2f} s, {peak:.1f} MB{growth}"
            before = took, peak


def _draft(session: Session) -> Publication:
    found = draft(session, PublicationKind.MONTHLY, on=date(2026, 12, 1), by=SYSTEM, now=NOW).publication
    session.commit()
    return found


def _annex(session: Session, row: Publication, path: Path) -> None:
    write_annex(session, path, publication_id=row.id or 0, content=row.content, lang="zh-CN")


async def _page(engine: Engine, session: Session, row: Publication, home: Path) -> None:
    url = engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=SecretStr(url), home=home))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://duban") as client,
    ):
        log_in(session, client, OFFICE)
        answer = await client.get(f"/bulletins/{row.id}")
        answer.raise_for_status()


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    begun = time.perf_counter()
    done = work()
    return done, time.perf_counter() - begun


def _peak(work: Callable[[], object]) -> float:
    """Megabytes; measured by itself, for counting takes time."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1024 / 1024
    finally:
        tracemalloc.stop()
