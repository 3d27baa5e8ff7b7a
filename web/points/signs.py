"""Signs for points: which ones, then a page of A4 after the other, to be printed and cut."""

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from models.errors import DubanError, WrongValue
from models.permissions import Right
from runtime.i18n import language, say
from services import list_choices
from services.exports.sign_sheet import Size, sign_sheet
from services.rulebook import the_city
from services.signs import MOST, Wish, signs
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import cleaned
from web.issue.papers import ALONE
from web.login import Reader, allowed

router = APIRouter(prefix="/points")
Printer = Annotated[Reader, Depends(allowed(Right.PRINT_SIGNS))]
LONGEST = 20_000
"""Characters: the codes of so many points."""


@router.get("", response_class=HTMLResponse)
def choose(here: Here, _reader: Printer) -> HTMLResponse:
    """For which points, and how large."""
    return _form(here)


@router.get("/signs", response_class=HTMLResponse)
def show(here: Here, reader: Printer) -> Response:
    """The signs themselves; where something is wrong with the choice, the form again."""
    try:
        found, more = signs(here.session, _wish(here), by=reader.actor, public_url=here.settings.public_url)
        size = _size(here)
    except DubanError as error:
        return _form(here, wrong=say(error), status=status_of(error))
    city = the_city(here.session)
    headers = {"Content-Security-Policy": ALONE, "Cache-Control": "no-store"}
    if more:
        return _form(here, more=True, status=400)
    return HTMLResponse(sign_sheet(found, city=city.name, size=size), headers=headers)


def _asked(here: Desk, name: str) -> str:
    return " ".join(cleaned(one)[:LONGEST] for one in here.request.query_params.getlist(name)).strip()


def _wish(here: Desk) -> Wish:
    codes = _asked(here, "point").replace(",", " ").replace("，", " ").replace("、", " ").split()
    return Wish(codes, area=_asked(here, "area"), category=_asked(here, "category"))


def _size(here: Desk) -> Size:
    wanted = _asked(here, "size") or Size.SIX.value
    if wanted not in list(Size):
        raise WrongValue(field="size", value=wanted[:40], expected=", ".join(Size))
    return Size(wanted)


def _form(here: Desk, *, wrong: str = "", more: bool = False, status: int = 200) -> HTMLResponse:
    given = list_choices.choices(here.session, lang=language())
    return here.pages.show(
        here.request,
        "points/choose",
        status=status,
        wrong=wrong,
        most=MOST if more else 0,
        areas=given.areas,
        categories=given.categories,
        typed={name: _asked(here, name) for name in ("area", "point", "category", "size")},
        only_here=_only_here(here.settings.public_url),
        public_url=here.settings.public_url,
    )


def _only_here(address: str) -> bool:
    """Whether no phone reaches this address: then no sign with it is of any use."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")
