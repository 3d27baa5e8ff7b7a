"""Posts and their holders: a post is handed over in one go. For the offices, each in its own area."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, WrongValue
from models.permissions import Right
from runtime.i18n import say
from services.administering import Edit
from services.administering.view_posts import PostLine, handed_over, post_of, posts_in
from services.people import city_day
from web import forms
from web.admin import proposing, row_form
from web.admin.shared import key_given, show
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed

router = APIRouter(prefix="/admin")
Appointer = Annotated[Reader, Depends(allowed(Right.APPOINT))]
SHOWN = 50


@router.get("/posts", response_class=HTMLResponse)
def posts(
    here: Here, reader: Appointer, q: str = "", after: str = "", vacant: str = "", done: str = ""
) -> HTMLResponse:
    """The posts of the reader's areas, with who holds them today."""
    today = city_day(here.session, here.now)
    query = forms.cleaned(q)[:100]
    found, more = posts_in(
        here.session,
        reader.held(Right.APPOINT),
        query=query,
        after=key_given(after),
        vacant_on=today if vacant else None,
        limit=SHOWN,
    )
    return show(
        here,
        "posts",
        found=found,
        more=more,
        query=query,
        after=after,
        vacant=bool(vacant),
        today=today,
        done=bool(done),
    )


@router.get("/post", response_class=HTMLResponse)
def post(here: Here, reader: Appointer, code: str) -> HTMLResponse:
    """One post: who holds it, who held it, and the form to hand it over."""
    return _page(here, reader, post_of(here.session, reader.held(Right.APPOINT), key_given(code)), {})


@router.post("/post")
def hand_over(here: Here, reader: Appointer, form: Sent, code: str) -> Response:
    """What the hand-over would do."""
    line = post_of(here.session, reader.held(Right.APPOINT), key_given(code))
    filled = {name: forms.cleaned(form.get(name))[:100] for name in ("person", "first", "last")}
    filled["ending"] = " ".join(forms.texts(form, "ending"))
    try:
        edits = _edits(here, line, form)
        proposal = proposing.propose(here, reader, edits)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, line, filled, wrong=say(error), status=status_of(error))
    if proposal.bad_cells:
        return _page(here, reader, line, filled, bad=proposing.bad_cells(proposal, len(edits) - 1), status=400)
    return proposing.page(here, reader, edits, proposal)


def _edits(here: Desk, line: PostLine, form: FormData) -> list[Edit]:
    """Raises WrongValue, MissingInput."""
    return handed_over(
        here.session,
        line,
        to=forms.text(form, "person", longest=100),
        first=_day(form, "first"),
        ending=sorted(set(forms.texts(form, "ending"))),
    )


def _day(form: FormData, name: str) -> date:
    written = forms.text(form, name, longest=40)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongValue(field=name, value=written, expected="a day such as 2026-11-22") from None


def _page(
    here: Desk,
    reader: Reader,
    line: PostLine,
    filled: dict[str, str],
    *,
    wrong: str = "",
    bad: object = (),
    status: int = 200,
) -> HTMLResponse:
    today = city_day(here.session, here.now)
    holding = [one for one in line.holders if one.on(today)]
    ending = filled["ending"].split() if filled else [one.person for one in holding]
    return show(
        here,
        "post",
        status=status,
        post=line,
        holding=holding,
        today=today,
        filled={"person": "", "first": today.isoformat(), **filled},
        ending=ending,
        hints=row_form.hints(here, "persons"),
        manages=Right.MANAGE_CITY in reader.rights,
        wrong=wrong,
        bad=bad,
    )


@router.get("/post/persons", response_class=HTMLResponse)
def persons(here: Here, _reader: Appointer) -> HTMLResponse:
    """Suggestions of persons for what is being typed."""
    typed = next(iter(here.request.query_params.values()), "")
    return show(here, "suggest", hints=row_form.hints(here, "persons", forms.cleaned(typed)[:60]))
