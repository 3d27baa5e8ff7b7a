"""What every round and every night does for accountability."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from services import cursors
from services.accountability.issued_directly import take_papers
from services.accountability.lapsing import lapse
from services.accountability.late import climb
from services.accountability.proposing import (
    LOOKED,
    looked,
    propose_about_issues,
    propose_about_replies,
    propose_about_units,
)
from services.accountability.replies import take_replies
from services.accountability.telling import tell_deciders


def every_round(session: Session, *, now: datetime) -> int:
    """Proposals about issues, papers that somebody issued by hand, replies that came or are late. Returns how many."""
    since = looked(session)
    new = propose_about_issues(session, since=since, now=now)
    new += lapse(session, since=since, now=now) + take_papers(session, since=since, now=now)
    if _something_issued(session):
        new += take_replies(session, now=now) + climb(session, now=now) + propose_about_replies(session, now=now)
    cursors.put(session, LOOKED, position=int(now.timestamp()))
    return new


def _something_issued(session: Session) -> bool:
    """Whether any measure is under way: one look into the index of the open ones."""
    query = text("SELECT EXISTS (SELECT 1 FROM measure WHERE state = 'issued')")
    return bool(session.connection().execute(query).scalar_one())


def every_night(session: Session, *, now: datetime) -> int:
    """Proposals about whole units; those who decide hear of all that came in a day. Returns how many are new."""
    new = propose_about_units(session, now=now)
    tell_deciders(session, now=now)
    return new
