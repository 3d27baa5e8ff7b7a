"""The bulletins that somebody may read, newest first; an office drafts one here."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, WrongValue
from runtime.i18n import language, say
from services.bulletins.drafting import draft
from services.bulletins.periods import KINDS, kind_of_bulletin
from services.bulletins.reading import draftable, listing
from services.exports.bulletin_words import title
from services.people import city_day
from web import forms
from web.bulletins.reading import LARGEST, Leads
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.lists.reading import zone_of
from web.login import Reader

router = APIRouter()
PAGE = 30
FIELDS = ("kind", "on", "area", "corrects")


@router.get("", response_class=HTMLResponse)
def bulletins(here: Here, reader: Leads, after: Annotated[int, Query(ge=0, le=LARGEST)] = 0) -> HTMLResponse:
    """Drafts for those who work on them, published ones for all readers."""
    return _page(here, reader, after=after)


@router.post("")
def new(here: Here, reader: Leads, form: Sent) -> Response:
    """Draft one; where it is there already, that is it."""
    filled = {name: forms.text(form, name, longest=100) for name in FIELDS}
    try:
        made = draft(
            here.session,
            kind_of_bulletin(filled["kind"]),
            on=_day(filled["on"]) if filled["on"] else city_day(here.session, here.now),
            by=reader.actor,
            now=here.now,
            area=filled["area"],
            corrects=filled["corrects"] == "1",
        )
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, filled=filled, wrong=error)
    here.session.commit()
    return RedirectResponse(f"/bulletins/{made.publication.id}", 303)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongValue(field="on", value=written, expected="2026-11-16") from None


def _page(
    here: Desk,
    reader: Reader,
    *,
    after: int = 0,
    filled: dict[str, str] | None = None,
    wrong: DubanError | None = None,
) -> HTMLResponse:
    rows = listing(here.session, by=reader.actor, city=reader.city, after=after or None, limit=PAGE + 1)
    lang = language()
    return here.pages.show(
        here.request,
        "bulletins/list",
        status=status_of(wrong) if wrong else 200,
        rows=[(row, title(row.content, lang), row.content["area"]) for row in rows[:PAGE]],
        older=rows[PAGE - 1].id if len(rows) > PAGE else 0,
        kinds=KINDS,
        places=draftable(here.session, by=reader.actor, city=reader.city),
        filled=filled or dict.fromkeys(FIELDS, ""),
        wrong=say(wrong) if wrong else "",
        today=city_day(here.session, here.now),
        zone=zone_of(here),
    )
