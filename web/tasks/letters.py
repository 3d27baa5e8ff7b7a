"""Task letters: which there are and where each stands; issuing them, after a look at what that would do."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, WrongValue
from models.permissions import Right
from models.task_letter import LetterState
from runtime.i18n import say
from services.list_choices import code_of, name_of
from services.papers.stationery import stationery_in_force
from services.tasks import letters, reading
from services.tasks.planning import Order
from services.tasks.table import FIRST_YEAR, LAST_YEAR
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.lists.reading import zone_of
from web.login import Reader, allowed
from web.tasks.asked import address, asked, known_years, letter_address, settings_of, year_asked

router = APIRouter(prefix="/tasks")
Sees = Annotated[Reader, Depends(allowed(Right.SEE))]
Issues = Annotated[Reader, Depends(allowed(Right.ISSUE_TASK_LETTER))]
PAGE = 50


@router.get("/letters", response_class=HTMLResponse)
def listing(here: Here, reader: Sees) -> HTMLResponse:
    """Those of a year that the reader may see; first what waits for their signature."""
    known = known_years(here)
    year, state, unit = year_asked(here, known=known), _state(here), asked(here, "unit")
    try:
        code, wrong = code_of(here.session, "unit", unit) if unit else "", ""
    except DubanError as error:
        code, wrong = unit, say(error)
    found = reading.letters(
        here.session,
        by=reader.actor,
        now=here.now,
        year=year,
        unit=code,
        state=state,
        after=asked(here, "after"),
        limit=PAGE + 1,
    )
    filters = {"year": year, "state": state.value if state else "", "unit": unit}
    counts = reading.counts(here.session, by=reader.actor, now=here.now, year=year)
    return here.pages.show(
        here.request,
        "tasks/letters",
        status=404 if wrong else 200,
        wrong=wrong,
        years=known,
        year=year,
        state=state,
        unit=unit,
        states=[(one, n, address("/tasks/letters", year=year, state=one.value)) for one, n in counts.items()],
        lines=found[:PAGE],
        more=_after(filters, found),
        to_sign=reading.to_sign(here.session, by=reader.actor, now=here.now),
        may_issue=Right.ISSUE_TASK_LETTER in reader.rights,
        issued=asked(here, "issued"),
        zone=zone_of(here),
        letter_address=letter_address,
        address=address,
    )


def _state(here: Desk) -> LetterState | None:
    written = asked(here, "state")
    if written and written not in tuple(LetterState):
        raise HTTPException(404)
    return LetterState(written) if written else None


def _after(filters: dict[str, Any], found: list[reading.LetterLine]) -> str:
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1]
    return address("/tasks/letters", **filters, after=f"{last.unit} {last.edition}")


@router.get("/letters/issue", response_class=HTMLResponse)
def look(here: Here, reader: Issues) -> HTMLResponse:
    """What issuing would do, for all units of the reader or one; nothing is written."""
    return _form(here, reader, year=asked(here, "year"), unit=asked(here, "unit"))


@router.post("/letters/issue")
def issue(here: Here, reader: Issues, form: Sent) -> Response:
    """Issue them; asked again, units whose rows are as before get none."""
    year, unit = forms.text(form, "year", longest=10), forms.text(form, "unit", longest=100)
    try:
        order = _order(here, reader, year, unit)
        done = letters.issue(here.session, **vars(order))
    except DubanError as error:
        here.session.rollback()
        return _form(here, reader, year=year, unit=unit, wrong=error)
    here.session.commit()
    fresh = sum(one.letter is not None for one in done)
    return RedirectResponse(address("/tasks/letters", year=order.year, issued=str(fresh)), 303)


def _order(here: Desk, reader: Reader, year: str, unit: str) -> Order:
    """Raises NotFound, WrongValue, UnreadableFile."""
    if not (year.isascii() and year.isdecimal() and len(year) == len(str(LAST_YEAR))):
        raise WrongValue(field="year", value=year, expected=f"{FIRST_YEAR}–{LAST_YEAR}")
    return Order(
        year=int(year),
        by=reader.actor,
        now=here.now,
        stationery=stationery_in_force(here.session, otherwise=here.settings.city_pack / "papers"),
        settings=settings_of(here),
        units=[code_of(here.session, "unit", unit)] if unit else None,
    )


def _form(here: Desk, reader: Reader, *, year: str, unit: str, wrong: DubanError | None = None) -> HTMLResponse:
    there, year = None, year or str(year_asked(here))
    try:
        there = letters.prospect(here.session, _order(here, reader, year, unit))
    except DubanError as error:
        wrong = wrong or error
    here.session.rollback()
    return here.pages.show(
        here.request,
        "tasks/issue",
        status=status_of(wrong) if wrong else 200,
        wrong=say(wrong) if wrong else "",
        year=year,
        unit=unit,
        unit_name=name_of(here.session, "unit", unit) if unit else "",
        there=there,
        settings=settings_of(here),
    )
