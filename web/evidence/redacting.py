"""Faces and plates made unseen: areas drawn on the picture, or typed as numbers where there is no script or mouse."""

from decimal import Decimal, InvalidOperation

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, NotFound
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import redacting, rulebook, withholding
from services.redacting import MOST_AREAS, Area, Sheet
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.evidence import withholding as withholding_page
from web.evidence.copies import Key
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()
SIDES = ("left", "top", "width", "height")
SPARE = 3
"""Empty rows for who types."""
Row = dict[str, str]


@router.get("/evidence/{key}/redact", response_class=HTMLResponse)
def show(key: Key, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The photo with the areas that are unseen now; a video with whether it is withheld."""
    film = _film(here, reader, key)
    if film:
        return withholding_page.show(here, film)
    sheet = redacting.sheet(here.session, key, by=reader.actor, city=reader.city)
    return _page(here, sheet, [_typed(area) for area in sheet.areas])


@router.post("/evidence/{key}/redact", response_class=HTMLResponse)
def redact(key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Make what was drawn unseen, or withhold a video. A page that is not right comes back with everything on it."""
    film = _film(here, reader, key)
    if film:
        return withholding_page.decide(here, reader, film, form)
    sheet = redacting.sheet(here.session, key, by=reader.actor, city=reader.city)
    rows = _rows(form)
    areas, wrong = _areas(rows)
    if wrong:
        return _page(here, sheet, rows, wrong=wrong, status=400)
    try:
        _redact(here, reader, key, areas, form)
    except DubanError as error:
        here.session.rollback()
        again = redacting.sheet(here.session, key, by=reader.actor, city=reader.city)
        return _page(here, again, rows, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/evidence/{key}/redact?done=1", 303)


def _film(here: Desk, reader: Reader, key: int) -> withholding.Sheet | None:
    """The sheet of a video. Raises ActionNotAllowed."""
    try:
        return withholding.sheet(here.session, key, by=reader.actor, city=reader.city)
    except NotFound:
        return None


def _redact(here: Desk, reader: Reader, key: int, areas: list[Area], form: FormData) -> None:
    redacting.redact(
        here.session,
        here.settings.evidence,
        key,
        areas=areas,
        reason=forms.text(form, "reason", longest=redacting.LONGEST),
        seen=forms.whole(form, "seen", least=0, most=2**63 - 1),
        by=reader.actor,
        city=reader.city,
        now=here.now,
    )


def _rows(form: FormData) -> list[Row]:
    """What was typed, row by row; rows that were left empty or are to go are left out."""
    numbers = range(MOST_AREAS + SPARE + 1)
    rows = [(n, {side: forms.text(form, f"{side}-{n}", longest=20) for side in SIDES}) for n in numbers]
    return [row for n, row in rows if any(row.values()) and f"drop-{n}" not in form]


def _areas(rows: list[Row]) -> tuple[list[Area], str]:
    """The areas, or what is wrong with the first row that is none."""
    found = []
    for n, row in enumerate(rows, 1):
        sides = [_thousandths(row[side]) for side in SIDES]
        area = Area(*(side or 0 for side in sides))
        if None in sides or not area.fits:
            words = _("Area {n} does not lie in the picture: each number is from 0 to 100, left + width at most 100.")
            return [], words.format(n=n)
        found.append(area)
    return found, ""


def _thousandths(written: str) -> int | None:
    try:
        number = Decimal(written.replace(",", ".").replace("。", "."))
    except InvalidOperation:
        return None
    return round(number * 10) if number.is_finite() and 0 <= number <= 100 else None


def _typed(area: Area) -> Row:
    return {side: f"{getattr(area, side) / 10:g}" for side in SIDES}


def _page(here: Desk, sheet: Sheet, rows: list[Row], *, wrong: str = "", status: int = 200) -> HTMLResponse:
    words = (_("Left"), _("Top"), _("Width"), _("Height"))
    return here.pages.show(
        here.request,
        "evidence/redact",
        status=status,
        sheet=sheet,
        rows=rows,
        sides=list(zip(SIDES, words, strict=True)),
        spare=min(SPARE, MOST_AREAS - len(rows)),
        most=MOST_AREAS,
        wrong=wrong,
        done="done" in here.request.query_params and not wrong,
        zone=rulebook.the_city(here.session).timezone,
    )
