"""What every round and every night does for accountability."""

from datetime import datetime

from sqlmodel import Session

from services.accountability.issued_directly import take_papers
from services.accountability.lapsing import lapse
from services.accountability.late import climb
from services.accountability.proposing import propose_about_issues, propose_about_units
from services.accountability.replies import take_replies
from services.accountability.telling import tell_deciders


def every_round(session: Session, *, now: datetime) -> int:
    """Proposals about issues, papers that somebody issued by hand, replies that came or are late. Returns how many."""
    new = propose_about_issues(session, now=now)
    new += lapse(session, now=now) + take_papers(session, now=now) + take_replies(session, now=now)
    return new + climb(session, now=now)


def every_night(session: Session, *, now: datetime) -> int:
    """Proposals about whole units; those who decide hear of all that came in a day. Returns how many are new."""
    new = propose_about_units(session, now=now)
    tell_deciders(session, now=now)
    return new
