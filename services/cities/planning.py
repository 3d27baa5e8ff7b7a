"""What loading a pack would change, table by table. Reads the database, writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from models.city import City
from models.errors import WrongValue
from models.rule import RuleSet
from services.bulk import table_of
from services.cities.linting import refuse_errors
from services.cities.pack import Pack
from services.cities.tables import TABLES, TablePlan, Values

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """A row that becomes another: column → (old, new)."""

    key: str
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class TableDiff:
    """One table. `gone` is in the database and no longer in the pack: closed, never deleted."""

    table: str
    new: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.gone)


@dataclass(frozen=True)
class Diff:
    """What loading changes, in the order of loading."""

    tables: tuple[TableDiff, ...]

    @property
    def is_empty(self) -> bool:
        """Whether loading changes nothing at all."""
        return all(table.is_empty for table in self.tables)


@dataclass
class TableWork:
    """The rows behind one table's diff, as loading writes them."""

    plan: TablePlan
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    gone: list[dict[str, Any]] = field(default_factory=list)
    diff: TableDiff = TableDiff("")


@dataclass
class Work:
    """Everything that loading has to do. `city` holds the columns of the city's row that change."""

    tables: list[TableWork]
    city: Mapping[str, tuple[Any, Any]]
    new_city: bool
    new_rules: bool
    new_calendar: bool

    def diff(self, pack: Pack) -> Diff:
        rules = TableDiff(
            "rule_set", new=(pack.rule_code,) if self.new_rules else (), unchanged=int(not self.new_rules)
        )
        calendar = (pack.calendar_code,) if self.new_calendar else ()
        rest = TableDiff("calendar_version", new=calendar, unchanged=int(not self.new_calendar))
        return Diff((*(work.diff for work in self.tables), rules, rest, self._city(pack.city.code)))

    def _city(self, code: str) -> TableDiff:
        if self.new_city:
            return TableDiff("city", new=(code,))
        changed = (Change(code, self.city),) if self.city else ()
        return TableDiff("city", changed=changed, unchanged=int(not changed))


def plan(session: Session, pack: Pack, *, now: datetime) -> Diff:
    """The dry run: what `load` would do now. Raises BadRows for the lint's errors, WrongValue for another city."""
    return work_out(session, pack, now=now).diff(pack)


def work_out(session: Session, pack: Pack, *, now: datetime) -> Work:
    """Compare every row of the pack with the database. Raises as `plan` does."""
    city = session.exec(select(City)).first()
    if city is not None and city.code != pack.city.code:
        raise WrongValue(field="city", value=pack.city.code, expected=f"{city.code}: one database serves one city")
    refuse_errors(pack, now=now)
    known = city.pack if city else {}
    today = now.astimezone(ZoneInfo(pack.city.timezone)).date()
    new_calendar = known.get("calendar") != pack.calendar_code
    return Work(
        tables=[_compare(session, table, pack, today, now) for table in TABLES],
        city=_city_changes(city, pack),
        new_city=city is None,
        new_rules=session.get(RuleSet, pack.rule_code) is None,
        new_calendar=new_calendar,
    )


def city_columns(pack: Pack, known: Mapping[str, Any]) -> dict[str, Any]:
    """The city's row as the pack has it. The demo flag and the clock are not the pack's once the city runs."""
    facts = pack.city
    told = {"folder": pack.folder.name, "rules": pack.rule_code, "calendar": pack.calendar_code}
    return {
        "name": facts.name,
        "name_en": facts.name_en,
        "timezone": facts.timezone,
        "number_prefix": facts.number_prefix,
        "default_lang": facts.default_lang,
        "rule_set_code": pack.rule_code,
        "pack": {**known, **told, "order_number": facts.order_number},
    }


def _city_changes(city: City | None, pack: Pack) -> dict[str, tuple[Any, Any]]:
    if city is None:
        return {}
    wanted = city_columns(pack, city.pack)
    return {name: (getattr(city, name), new) for name, new in wanted.items() if getattr(city, name) != new}


def _compare(session: Session, table: TablePlan, pack: Pack, today: date, now: datetime) -> TableWork:
    rows = session.connection().execute(table_of(table.model).select()).mappings()
    there = {_key(row, table): row for row in map(dict, rows)}
    work = TableWork(table)
    changes: list[Change] = []
    unchanged = 0
    for row in table.rows(pack):
        old = there.pop(_key(row, table), None)
        if old is None:
            work.new.append(row)
        elif columns := dict(_differences(old, row)):
            changes.append(Change(_shown(_key(row, table)), columns))
            work.changed.append({**_identity(old, table), **{name: new for name, (_, new) in columns.items()}})
        else:
            unchanged += 1
    gone = [(old, table.end(old, today, now)) for old in there.values()] if table.end else []
    work.gone = [{**_identity(old, table), **end} for old, end in gone if end]
    work.diff = TableDiff(
        table=table_of(table.model).name,
        new=tuple(_shown(_key(row, table)) for row in work.new),
        changed=tuple(changes),
        gone=tuple(_shown(_key(old, table)) for old, end in gone if end),
        unchanged=unchanged,
    )
    return work


def _key(row: Values, table: TablePlan) -> Key:
    return tuple(row[name] for name in table.key)


def _shown(key: Key) -> str:
    return " ".join("-" if part is None else str(part) for part in key)


def _identity(row: Values, table: TablePlan) -> dict[str, Any]:
    return {"id": row["id"]} if table.serial else {name: row[name] for name in table.key}


def _differences(old: Values, new: Values) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name, value in new.items():
        if name == "verified":  # who was verified here stays so, whatever the pack has not heard of
            if value and old["verified_at"] is None:
                yield name, (False, True)
        elif old[name] != value:
            yield name, (old[name], value)
