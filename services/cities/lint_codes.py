"""Codes: each once, each known; the tree without holes, cycles or steps left out; dates in order; addresses of use."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from models.calendar import DayKind, weekday_kind
from models.errors import WrongValue
from models.unit import UnitKind
from services.cities.finding import Finding, finding
from services.cities.pack import Pack
from services.cities.rows import AreaRow
from services.contact_addresses import checked

Codes = frozenset[str]
Key = Callable[[Any], Hashable]
SAID = ("value", "expected")


def lint_codes(pack: Pack) -> Iterator[Finding]:
    """Everything that a foreign key or a unique key would refuse, with its line, and more."""
    yield from _duplicates(pack)
    yield from _unknown(pack)
    yield from _tree(pack)
    yield from _leads(pack)
    yield from _units_of_areas(pack)
    yield from _days(pack)
    yield from _dates(pack)
    yield from _stories(pack)
    yield from _addresses(pack)


def _duplicates(pack: Pack) -> Iterator[Finding]:
    by_code: Key = lambda row: row.code  # noqa: E731 - one key for most of the tables below
    tables: Sequence[tuple[str, Sequence[Any], Key]] = (
        ("areas.csv", pack.areas, by_code),
        ("units.csv", pack.units, by_code),
        ("persons.csv", pack.persons, by_code),
        ("posts.csv", pack.posts, by_code),
        ("checklist/systems.csv", pack.systems, by_code),
        ("checklist/versions.csv", pack.versions, by_code),
        ("checklist/categories.csv", pack.categories, by_code),
        ("points.csv", pack.points, by_code),
        ("checklist/standards.csv", pack.standards, lambda row: (row.version_code, row.code)),
        ("tenures.csv", pack.tenures, lambda row: (row.post_code, row.person_code, row.valid_from)),
        ("deputies.csv", pack.deputies, lambda row: (row.person_code, row.deputy_code, row.valid_from)),
        ("contacts.csv", pack.contacts, lambda row: (row.person_code, row.channel, row.address)),
        ("tasks.csv", pack.tasks, lambda row: (row.year, row.category_code, row.point_code)),
        ("calendar/calendar_days.csv", pack.days, lambda row: row.date),
        ("issues.csv", pack.stories, lambda row: row.key),
    )
    for file, rows, key in tables:
        seen: set[Hashable] = set()
        for row in rows:
            if (code := key(row)) in seen:
                yield finding("duplicate_code", file, row.row, code=_shown(code))
            seen.add(code)


def _shown(code: Hashable) -> str:
    return " ".join(str(part) for part in code if part is not None) if isinstance(code, tuple) else str(code)


def _unknown(pack: Pack) -> Iterator[Finding]:
    areas, units, persons = _codes(pack.areas), _codes(pack.units), _codes(pack.persons)
    posts, points, categories = _codes(pack.posts), _codes(pack.points), _codes(pack.categories)
    systems, versions = _codes(pack.systems), _codes(pack.versions)
    references: Sequence[tuple[str, Iterable[Any], str, str, Codes]] = (
        ("areas.csv", pack.areas, "parent_code", "area", areas),
        ("areas.csv", pack.areas, "managed_by", "area", areas),
        ("units.csv", pack.units, "area_code", "area", areas),
        ("tenures.csv", pack.tenures, "post_code", "post", posts),
        ("tenures.csv", pack.tenures, "person_code", "person", persons),
        ("deputies.csv", pack.deputies, "person_code", "person", persons),
        ("deputies.csv", pack.deputies, "deputy_code", "person", persons),
        ("contacts.csv", pack.contacts, "person_code", "person", persons),
        ("checklist/versions.csv", pack.versions, "system_code", "evaluation system", systems),
        ("checklist/categories.csv", pack.categories, "system_code", "evaluation system", systems),
        ("checklist/standards.csv", pack.standards, "version_code", "version", versions),
        ("checklist/standards.csv", pack.standards, "category_code", "category", categories),
        ("points.csv", pack.points, "category_code", "category", categories),
        ("points.csv", pack.points, "area_code", "area", areas),
        ("points.csv", pack.points, "lead_unit", "unit", units),
        ("tasks.csv", pack.tasks, "category_code", "category", categories),
        ("tasks.csv", pack.tasks, "unit_code", "unit", units),
        ("tasks.csv", pack.tasks, "person_code", "person", persons),
        ("issues.csv", pack.stories, "point_code", "point", points),
        ("issues.csv", pack.stories, "standard_code", "standard", _codes(pack.standards)),
    )
    for file, rows, column, what, known in references:
        for row in rows:
            code = getattr(row, column)
            if code and code not in known:
                yield finding("unknown_code", file, row.row, what=what, code=code)
    for task in pack.tasks:
        if task.point_code and task.point_code not in points:
            yield finding("task_without_point", "tasks.csv", task.row, code=task.point_code)


def _codes(rows: Iterable[Any]) -> Codes:
    return frozenset(row.code for row in rows)


def _tree(pack: Pack) -> Iterator[Finding]:
    by_code = {area.code: area for area in pack.areas}
    root = by_code.get(pack.city.code)
    if root is None:
        yield finding("unknown_code", "areas.csv", what="area", code=pack.city.code)
    for area in pack.areas:
        expected = _expected_level(area, by_code, pack.city.code)
        if expected:
            yield finding("level_mismatch", "areas.csv", area.row, code=area.code, level=area.level, expected=expected)
        if _is_cyclic(area, by_code):
            yield finding("cyclic_area", "areas.csv", area.row, code=area.code)


def _expected_level(area: AreaRow, by_code: dict[str, AreaRow], city: str) -> str | None:
    if area.code == city:
        return None if area.level == 1 and not area.parent_code else "1, without a parent: it is the city"
    if not 2 <= area.level <= 5:
        return "2 to 5"
    if not area.parent_code:
        return "a parent"
    for above in (area.parent_code, area.managed_by):
        parent = by_code.get(above or "")
        if parent and parent.level != area.level - 1:
            return f"{parent.level + 1}, below {parent.code}"
    return None


def _is_cyclic(area: AreaRow, by_code: dict[str, AreaRow]) -> bool:
    """Over both ways up: a cycle that only one of them has is one all the same."""
    seen: set[str] = set()
    todo = [area.parent_code, area.managed_by]
    while todo:
        above = by_code.get(todo.pop() or "")
        if above is not None and above.code not in seen:
            seen.add(above.code)
            todo += [above.parent_code, above.managed_by]
    return area.code in seen


def _leads(pack: Pack) -> Iterator[Finding]:
    units = _codes(pack.units)
    for point in pack.points:
        if not point.lead_unit:
            yield finding("point_without_unit", "points.csv", point.row, code=point.code)
    for standard in pack.standards:
        if standard.lead not in units and standard.lead not in {"L2.unit", "L3.unit", "L4.unit"}:
            yield finding("standard_without_lead", "checklist/standards.csv", standard.row, code=standard.code)
        if standard.severity not in pack.rules["severities"]:
            yield finding("unknown_severity", "checklist/standards.csv", standard.row, severity=standard.severity)


def _units_of_areas(pack: Pack) -> Iterator[Finding]:
    """Districts and streets catch what nobody else answers for; communities only where a standard says so."""
    units = _codes(pack.units)
    wanted = {2, 3} | {4 for standard in pack.standards if standard.lead == "L4.unit"}
    for area in pack.areas:
        if area.level in wanted and f"T{area.code}" not in units:
            yield finding("area_without_unit", "areas.csv", area.row, area=area.code, unit=f"T{area.code}")
    for unit in pack.units:
        expected = f"T{unit.area_code}"
        if unit.kind is UnitKind.TERRITORIAL and unit.code != expected:
            yield finding("unit_code_mismatch", "units.csv", unit.row, code=unit.code, expected=expected)


def _days(pack: Pack) -> Iterator[Finding]:
    for day in pack.days:
        usual = weekday_kind(day.date)
        file, given = "calendar/calendar_days.csv", {"date": day.date, "kind": day.kind.value}
        if day.kind is DayKind.MAKE_UP and usual is DayKind.WORKDAY:
            yield finding("odd_day", file, day.row, **given, expected="it is no weekend day")
        elif day.kind in (DayKind.WORKDAY, DayKind.WEEKEND) and day.kind is not usual:
            yield finding("odd_day", file, day.row, **given, expected="holiday or make_up says so")


def lint_years(pack: Pack, today: date) -> Iterator[Finding]:
    """This year and the next must be in the calendar; a year without a notice is worth a word."""
    file, calendar = "calendar/calendar_days.csv", pack.calendar()
    for year in (today.year, today.year + 1):
        first, last = date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1)
        if first not in calendar.days:
            yield finding("calendar_year_missing", file, year=year)
        elif not calendar.is_published(first, last):
            yield finding("calendar_year_provisional", file, year=year)


def _dates(pack: Pack) -> Iterator[Finding]:
    tables: Sequence[tuple[str, Sequence[Any], str]] = (
        ("areas.csv", pack.areas, "code"),
        ("units.csv", pack.units, "code"),
        ("tenures.csv", pack.tenures, "post_code"),
        ("deputies.csv", pack.deputies, "person_code"),
    )
    for file, rows, name in tables:
        for row in rows:
            if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
                yield finding(
                    "dates_reversed", file, row.row, code=getattr(row, name), start=row.valid_from, end=row.valid_to
                )


def _stories(pack: Pack) -> Iterator[Finding]:
    points = {point.code: point for point in pack.points}
    categories = {standard.code: standard.category_code for standard in pack.standards}
    for story in pack.stories:
        if story.severity not in pack.rules["severities"]:
            yield finding("unknown_severity", "issues.csv", story.row, severity=story.severity)
        given: dict[str, Any]
        last = story.story[-1].days if story.story else 0
        if last > story.days_ago:
            given = {"days": last, "days_ago": story.days_ago}
            yield finding("story_in_the_future", "issues.csv", story.row, code=story.key, **given)
        point, category = points.get(story.point_code), categories.get(story.standard_code)
        if point and category and point.category_code != category:
            given = {"standard": story.standard_code, "category": point.category_code}
            yield finding("wrong_category", "issues.csv", story.row, code=story.key, **given)


def _addresses(pack: Pack) -> Iterator[Finding]:
    """What can never be sent to would be found out only by a message that somebody waits for."""
    for row in pack.contacts:
        try:
            checked(row.channel, row.address, any_url=True)
        except WrongValue as error:
            yield finding("bad_address", "contacts.csv", row.row, **{name: error.params[name] for name in SAID})
