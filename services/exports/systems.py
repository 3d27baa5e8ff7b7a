"""An edition of an evaluation system as a workbook that is read again (services/imports/systems.py), and two compared.

Everything is text or a number: no cell is ever a formula. Derived columns, such as the names of categories, are written
for the reader alone.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from models import terms
from services.exports.sheet import HEADER_FILL, LONGEST, LOOKS_LIKE_FORMULA, escape
from services.exports.systems_columns import CELL_WORDS, EDITION, SHEETS, SheetForm
from services.systems.values import SystemVersion

Cells = Mapping[str, Any]
WRAPPED = Alignment(vertical="top", wrap_text=True)


def system_workbook(edition: SystemVersion, *, lang: str) -> bytes:
    """The workbook, one sheet for each part, empty ones too: they show what could be filled in."""
    book = Workbook(write_only=True)
    for form in SHEETS:
        rows = ([_cell(form, name.field, row, lang) for name in form.columns] for row in ROWS[form.part](edition))
        headings = [(column.heading(lang), column.width) for column in form.columns]
        write_sheet(book, form.title(lang), headings, rows)
    return saved(book)


def write_sheet(book: Workbook, title: str, headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> None:
    """A sheet with a heading that stays in view; widths in characters."""
    sheet: Any = book.create_sheet(title)
    for place, (_, width) in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, text) for text, _ in headings])
    for row in rows:
        sheet.append([_written(sheet, value) for value in row])


def saved(book: Workbook) -> bytes:
    """The file."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _heading(sheet: Any, text: str) -> Any:
    cell = _written(sheet, text)
    cell.font, cell.fill, cell.alignment = Font(bold=True), HEADER_FILL, WRAPPED
    return cell


def _written(sheet: Any, value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, Decimal) and Decimal(repr(float(value))) != value:
        value = f"{value:f}"  # a number of a workbook has some fifteen digits
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=escape(value)[:LONGEST])
    cell.data_type, cell.alignment = "s", WRAPPED  # openpyxl would make "=1+1" a formula
    if value.startswith(LOOKS_LIKE_FORMULA):
        cell.quotePrefix = True  # keeps it a text when somebody edits the cell
    return cell


def _cell(form: SheetForm, name: str, row: Cells, lang: str) -> Any:
    value = row.get(name)
    words = CELL_WORDS.get((form.part, name))
    if words is None:
        return value
    code = ("1" if value else "0") if isinstance(value, bool) else value
    return terms.term(words, code, lang)


def _edition(one: SystemVersion) -> Iterator[Cells]:
    yield {
        "system_code": one.system,
        "system_name": one.system_name,
        "system_name_en": one.system_name_en,
        "code": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "valid_from": one.valid_from.isoformat(),
        "basis": one.basis,
        "look_back_months": one.look_back_months,
        "counties_share": one.counties_share,
    }


def _categories(edition: SystemVersion) -> Iterator[Cells]:
    """The kinds of places that it looks at."""
    found = {one.category: (one.category_name, one.category_name_en) for one in edition.standards()}
    found |= {one.category: (one.name, one.name_en) for one in edition.weights}
    return ({"code": code, "name": name, "name_en": en} for code, (name, en) in sorted(found.items()))


def _contents(edition: SystemVersion) -> Iterator[Cells]:
    for item in edition.tree:
        for one in item.contents:
            named = {"code": one.code, "name": one.name, "name_en": one.name_en}
            yield {**named, "item_code": item.code, "module_code": one.module}


def _standards(edition: SystemVersion) -> Iterator[Cells]:
    for item in edition.tree:
        for content in item.contents:
            yield from (_standard(one, content.code) for one in content.standards)
    yield from (_standard(one, "") for one in edition.loose)


def _standard(one: Any, content: str) -> Cells:
    return {**vars(one), "content_code": content, "category_code": one.category}


ROWS: Mapping[str, Callable[[SystemVersion], Iterable[Cells]]] = {
    EDITION: _edition,
    "modules": lambda edition: map(vars, edition.modules),
    "years": lambda edition: ({"year": n, "weight": one} for n, one in enumerate(edition.years, start=1)),
    "categories": _categories,
    "weights": lambda edition: (
        {"category_code": one.category, "category_name": one.name, "weight": one.weight} for one in edition.weights
    ),
    "items": lambda edition: map(vars, edition.tree),
    "contents": _contents,
    "standards": _standards,
    "negative": lambda edition: map(vars, edition.negative),
    "gates": lambda edition: map(vars, edition.preconditions),
    "counties": lambda edition: (
        {"area_code": one.area, "area_name": one.name, "goal": one.goal, "goal_en": one.goal_en}
        for one in edition.counties
    ),
}
