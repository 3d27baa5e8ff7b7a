"""Results of a round that come back as a file. A file with a bad row changes nothing, and every bad row is told."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Result, Round, Sheet
from models.errors import BadInput, BadRow, BadRows, UnreadableFile, WrongValue
from models.rights import Actor
from models.scoring.rules import OnSite
from models.standard import Standard
from services import audit_facts
from services.audit_facts import Facts
from services.audit_results import Recorded, Seen, record
from services.scores import formula

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "round": ("round", "轮次", "测评轮次"),
    "point": ("point", "点位", "点位编号"),
    "inspector": ("inspector", "检查员"),
    "standard": ("standard", "标准", "标准编码"),
    "result": ("result", "结果"),
    "found": ("found", "实有数"),
    "required": ("required", "应有数"),
    "faults": ("faults", "问题次数"),
    "minutes": ("minutes", "观察分钟"),
    "note": ("note", "备注", "情况说明"),
    "photo": ("photo", "照片"),
}
NEEDED = ("round", "point", "inspector", "standard", "result")
KEY = ("round", "point", "inspector", "standard")
WORDS: Mapping[str, Result] = {
    **{result.value: result for result in Result},
    **{result.value.replace("_", " "): result for result in Result},
    "符合": Result.MET,
    "不符合": Result.NOT_MET,
    "不适用": Result.NOT_APPLICABLE,
}
SAID = (*list(WORDS)[-3:], *(result.value for result in Result))
MOST_ROWS = 100_000


@dataclass(frozen=True)
class ResultRow:
    """One line of the file; `row` counts from 1, the heading included. No result: the counts say it."""

    row: int
    round: str
    point: str
    inspector: str
    standard: str
    result: Result | None
    note: str = ""
    photo: str | None = None
    facts: Facts = audit_facts.NO_FACTS


def read_results(path: Path) -> list[ResultRow]:
    """Every row of a CSV file (UTF-8, with or without a mark at its start).

    Raises UnreadableFile, BadRows.
    """
    header, lines = _read(path)
    columns = _columns(header, path)
    bad: list[BadRow] = []
    rows = [_row(number, line, columns, path.name, bad) for number, line in enumerate(lines, start=2) if any(line)]
    good = [row for row in rows if row]
    bad += repeated(good, path.name)
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
    return result_row(number, cells, place=file, bad=bad)


def result_row(number: int, cells: Mapping[str, str], *, place: str, bad: list[BadRow]) -> ResultRow | None:
    """A row from its cells; what is wrong with it goes into `bad`."""
    problems = [BadRow(place, number, name, "", "a value") for name in KEY if not cells.get(name)]
    written = cells.get("result", "")
    result = WORDS.get(written.casefold())
    facts = _facts(number, cells, place, problems)
    if result is None and written:
        problems.append(BadRow(place, number, "result", written, ", ".join(SAID)))
    elif result is None and not facts and not problems:
        problems.append(BadRow(place, number, "result", "", "a value"))
    bad += problems
    if problems:
        return None
    key = {name: cells[name] for name in KEY}
    return ResultRow(
        number, **key, result=result, note=cells.get("note", ""), photo=cells.get("photo") or None, facts=facts
    )


def _facts(number: int, cells: Mapping[str, str], place: str, problems: list[BadRow]) -> Facts:
    try:
        return audit_facts.read(cells)
    except WrongValue as error:
        facts = error.params
        problems.append(BadRow(place, number, str(facts["field"]), str(facts["value"]), str(facts["expected"])))
        return audit_facts.NO_FACTS


def repeated(rows: Iterable[ResultRow], file: str) -> list[BadRow]:
    first: dict[tuple[str, ...], int] = {}
    bad = []
    for row in rows:
        key = (row.round, row.point, row.inspector, row.standard)
        if key in first:
            bad.append(BadRow(file, row.row, "standard", row.standard, f"once per sheet; see row {first[key]}"))
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
    asked = _asked(session, by_sheet)
    bad += _not_asked(by_sheet, asked, file)
    if bad:
        raise BadRows(file=file, rows=sorted(bad, key=lambda one: one.row))
    on_site = formula.in_force(session).on_site
    done = []
    with session.begin_nested() as halfway:
        for sheet_id, group in by_sheet.items():
            try:
                seen = [_seen(row, asked[sheet_id][row.standard], on_site, file, bad) for row in group]
                sound = [one for one in seen if one]
                if len(sound) == len(seen):
                    done.append(record(session, sheet_id=sheet_id, by=by, now=now, observations=sound))
            except BadInput as error:
                bad.append(_of_sheet(error, group, file))
        if bad:
            halfway.rollback()
    if bad:
        raise BadRows(file=file, rows=sorted(bad, key=lambda one: one.row))
    return done


def _seen(row: ResultRow, standard: Standard, on_site: OnSite, file: str, bad: list[BadRow]) -> Seen | None:
    """As `record` takes it; None where it would refuse the row. Where nobody ticked, the counts say the result."""
    measure = on_site.measure(row.standard)
    result = row.result or audit_facts.verdict(row.facts, standard, measure)
    if result is None:
        bad.append(BadRow(file, row.row, "result", "", "a value; these counts do not say it"))
        return None
    if result is Result.NOT_APPLICABLE and not row.note.strip():
        bad.append(BadRow(file, row.row, "note", "", "why it is not applicable"))
        return None
    try:
        audit_facts.check(result, row.facts, standard, measure)
    except WrongValue as error:
        bad.append(BadRow(file, row.row, "result", result.value, str(error.params["expected"])))
        return None
    return Seen(row.standard, result, row.note, row.photo, row.facts)


def _of_sheet(error: BadInput, group: Sequence[ResultRow], file: str) -> BadRow:
    """The row that an error speaks of, by the standard that it names; else the first of its sheet."""
    words = " ".join(str(value) for value in error.params.values())
    row = next((one for one in group if one.standard in words), group[0])
    return BadRow(file, row.row, "standard", f"{row.point} {row.standard}", str(error))


def _asked(session: Session, sheets: Iterable[int]) -> dict[int, dict[str, Standard]]:
    """The standards of each sheet, by code."""
    query = text(
        "SELECT sh.id, s.code, r.version_code FROM sheet sh JOIN round r ON r.id = sh.round_id"
        " JOIN point p ON p.code = sh.point_code"
        " JOIN standard s ON s.version_code = r.version_code AND s.category_code = p.category_code"
        " AND s.code = coalesce(r.standard_code, s.code) WHERE sh.id = ANY(:ids) ORDER BY s.code"
    )
    keys = session.connection().execute(query, {"ids": list(sheets)}).all()
    known: dict[Any, Standard] = {}
    for _, code, version in keys:
        if (version, code) not in known:
            known[version, code] = session.get_one(Standard, (version, code))
    found: dict[int, dict[str, Standard]] = defaultdict(dict)
    for sheet_id, code, version in keys:
        found[sheet_id][code] = known[version, code]
    return found


def _not_asked(
    by_sheet: Mapping[int, Sequence[ResultRow]], asked: Mapping[int, Mapping[str, Standard]], file: str
) -> Iterator[BadRow]:
    """The rows whose standard is not one of their sheet."""
    for sheet_id, rows in by_sheet.items():
        there = asked.get(sheet_id, {})
        for row in rows:
            if row.standard not in there:
                yield BadRow(file, row.row, "standard", row.standard, ", ".join(there))


def _sheets(session: Session, rows: Sequence[ResultRow]) -> dict[tuple[str, str, str], int | None]:
    query = (
        select(Round.number, Sheet.point_code, Sheet.inspector, Sheet.id)
        .join(Round, col(Round.id) == col(Sheet.round_id))
        .where(col(Round.number).in_({row.round for row in rows}))
    )
    return {(number, point, who): key for number, point, who, key in session.exec(query)}
