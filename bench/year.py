"""A city's year: 30,000 issues with their whole lives, through the time machine, in the example city.

The clock goes forward hour by hour; every hour has its round, and what the people of the whole city did in that hour
goes through the one door. Nobody sends: in the evening what waits in the outbox is marked as sent. In the end the
whole record is verified.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.bed import a_database
from bench.people import People
from bench.town import Town, a_town_database, load_town
from models.lifecycle import Action
from runtime import clock
from services import issues, seal, sweeps
from services.commands import Command
from services.transition import attempt

ISSUES = 30_000
DAYS = 365
OPENS, CLOSES, NIGHT = 9, 17, 22
SENT = "UPDATE message SET state = 'sent', finished_at = :now WHERE state IN ('pending', 'refused')"


class Year:
    """The year as it goes by."""

    def __init__(self, engine: Engine, town: Town, *, total: int, days: int) -> None:
        self.engine, self.town = engine, town
        self.people = People(town, seed=19)
        self.total, self.days = total, days
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.seconds: dict[str, float] = defaultdict(float)
        self.rounds = 0

    def sessions(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    def go_by(self) -> None:
        """Hour after hour. Findings come on working days; rounds run every day."""
        with self.sessions() as session:
            start = self.town.calendar.local(clock.now(session)).replace(minute=0, second=0, microsecond=0)
        first = start.replace(hour=0) + timedelta(days=1)
        dates = [first + timedelta(days=n) for n in range(self.days)]
        working = [day for day in dates if self.town.calendar.is_workday(day.date())]
        found = 0
        for day in dates:
            if day in working:
                share = self.total * (working.index(day) + 1) // len(working)
                self._work(day, new=share - found)
                found = share
            else:
                self._rounds(day, (OPENS, CLOSES, NIGHT))

    def _work(self, day: datetime, *, new: int) -> None:
        for hour in range(OPENS, CLOSES + 1):
            now = self._forward(day.replace(hour=hour))
            self._round(now)
            if hour == OPENS:
                with self._timed("finding"):
                    self._find(new, now)
            with self._timed("people"):
                self._act(now)
        self._rounds(day, (NIGHT,))
        with self._timed("evening"):
            self._evening(day.replace(hour=NIGHT))

    def _rounds(self, day: datetime, hours: tuple[int, ...]) -> None:
        for hour in hours:
            self._round(self._forward(day.replace(hour=hour)))

    def _forward(self, to: datetime) -> datetime:
        with self._timed("clock"), self.sessions() as session:
            ahead = to - clock.now(session)
            now = clock.forward(session, ahead) if ahead >= timedelta(seconds=1) else clock.now(session)
            session.commit()
        return now

    def _round(self, now: datetime) -> None:
        with self._timed("rounds"):
            counts = sweeps.tick(self.sessions, now=now)
        self.rounds += 1
        for stage in counts.stages:
            self.done.update(stage.moved)
            self.refused["set aside"] += stage.set_aside

    def _find(self, count: int, now: datetime) -> None:
        with self.sessions() as session:
            by = self.people.inspector(session, now)
            made = issues.find(session, findings=self.people.findings(count), by=by, now=now)
            session.commit()
        self.done["find"] += len(made)
        for outcome in made:
            self.people.plan(Action.ASSIGN, outcome.issue_id or 0, now, hours=(1, 4))

    def _act(self, now: datetime) -> None:
        """All that people do in this hour, in one batch, in the order of an issue's life."""
        with self.sessions() as session:
            commands = self.people.commands(session, now=now)
            outcomes = attempt(session, commands, now=now)
            session.commit()
        self._learn(commands, [outcome.error for outcome in outcomes], now)

    def _learn(self, commands: list[Command], errors: list[Exception | None], now: datetime) -> None:
        for command, error in zip(commands, errors, strict=True):
            if error is None:
                self.done[command.action.value] += 1
                self.people.go_on(command, now)
            else:
                self.refused[f"{command.action.value}: {getattr(error, 'code', type(error).__name__)}"] += 1

    def _evening(self, now: datetime) -> None:
        with self.sessions() as session:
            session.connection().execute(text(SENT), {"now": now})
            seal.seal_day(session, now=now)
            session.commit()

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[what] += time.perf_counter() - start


def main(total: int = ISSUES, days: int = DAYS) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    with a_database() as fresh, a_town_database(fresh, "year") as engine:
        year = Year(engine, load_town(engine), total=total, days=days)
        took = _seconds(year.go_by)
        yield f"a year: {total:,} issues, {days} days", f"{took:.0f} s"
        for part, seconds in sorted(year.seconds.items(), key=lambda item: -item[1]):
            yield f"  of which {part}", f"{seconds:.1f} s"
        yield from _what_happened(year)
        yield from _record(year)


def _what_happened(year: Year) -> Iterator[tuple[str, str]]:
    yield "rounds", f"{year.rounds:,}"
    for action, count in sorted(year.done.items()):
        yield f"  {action}", f"{count:,}"
    for why, count in sorted(year.refused.items()):
        if count:
            yield f"  refused: {why}", f"{count:,}"


def _record(year: Year) -> Iterator[tuple[str, str]]:
    with year.sessions() as session:
        counted = session.connection().execute(text("SELECT state, count(*) FROM issue GROUP BY state ORDER BY state"))
        yield "where they stand", ", ".join(f"{state} {count:,}" for state, count in counted)
        told = session.connection().execute(text("SELECT count(*) FROM message")).scalar_one()
        yield "messages written", f"{told:,}"
    start = time.perf_counter()
    with year.sessions() as session:
        seen = seal.verify(seal.record_lines(session))
    words = "whole" if seen.alteration is None else f"ALTERED: {seen.alteration}"
    yield f"record of {seen.events:,} events, {seen.days} day seals", f"{words}; {time.perf_counter() - start:.0f} s"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
