"""Starting a same-fault sweep (举一反三): first what would be looked at and when it last was, then the sheets."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, WrongValue
from models.issue import Issue
from models.permissions import Right
from runtime.i18n import language, say
from services import same_fault
from services.audit_choices import choices
from services.audit_view import zone
from services.people import city_day
from services.same_fault_plan import SweepOrder, may_start, prospect, standards_for
from services.same_fault_points import Among
from services.same_fault_view import names_of
from services.sight import must_see
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter(prefix="/issues")
LARGEST = 100_000
FIELDS = ("among", "area", "other_area", "standard", "due", "most")


@dataclass(frozen=True)
class Filled:
    """The form as it was sent, to be shown again."""

    among: str = Among.UNIT
    area: str = ""
    other_area: str = ""
    standard: str = ""
    due: str = ""
    most: str = ""
    inspectors: frozenset[str] = frozenset()
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def place(self) -> str:
        """The code that was typed goes before the place that was chosen."""
        return self.other_area or self.area


@router.get("/{number}/sweep", response_class=HTMLResponse)
def look(number: str, here: Here, reader: LoggedIn, request: Request) -> HTMLResponse:
    """What a sweep would look at, as it is filled in so far."""
    issue = _issue(here, reader, number)
    return _page(here, reader, issue, _filled(FormData([*request.query_params.multi_items()])))


@router.post("/{number}/sweep")
def start(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Make the sheets, tell who goes."""
    issue = _issue(here, reader, number)
    filled = _filled(form)
    try:
        begun = same_fault.start(here.session, _order(issue, reader, filled), by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, issue, filled, wrong=error)
    here.session.commit()
    return RedirectResponse(f"/issues/{number}?sweep={begun.number}#sweeps", 303)


def _issue(here: Desk, reader: Reader, number: str) -> Issue:
    """An issue that the reader sees; 404 where the lifecycle lets them start no sweep from it in any state."""
    issue = must_see(here.session, reader.actor, number)
    if not may_start(issue, by=reader.actor):
        raise HTTPException(404)
    return issue


def _filled(form: FormData) -> Filled:
    one = {name: found for name in FIELDS if (found := forms.text(form, name, longest=100))}
    key = forms.text(form, "key", longest=40)
    return Filled(**one, inspectors=frozenset(forms.texts(form, "inspector")), **({"key": key} if key else {}))


def _order(issue: Issue, reader: Reader, filled: Filled) -> SweepOrder:
    """Raises WrongValue."""
    return SweepOrder(
        issue_id=issue.id or 0,
        among=_among(filled.among),
        area=filled.place or None,
        inspectors=tuple(sorted(filled.inspectors)),
        standard=filled.standard or None,
        due_on=_day(filled.due) if filled.due else None,
        most=_number(filled.most) if filled.most else None,
        key=f"page:{reader.code}:{filled.key}",
    )


def _among(written: str) -> Among:
    if written not in tuple(Among):
        raise WrongValue(field="among", value=written, expected=", ".join(Among))
    return Among(written)


def _number(written: str) -> int:
    if not written.isdecimal() or not 1 <= int(written) <= LARGEST:
        raise WrongValue(field="most", value=written, expected=f"1–{LARGEST}")
    return int(written)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongValue(field="due", value=written, expected="2026-11-02") from None


def _page(here: Desk, reader: Reader, issue: Issue, filled: Filled, *, wrong: DubanError | None = None) -> HTMLResponse:
    """With what would be looked at, or why there is nothing."""
    there = None
    if wrong or issue.standard_code or filled.standard:  # else the standard is still to be chosen
        try:
            there = prospect(here.session, _order(issue, reader, filled), by=reader.actor, now=here.now)
        except DubanError as error:
            wrong = wrong or error
    going = {*(one.unit for one in there.points), *there.checkers} if there else set()
    names = names_of(here.session, {*going, issue.lead_unit})
    return here.pages.show(
        here.request,
        "sweeps/new",
        status=status_of(wrong) if wrong else 200,
        issue=issue,
        filled=filled,
        wrong=say(wrong) if wrong else "",
        there=there,
        names=names,
        zone=zone(here.session),
        unit=names.get(issue.lead_unit or "", ""),
        standards=() if issue.standard_code else standards_for(here.session, issue, now=here.now, lang=language()),
        under_way=same_fault.open_sweep(here.session, issue.id or 0),
        **_choices(here, reader),
    )


def _choices(here: Desk, reader: Reader) -> dict[str, Sequence[Any]]:
    """Places and inspectors, for who may order audits; a unit looks at its own points itself."""
    if Right.START_AUDIT not in reader.rights:
        return {"areas": (), "inspectors": ()}
    today = city_day(here.session, here.now)
    found = choices(here.session, reader.held(Right.START_AUDIT), today=today, lang=language())
    return {"areas": found.areas, "inspectors": found.inspectors}
