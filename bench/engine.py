"""The engine against its database: registering, assigning, a round that escalates, a round with nothing to do.

The floor of a round is what PostgreSQL alone needs for the same rows: one UPDATE of the issues, one INSERT … SELECT of
the events, one of the messages.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.bed import a_database, median, seconds
from services import issues, sweeps
from services.findings import Finding
from tests.cast import INSPECTOR, MONDAY, OFFICE, at, who

DUE, NEXT = at("2026-11-05 17:00"), at("2026-11-06 17:00")
BATCH = 2000
FLOOR = (
    "UPDATE issue SET steps_taken = steps_taken | 16, step = 4, step_at = :now, next_step = 'E5',"
    " next_step_at = :later, event_count = event_count + 1, version = version + 1, seal = md5(seal)"
    " WHERE id IN (SELECT id FROM issue WHERE next_step_at <= :now LIMIT :count)",
    "INSERT INTO issue_event (issue_id, seq, cycle, action, step, from_state, to_state, actor, at, reason, facts,"
    " previous_hash, hash) SELECT id, event_count, cycle, 'escalate', 'E4', state, state, 'system', :now, '',"
    " '{\"level\": 3}', '', seal FROM issue WHERE step = 4",
    "INSERT INTO message (key, kind, issue_id, post_code, area_path, unit_code, why, channels, urgency, facts, state,"
    " not_before, created_at, tries) SELECT i.id || '-' || i.event_count || '-' || p, 'reminder_notice', i.id,"
    " 'D-CGJ:' || p, i.area_path, i.lead_unit, 'E4', '{app,chat,sms,mail}', 3, '{\"level\": 3}',"
    " 'pending', :now, :now, 0"
    " FROM issue i, unnest(ARRAY['deputy_leader', 'direct_leader']) p WHERE i.step = 4",
)


def main() -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    with a_database() as fresh:
        for count in (1_000, 10_000):
            yield from _round(fresh(f"ours_{count}"), fresh(f"floor_{count}"), count)
        yield from _idle(fresh("idle"), sizes=(10_000, 50_000))


def _fill(engine: Engine, count: int) -> tuple[float, float]:
    """Register and assign; seconds for each."""
    ids: list[int] = []

    def register() -> None:
        with Session(engine) as session:
            by = who(session, INSPECTOR)
            for start in range(0, count, BATCH):
                several = [_finding(n) for n in range(start, min(start + BATCH, count))]
                ids.extend(o.issue_id or 0 for o in issues.find(session, findings=several, by=by, now=MONDAY))
                session.commit()

    def assign() -> None:
        with Session(engine) as session:
            by = who(session, OFFICE)
            for start in range(0, count, BATCH):
                issues.assign(session, issue_ids=ids[start : start + BATCH], by=by, now=MONDAY, to="D-CGJ")
                session.commit()

    return seconds(register), seconds(assign)


def _finding(n: int) -> Finding:
    return Finding(description=f"垃圾桶满溢 {n}", point="P-0001", standard="01-01")


def _round(ours: Engine, floor: Engine, count: int) -> Iterator[tuple[str, str]]:
    register, assign = _fill(ours, count)
    yield f"register {count:,} issues", f"{count / register:,.0f} issues/s"
    yield f"assign {count:,} issues", f"{count / assign:,.0f} issues/s"
    sweeps.tick(lambda: Session(ours), now=DUE, batch=BATCH)
    took = seconds(lambda: sweeps.tick(lambda: Session(ours), now=NEXT, batch=BATCH))
    _fill(floor, count)
    sweeps.tick(lambda: Session(floor), now=DUE, batch=BATCH)
    least = seconds(lambda: _raw(floor, count))
    yield f"round that escalates {count:,}, 2 messages each", f"{count / took:,.0f} issues/s"
    yield (
        f"the same rows in raw SQL, {count:,}",
        f"{count / least:,.0f} issues/s; ours takes {took / least:.1f} × as long",
    )


def _raw(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        for statement in FLOOR:
            connection.execute(text(statement), {"now": NEXT, "later": at("2026-11-10 17:00"), "count": count})


def _idle(engine: Engine, *, sizes: tuple[int, int]) -> Iterator[tuple[str, str]]:
    def nothing() -> object:
        return sweeps.tick(lambda: Session(engine), now=MONDAY)

    took: list[float] = []
    filled = 0
    for size in sizes:
        _fill(engine, size - filled)
        filled = size
        took.append(median(nothing, times=15))
        yield f"round with nothing due, {size:,} open", f"{took[-1] * 1000:.1f} ms"
    yield f"growth from {sizes[0]:,} to {sizes[1]:,}", f"{took[1] / took[0]:.2f} ×"


PARTS: dict[str, Callable[[], Iterator[tuple[str, str]]]] = {"engine": main}
