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
from services import bulk
from services.cities.diff import Diff
from services.cities.differing import between, loaded
from services.cities.held import held_pack
from services.cities.kept_files import write_files
from services.cities.pack import Pack
from services.cities.planning import TableWork, Work, city_columns, work_out
from services.cities.recording import record
from services.scores import formula

LOAD_LOCK = 0x6475_0002  # two loads at once: the second waits, and then finds nothing to do
Progress = Callable[[int, int], None]


def load(
    session: Session, pack: Pack, *, now: datetime, progress: Progress | None = None, by: str = "system", why: str = ""
) -> Diff:
    """Make the database say what the pack says; returns what changed. The caller commits.

    Raises BadRows for the errors of the lint, WrongValue for another city than the one that is there.
    1. Compare everything, before anything is written.
    2. Rows: new ones inserted, changed columns updated, gone ones closed.
    3. Rules under their hash; a calendar version where the pack's calendar is not the one loaded last; the files.
    4. The city's own row.
    5. The history: what is in force now and was not, by whom.
    """
    lock(session)
    work = work_out(session, pack, now=now)
    diff = work.diff(pack)
    before = held_pack(session) if not work.new_city and not diff.is_empty else None
    carry_out(session, work, pack, now=now, progress=progress)
    if not diff.is_empty:
        after = held_pack(session)
        record(session, between(before, after) if before else loaded(after), who=by, why=why, now=now)
    return diff


def lock(session: Session) -> None:
    """Until the transaction ends nobody else loads or edits the city."""
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOAD_LOCK})


def carry_out(session: Session, work: Work, pack: Pack, *, now: datetime, progress: Progress | None = None) -> None:
    """Write what was worked out, without its history. The caller has the lock, and commits."""
    for done, table in enumerate(work.tables, start=1):
        _write(session, table, now)
        if progress:
            progress(done, len(work.tables))
    if work.new_rules:
        bulk.insert(session, RuleSet, [{"code": pack.rule_code, "content": pack.rules, "created_at": now}])
    if work.new_city or "scoring_code" in work.city:
        formula.keep(session, pack.scoring, now=now)
    version = _new_calendar(session, work.days, pack, now=now) if work.days is not None else None
    write_files(session, work.files)
    if work.new_city or work.city or version is not None:
        _write_city(session, pack, work, version)
    session.expire_all()


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


def _new_calendar(session: Session, days: Sequence[CalendarDay], pack: Pack, *, now: datetime) -> int:
    """The next version."""
    last = session.exec(select(func.max(CalendarVersion.version))).one() or 0
    version = last + 1
    source = f"{pack.folder.name} {pack.calendar_code[:12]}"
    row = {"version": version, "created_at": now, "source": source, "spans": pack.spans}
    bulk.insert(session, CalendarVersion, [row])
    bulk.insert(session, CalendarDayRow, [_day_row(day, version) for day in days])
    return version


def _day_row(day: CalendarDay, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "date": day.date,
        "kind": day.kind,
        "name": day.name,
        "source": day.source,
        "published": day.published,
    }


def _write_city(session: Session, pack: Pack, work: Work, version: int | None) -> None:
    city = session.exec(select(City).with_for_update()).first()
    if city is None:
        city = City(code=pack.city.code, name="", number_prefix="", demo=pack.city.demo)
    columns = city_columns(pack, city.pack, files=work.files.digest, new_calendar=version is not None)
    for name, value in columns.items():
        setattr(city, name, value)
    if version is not None:
        city.calendar_version = version
    session.add(city)
    session.flush()
