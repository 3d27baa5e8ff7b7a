"""The negative list and incidents of units: what is on record, recording another, withdrawing one."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, WrongValue
from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.people import city_day
from services.scores import recording
from services.scores.editions import negative_entries
from services.scores.formula import in_force
from services.scores.records import Recorded, hits, incidents
from web import forms
from web.deps import Desk, Here
from web.forms import Sent
from web.login import Reader
from web.scores.parts import Leads, page

router = APIRouter(prefix="/scores/records")
FIELDS = ("code", "unit", "area", "issue", "on", "evidence", "why")
LARGEST = 2**63 - 1


@router.get("", response_class=HTMLResponse)
def records(here: Here, reader: Leads) -> HTMLResponse:
    """What is on record in the places of the reader's boards, newest first, what was withdrawn too."""
    return _page(here, reader)


@router.post("/{kind}")
def record(kind: str, here: Here, reader: Leads, form: Sent) -> Response:
    """Record another."""
    if kind not in RECORD:
        raise HTTPException(404)
    typed = {name: forms.text(form, name, longest=forms.ENDLESS) for name in FIELDS}
    try:
        RECORD[kind](here, reader, typed)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, wrong=error, kind=kind, typed=typed)
    here.session.commit()
    return RedirectResponse("/scores/records?done=1", 303)


@router.post("/{kind}/{key}/withdraw")
def withdraw(kind: str, key: str, here: Here, reader: Leads, form: Sent) -> Response:
    """Take one back, with a reason."""
    if kind not in RECORD or not key.isdecimal() or int(key) > LARGEST:
        raise HTTPException(404)
    why = forms.text(form, "why", longest=forms.ENDLESS)
    take_back = recording.withdraw_hit if kind == "hits" else recording.withdraw_incident
    try:
        take_back(here.session, int(key), why=why, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, wrong=error, kind=f"{kind}/{key}", typed={"why": why})
    here.session.commit()
    return RedirectResponse("/scores/records?done=1", 303)


def _hit(here: Desk, reader: Reader, typed: dict[str, str]) -> None:
    recording.record_hit(
        here.session,
        code=typed["code"],
        area_code=typed["area"] or _own_area(reader),
        on=_day(typed["on"]),
        evidence=typed["evidence"],
        why=typed["why"],
        by=reader.actor,
        now=here.now,
    )


def _incident(here: Desk, reader: Reader, typed: dict[str, str]) -> None:
    recording.record_incident(
        here.session,
        code=typed["code"],
        unit_code=typed["unit"],
        issue=typed["issue"] or None,
        on=_day(typed["on"]),
        evidence=typed["evidence"],
        why=typed["why"],
        by=reader.actor,
        now=here.now,
    )


RECORD: dict[str, Callable[[Desk, Reader, dict[str, str]], None]] = {"hits": _hit, "incidents": _incident}


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongValue(field="on", value=written[:40], expected="2026-11-02") from None


def _page(
    here: Desk,
    reader: Reader,
    *,
    wrong: DubanError | None = None,
    kind: str = "",
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    second = language() == "en"
    rules, entries = in_force(here.session), negative_entries(here.session)
    names = {**entries, **rules.names}
    return page(
        here,
        "records",
        wrong=wrong,
        wrong_kind=kind,
        typed=dict.fromkeys(FIELDS, "") | (typed or {}),
        today=city_day(here.session, here.now).isoformat(),
        may_record=Right.RECORD_INCIDENT in reader.rights,
        entries_known=[(code, words[second]) for code, words in entries.items()],
        fields=_fields,
        incident_codes=[(code, rules.names[code][second]) for code in rules.appraisal.incidents],
        hits=[_named(one, names) for one in hits(here.session, reader.actor)],
        incidents=[_named(one, names) for one in incidents(here.session, reader.actor)],
        area=_own_area(reader),
        done="done" in here.request.query_params,
    )


def _own_area(reader: Reader) -> str:
    """Where the reader may record: the city, else the first of their places."""
    areas = reader.held(Right.RECORD_INCIDENT).areas
    return reader.city if reader.city in areas else min(areas, default=reader.city)


def _fields(kind: str) -> list[tuple[str, str, bool, str]]:
    """The fields of a form: name, label, whether it is wanted, a hint."""
    whose = (
        [("area", _("Area code"), False, "")]
        if kind == "hits"
        else [("unit", _("Unit code"), True, _("Such as D-CGJ")), ("issue", _("Issue number"), False, "")]
    )
    evidence = ("evidence", _("Evidence"), True, _("A paper's number, a link, where the file lies."))
    return [*whose, ("on", _("Day"), True, ""), evidence]


def _named(one: Recorded, names: Any) -> dict[str, Any]:
    words = names.get(one.code, (one.code, one.code))
    return {"row": one, "name": words[language() == "en"]}
