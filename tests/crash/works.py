"""The works that are struck, each as the system does it. The victim and the test that repeats it call the same.

Each imports what it needs by itself; victims are forked from a process that has imported it (`tests.nursery`).
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from sqlmodel import Session

from runtime.database import make_engine, session_factory

FEW = 2  # rows in a batch, so that a few rows are several batches


@dataclass(frozen=True)
class Job:
    """Where and when a work is done. `typed`: the words of a command. `smtp`: the mail server's URL."""

    url: str
    now: datetime
    home: Path | None = None
    smtp: str | None = None
    typed: tuple[str, ...] = ()


@contextmanager
def _sessions(job: Job) -> Iterator[Callable[[], Session]]:
    engine = make_engine(job.url)
    try:
        yield session_factory(engine)
    finally:
        engine.dispose()


def tick(job: Job) -> None:
    """One round over all stages."""
    from services import sweeps

    with _sessions(job) as sessions:
        assert not sweeps.tick(sessions, now=job.now, batch=FEW).skipped


def send(job: Job) -> None:
    """Everything that is due in the outbox, a few at a time."""
    from notifications.channels import Gateways, open_channels
    from notifications.delivery import deliver

    channels = open_channels(Gateways(smtp_url=job.smtp))
    with _sessions(job) as sessions:
        while deliver(sessions, now=lambda: job.now, channels=channels, limit=FEW).claimed:
            pass
    channels.close()


def send_all(job: Job) -> None:
    """Everything that is due in the outbox, in one go."""
    from notifications.channels import Gateways, open_channels
    from notifications.delivery import deliver

    channels = open_channels(Gateways(smtp_url=job.smtp))
    with _sessions(job) as sessions:
        deliver(sessions, now=lambda: job.now, channels=channels)
    channels.close()


def pass_up(job: Job) -> None:
    """What reached nobody goes up."""
    from services import reach

    with _sessions(job) as sessions, sessions() as session:
        reach.pass_up(session, now=job.now)
        session.commit()


def look(job: Job) -> None:
    """What was handed in is drawn anew and compared."""
    from services import developing

    assert job.home
    with _sessions(job) as sessions, sessions() as session:
        developing.look(session, job.home / "evidence", now=job.now)
        session.commit()


def upload(job: Job) -> None:
    """A photo in two pieces, as a phone sends it: it asks first how far it has come."""
    from services import upload_parts, uploads
    from tests.cast import HANDLER

    assert job.home
    (key,), folder, data = job.typed, job.home / "uploads", (job.home / "photo.jpg").read_bytes()
    with _sessions(job) as sessions, sessions() as session:
        row = uploads.begin(session, uploads.Wanted(len(data), "a.jpg", key=key), by=HANDLER, now=job.now)
        session.commit()
        if row.finished_at:
            return
        store, zone = job.home / "evidence", "Asia/Shanghai"
        while row.finished_at is None:
            come = upload_parts.offset(folder, key)
            with upload_parts.open_part(folder, key, offset=come, size=len(data)) as part:
                part.write(data[come : come + len(data) // 2 + 1])
                if part.is_whole:
                    uploads.finish(session, row, data=part.file, store=store, zone=zone, now=job.now)
        session.commit()
        upload_parts.drop(folder, key)


def redact(job: Job) -> None:
    """One area of the first photo is made unseen, by the city's office, once."""
    from services import people, redacting
    from tests.cast import OFFICE

    assert job.home
    with _sessions(job) as sessions, sessions() as session:
        who = {"by": people.actor(session, OFFICE, now=job.now), "city": "5103"}
        if redacting.sheet(session, 1, **who).latest == 0:
            areas = [redacting.Area(250, 250, 500, 500)]
            redacting.redact(session, job.home / "evidence", 1, areas=areas, seen=0, now=job.now, **who)
            session.commit()


def keep_view(job: Job) -> None:
    """A filter under a name."""
    from services import saved_views
    from tests.cast import OFFICE

    with _sessions(job) as sessions, sessions() as session:
        saved_views.save_view(session, OFFICE, name="逾期", query="overdue=1", now=job.now)
        session.commit()


def command(job: Job) -> None:
    """A command as it is typed. It may be refused: the second time some of them are."""
    from typer.testing import CliRunner

    from cli.tree import app
    from runtime import clock
    from services.imports import ledger_apply

    given = {"DUBAN_DATABASE_URL": job.url, "DUBAN_HOME": str(job.home), "DUBAN_LANG": "en"}
    standing = patch.object(clock, "system_now", lambda: job.now)
    few = patch.object(ledger_apply, "BATCH", FEW)
    with standing, few, patch.dict("os.environ", given):
        ended = CliRunner().invoke(app, list(job.typed), prog_name="duban")
    sys.stdout.write(ended.output)  # what a test shows when its point was not reached
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception


def night(job: Job) -> None:
    """What a night does for accountability, as the flow of that name does it."""
    from services.accountability.rounds import every_night
    from services.patrols.planning import plan

    with _sessions(job) as sessions, sessions() as session:
        plan(session, now=job.now)
        session.commit()
        every_night(session, now=job.now)
        session.commit()


def chase(job: Job) -> None:
    """Letters that nobody signed for."""
    from services.tasks.chasing import chase as chase_letters

    with _sessions(job) as sessions, sessions() as session:
        chase_letters(session, now=job.now)
        session.commit()


def month(job: Job) -> None:
    """One act upon October's appraisal, as its page does it. `typed`: the act and who."""
    from services import people
    from services.ranking import acting
    from services.ranking.drafting import must_find
    from services.ranking.months import Month
    from services.ranking.view import MonthAct

    act, code = job.typed
    with _sessions(job) as sessions, sessions() as session:
        which, by = Month(2026, 10), people.actor(session, code, now=job.now)
        seen = "" if act == "draft" else must_find(session, which, area_code="5103").content_sha256
        _unless_done(
            lambda: acting.act(session, MonthAct(act), month=which, area_code="5103", by=by, now=job.now, seen=seen)
        )
        session.commit()


def decide(job: Job) -> None:
    """The first appeal is upheld by the headquarters."""
    from models.appeal import AppealOutcome
    from services import people
    from services.ranking import appeals

    with _sessions(job) as sessions, sessions() as session:
        by = people.actor(session, "R00020", now=job.now)
        given = {"outcome": AppealOutcome("upheld"), "reason": "属实", "by": by, "now": job.now}
        _unless_done(lambda: appeals.decide(session, 1, **given))
        session.commit()


def end_survey(job: Job) -> None:
    """The survey is over before its last day."""
    from sqlmodel import select

    from models.survey import SurveyRound
    from services import people
    from services.surveys import starting

    with _sessions(job) as sessions, sessions() as session:
        by, (one,) = people.actor(session, "R00001", now=job.now), session.exec(select(SurveyRound)).all()
        _unless_done(lambda: starting.end(session, one, by=by, why="提前完成", now=job.now))
        session.commit()


def _unless_done(act: Callable[[], object]) -> None:
    """The second time a person is told that it is done already."""
    from models.errors import Refused

    with suppress(Refused):
        act()


WORKS: Mapping[str, Callable[[Job], None]] = {
    work.__name__: work
    for work in (
        *(tick, send, send_all, pass_up, look, upload, redact, keep_view, command),
        *(night, chase, month, decide, end_survey),
    )
}
