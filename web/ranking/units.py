"""A unit in a month: its figures with what they are made of, its cases, its appeals, and what would move its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.errors import NotFound
from models.permissions import Right
from models.scoring.document import from_document
from models.scoring.number import How, Number, Term
from models.scoring.rounding import half_up
from services.ranking.moves import what_if
from services.ranking.piles import appeals_of
from services.ranking.seeing import must_see_unit
from services.ranking.table import CaseRow
from services.ranking.view import MonthStanding, MonthView
from web.boards.page import Code
from web.deps import Desk, Here
from web.ranking.months import Leads, seen, shown
from web.ranking.words import Words

router = APIRouter(prefix="/ranking")


@dataclass(frozen=True)
class Line:
    """A part of a score: how deep it lies, what it is, how it weighs, its value, and how many rows stand behind it."""

    depth: int
    name: str
    how: str
    weight: str
    value: str
    rows: int


@router.get("/{month}/units/{code}", response_class=HTMLResponse)
def one_unit(month: str, code: str, here: Here, reader: Leads, area: Code = "", draft: str = "") -> HTMLResponse:
    """One unit that lies in what the reader's boards show."""
    unit = must_see_unit(here.session, reader.actor, code)
    view = seen(here, reader, month, area=area, draft=bool(draft), unit=unit.code)
    row = view.table.row(unit.code)
    if row is None:
        raise NotFound(what="unit", code=unit.code)
    cases = view.table.cases.get(unit.code, ())
    return here.pages.show(
        here.request,
        "ranking/unit",
        row=row,
        cases=cases,
        lines=explained(view, unit.code),
        appeals=appeals_of(here.session, unit.code, month=view.month, area_code=view.area_code),
        may_appeal=view.window_open and reader.held(Right.APPEAL).covers(unit=unit.code),
        what_if=_what_if(here, view, unit.code),
        marks=marks,
        **shown(here, reader, view),
    )


def _what_if(here: Desk, view: MonthView, unit: str) -> Any:
    if view.standing is not MonthStanding.LIVE:
        return None
    return what_if(here.session, unit, month=view.month, area_code=view.area_code, now=here.now)


def marks(case: CaseRow) -> Sequence[str]:
    """What counts about a case beside its state, as codes."""
    names = ("late", "extended", "leader_assigned", "repeated", "again")
    return [name for name in names if getattr(case, name)]


def explained(view: MonthView, unit: str) -> list[Line]:
    """The score of a unit, part by part, as it is made; nothing for one without cases."""
    written = view.table.scores.get(unit)
    words = Words(view.table.names)
    return list(_lines(from_document(written), None, 0, words)) if written else []


def _lines(number: Number, term: Term | None, depth: int, words: Words) -> list[Line]:
    of = words.named(number.of) if number.of and depth else ""
    name = f"{words.figure(number.name)} {of}".strip()
    weight = "" if term is None or term.weight == 1 else _shown(term.weight)
    how = "" if number.how is How.COUNTED else number.how.value
    own = Line(depth, name, how, weight, _value(number), len(number.rows))
    below = [line for one in number.terms for line in _lines(one.number, one, depth + 1, words)]
    return [own, *below]


def _value(number: Number) -> str:
    return "–" if number.exact is None else _shown(number.exact)


def _shown(value: Fraction) -> str:
    """To four places at most: the published figure is rounded once, at the end."""
    return f"{half_up(value, places=4).normalize():f}"
