"""Results of a round that come back as a CSV file. A file with a bad row changes nothing; every bad row is told."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Result, Round, Sheet
from models.errors import BadInput, BadRow, BadRows, UnreadableFile
from models.rights import Actor
from services.audit_results import Recorded, Seen, record

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "round": ("round", "轮次", "测评轮次"),
    "point": ("point", "点位", "点位编号"),
    "inspector": ("inspector", "检查员"),
    "standard": ("standard", "标准", "标准编码"),
    "result": ("result", "结果"),
    "note": ("note", "备注"),
    "photo": ("photo", "照片"),
}
NEEDED = ("round", "point", "inspector", "standard", "result")
WORDS: Mapping[str, Result] = {
    **{result.value: result for result in Result},
    "符合": Result.MET,
    "不符合": Result.NOT_MET,
    "不适用": Result.NOT_APPLICABLE,
}
MOST_ROWS = 100_000


@dataclass(frozen=True)
class ResultRow:
    """One line of the file; `row` counts from 1, the heading included."""

    row: int
    round: str
    point: str
    inspector: str
    seen: Seen


def read_results(path: Path) -> list[ResultRow]:
    """Every row of a CSV file (UTF-8, with or without a mark at its start).

    Raises UnreadableFile, BadRows.
    """
    header, lines = _read(path)
    columns = _columns(header, path)
    bad: list[BadRow] = []
    rows = [_row(number, line, columns, path.name, bad) for number, line in enumerate(lines, start=2) if any(line)]
    good = [row for row in rows if row]
    bad += _repeated(good, path.name)
    if not rows:
        bad.append(BadRow(path.name, 2, "*", "", "at least one row"))
    if bad:
        raise BadRows(file=path.name, rows=sorted(bad, key=lambda one: one.row))
    return good


def other_round(rows: Sequence[ResultRow], wanted: str, *, file: str) -> BadRows:
    """The error for rows of another round than the one they were handed in for."""
    return BadRows(file=file, rows=[BadRow(file, row.row, "round", row.round, wanted) for row in rows])


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [[cell.strip() for cell in line] for line in csv.reader(file, strict=True)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(file=path.name, expected="CSV (UTF-8)", why=str(error)) from error
    if not lines or len(lines) > MOST_ROWS or any("\x00" in cell for line in lines for cell in line):
        raise UnreadableFile(file=path.name, expected="CSV (UTF-8)", why=f"1 to {MOST_ROWS} lines of text are expected")
    return lines[0], lines[1:]


def _columns(header: Sequence[str], path: Path) -> dict[str, int]:
    found = {
        name: header.index(heading) for name, headings in HEADINGS.items() for heading in headings if heading in header
    }
    missing = [name for name in NEEDED if name not in found]
    if missing:
        places = [BadRow(path.name, 1, name, ", ".join(header), " / ".join(HEADINGS[name])) for name in missing]
        raise BadRows(file=path.name, rows=places)
    return found


def _row(
    number: int, line: Sequence[str], columns: Mapping[str, int], file: str, bad: list[BadRow]
) -> ResultRow | None:
    cells = {name: line[at] if at < len(line) else "" for name, at in columns.items()}
    problems = [BadRow(file, number, name, "", "a value") for name in NEEDED if not cells[name]]
    result = WORDS.get(cells["result"].lower())
    if result is None and cells["result"]:
        problems.append(BadRow(file, number, "result", cells["result"], ", ".join(WORDS)))
    bad += problems
    if problems or result is None:
        return None
    seen = Seen(cells["standard"], result, cells.get("note", ""), cells.get("photo") or None)
    return ResultRow(number, cells["round"], cells["point"], cells["inspector"], seen)


def _repeated(rows: Iterable[ResultRow], file: str) -> list[BadRow]:
    first: dict[tuple[str, ...], int] = {}
    bad = []
    for row in rows:
        key = (row.round, row.point, row.inspector, row.seen.standard)
        if key in first:
            bad.append(BadRow(file, row.row, "standard", row.seen.standard, f"once per sheet; see row {first[key]}"))
        first.setdefault(key, row.row)
    return bad


def take_in(session: Session, rows: Sequence[ResultRow], *, file: str, by: Actor, now: datetime) -> list[Recorded]:
    """Record all rows, sheet by sheet, or none: raises BadRows with every row that cannot be used."""
    sheets = _sheets(session, rows)
    by_sheet: dict[int, list[ResultRow]] = defaultdict(list)
    bad = []
    for row in rows:
        sheet_id = sheets.get((row.round, row.point, row.inspector))
        if sheet_id is None:
            value = f"{row.round} {row.point} {row.inspector}"
            bad.append(BadRow(file, row.row, "point", value, "a sheet of this round and inspector"))
        else:
            by_sheet[sheet_id].append(row)
    bad += _not_asked(session, by_sheet, file)
    if bad:
        raise BadRows(file=file, rows=sorted(bad, key=lambda one: one.row))
    done = []
    with session.begin_nested() as halfway:
        for sheet_id, group in by_sheet.items():
            try:
                done.append(_record(session, sheet_id, group, by=by, now=now))
            except BadInput as error:
                bad.append(BadRow(file, group[0].row, "standard", group[0].point, str(error)))
        if bad:
            halfway.rollback()
    if bad:
        raise BadRows(file=file, rows=sorted(bad, key=lambda one: one.row))
    return done


def _not_asked(session: Session, by_sheet: Mapping[int, Sequence[ResultRow]], file: str) -> Iterator[BadRow]:
    """The rows whose standard is not one of their sheet."""
    query = text(
        "SELECT sh.id, s.code FROM sheet sh JOIN round r ON r.id = sh.round_id JOIN point p ON p.code = sh.point_code"
        " JOIN standard s ON s.version_code = r.version_code AND s.category_code = p.category_code"
        " AND s.code = coalesce(r.standard_code, s.code)"
        " WHERE sh.id = ANY(:ids) ORDER BY s.code"
    )
    asked: dict[int, list[str]] = defaultdict(list)
    for sheet_id, code in session.connection().execute(query, {"ids": list(by_sheet)}):
        asked[sheet_id].append(code)
    for sheet_id, rows in by_sheet.items():
        for row in rows:
            if row.seen.standard not in asked[sheet_id]:
                yield BadRow(file, row.row, "standard", row.seen.standard, ", ".join(asked[sheet_id]))


def _record(session: Session, sheet_id: int, rows: Sequence[ResultRow], *, by: Actor, now: datetime) -> Recorded:
    return record(session, sheet_id=sheet_id, by=by, now=now, observations=[row.seen for row in rows])


def _sheets(session: Session, rows: Sequence[ResultRow]) -> dict[tuple[str, str, str], int | None]:
    query = (
        select(Round.number, Sheet.point_code, Sheet.inspector, Sheet.id)
        .join(Round, col(Round.id) == col(Sheet.round_id))
        .where(col(Round.number).in_({row.round for row in rows}))
    )
    return {(number, point, who): key for number, point, who, key in session.exec(query)}
