"""What loading a pack would change, table by table. Reads the database, writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from models.calendar import CalendarDay
from models.city import City
from models.errors import WrongValue
from models.rule import RuleSet
from services import rulebook
from services.bulk import table_of
from services.cities.diff import Change, Diff, TableDiff
from services.cities.held_days import same_days
from services.cities.kept_files import NOTHING, FilesWork, compare_files
from services.cities.linting import refuse_errors
from services.cities.pack import Pack
from services.cities.tables import TABLES, TablePlan, Values
from services.systems.use import Touched, refuse_changes

Key = tuple[Any, ...]
FEW = 2000
"""Up to so many rows are asked for by their keys."""


@dataclass
class TableWork:
    """The rows behind one table's diff, as loading writes them."""

    plan: TablePlan
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    gone: list[dict[str, Any]] = field(default_factory=list)
    diff: TableDiff = NOTHING


@dataclass
class Work:
    """Everything that loading has to do. `city` holds the columns of the city's row that change.

    `days`: those of the next version of the calendar, None where none is needed.
    """

    tables: list[TableWork]
    city: Mapping[str, tuple[Any, Any]]
    new_city: bool
    new_rules: bool
    days: Sequence[CalendarDay] | None
    files: FilesWork

    def diff(self, pack: Pack) -> Diff:
        rules = TableDiff(
            "rule_set", new=(pack.rule_code,) if self.new_rules else (), unchanged=int(not self.new_rules)
        )
        calendar = (pack.calendar_code,) if self.days is not None else ()
        rest = TableDiff("calendar_version", new=calendar, unchanged=int(self.days is None))
        return Diff((*(work.diff for work in self.tables), rules, rest, self.files.diff, self._city(pack.city.code)))

    def _city(self, code: str) -> TableDiff:
        if self.new_city:
            return TableDiff("city", new=(code,))
        changed = (Change(code, self.city),) if self.city else ()
        return TableDiff("city", changed=changed, unchanged=int(not changed))


def plan(session: Session, pack: Pack, *, now: datetime) -> Diff:
    """The dry run: what `load` would do now.

    Raises BadRows for the lint's errors, WrongValue for another city, EditionInUse for an edition that is in use.
    """
    return work_out(session, pack, now=now).diff(pack)


def work_out(session: Session, pack: Pack, *, now: datetime, base: Pack | None = None) -> Work:
    """Compare every row of the pack with the database. Raises as `plan` does.

    `base`: the city in force that this pack was made from by editing it. Only what differs between the two is then
    changed, so nothing is undone that somebody did meanwhile, and the lint has been done.
    """
    city = session.exec(select(City)).first()
    if city is not None and city.code != pack.city.code:
        raise WrongValue(field="city", value=pack.city.code, expected=f"{city.code}: one database serves one city")
    if base is None:
        refuse_errors(pack, now=now)
    today = now.astimezone(ZoneInfo(pack.city.timezone)).date()
    days = _next_days(session, city, pack, base)
    files = compare_files(session, pack, kept=city is None or base is None or "files" in city.pack)
    tables = [_compare(session, table, pack, today, now, base) for table in TABLES]
    refuse_changes(session, [_touched(work) for work in tables])
    return Work(
        tables=tables,
        city=_city_changes(city, pack, new_calendar=days is not None, files=files.digest),
        new_city=city is None,
        new_rules=session.get(RuleSet, pack.rule_code) is None,
        days=days,
        files=files,
    )


def _touched(work: TableWork) -> Touched:
    keys = ({name: row[name] for name in work.plan.key} for row in work.changed if not work.plan.serial)
    columns = (change.columns for change in work.diff.changed)
    return Touched(work.plan.model, work.new, list(zip(keys, columns, strict=False)))


def _next_days(session: Session, city: City | None, pack: Pack, base: Pack | None) -> Sequence[CalendarDay] | None:
    """The days of the next calendar; None where the one in force says the same.

    Days that a notice has published meanwhile stay, where a pack that was loaded only guesses; an edit was made from
    the days in force and says all of them.
    """
    told = pack.calendar().days
    if city is None or city.calendar_version is None:
        return tuple(told.values())
    current = rulebook.calendar(session, city.calendar_version)
    hours_differ = (current.spans, city.timezone) != (pack.city.spans, pack.city.timezone)
    if base is None:
        if city.pack.get("calendar") == pack.calendar_code:
            return None
        noticed = {date: day for date, day in current.days.items() if day.published}
        told = {**told, **noticed, **{date: day for date, day in told.items() if day.published}}
    elif base.days is pack.days and not hours_differ:
        return None
    return None if same_days(current, told) and not hours_differ else [told[at] for at in sorted(told)]


def city_columns(pack: Pack, known: Mapping[str, Any], *, files: str | None, new_calendar: bool) -> dict[str, Any]:
    """The city's row as the pack has it. The demo flag and the clock are not the pack's once the city runs."""
    facts = pack.city
    told = {"folder": pack.folder.name, "rules": pack.rule_code, "order_number": facts.order_number}
    if new_calendar:
        told["calendar"] = pack.calendar_code
    if files is not None:
        told["files"] = files
    return {
        "name": facts.name,
        "name_en": facts.name_en,
        "timezone": facts.timezone,
        "number_prefix": facts.number_prefix,
        "default_lang": facts.default_lang,
        "rule_set_code": pack.rule_code,
        "scoring_code": pack.scoring_code,
        "pack": {**known, **told},
    }


def _city_changes(
    city: City | None, pack: Pack, *, new_calendar: bool, files: str | None
) -> dict[str, tuple[Any, Any]]:
    """Where the pack lay is no change: the same city may be taken out and brought in under another name."""
    if city is None:
        return {}
    wanted = city_columns(pack, city.pack, files=files, new_calendar=new_calendar)
    now = {name: getattr(city, name) for name in wanted}
    now["pack"] = {**now["pack"], "folder": wanted["pack"]["folder"]}
    return {name: (getattr(city, name), new) for name, new in wanted.items() if now[name] != new}


def _compare(
    session: Session, table: TablePlan, pack: Pack, today: date, now: datetime, base: Pack | None
) -> TableWork:
    work = TableWork(table)
    if base is not None and getattr(base, table.name) is getattr(pack, table.name):
        work.diff = TableDiff(table_of(table.model).name, unchanged=len(getattr(pack, table.name)))
        return work
    wanted, before = _differing(table, pack, base)
    there = _there(session, table, wanted, before if base is not None else None)
    changes: list[Change] = []
    unchanged = 0
    for row in wanted:
        key = _key(row, table)
        old, was = there.pop(key, None), before.pop(key, None)
        columns = dict(_differences(old, row, was, edited=base is not None)) if old is not None else {}
        if old is None:
            work.new.append(row)
        elif columns:
            changes.append(Change(_shown(key), columns))
            work.changed.append({**_identity(old, table), **{name: new for name, (_, new) in columns.items()}})
        else:
            unchanged += 1
    left = (old for key, old in there.items() if base is None or key in before)
    gone = [(old, end) for old in left if table.end and (end := table.end(old, today, now, base is not None))]
    work.gone = [{**_identity(old, table), **end} for old, end in gone]
    work.diff = TableDiff(
        table=table_of(table.model).name,
        new=tuple(_shown(_key(row, table)) for row in work.new),
        changed=tuple(changes),
        gone=tuple(_shown(_key(old, table)) for old, _ in gone),
        unchanged=unchanged,
    )
    return work


def _differing(table: TablePlan, pack: Pack, base: Pack | None) -> tuple[list[dict[str, Any]], dict[Key, Values]]:
    """The rows to look at: all, or those that an edit changes; and these, with those it takes out, as they were."""
    rows = list(table.rows(pack))
    if base is None:
        return rows, {}
    before: dict[Key, Values] = {_key(row, table): row for row in table.rows(base)}
    same = {key for row in rows if before.get(key := _key(row, table)) == row}
    changed = [row for row in rows if _key(row, table) not in same]
    return changed, {key: row for key, row in before.items() if key not in same}


def _there(
    session: Session, table: TablePlan, wanted: Sequence[Values], before: Mapping[Key, Values] | None
) -> dict[Key, dict[str, Any]]:
    """The rows of the database; of an edit, those that may be meant."""
    query = table_of(table.model).select()
    if before is not None and len(wanted) + len(before) <= FEW:
        first = next(name for name in table.key if name != "year")
        named = {row[first] for row in wanted} | {row[first] for row in before.values()}
        query = query.where(table_of(table.model).c[first].in_(named))
    return {_key(row, table): row for row in map(dict, session.connection().execute(query).mappings())}


def _key(row: Values, table: TablePlan) -> Key:
    return tuple(row[name] for name in table.key)


def _shown(key: Key) -> str:
    return " ".join("-" if part is None else str(part) for part in key)


def _identity(row: Values, table: TablePlan) -> dict[str, Any]:
    return {"id": row["id"]} if table.serial else {name: row[name] for name in table.key}


def _differences(
    old: Values, new: Values, was: Values | None, *, edited: bool
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What is to be written. `was`: the row before it was edited; what the edit did not touch is left alone."""
    for name, value in new.items():
        if was is not None and was[name] == value:
            continue
        if name == "verified":
            yield from _verified(old, value, edited=edited)
        elif old[name] != value:
            yield name, (old[name], value)
    if edited and was is None and old.get("switched_off_at"):  # somebody says that this address is used again
        yield "switched_off_at", (old["switched_off_at"], None)
        yield "switched_off_why", (old["switched_off_why"], None)


def _verified(old: Values, value: bool, *, edited: bool) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Who was verified here stays so, whatever a pack that is loaded has not heard of; an edit says what it means."""
    if value and old["verified_at"] is None:
        yield "verified", (False, True)
    elif edited and not value and old["verified_at"] is not None:
        yield "verified", (True, False)
