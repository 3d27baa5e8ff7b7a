"""The first page of tasks: the years side by side, how whole the table is, where the letters stand."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.permissions import Right
from models.task_letter import LetterState
from runtime.i18n import language
from services.people import city_day
from services.tasks import reading
from services.tasks.coverage import coverage
from services.tasks.table import classes, years
from web.deps import Here
from web.lists.reading import board_scope
from web.login import Reader, allowed
from web.tasks.asked import address, year_asked

router = APIRouter(prefix="/tasks")
SHOWN_YEARS = 3


@router.get("", response_class=HTMLResponse)
def home(here: Here, reader: Annotated[Reader, Depends(allowed(Right.SEE))]) -> Response:
    """For who sees boards; others have their unit's letters."""
    if Right.SEE_BOARDS not in reader.rights:
        return RedirectResponse("/tasks/letters", 303)
    several = years(here.session)
    year = year_asked(here, known=[one.year for one in several])
    scope, today = board_scope(reader), city_day(here.session, here.now)
    shown = [one.year for one in several[:SHOWN_YEARS]]
    stand = reading.counts(here.session, by=reader.actor, now=here.now, year=year)
    return here.pages.show(
        here.request,
        "tasks/home",
        years=several,
        shown=shown,
        classes=classes(here.session, several=shown, lang=language()),
        year=year,
        covered=coverage(here.session, year=year, today=today, lang=language(), scope=scope).all,
        stand=stand,
        out=sum(n for state, n in stand.items() if state is not LetterState.REPLACED),
        states=[state for state in LetterState if state is not LetterState.REPLACED],
        to_sign=reading.to_sign(here.session, by=reader.actor, now=here.now),
        manages=Right.MANAGE_CITY in reader.rights,
        address=address,
    )
