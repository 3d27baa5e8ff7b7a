"""Doing one thing to a month's appraisal: the same for pages, programs and the shell."""

from datetime import datetime

from sqlmodel import Session

from models.errors import MissingInput
from models.publication import Publication, PublicationAct
from models.rights import Actor
from services import publications
from services.ranking import drafting
from services.ranking.months import Month
from services.ranking.view import MonthAct

STARTS = {MonthAct.DRAFT: drafting.draft, MonthAct.CORRECT: drafting.correct}


def act(
    session: Session,
    what: MonthAct,
    *,
    month: Month,
    area_code: str,
    by: Actor,
    now: datetime,
    seen: str = "",
    why: str = "",
) -> Publication:
    """Do it to what was looked at. `seen`: the hash of the content that was shown; `why`: to send back or withdraw.

    Raises what services/publications.py and drafting.py do, MissingInput, NotFound. The caller commits.
    """
    if what in STARTS:
        return STARTS[what](session, month=month, area_code=area_code, by=by, now=now)
    row = drafting.must_find(session, month, area_code=area_code)
    key = row.id or 0
    if what is MonthAct.AGAIN:
        return drafting.compute_again(session, row, by=by, seen=seen, now=now)
    if what is MonthAct.APPROVE:
        return drafting.approve(session, row, by=by, seen=seen, now=now, why=why.strip())
    if what is MonthAct.PUBLISH:
        return publications.publish(session, key, by=by, seen=seen, now=now)
    if what is MonthAct.BACK:
        reason = _reason(PublicationAct.SENT_BACK, why)
        return publications.send_back(session, key, by=by, seen=seen, now=now, why=reason)
    reason = _reason(PublicationAct.WITHDRAWN, why)
    return publications.withdraw(session, key, by=by, seen=seen, now=now, why=reason)


def _reason(what: PublicationAct, why: str) -> str:
    """Raises MissingInput."""
    if not why.strip():
        raise MissingInput(action=what, missing="reason")
    return why.strip()
