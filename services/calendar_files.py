"""A notice as a CSV file: date, kind (holiday, make_up, workday, weekend), name. Every bad row is told at once."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from models.calendar import Calendar, DayKind
from models.calendar_sources import NoticeDay, with_notice
from models.errors import BadRow, BadRows, UnreadableFile

COLUMNS = ("date", "kind", "name")
WORDS: Mapping[str, DayKind] = {
    **{kind.value: kind for kind in DayKind},
    "放假": DayKind.HOLIDAY,
    "上班": DayKind.MAKE_UP,
    "调休上班": DayKind.MAKE_UP,
    "工作日": DayKind.WORKDAY,
    "周末": DayKind.WEEKEND,
}
MOST_ROWS = 2000


def read_notice(path: Path, *, calendar: Calendar) -> list[NoticeDay]:
    """The rows of a notice (UTF-8). Raises UnreadableFile, and BadRows with every unusable row.

    What `calendars.import_notice` would refuse of the days is told here too, with the lines of the file.
    """
    lines = _read(path)
    found: list[tuple[int, NoticeDay]] = []
    bad: list[BadRow] = []
    for number, line in enumerate(lines, start=2):
        day = _day(number, line, path.name, bad)
        if day:
            found.append((number, day))
    bad += _refused(found, calendar, path.name)
    if not lines:
        bad.append(BadRow(path.name, 2, "date", "", "at least one day"))
    if bad:
        raise BadRows(file=path.name, rows=sorted(bad, key=lambda one: one.row))
    return [day for _, day in found]


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            lines = [{key: (line.get(key) or "").strip() for key in COLUMNS} for line in reader]
            heading = [name.strip() for name in reader.fieldnames or ()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(file=path.name, expected="CSV (UTF-8)", why=str(error)) from error
    missing = [name for name in COLUMNS[:2] if name not in heading]
    if missing:
        places = [BadRow(path.name, 1, name, ", ".join(heading), ", ".join(COLUMNS)) for name in missing]
        raise BadRows(file=path.name, rows=places)
    if len(lines) > MOST_ROWS:
        raise UnreadableFile(file=path.name, expected="a notice", why=f"{len(lines)} > {MOST_ROWS}")
    return lines


def _day(number: int, line: Mapping[str, str], file: str, bad: list[BadRow]) -> NoticeDay | None:
    at, kind = _date(line["date"]), WORDS.get(line["kind"])
    if at is None:
        bad.append(BadRow(file, number, "date", line["date"], "2027-01-01"))
    if kind is None:
        bad.append(BadRow(file, number, "kind", line["kind"], ", ".join(WORDS)))
    return NoticeDay(at, kind, line["name"]) if at and kind else None


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _refused(found: list[tuple[int, NoticeDay]], calendar: Calendar, file: str) -> list[BadRow]:
    """The rows that the calendar itself cannot take, with the lines where they stand."""
    try:
        with_notice(calendar, [day for _, day in found], source=file)
    except BadRows as error:
        return [BadRow(file, found[row.row - 1][0], row.column, row.value, row.expected) for row in error.rows]
    return []
