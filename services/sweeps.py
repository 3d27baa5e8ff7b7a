"""What time brings, in batches: take what is due, decide, write, commit. Costs what is due, not what is open.

A row that cannot be handled is set aside: pushed an hour ahead, counted and shown; the rest of the batch goes on.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlmodel import Session

from models.errors import DubanError
from models.lifecycle import Action, State
from models.rights import SYSTEM
from services import situations
from services.commands import Command, Outcome
from services.round_end import HELD_BACK, end_round
from services.transition import attempt

Sessions = Callable[[], Session]
STAGES = (State.FOUND, State.ASSIGNED, State.RECTIFYING, State.RECTIFIED, State.VERIFIED, State.SHELVED, State.CLOSED)
BATCH = 1000
SET_ASIDE_FOR = timedelta(hours=1)
LATE_AFTER = timedelta(minutes=10)
TICK_LOCK = 0x6475_0001


@dataclass
class StageCounts:
    """What one stage did in one round. `moved`: action, with its step such as `escalate E3`, → how many.

    `stuck`: ids of issues that could not even be set aside, to be left alone for the rest of the round.
    """

    stage: str
    due: int = 0
    moved: dict[str, int] = field(default_factory=dict)
    set_aside: int = 0
    issues: list[tuple[str, str]] = field(default_factory=list)
    stuck: set[int] = field(default_factory=set)

    def add(self, what: str, number: str) -> None:
        self.moved[what] = self.moved.get(what, 0) + 1
        if len(self.issues) < SHOWN:
            self.issues.append((number, what))


SHOWN = 200


@dataclass
class RoundCounts:
    """What a whole round did; `skipped` when another round was under way."""

    stages: list[StageCounts] = field(default_factory=list)
    skipped: bool = False

    @property
    def due(self) -> int:
        return sum(stage.due for stage in self.stages)

    @property
    def set_aside(self) -> int:
        return sum(stage.set_aside for stage in self.stages)


def tick(sessions: Sessions, *, now: datetime, stages: Sequence[State] = STAGES, batch: int = BATCH) -> RoundCounts:
    """One round over all stages, in the order of an issue's life. Never two at once in one database.

    What falls due in the round because of it (a close-out after a look) is done in the same round.
    """
    with one_round(sessions) as alone:
        if not alone:
            return RoundCounts(skipped=True)
        counts = _sweep_all(sessions, stages, now=now, batch=batch)
        end_round(sessions, now=now)
    return RoundCounts(counts)


@contextmanager
def one_round(sessions: Sessions) -> Iterator[bool]:
    """Whether this is the only round under way in the database; it stays so within the block.

    The database lets go of the lock when the connection ends, so a process that dies holds nobody up.
    """
    with sessions() as guard:
        connection = guard.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        alone = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": TICK_LOCK}).scalar_one())
        try:
            yield alone
        finally:
            if alone:
                _let_go(connection)


def _let_go(connection: Connection) -> None:
    """A lock whose connection was lost is gone already, and the work of the round is safe without it."""
    with suppress(OperationalError, InterfaceError):
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": TICK_LOCK})


def something_due(sessions: Sessions, stage: State, *, now: datetime) -> bool:
    """Whether a sweep of this stage would find anything: one look into the index."""
    with sessions() as session:
        return stage in _stages_due(session, (stage,), now=now)


def _stages_due(session: Session, stages: Sequence[State], *, now: datetime) -> frozenset[State]:
    """Those in which something is due: one statement, for each stage one look into the index."""
    look = "EXISTS (SELECT 1 FROM issue WHERE state = '{}' AND next_step_at <= :now)"
    query = "SELECT " + ", ".join(look.format(stage.value) for stage in stages)
    found = session.connection().execute(text(query), {"now": now}).one()
    return frozenset(stage for stage, is_due in zip(stages, found, strict=True) if is_due)


def sweep(sessions: Sessions, stage: State, *, now: datetime, batch: int = BATCH) -> StageCounts:
    """Everything that is due in one stage, batch after batch, one transaction each."""
    return _sweep_all(sessions, (stage,), now=now, batch=batch)[0]


def _sweep_all(sessions: Sessions, stages: Sequence[State], *, now: datetime, batch: int) -> list[StageCounts]:
    """One stage after the other; again where what was done made something else due. One look for all of them: it costs
    little more than for one.
    """
    counts = {stage: StageCounts(stage.value) for stage in stages}
    left = list(stages)
    while due := _look(sessions, left, now=now):
        for stage in due:
            if not _sweep_stage(sessions, stage, now=now, batch=batch, counts=counts[stage]):
                left.remove(stage)  # others have what is due, or it cannot be handled: not in this round
    return list(counts.values())


def _look(sessions: Sessions, stages: Sequence[State], *, now: datetime) -> list[State]:
    """The stages in which something is due. No lock is taken and nothing written to find out."""
    if not stages:
        return []
    with sessions() as session:
        due = _stages_due(session, stages, now=now)
    return [stage for stage in stages if stage in due]


def _sweep_stage(sessions: Sessions, stage: State, *, now: datetime, batch: int, counts: StageCounts) -> int:
    """Batch after batch, one transaction each, until one is not full; how many there were."""
    took = [_sweep_batch(sessions, stage, now=now, batch=batch, counts=counts)]
    while took[-1] >= batch:
        took.append(_sweep_batch(sessions, stage, now=now, batch=batch, counts=counts))
    return sum(took)


def _sweep_batch(sessions: Sessions, stage: State, *, now: datetime, batch: int, counts: StageCounts) -> int:
    """One batch of one stage in one transaction; how many there were."""
    with sessions() as session:
        situations.hold_rules(session)  # before any issue, as everybody does, or a notice and we wait in a ring
        ids, oldest = _due(session, stage, now=now, batch=batch, without=counts.stuck)
        if ids:
            not_before = now + HELD_BACK if now - oldest > LATE_AFTER else now
            handle(session, ids, now=now, not_before=not_before, counts=counts)
            session.commit()
        return len(ids)


def _due(
    session: Session, stage: State, *, now: datetime, batch: int, without: Collection[int] = ()
) -> tuple[list[int], datetime]:
    """The ids of the issues due longest, locked; those that another worker has are left to it."""
    query = text(
        "SELECT id, next_step_at FROM issue WHERE state = :state AND next_step_at <= :now AND id <> ALL(:without)"
        " ORDER BY next_step_at LIMIT :batch FOR UPDATE SKIP LOCKED"
    )
    values = {"state": stage.value, "now": now, "batch": batch, "without": list(without)}
    rows = session.connection().execute(query, values).all()
    return [row[0] for row in rows], min((row[1] for row in rows), default=now)


def handle(session: Session, ids: Sequence[int], *, now: datetime, not_before: datetime, counts: StageCounts) -> None:
    """Decide and write a batch; where one row breaks it, find the row and set it aside."""
    try:
        with session.begin_nested():
            outcomes = _attempt(session, ids, now=now, not_before=not_before)
    except Exception as error:  # a fault of one row must not stop the rest: halve until it is found
        if _is_of_the_connection(error):
            raise
        if len(ids) > 1:
            for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
                handle(session, half, now=now, not_before=not_before, counts=counts)
            return
        _set_aside(session, ids[0], why=_reason(error), now=now, counts=counts)
        return
    for outcome in outcomes:
        counts.due += 1
        if outcome.error and outcome.issue_id:
            _set_aside(session, outcome.issue_id, why=_reason(outcome.error), now=now, counts=counts)
        for what, step in zip(outcome.events, outcome.steps, strict=True):
            counts.add(f"{what} {step.partition('-')[0]}" if step else what.value, outcome.number)


def _is_of_the_connection(error: Exception) -> bool:
    """The database went away, or wants the transaction done again: no row is to blame."""
    return isinstance(error, (OperationalError, InterfaceError))


def _attempt(session: Session, ids: Sequence[int], *, now: datetime, not_before: datetime) -> list[Outcome]:
    commands = [Command(Action.ESCALATE, SYSTEM, issue_id) for issue_id in ids]
    return attempt(session, commands, now=now, skip_locked=True, not_before=not_before, guard_rows=True)


def _reason(error: Exception) -> str:
    """What is shown of the failure: its kind and its first line, never the statement with its values."""
    if isinstance(error, DubanError):
        reason = f"{error.code}: {error}"
    else:
        first = str(getattr(error, "orig", error)).splitlines() or [""]
        reason = f"{type(error).__name__}: {first[0]}"
    return "".join(filter(str.isprintable, reason))[:300]  # what cannot be stored must not break the setting aside


def _set_aside(session: Session, issue_id: int, *, why: str, now: datetime, counts: StageCounts) -> None:
    """Push it an hour ahead and say why. Where not even that can be written, it is late, which the watchdog sees."""
    statement = text(
        "UPDATE issue SET next_step_at = :later, set_aside = set_aside + 1, set_aside_why = :why WHERE id = :id"
    )
    counts.set_aside += 1
    try:
        with session.begin_nested():
            session.connection().execute(statement, {"later": now + SET_ASIDE_FOR, "why": why, "id": issue_id})
    except DBAPIError as error:
        if _is_of_the_connection(error):
            raise
        counts.stuck.add(issue_id)
