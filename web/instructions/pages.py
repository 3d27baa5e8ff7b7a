"""What a reader may see before opening one: who said it when, to whom, about which issues. Nothing of its text."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse

from services.instructions import recording, sight
from services.instructions.choices import leaders
from services.people import city_day
from web.deps import Desk, Here
from web.lists.reading import zone_of
from web.login import LoggedIn, Reader

router = APIRouter(prefix="/instructions")
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
BLANKS = 4
"""Lines for addressees on an empty form."""


@router.get("", response_class=HTMLResponse)
def listing(here: Here, reader: LoggedIn, before: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0) -> HTMLResponse:
    """The covers of those that the reader may read."""
    covers = sight.covers(here.session, reader.actor, before=before)
    return here.pages.show(
        here.request,
        "instructions/list",
        covers=covers,
        more=len(covers) == sight.PAGE,
        may_record=bool(recording.keeps(here.session, reader.actor)),
        zone=zone_of(here),
    )


@router.get("/new", response_class=HTMLResponse)
def new(here: Here, reader: LoggedIn) -> HTMLResponse:
    """The form of the office."""
    return form_page(here, reader, {})


@router.get("/{key}", response_class=HTMLResponse)
def one(key: Key, here: Here, reader: LoggedIn, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """Its cover; to read the text one opens it, which goes on record."""
    return cover_page(here, reader, key, done=done)


def form_page(
    here: Desk, reader: Reader, filled: Mapping[str, Any], *, wrong: str = "", status: int = 200
) -> HTMLResponse:
    """The form with what was typed. Raises HTTPException 404 for who keeps no instructions."""
    areas = recording.keeps(here.session, reader.actor)
    if not areas:
        raise HTTPException(404)
    today = city_day(here.session, here.now)
    said = {"said_on": str(today), "area": areas[0][0], "key": secrets.token_urlsafe(12), **filled}
    to = [*said.get("addressees", ()), *[""] * BLANKS][: max(BLANKS, len(said.get("addressees", ())) + 1)]
    return here.pages.show(
        here.request,
        "instructions/new",
        status=status,
        filled=said,
        addressees=to,
        areas=areas,
        leaders=leaders(here.session, today=today),
        wrong=wrong,
    )


def cover_page(
    here: Desk, reader: Reader, key: int, *, done: str = "", wrong: str = "", typed: str = "", status: int = 200
) -> HTMLResponse:
    """One without its text."""
    found = sight.outside(here.session, key, reader.actor)
    return here.pages.show(
        here.request,
        "instructions/one",
        status=status,
        found=found,
        opened=None,
        zone=zone_of(here),
        done=done,
        wrong=wrong,
        typed=typed,
    )
