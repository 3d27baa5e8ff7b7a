"""Appealing against one case of a month: a ground, a reason, perhaps a link; nothing is lost where it is refused."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, NotFound
from models.permissions import Right
from runtime.i18n import language, say
from services.ranking import appeals
from services.ranking.appeal_messages import ground_words
from services.ranking.appeals import LONGEST, Pleaded
from services.ranking.seeing import must_see_unit
from services.ranking.table import CaseRow
from services.ranking.view import MonthView
from services.scores.formula import in_force
from web import forms
from web.boards.page import Code
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader
from web.ranking.months import Leads, seen, shown

router = APIRouter(prefix="/ranking/{month}/units/{code}/appeal")


@dataclass(frozen=True)
class Filled:
    """The form as it was sent."""

    ground: str = ""
    reason: str = ""
    evidence: str = ""


@router.get("/{number}", response_class=HTMLResponse)
def ask(month: str, code: str, number: str, here: Here, reader: Leads, area: Code = "") -> HTMLResponse:
    """The empty form, with the case as it counts."""
    return _page(here, reader, month, code, number, area=area, filled=Filled())


@router.post("/{number}")
def send(month: str, code: str, number: str, here: Here, reader: Leads, form: Sent) -> Response:
    """Put the appeal on record and tell those who decide."""
    area = forms.text(form, "area", longest=40)
    filled = _filled(form)
    view = seen(here, reader, month, area=area, draft=True)
    try:
        row = appeals.appeal(
            here.session,
            number,
            month=view.month,
            area_code=view.area_code,
            pleaded=Pleaded(filled.ground, filled.reason, filled.evidence),
            by=reader.actor,
            now=here.now,
            unit=code,
        )
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, month, code, number, area=area, filled=filled, wrong=error)
    here.session.commit()
    return RedirectResponse(f"/appeals/{row.id}", 303)


def _filled(form: FormData) -> Filled:
    """Whole, however long: what is too long is told, not cut."""
    return Filled(**{name: forms.text(form, name, longest=forms.ENDLESS) for name in ("ground", "reason", "evidence")})


def _page(
    here: Desk,
    reader: Reader,
    month: str,
    code: str,
    number: str,
    *,
    area: str,
    filled: Filled,
    wrong: DubanError | None = None,
) -> HTMLResponse:
    """Raises HTTPException 404 for who may not appeal for this unit; NotFound for a case that is not there."""
    unit = must_see_unit(here.session, reader.actor, code)
    if not reader.held(Right.APPEAL).covers(unit=unit.code):
        raise HTTPException(404)
    view = seen(here, reader, month, area=area, draft=True, unit=unit.code)
    grounds = in_force(here.session).appeals.grounds
    place = 1 if language() == "en" else 0
    return here.pages.show(
        here.request,
        "ranking/appeal_form",
        status=status_of(wrong) if wrong else 200,
        wrong=say(wrong) if wrong else "",
        unit=unit,
        case=_case(view, unit.code, number),
        grounds=[(one, ground_words(here.session, one)[place]) for one in grounds],
        filled=filled,
        longest=LONGEST,
        **shown(here, reader, view),
    )


def _case(view: MonthView, unit: str, number: str) -> CaseRow:
    found = next((case for case in view.table.cases.get(unit, ()) if case.number == number), None)
    if found is None:
        raise NotFound(what="issue", code=number[:60])
    return found
