"""Appeals: in piles, one with all about it, and its decision."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.appeal import AppealOutcome
from models.errors import DubanError
from models.permissions import Right
from runtime.i18n import language, say
from services.ranking import appeals, piles
from services.ranking.seeing import OF_THE_AREA
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.lists.reading import zone_of
from web.login import LoggedIn, Reader

router = APIRouter(prefix="/appeals")
LARGEST = 2**63 - 1
After = Annotated[int | None, Query(ge=1, le=LARGEST)]


@router.get("", response_class=HTMLResponse)
def every(here: Here, reader: LoggedIn, pile: str = "", after: After = None) -> HTMLResponse:
    """One pile: those of one's units, those to decide, those decided."""
    offered = _offered(reader)
    chosen = pile if pile in offered else next(iter(offered), "mine")
    found = piles.pile(here.session, reader.actor, chosen, after=after, limit=piles.MOST + 1)
    return here.pages.show(
        here.request,
        "ranking/appeals",
        piles=offered,
        chosen=chosen,
        lines=found[: piles.MOST],
        after=found[piles.MOST - 1].appeal.id if len(found) > piles.MOST else None,
        zone=zone_of(here),
        place=_place(),
    )


def _offered(reader: Reader) -> list[str]:
    """The piles that somebody with these rights has."""
    rights = {"to_decide": (Right.DECIDE_APPEAL,), "mine": (Right.APPEAL,), "decided": OF_THE_AREA}
    return [name for name, any_of in rights.items() if reader.rights & set(any_of)]


@router.get("/{key}", response_class=HTMLResponse)
def one(key: int, here: Here, reader: LoggedIn) -> HTMLResponse:
    """One appeal with its precedents."""
    return _page(here, reader, key)


@router.post("/{key}")
def decide(key: int, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Put the decision on record; what it changes goes into the draft at once."""
    outcome, reason = forms.text(form, "outcome", longest=40), forms.text(form, "reason", longest=forms.ENDLESS)
    piles.appeal_view(here.session, reader.actor, key)
    try:
        forms.text(form, "reason")
        which = forms.chosen(form, "outcome", AppealOutcome, expected=", ".join(AppealOutcome))
        appeals.decide(here.session, key, outcome=which, reason=reason, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, key, outcome=outcome, reason=reason, wrong=error)
    here.session.commit()
    return RedirectResponse(f"/appeals/{key}", 303)


def _page(
    here: Desk, reader: Reader, key: int, *, outcome: str = "", reason: str = "", wrong: DubanError | None = None
) -> HTMLResponse:
    view = piles.appeal_view(here.session, reader.actor, key)
    return here.pages.show(
        here.request,
        "ranking/appeal",
        status=status_of(wrong) if wrong else 200,
        wrong=say(wrong) if wrong else "",
        view=view,
        outcomes=list(AppealOutcome),
        outcome=outcome,
        reason=reason,
        zone=zone_of(here),
        place=_place(),
        city=reader.city,
    )


def _place() -> int:
    """Which of two words, Chinese and English, the reader reads."""
    return 1 if language() == "en" else 0
