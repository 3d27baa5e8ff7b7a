"""The list: issues by any filter, in a wanted order, page by page; filters and order stand in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from models.errors import BadInput, DubanError, NotFound
from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import saved_views
from services.listing import Page, Sort, count_up_to, listing
from web.deps import Desk, Here
from web.lists.asked import Asked
from web.lists.cursors import write_cursor
from web.lists.reading import Question, form_choices, question, zone_of
from web.login import Reader, allowed

router = APIRouter()
MOST = 10_000
"""Exactly so many are counted, and no more."""
Sees = Annotated[Reader, Depends(allowed(Right.SEE))]
UNREADABLE = (BadInput, NotFound)


@dataclass(frozen=True)
class Chip:
    """A filter that is one tap away."""

    label: str
    address: str
    on: bool


@router.get("/issues", response_class=HTMLResponse)
def issues(here: Here, reader: Sees) -> HTMLResponse:
    """The list. What cannot be used is said, and stays in the form as it was typed."""
    asked = Asked.read(here.request.query_params)
    try:
        asking = question(here, reader, asked)
        page = listing(
            here.session, wanted=asking.wanted, now=here.now, scope=asking.scope, sort=asked.sort, after=asked.after
        )
    except UNREADABLE as error:
        here.session.rollback()
        return _show(here, reader, asked, status=400, wrong=error)
    return _show(here, reader, asked, page=page, count=_count(here, asking, page), zone=asking.zone)


def _count(here: Desk, asking: Question, page: Page) -> str:
    """How many there are in all, as a sentence; as many as is cheap to say."""
    asked = asking.asked
    if page.after is None and not asked.one("after"):
        return _("{n} issues").format(n=len(page.lines))
    if asked.one("q"):
        return _("newest first, {n} on this page").format(n=len(page.lines))
    n = count_up_to(here.session, MOST, wanted=asking.wanted, now=here.now, scope=asking.scope)
    return _("more than {n} issues").format(n=f"{MOST:,}") if n > MOST else _("{n} issues").format(n=f"{n:,}")


def _show(
    here: Desk,
    reader: Reader,
    asked: Asked,
    *,
    page: Page | None = None,
    count: str = "",
    zone: str = "",
    status: int = 200,
    wrong: DubanError | None = None,
) -> HTMLResponse:
    sort = asked.sort if wrong is None else Sort.NEWEST
    following = write_cursor(page.after) if page and page.after else ""
    return here.pages.show(
        here.request,
        "lists/page",
        status=status,
        asked=asked,
        page=page,
        count=count,
        wrong=say(wrong) if wrong else "",
        zone=zone or zone_of(here),
        now=here.now,
        chips=chips(asked),
        sorts=_sorts(asked, sort),
        sort=sort.value,
        searching=bool(asked.one("q")),
        next_page=_next(asked, following),
        first_page=asked.but().address() if asked.one("after") else "",
        views=saved_views.views_of(here.session, reader.code),
        may_export=bool(reader.held(Right.EXPORT)),
        **form_values(here),
    )


def form_values(here: Desk) -> Mapping[str, Any]:
    """What the form of filters needs."""
    return {"choices": form_choices(here)}


def _next(asked: Asked, following: str) -> str:
    return Asked({**asked.but().values, "after": (following,)}).address() if following else ""


def _sorts(asked: Asked, now: Sort) -> Sequence[Chip]:
    names = {
        Sort.NEWEST: _("Newest"),
        Sort.OLDEST: _("Oldest"),
        Sort.DUE: _("Soonest deadline"),
        Sort.STEP: _("Highest step"),
        Sort.SEVERITY: _("Severest"),
    }
    chosen = {sort: "" if sort is Sort.NEWEST else sort.value for sort in Sort}
    return [Chip(names[sort], asked.but(sort=chosen[sort]).address(), sort is now) for sort in Sort]


QUICK = ("open", "overdue", "soon", "late", "leader")


def chips(asked: Asked, path: str = "/issues") -> Sequence[Chip]:
    """The filters that are wanted most, each on or off; what else is asked for stays."""
    labels = {
        "open": _("Open issues"),
        "overdue": _("Overdue"),
        "soon": _("Due within 24 hours"),
        "late": _("Late to assign, verify or close"),
        "leader": _("Assigned by a leader"),
    }
    offered = QUICK if path == "/issues" else QUICK[1:]
    flags = [_switch(asked, path, name, "1", labels[name]) for name in offered]
    mine = [
        _switch(asked, path, "mine", value, label)
        for value, label in (("handled", _("I handle")), ("found", _("I found")))
    ]
    return [*flags, *mine]


def _switch(asked: Asked, path: str, name: str, value: str, label: str) -> Chip:
    on = asked.one(name) == value
    return Chip(label, asked.but(**{name: "" if on else value}).address(path), on)
