"""Flags on evidence: those that wait, one with both photos side by side, and deciding about it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, NotFound
from models.evidence import FlagKind, Judgement
from models.issue import Evidence
from models.permissions import Right, held
from runtime.i18n import say
from services import evidence_flags, evidence_view, rulebook
from services.evidence_flags import PAGE, Flag
from services.evidence_view import Size
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.evidence.copies import LARGEST, Key, answer
from web.evidence.words import sentence
from web.forms import Sent
from web.login import LoggedIn, Reader, allowed

router = APIRouter(prefix="/evidence/flags")
COUNTED = timedelta(days=30)
MADE = ("open", *(judgement.value for judgement in Judgement))
Judge = Annotated[Reader, Depends(allowed(Right.JUDGE_EVIDENCE))]


@router.get("", response_class=HTMLResponse)
def waiting(here: Here, reader: Judge, after: Annotated[int, Query(ge=0, le=LARGEST)] = 0) -> HTMLResponse:
    """What nobody has decided about, the newest first."""
    found = evidence_flags.waiting(here.session, reader=reader.actor, city=reader.city, after=after)
    counted = evidence_flags.counts(
        here.session, reader=reader.actor, city=reader.city, since=here.now - COUNTED, until=here.now + COUNTED
    )
    return here.pages.show(
        here.request,
        "evidence/flags",
        counted=[(kind.value, [counted.get((kind, made), 0) for made in MADE]) for kind in FlagKind],
        days=COUNTED.days,
        flags=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else 0,
        zone=rulebook.the_city(here.session).timezone,
        sentence=sentence,
    )


@router.get("/{key}", response_class=HTMLResponse)
def one(key: Key, here: Here, reader: LoggedIn) -> HTMLResponse:
    """One flag, for who may see its issue."""
    return _page(here, reader, evidence_flags.find(here.session, key, reader=reader.actor))


@router.post("/{key}", response_class=HTMLResponse)
def decide(key: Key, here: Here, reader: Judge, form: Sent) -> Response:
    """It counts, or there is nothing to it: once, with a reason."""
    flag = evidence_flags.find(here.session, key, reader=reader.actor)
    decision, reason = forms.text(form, "decision", longest=40), forms.text(form, "reason")
    try:
        evidence_flags.decide(
            here.session, key, decision=decision, reason=reason, by=reader.actor, city=reader.city, now=here.now
        )
    except DubanError as error:
        here.session.rollback()
        filled = {"decision": decision, "reason": reason}
        return _page(here, reader, flag, filled=filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/evidence/flags/{key}", 303)


@router.get("/{key}/other")
def other(key: Key, here: Here, reader: Judge, size: Size = Size.FULL) -> Response:
    """The photo that it was compared with: who has to decide sees it, though its issue may be none of theirs."""
    flag = evidence_flags.find(here.session, key, reader=reader.actor)
    piece = here.session.get(Evidence, flag.other_id) if flag.other_id else None
    if piece is None or size not in (Size.FULL, Size.SMALL) or not _decides(here, reader, flag):
        raise NotFound(what="evidence", code=key)
    return answer(here.request, evidence_view.copy_for(here.session, here.settings.evidence, piece, size=size))


def _decides(here: Desk, reader: Reader, flag: Flag) -> bool:
    issue = evidence_flags.issue_of(here.session, flag)
    return held(reader.actor, Right.JUDGE_EVIDENCE, city=reader.city).covers(
        area_path=issue.area_path, unit=issue.lead_unit, point=issue.point_code
    )


def _page(
    here: Desk,
    reader: Reader,
    flag: Flag,
    *,
    filled: dict[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    if wrong:  # somebody may have been faster
        flag = evidence_flags.find(here.session, flag.id, reader=reader.actor)
    zone = rulebook.the_city(here.session).timezone
    return here.pages.show(
        here.request,
        "evidence/flag",
        status=status,
        flag=flag,
        said=sentence(flag, zone),
        zone=zone,
        decides=_decides(here, reader, flag) and evidence_flags.may_decide(here.session, flag, by=reader.actor),
        decisions=[judgement.value for judgement in Judgement],
        filled=filled or {"decision": "", "reason": ""},
        wrong=wrong,
    )
