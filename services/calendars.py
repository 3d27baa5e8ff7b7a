"""A notice about working days: the next version of the calendar, and every running clock that it moves.

The seed of the calendar ends with the last notice; later years are provisional until theirs is imported here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import text
from sqlmodel import Session, select

from models.calendar import Calendar, DayKind
from models.calendar_sources import NoticeDay, with_notice
from models.city import City
from models.errors import MissingInput
from models.issue import Issue
from models.ladder import schedule
from models.lifecycle import OPEN, Action, State
from models.permissions import Right, must_hold
from models.rights import SYSTEM, Actor
from models.rule import CalendarDayRow, CalendarVersion
from models.rules import Rules
from services import bulk, rulebook
from services.bulk import table_of
from services.cities.loading import lock
from services.cities.recording import recorded
from services.commands import Command, Known
from services.decisions.rectifying import recompute
from services.transition import apply

BATCH = 2000


@dataclass(frozen=True)
class DayChange:
    """A day that is worked now and was not, or the other way round."""

    date: date
    old: DayKind
    new: DayKind
    name: str


@dataclass(frozen=True)
class ClockChange:
    """What the notice does to one issue. Times in UTC; `old_next_at` and `new_next_at`: the next step of the ladder."""

    issue_id: int
    number: str
    state: State
    old_due_at: datetime | None
    new_due_at: datetime | None
    old_provisional: bool
    new_provisional: bool
    old_next_at: datetime | None
    new_next_at: datetime | None

    @property
    def moves_deadline(self) -> bool:
        return self.old_due_at != self.new_due_at


@dataclass(frozen=True)
class NoticeDiff:
    """What a notice changes. `version` is None where nothing is new, or where it was only tried."""

    source: str
    version: int | None
    published_before: date | None
    published_after: date | None
    newly_published: int
    days: tuple[DayChange, ...]
    issues: tuple[ClockChange, ...]


def import_notice(
    session: Session, *, rows: Sequence[NoticeDay], source: str, now: datetime, by: Actor, commit: bool
) -> NoticeDiff:
    """Take a notice in, or (`commit` False) only show what it would change; read rows with `calendar_files`.

    1. The next version of the calendar; new issues use it from now on.
    2. Every issue under way goes over to it, through the one door: an event with the old and the new date, and a
       message where the deadline moves. All of them, since a failed check or an extension may later count on days that
       are known to be wrong now. A found issue has no deadline yet; it gets the new days when it is assigned.
    3. The days that change stand in the history of the city, with the source as the reason.
    4. The diff lists those of which anything that time will bring lies elsewhere on the new days.

    Raises BadRows, MissingInput, ActionNotAllowed. The caller commits.
    """
    _check(rows, source, by, city=rulebook.the_city(session).code)
    if commit:
        lock(session)
    city = session.exec(select(City).with_for_update()).one()
    old = rulebook.calendar(session, city.calendar_version or 0)
    new = with_notice(old, rows, source=source)
    days, published = _day_changes(old, new)
    if not days and not published:
        return NoticeDiff(source, None, old.published_until, old.published_until, 0, (), ())
    if commit:
        new = replace(new, version=_next_version(session))
    ids: list[int] = []
    changes: list[ClockChange] = []
    for page in _pages(session, lock=commit):
        ids += [issue.id for issue in page if issue.id]
        changes += _changes(session, page, new, now)
    if commit:
        with recorded(session, "days", of={}, who=by.code, why=source, now=now):
            _write(session, city, new, source=source, now=now)
        _recompute(session, ids, new.version, source=source, now=now)
    version = new.version if commit else None
    return NoticeDiff(source, version, old.published_until, new.published_until, published, tuple(days), tuple(changes))


def _check(rows: Sequence[NoticeDay], source: str, by: Actor, *, city: str) -> None:
    if not rows or not source.strip():
        raise MissingInput(action="import_notice", missing="source" if rows else "rows")
    if not by.is_system:
        must_hold(by, Right.IMPORT_NOTICE, city=city)


def _day_changes(old: Calendar, new: Calendar) -> tuple[list[DayChange], int]:
    """The days of another kind, and how many days are published now that were not."""
    pairs = [(old.day(at), new.days[at]) for at in sorted(new.days)]
    kinds = [DayChange(now.date, was.kind, now.kind, now.name) for was, now in pairs if was.kind != now.kind]
    return kinds, sum(now.published and not was.published for was, now in pairs)


def _next_version(session: Session) -> int:
    """A number that was never given before, not even in a transaction that was rolled back: calendars are kept in
    memory under their number, so a number must never mean two calendars."""
    name = "calendar_version_version_seq"
    statement = text(
        f"SELECT setval('{name}', greatest(nextval('{name}'), (SELECT max(version) + 1 FROM calendar_version)))"
    )
    return int(session.connection().execute(statement).scalar_one())


def _pages(session: Session, *, lock: bool) -> Iterator[list[Issue]]:
    """The issues under way, as plain records, page by page."""
    table, last = table_of(Issue), 0
    states = sorted(OPEN - {State.FOUND})
    while True:
        query = table.select().where(table.c.id > last, table.c.state.in_(states))
        query = query.where(table.c.calendar_version.is_not(None)).order_by(table.c.id).limit(BATCH)
        rows = session.connection().execute(query.with_for_update() if lock else query).mappings().all()
        if not rows:
            return
        last = rows[-1]["id"]
        yield [cast(Issue, SimpleNamespace(**row)) for row in rows]


def _changes(session: Session, issues: Sequence[Issue], new: Calendar, now: datetime) -> Iterator[ClockChange]:
    city = rulebook.the_city(session)
    current = rulebook.rules(session, city.rule_set_code or "")
    rules = rulebook.rules_of(session, (issue.rule_set_code for issue in issues), current)
    calendars = rulebook.calendars_of(session, (issue.calendar_version for issue in issues), new)
    for issue in issues:
        known = Known(
            now=now,
            city=city.code,
            rules=rules[issue.rule_set_code],
            calendar=calendars[issue.calendar_version],
            current_rules=current,
            current_calendar=new,
        )
        change = _change(issue, known)
        if change:
            yield change


def _change(issue: Issue, known: Known) -> ClockChange | None:
    """The same decision as the door takes, without writing; None where nothing that time will bring is moved."""
    (decision,) = recompute(issue, Command(Action.RECOMPUTE, SYSTEM, issue.id), known)
    after = cast(Issue, SimpleNamespace(**{**vars(issue), **decision.changes}))
    old, new = _ahead(issue, known.rules, known.calendar), _ahead(after, known.rules, known.current_calendar)
    if old == new:
        return None
    return ClockChange(
        issue_id=issue.id or 0,
        number=issue.number,
        state=State(issue.state),
        old_due_at=issue.due_at,
        new_due_at=after.due_at,
        old_provisional=issue.due_provisional,
        new_provisional=after.due_provisional,
        old_next_at=min((at for _, at in old[2]), default=None),
        new_next_at=min((at for _, at in new[2]), default=None),
    )


def _ahead(issue: Issue, rules: Rules, calendar: Calendar) -> tuple[Any, bool, list[tuple[str, datetime]]]:
    """Everything that the days decide: the clocks of the issue, and each step that time will bring."""
    steps = [(step.code, step.at) for step in schedule(issue, rules=rules, calendar=calendar)]
    return (issue.due_at, issue.sign_in_due_at, issue.stage_due_at), issue.due_provisional, steps


def _write(session: Session, city: City, calendar: Calendar, *, source: str, now: datetime) -> None:
    spans = [[f"{span.start:%H:%M}", f"{span.end:%H:%M}"] for span in calendar.spans]
    session.add(CalendarVersion(version=calendar.version, created_at=now, source=source, spans=spans))
    session.flush()
    rows = [
        {
            "version": calendar.version,
            "date": day.date,
            "kind": day.kind,
            "name": day.name,
            "source": day.source,
            "published": day.published,
        }
        for day in calendar.days.values()
    ]
    bulk.insert(session, CalendarDayRow, rows)
    city.calendar_version = calendar.version
    session.flush()


def _recompute(session: Session, ids: Sequence[int], version: int, *, source: str, now: datetime) -> None:
    data, key = {"reason": source}, f"calendar-{version}"
    commands = [Command(Action.RECOMPUTE, SYSTEM, issue_id, data, key=key) for issue_id in ids]
    for first in range(0, len(commands), BATCH):
        apply(session, commands[first : first + BATCH], now=now)
