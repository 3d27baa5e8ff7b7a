"""Loading a city pack: all of it in the caller's transaction, a few statements per table, nothing twice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, SQLModel, select

from models.calendar import CalendarDay
from models.city import City
from models.rule import CalendarDayRow, CalendarVersion, RuleSet
from models.unit import Contact
from services import bulk, rulebook
from services.cities.pack import Pack
from services.cities.planning import Diff, TableWork, city_columns, work_out

LOAD_LOCK = 0x6475_0002  # two loads at once: the second waits, and then finds nothing to do
Progress = Callable[[int, int], None]


def load(session: Session, pack: Pack, *, now: datetime, progress: Progress | None = None) -> Diff:
    """Make the database say what the pack says; returns what changed. The caller commits.

    Raises BadRows for the errors of the lint, WrongValue for another city than the one that is there.
    1. Compare everything, before anything is written.
    2. Rows: new ones inserted, changed columns updated, gone ones closed.
    3. Rules under their hash; a calendar version where the pack's calendar is not the one loaded last.
    4. The city's own row.
    """
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOAD_LOCK})
    work = work_out(session, pack, now=now)
    diff = work.diff(pack)
    for done, table in enumerate(work.tables, start=1):
        _write(session, table, now)
        if progress:
            progress(done, len(work.tables))
    if work.new_rules:
        bulk.insert(session, RuleSet, [{"code": pack.rule_code, "content": pack.rules, "created_at": now}])
    version = _new_calendar(session, pack, now=now) if work.new_calendar else None
    if work.new_city or work.city or version is not None:
        _write_city(session, pack, version)
    session.expire_all()
    return diff


def _write(session: Session, work: TableWork, now: datetime) -> None:
    model, key = work.plan.model, ("id",) if work.plan.serial else work.plan.key
    new, changed = _as_columns(model, work.new, now), _as_columns(model, work.changed, now)
    bulk.insert(session, model, new)
    bulk.update(session, model, [*changed, *work.gone], key=key)


def _as_columns(model: type[SQLModel], rows: Sequence[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    if model is not Contact:
        return list(rows)
    return [_verified(row, now) for row in rows]


def _verified(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A verified address gets its time; one that comes back is switched on again."""
    rest = {name: value for name, value in row.items() if name != "verified"}
    if "verified" not in row:
        return rest
    return {**rest, "verified_at": now if row["verified"] else None, "switched_off_at": None}


def _new_calendar(session: Session, pack: Pack, *, now: datetime) -> int:
    """The next version. Days that a notice has published meanwhile stay, where the pack only guesses."""
    last = session.exec(select(func.max(CalendarVersion.version))).one() or 0
    version = last + 1
    source = f"{pack.folder.name} {pack.calendar_code[:12]}"
    row = {"version": version, "created_at": now, "source": source, "spans": pack.spans}
    bulk.insert(session, CalendarVersion, [row])
    told = pack.calendar().days
    days = {**told, **_noticed(session), **{date: day for date, day in told.items() if day.published}}
    bulk.insert(session, CalendarDayRow, [_day_row(day, version) for _, day in sorted(days.items())])
    return version


def _noticed(session: Session) -> dict[Any, CalendarDay]:
    city = session.exec(select(City)).first()
    if city is None or city.calendar_version is None:
        return {}
    known = rulebook.calendar(session, city.calendar_version).days
    return {date: day for date, day in known.items() if day.published}


def _day_row(day: CalendarDay, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "date": day.date,
        "kind": day.kind,
        "name": day.name,
        "source": day.source,
        "published": day.published,
    }


def _write_city(session: Session, pack: Pack, version: int | None) -> None:
    city = session.exec(select(City).with_for_update()).first()
    if city is None:
        city = City(code=pack.city.code, name="", number_prefix="", demo=pack.city.demo)
    for name, value in city_columns(pack, city.pack).items():
        setattr(city, name, value)
    if version is not None:
        city.calendar_version = version
    session.add(city)
    session.flush()
