"""The annex of a bulletin as a workbook: every table, charts made of them, and at the end every row behind the figures.

Written row by row: the rows of a year take no more memory than those of a week.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from sqlalchemy import Row, text
from sqlmodel import Session

from models import terms
from services import rulebook
from services.exports.bulletin_words import (
    CHARTS,
    FIGURES,
    GATHERS,
    HEADINGS,
    NOTE,
    SHEETS,
    group_name,
    said,
    title,
)
from services.exports.charts import Figures, sheet_chart
from services.exports.many_rows import Forms, add_rows
from services.exports.sheet import HEADER_FILL, text_cell
from services.figure_rows import COUNTS

PERCENT, POINTS = "0.0%", "+0.0;-0.0;0.0"
RATES = ("rectification_rate", "on_time_rate", "rework_rate", "overdue_open_rate", "extension_rate", "return_rate")
SUMMED = ("assigned", "due", "suspended", "to_close", "closed", "closed_on_time", "overdue_open", *COUNTS[6:], *RATES)
OF_UNITS = ("to_close", "closed", "closed_on_time", "overdue_open", *RATES, "assigned", "checks", "failed_checks")
PAGE = 2000
_NAMES = ", ".join(f"r.{name}" for name in COUNTS)
_ROWS = f"""
SELECT r.id, r.number, r.unit_code, u.name AS unit, r.place, r.state, r.due_at, r.closed_at, {_NAMES}
  FROM bulletin_row r LEFT JOIN unit u ON u.code = r.unit_code
 WHERE r.publication_id = :key AND r.id > :after ORDER BY r.id LIMIT :page
"""
Cells = Iterable[Any]


def write_annex(session: Session, path: Path, *, publication_id: int, content: Mapping[str, Any], lang: str) -> None:
    """Write the workbook. Raises OSError where the file cannot be written."""
    book = Workbook(write_only=True)
    zone = ZoneInfo(rulebook.the_city(session).timezone)
    _summary(_Sheet(book, "summary", lang), content)
    _units(_Sheet(book, "units", lang), content)
    for name, write in (("scores", _scores), ("areas", _areas), ("days", _days), ("categories", _categories)):
        if content[name]:
            write(_Sheet(book, name, lang), content)
    for name, write in (("worst", _worst), ("hotspots", _hotspots), ("sponsored", _sponsored)):
        if content[name]:
            write(_Sheet(book, name, lang), content)
    forms = _headed(_Sheet(book, "rows", lang)) if content["rows"] else None
    book.save(path)
    if forms is not None:
        lines = _rows(_read(session, publication_id), zone, lang)
        add_rows(path, lines, sheet=len(book.worksheets), forms=forms)
    book.close()


class _Sheet:
    """One sheet with a heading that stays in view."""

    def __init__(self, book: Workbook, name: str, lang: str) -> None:
        self.lang = lang
        self.sheet: Any = book.create_sheet(said(SHEETS, name, lang))

    def columns(self, *columns: tuple[str, int]) -> None:
        """Codes of the headings, or whole headings, with their widths in characters. Comes before any row."""
        for position, (_name, width) in enumerate(columns, start=1):
            self.sheet.column_dimensions[get_column_letter(position)].width = width
        self.sheet.freeze_panes = "A2"
        self.sheet.append([self._heading(name) for name, _width in columns])

    def row(self, cells: Cells) -> None:
        self.sheet.append([self._cell(value) for value in cells])

    def rate(self, value: str | None) -> Any:
        """A frozen rate as a number that Excel shows in per cent; a dash where nothing was due."""
        return "–" if value is None else self._number(Decimal(value), PERCENT)

    def points(self, value: Any) -> Any:
        """A difference, with its sign."""
        if value is None:
            return "–"
        return self._number(Decimal(value), POINTS if isinstance(value, str) else "+0;-0;0")

    def _heading(self, name: str) -> Any:
        cell = text_cell(self.sheet, said({**FIGURES, **HEADINGS}, name, self.lang))
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        return cell

    def _number(self, value: Any, form: str) -> Any:
        cell = WriteOnlyCell(self.sheet, value=value)
        cell.number_format = form
        return cell

    def _cell(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return text_cell(self.sheet, value) if value else None


def _summary(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("item", 24), ("now", 14), ("before", 14), ("difference", 14))
    total, previous = content["total"], content["previous"]
    for name in SUMMED:
        shown = into.rate if name in RATES else _as_it_is
        before = previous["total"].get(name, "") if previous else ""
        change = (previous["differences"] or {}).get(name, "") if previous else ""
        into.row(
            [
                said(FIGURES, name, into.lang),
                shown(total[name]),
                shown(before) if before != "" else "",
                into.points(change) if change != "" else "",
            ]
        )
    into.row([])
    for name, value in _notes(content, into.lang):
        into.row([name, value])


def _notes(content: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    period, previous = content["period"], content["previous"]
    yield title(content, lang), f"{period['from']} – {period['to']}"
    yield said(NOTE, "counted", lang), content["as_of"]
    yield said(NOTE, "formula", lang), content["formula"]
    if previous is None:
        yield said(HEADINGS, "before", lang), said(NOTE, "none", lang)
    else:
        yield said(HEADINGS, "before", lang), f"{previous['from']} – {previous['to']}"
        if previous["differences"] is None:
            yield said(NOTE, "formula", lang), said(NOTE, "other", lang)


def _as_it_is(value: Any) -> Any:
    return value


def _units(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("group", 18), ("rank", 7), ("unit", 30), *((name, 11) for name in OF_UNITS), ("unit_code", 16))
    for line in content["units"]:
        figures = [into.rate(line[name]) if name in RATES else line[name] for name in OF_UNITS]
        place = "–" if line["rank"] is None else line["rank"]
        group = group_name(line["ranking_group"], into.lang)
        into.row([group, place, line["unit_name"], *figures, line["unit_code"]])


def _scores(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("group", 18), ("rank", 7), ("unit", 30), ("score", 10), ("difference", 10), ("list", 12))
    for row in content["scores"]["rows"]:
        score, points = (None if row[name] is None else Decimal(row[name]) for name in ("score", "points"))
        listed = said(terms.LISTS, row["listed"], into.lang)
        place = "–" if row["rank"] is None else row["rank"]
        into.row([group_name(row["group"], into.lang), place, row["name"], score, points, listed])


def _areas(into: _Sheet, content: Mapping[str, Any]) -> None:
    rows = content["areas"]
    into.columns(("area", 24), ("to_close", 10), ("closed", 10), ("overdue_open", 10), ("assigned", 10))
    for one in rows:
        into.row([one["name"], one["due"] - one["suspended"], one["closed"], one["overdue_open"], one["assigned"]])
    _draw(into, "areas", [one["name"] for one in rows], columns=(2, 3), beside="G2")


def _days(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("day", 12), ("found", 10), ("closed", 10))
    for one in content["days"]:
        into.row([one["day"], one["found"], one["closed"]])
    _draw(into, "days", [one["day"] for one in content["days"]], columns=(2, 3), beside="E2", lines=True)


def _categories(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("category", 24), ("found", 10))
    names = [category_name(one, into.lang) for one in content["categories"]]
    for name, one in zip(names, content["categories"], strict=True):
        into.row([name, one["found"]])
    _draw(into, "categories", names, columns=(2,), beside="D2")


def category_name(line: Mapping[str, Any], lang: str) -> str:
    """A category's name; a dash for what has none."""
    return (line["name_en"] if lang == "en" and line["name_en"] else line["name"]) or "–"


def _draw(
    into: _Sheet, name: str, labels: Sequence[str], *, columns: Sequence[int], beside: str, lines: bool = False
) -> None:
    figures = Figures(said(CHARTS, name, into.lang), labels, [("", ())] * len(columns), lines=lines)
    into.sheet.add_chart(sheet_chart(into.sheet, figures, columns=columns), beside)


def _worst(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("number", 18), ("place", 26), ("what", 40), ("unit", 26), ("due_at", 12), ("days", 10), ("step", 16))
    for one in content["worst"]:
        step = one["step"][into.lang == "en"]
        into.row([one["number"], one["what"], one["about"], one["unit"], one["due"][:10], one["days"], step])


def _hotspots(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("kind", 20), ("place", 28), ("what", 40), ("found", 8), ("open", 8))
    for one in content["hotspots"]:
        into.row([said(GATHERS, one["kind"], into.lang), one["name"], one["about"], one["found"], one["open"]])


def _sponsored(into: _Sheet, content: Mapping[str, Any]) -> None:
    into.columns(("point", 28), ("sponsor", 16), ("found", 8), ("closed", 8), ("open", 8), ("overdue", 8))
    for one in content["sponsored"]:
        into.row([one["name"], one["sponsor"], one["found"], one["closed"], one["open"], one["overdue"]])


def _headed(into: _Sheet) -> Forms:
    """The sheet of the rows, which come into it last."""
    widths = (("number", 18), ("unit", 26), ("place", 26), ("state", 10), ("due_at", 19), ("closed_at", 19))
    into.columns(*widths, *((name, 8) for name in COUNTS))
    return Forms(into.sheet)


def _rows(rows: Iterable[Row[Any]], zone: ZoneInfo, lang: str) -> Iterator[list[Any]]:
    """The columns of _ROWS as they are read; a count of 0 is left empty."""
    states = {state: said(terms.STATES, state, lang) for state in terms.STATES}
    for _, number, code, unit, place, state, due_at, closed_at, *counts in rows:
        times = (_city_time(due_at, zone), _city_time(closed_at, zone))
        yield [number, unit or code, place, states.get(state, state), *times, *(count or None for count in counts)]


def _city_time(value: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if value is None else value.astimezone(zone).replace(tzinfo=None)


def _read(session: Session, publication_id: int) -> Iterator[Row[Any]]:
    after = 0
    while True:
        page = {"key": publication_id, "after": after, "page": PAGE}
        rows = session.connection().execute(text(_ROWS), page).all()
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id
