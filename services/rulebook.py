"""Rules and calendars, read once and kept: both are immutable under their key."""

import datetime as dt
from collections.abc import Iterable
from weakref import WeakKeyDictionary

import sqlalchemy
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.calendar import Calendar, CalendarDay, Span
from models.city import City
from models.errors import NotFound
from models.rule import CalendarDayRow, CalendarVersion, RuleSet
from models.rules import Rules, parse_rules
from services.bulk import table_of

_rules: dict[str, Rules] = {}
_calendars: WeakKeyDictionary[Engine, dict[tuple[int, dt.datetime], Calendar]] = WeakKeyDictionary()


def the_city(session: Session) -> City:
    """The one city of this database. Raises NotFound before a pack is loaded."""
    city = session.exec(select(City)).first()
    if city is None:
        raise NotFound(what="city", code="-")
    return city


def rules(session: Session, code: str) -> Rules:
    """The rules under a code. Raises NotFound."""
    if code not in _rules:
        row = session.get(RuleSet, code)
        if row is None:
            raise NotFound(what="rule set", code=code)
        _rules[code] = parse_rules(code, row.content)
    return _rules[code]


def calendar(session: Session, version: int) -> Calendar:
    """One version of the calendar. Raises NotFound."""
    table = table_of(CalendarVersion).c
    found = session.connection().execute(sqlalchemy.select(table.created_at).where(table.version == version))
    created_at = found.scalar_one_or_none()
    if created_at is None:
        raise NotFound(what="calendar version", code=version)
    kept = _calendars.setdefault(_engine(session), {})
    key = (version, created_at)  # a version that was rolled back may come again with other days
    if key not in kept:
        kept[key] = _read_calendar(session, session.get_one(CalendarVersion, version))
    return kept[key]


def _engine(session: Session) -> Engine:
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def _read_calendar(session: Session, row: CalendarVersion) -> Calendar:
    day = table_of(CalendarDayRow).c  # a thousand rows: as objects they would take several times as long
    columns = (day.date, day.kind, day.name, day.source, day.published)
    days = session.connection().execute(sqlalchemy.select(*columns).where(day.version == row.version))
    return Calendar(
        version=row.version,
        timezone=the_city(session).timezone,
        spans=tuple(Span(dt.time.fromisoformat(start), dt.time.fromisoformat(end)) for start, end in row.spans),
        days={date: CalendarDay(date, kind, name, source, published) for date, kind, name, source, published in days},
    )


def rules_of(session: Session, codes: Iterable[str | None], current: Rules) -> dict[str | None, Rules]:
    """The rules for several issues; those not assigned yet are under the current ones."""
    return {code: rules(session, code) if code else current for code in set(codes)}


def calendars_of(session: Session, versions: Iterable[int | None], current: Calendar) -> dict[int | None, Calendar]:
    """The calendars for several issues; those not assigned yet are under the current one."""
    others = {version for version in versions if version and version != current.version}
    known: dict[int | None, Calendar] = {None: current, current.version: current}
    return known | {version: calendar(session, version) for version in others}
