"""What the pages of administration share: who may come, addresses, and words for what readers of files say."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import HTMLResponse

from models.permissions import Right
from models.rights import SYSTEM
from runtime.expectations import expected
from runtime.i18n import gettext as _
from services import rulebook
from services.administering.view_names import names_of
from services.cities.keys import key_parts
from web.admin import words
from web.deps import Desk
from web.login import Reader, allowed

MANAGER = Annotated[Reader, Depends(allowed(Right.MANAGE_CITY))]


def address(path: str, **query: object) -> str:
    """An address with a query; what is empty is left out. Keys stand there, since a path would not keep every key."""
    given = urlencode({name: value for name, value in query.items() if value not in ("", None)})
    return f"{path}?{given}" if given else path


def key_given(written: str) -> str:
    """A key as an address says it; nothing for one with signs that the database does not keep."""
    return "" if "\x00" in written or any("\ud800" <= sign <= "\udfff" for sign in written) else written


def show(here: Desk, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of administration."""
    known = {"address": address, "expected": expected, "words": words, "zone": zone_of(here), "key_parts": key_parts}
    who = names_of(here.session, "persons", {one.who for one in values.get("past", ())})
    return here.pages.show(
        here.request,
        f"admin/{name}",
        status=status,
        **{**known, "names_of_who": {SYSTEM.code: _("the system"), **who}, **values},
    )


def zone_of(here: Desk) -> str:
    """The city's time zone."""
    return rulebook.the_city(here.session).timezone
