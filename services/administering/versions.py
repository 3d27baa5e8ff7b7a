"""Versions of the rules and of the calendar: what they were, how two differ, and taking an old one up again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from models.calendar import Calendar, CalendarDay
from models.errors import NotFound
from models.issue import Issue
from models.lifecycle import OPEN
from models.rule import CalendarVersion, RuleSet
from services import rulebook
from services.administering.marks import mark_of_file
from services.administering.values import FileEdit
from services.cities.held import held_pack
from services.cities.held_days import told_days
from services.cities.reading import FILES, RULES, rules_file
from services.cities.writing import CITY, city_bytes, rules_bytes, table_bytes

DAYS = FILES["days"][0]
KEYED_BY = ("code",)
"""Rows of a list in the rules are told by their code, so that one put in between moves no other."""


@dataclass(frozen=True)
class RulesState:
    """One version of the rules. `open_issues`: how many issues under way run by it."""

    code: str
    created_at: datetime
    current: bool
    open_issues: int


@dataclass(frozen=True)
class CalendarState:
    """One version of the calendar. `published_until`: the last day up to which all is published."""

    version: int
    created_at: datetime
    source: str
    current: bool
    published_until: date | None
    open_issues: int


@dataclass(frozen=True)
class Difference:
    """One value that differs: where (`severities.S3.limit`, or a day), and the value in each; None: not there."""

    where: str
    old: Any
    new: Any


def rules_versions(session: Session) -> list[RulesState]:
    """Newest first."""
    current, running = rulebook.the_city(session).rule_set_code, _running(session, Issue.rule_set_code)
    rows = session.exec(select(RuleSet).order_by(col(RuleSet.created_at).desc(), col(RuleSet.code)))
    return [RulesState(row.code, row.created_at, row.code == current, running.get(row.code, 0)) for row in rows]


def rules_difference(session: Session, *, old: str, new: str) -> list[Difference]:
    """How two versions differ. Raises NotFound."""
    before, after = (dict(_leaves(_content(session, code))) for code in (old, new))
    return _differences(before, after)


def rules_back(session: Session, *, code: str) -> list[FileEdit]:
    """The edits that take an old version up again: propose them. Raises NotFound.

    Its values come back; the comments of the files as they are now go.
    """
    content, held = _content(session, code), held_pack(session, only=())
    back = replace(held, rules={name: content[name] for name in RULES})
    pairs = ((rules_file(name), rules_bytes(back, name), rules_bytes(held, name)) for name in RULES)
    return [FileEdit(file, new, mark_of_file(old)) for file, new, old in pairs if new != old]


def calendar_versions(session: Session) -> list[CalendarState]:
    """Newest first."""
    current, running = rulebook.the_city(session).calendar_version, _running(session, Issue.calendar_version)
    rows = session.exec(select(CalendarVersion).order_by(col(CalendarVersion.version).desc())).all()
    return [
        CalendarState(
            version=row.version,
            created_at=row.created_at,
            source=row.source,
            current=row.version == current,
            published_until=rulebook.calendar(session, row.version).published_until,
            open_issues=running.get(row.version, 0),
        )
        for row in rows
    ]


def calendar_difference(session: Session, *, old: int, new: int) -> list[Difference]:
    """Working hours and days that differ; a day as its kind, its name and whether it is published. Raises NotFound."""
    before, after = rulebook.calendar(session, old), rulebook.calendar(session, new)
    hours = _differences({"spans": _hours(before)}, {"spans": _hours(after)})
    dates = sorted({*before.days, *after.days})
    days = ((at, _seen(before.day(at)), _seen(after.day(at))) for at in dates)
    return [*hours, *(Difference(at.isoformat(), was, now) for at, was, now in days if was != now)]


def calendar_back(session: Session, *, version: int) -> list[FileEdit]:
    """The edits that take an old version up again: propose them. Raises NotFound."""
    old = rulebook.calendar(session, version)
    held = held_pack(session, only=("days",))
    back = replace(held, days=tuple(told_days(old)), city=replace(held.city, spans=tuple(old.spans)))
    pairs = (
        (DAYS, table_bytes("days", back.days), table_bytes("days", held.days)),
        (CITY, city_bytes(back), city_bytes(held)),
    )
    return [FileEdit(file, new, mark_of_file(now)) for file, new, now in pairs if new != now]


def _content(session: Session, code: str) -> Mapping[str, Any]:
    row = session.get(RuleSet, code)
    if row is None:
        raise NotFound(what="rule set", code=code[:80])
    return row.content


def _running(session: Session, column: Any) -> Mapping[Any, int]:
    query = select(column, func.count()).where(col(Issue.state).in_(sorted(OPEN))).group_by(column)
    return dict(session.exec(query).all())


def _leaves(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of a document with the way to it."""
    if isinstance(value, Mapping):
        for name in value:
            yield from _leaves(value[name], f"{where}.{name}" if where else name)
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        for place, one in enumerate(value, start=1):
            yield from _leaves(one, f"{where}.{_named(one, place)}")
    else:
        yield where, value


def _named(row: Mapping[str, Any], place: int) -> str:
    return next((str(row[name]) for name in KEYED_BY if name in row), str(place))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    names = [*before, *(name for name in after if name not in before)]
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return [Difference(name, old, new) for name, old, new in pairs if old != new]


def _hours(calendar: Calendar) -> Sequence[str]:
    return [f"{span.start:%H:%M}–{span.end:%H:%M}" for span in calendar.spans]


def _seen(day: CalendarDay) -> Mapping[str, Any]:
    return {"kind": day.kind.value, "name": day.name, "published": day.published}
