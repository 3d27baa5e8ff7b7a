"""Which months there are, and one month: groups with their places, red and black lists, its way to publication."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from models.errors import DubanError
from models.permissions import Right
from runtime.i18n import say
from services.ranking.months import Month
from services.ranking.seeing import ranked_areas
from services.ranking.table import RATES
from services.ranking.view import MonthView, month_view, months
from web.boards.page import Code, plain
from web.deps import Desk, Here
from web.errors import status_of
from web.lists.reading import zone_of
from web.login import Reader, allowed
from web.ranking.words import Words, link, said

router = APIRouter(prefix="/ranking")
Leads = Annotated[Reader, Depends(allowed(Right.SEE_BOARDS))]


@router.get("", response_class=HTMLResponse)
def every_month(here: Here, reader: Leads, area: Code = "") -> HTMLResponse:
    """The running month and the last one, and all that were drafted or published; the newest first."""
    code = plain(area) or reader.city
    return here.pages.show(
        here.request,
        "ranking/months",
        months=months(here.session, now=here.now, area_code=code),
        may_appeal=Right.APPEAL in reader.rights,
        areas=ranked_areas(here.session, reader.actor),
        area=code,
        city=reader.city,
        zone=zone_of(here),
    )


@router.get("/{month}", response_class=HTMLResponse)
def one_month(month: str, here: Here, reader: Leads, area: Code = "", draft: str = "", done: str = "") -> HTMLResponse:
    """Published, or the draft as far as the reader may see it, or today's figures of the units in their boards."""
    view = seen(here, reader, month, area=area, draft=bool(draft))
    return show(here, reader, view, done=said(done))


def seen(here: Desk, reader: Reader, month: str, *, area: str = "", draft: bool = False, unit: str = "") -> MonthView:
    """Raises WrongValue and NotFound."""
    return month_view(
        here.session,
        Month.parse(month),
        reader=reader.actor,
        now=here.now,
        area_code=plain(area),
        draft=draft,
        unit=unit,
    )


def show(
    here: Desk, reader: Reader, view: MonthView, *, wrong: DubanError | None = None, why: str = "", done: str = ""
) -> HTMLResponse:
    """The page of a month, with what was refused on it."""
    return here.pages.show(
        here.request,
        "ranking/month",
        status=status_of(wrong) if wrong else 200,
        wrong=say(wrong) if wrong else "",
        why=why,
        done=done,
        may_export=Right.EXPORT in reader.rights,
        **shown(here, reader, view),
    )


def shown(here: Desk, reader: Reader, view: MonthView) -> dict[str, Any]:
    """What every page of a month takes."""
    rows = view.table.rows
    return {
        "view": view,
        "link": link,
        "words": Words(view.table.names),
        "rates": RATES,
        "area": "" if view.area_code == reader.city else view.area_code,
        "red": [row for row in rows if row.listed == "red"],
        "black": [row for row in rows if row.listed == "black"],
        "mine": frozenset(reader.held(Right.SEE_BOARDS).units),
        "zone": zone_of(here),
        "now": here.now,
    }
