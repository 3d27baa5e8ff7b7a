"""The engine against its database: registering, assigning, a round that escalates, a round with nothing to do.

The floor of a round is what PostgreSQL alone needs for the same rows: one UPDATE of the issues, one INSERT … SELECT of
the events, one of the messages, with facts as long as ours.
"""

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.bed import Bed, a_bed, median, seconds
from bench.crowd import copies
from services import issues, sweeps
from services.findings import Finding
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, at, who

DUE, NEXT = at("2026-11-05 17:00"), at("2026-11-06 17:00")
LATER = at("2026-11-10 17:00")
MINUTE = timedelta(minutes=1)
BATCH = 2000
TURNS = 3
FLOOR = (
    "UPDATE issue SET steps_taken = steps_taken | 16, step = 4, step_at = :now, next_step = 'E5',"
    " next_step_at = :later, event_count = event_count + 1, version = version + 1, seal = md5(seal) || md5(number)"
    " WHERE id IN (SELECT id FROM issue WHERE state = 'rectifying' AND next_step_at <= :now"
    "  ORDER BY next_step_at FOR UPDATE)",
    "INSERT INTO issue_event (issue_id, seq, cycle, action, step, from_state, to_state, actor, at, reason, facts,"
    " previous_hash, hash) SELECT id, event_count, cycle, 'escalate', 'E4', state, state, 'system', :now, '',"
    " CAST(:event AS jsonb), seal, seal FROM issue WHERE id BETWEEN :first AND :last",
    "INSERT INTO message (key, kind, issue_id, post_code, area_path, unit_code, why, channels, urgency, facts, state,"
    " not_before, created_at, tries) SELECT i.id || '-' || i.event_count || '-' || p, 'reminder_notice', i.id,"
    " 'D-CGJ:' || p, i.area_path, i.lead_unit, 'E4', '{app,chat,sms,mail}', 3, CAST(:message AS jsonb),"
    " 'pending', :now, :now, 0"
    " FROM issue i, unnest(ARRAY['deputy_leader', 'direct_leader']) p WHERE i.id BETWEEN :first AND :last",
)


def main(sizes: tuple[int, ...] = (1_000, 10_000, 100_000)) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure. `sizes`: how many escalate; ten times as many are open."""
    with a_bed() as bed:
        yield from _fill(bed.fresh("real"), 10_000)
        for size in sizes:
            yield from _round(bed, size)
        yield from _idle(bed, tuple(10 * size for size in sizes))


def _fill(engine: Engine, count: int) -> Iterator[tuple[str, str]]:
    """Register and assign, found at a different minute each batch; then let them all become overdue."""
    register, assign, sign_in = [], [], []
    for start in range(0, count, BATCH):
        now = MONDAY + start // BATCH * MINUTE
        with Session(engine) as session:
            found, took = _register(session, start, now)
            register.append(took)
            assign.append(seconds(lambda: _assign(session, found, now)))  # noqa: B023 - called at once
            sign_in.append(seconds(lambda: _sign_in(session, found, now)))  # noqa: B023
    yield f"register issues, {BATCH:,} at a time", f"{BATCH / statistics.median(register):,.0f} issues/s"
    yield f"assign issues, {BATCH:,} at a time", f"{BATCH / statistics.median(assign):,.0f} issues/s"
    yield f"sign in, {BATCH:,} at a time", f"{BATCH / statistics.median(sign_in):,.0f} issues/s"
    sweeps.tick(lambda: Session(engine), now=DUE)
    with engine.begin() as connection:
        connection.execute(text("UPDATE issue SET next_step_at = :later"), {"later": LATER})


def _register(session: Session, start: int, now: datetime) -> tuple[list[int], float]:
    by, ids = who(session, INSPECTOR), list[int]()

    def register() -> None:
        several = [Finding(description=f"垃圾桶满溢 {n}", point="P-0001", standard="01-01") for n in _span(start)]
        ids.extend(o.issue_id or 0 for o in issues.find(session, findings=several, by=by, now=now))
        session.commit()

    return ids, seconds(register)


def _span(start: int) -> range:
    return range(start, start + BATCH)


def _assign(session: Session, ids: list[int], now: datetime) -> None:
    issues.assign(session, issue_ids=ids, by=who(session, OFFICE), now=now, to="D-CGJ")
    session.commit()


def _sign_in(session: Session, ids: list[int], now: datetime) -> None:
    issues.sign_in(session, issue_ids=ids, by=who(session, HANDLER), now=now)
    session.commit()


@dataclass(frozen=True)
class Cohort:
    """The issues of one turn, numbered without gaps, and the round that finds them due."""

    first: int
    last: int
    now: datetime


def _round(bed: Bed, size: int) -> Iterator[tuple[str, str]]:
    """Three turns on each side, each with so many due out of ten times as many open."""
    ours = bed.copy("real", name=f"ours_{size}")
    cohorts = [_cohort(ours, size, NEXT + turn * MINUTE) for turn in range(TURNS)]
    copies(ours, to=10 * size + 10_000, next_step_at=LATER)
    floor = bed.copy(f"ours_{size}", name=f"floor_{size}")
    bed.checkpoint()
    took = statistics.median(seconds(lambda: _tick(ours, cohort)) for cohort in cohorts)  # noqa: B023
    facts = _facts(ours)
    bed.checkpoint()
    least = statistics.median(seconds(lambda: _raw(floor, cohort, facts)) for cohort in cohorts)  # noqa: B023
    yield f"a round that escalates {size:,} of {10 * size:,} open", f"{size / took:,.0f} issues/s"
    yield "  the same rows in raw SQL", f"{size / least:,.0f} issues/s; ours takes {took / least:.1f} × as long"
    bed.drop(f"ours_{size}", f"floor_{size}")


def _cohort(engine: Engine, size: int, now: datetime) -> Cohort:
    with engine.connect() as connection:
        count, last = connection.execute(text("SELECT count(*), max(id) FROM issue")).one()
    copies(engine, to=count + size, next_step_at=now)
    return Cohort(first=last + 1, last=last + size, now=now)


def _tick(engine: Engine, cohort: Cohort) -> None:
    counts = sweeps.tick(lambda: Session(engine), now=cohort.now)
    moved = sum(stage.moved.get("escalate E4", 0) for stage in counts.stages)
    assert moved == counts.due == cohort.last - cohort.first + 1, counts


def _facts(engine: Engine) -> dict[str, str]:
    """The facts of one of our escalations, for the other side to write as many bytes."""
    query = (
        "SELECT e.facts, m.facts FROM issue_event e JOIN message m ON m.issue_id = e.issue_id AND m.created_at = e.at"
        " WHERE e.step = 'E4' ORDER BY e.id DESC LIMIT 1"
    )
    with engine.connect() as connection:
        event, message = connection.execute(text(query)).one()
    return {"event": json.dumps(event), "message": json.dumps(message)}


def _raw(engine: Engine, cohort: Cohort, facts: dict[str, str]) -> None:
    given = {"now": cohort.now, "later": LATER, "first": cohort.first, "last": cohort.last, **facts}
    with engine.begin() as connection:
        written = [connection.execute(text(statement), given).rowcount for statement in FLOOR]
    size = cohort.last - cohort.first + 1
    assert written == [size, size, 2 * size], written


def _idle(bed: Bed, sizes: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    engine = bed.copy("real", name="idle")
    took = []
    for size in sizes:
        copies(engine, to=size, next_step_at=LATER)
        took.append(median(lambda: sweeps.tick(lambda: Session(engine), now=DUE), times=15))
        yield f"a round with nothing due, {size:,} open", f"{took[-1] * 1000:.1f} ms"
    yield f"  growth from {sizes[0]:,} to {sizes[-1]:,}", f"{took[-1] / took[0]:.2f} ×"
