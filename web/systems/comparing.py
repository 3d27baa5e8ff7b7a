"""Two editions compared: on a page, and as a workbook."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from runtime.i18n import gettext as _
from services.exports.systems_difference import difference_workbook
from services.people import city_day
from services.systems.comparing import Cell, Difference, compared, counted
from services.systems.reading import system_of, systems
from services.systems.values import SystemVersion
from web.deps import Here
from web.systems.shared import SEER, SHARES, became, book, choices, column_title, named, part_title, said, share, show

router = APIRouter()
TOLD = frozenset({"weight", "category", "deduction", "severity", "effect", "points", "least", "item", "module", "goal"})
"""What is told of a row that came or went."""


@router.get("/systems/compare", response_class=HTMLResponse)
def compare(here: Here, _reader: SEER, a: str = "", b: str = "") -> HTMLResponse:
    """What came, went, changed and moved from edition `a` to edition `b`; without both, the form alone."""
    found = list(systems(here.session, today=city_day(here.session, here.now)))
    if not (a and b):
        return show(here, "compare", editions=choices(found), a=a, b=b, old=None, new=None)
    old, new = system_of(here.session, a), system_of(here.session, b)
    differences = compared(old, new)
    return show(
        here,
        "compare",
        editions=choices(found),
        a=a,
        b=b,
        old=old,
        new=new,
        counts=counted(differences),
        parts_of=[(part, list(rows)) for part, rows in groupby(differences, key=lambda one: one.part)],
        value=partial(value, _modules(old, new)),
        told=TOLD,
    )


@router.get("/systems/compare/workbook")
def compare_workbook(here: Here, _reader: SEER, a: str = "", b: str = "") -> Response:
    """The same as a workbook."""
    old, new = system_of(here.session, a), system_of(here.session, b)
    row, headings = partial(_row, _modules(old, new)), _headings(old.code, new.code)
    made = difference_workbook(compared(old, new), title=_("Differences"), headings=headings, rows=row)
    return book(made, f"{old.code} – {new.code}")


def _modules(*editions: SystemVersion) -> dict[str, str]:
    """What the codes of modules are called."""
    return {one.code: named(one) for edition in editions for one in edition.modules}


def value(modules: Mapping[str, str], part: str, cell: Cell, written: str) -> str:
    """A cell in the words of the field."""
    if cell.column == "module":
        return modules.get(written, written)
    if (part, cell.column) in SHARES and written:
        return share(Decimal(written))
    return said(cell.column, written)


def _headings(old: str, new: str) -> Mapping[str, int]:
    return {_("Part"): 16, _("Code"): 14, _("Name"): 40, _("What became of it"): 12, _("Column"): 16, old: 40, new: 40}


def _row(modules: Mapping[str, str], one: Difference, cell: Cell) -> list[str]:
    sides = (value(modules, one.part, cell, written) for written in (cell.old, cell.new))
    return [part_title(one.part), one.code, named(one), became(one.became), column_title(cell.column), *sides]
