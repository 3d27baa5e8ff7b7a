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
    propose_about_orders,
    propose_about_replies,
    propose_about_steps,
    propose_about_units,
)
from services.accountability.replies import take_replies
from services.accountability.telling import tell_deciders

_NEWS = text("""
SELECT EXISTS (SELECT FROM supervision_order WHERE issued_at > :since) AS orders, new.steps, new.cycles,
       EXISTS (SELECT FROM paper WHERE issued_at > :since) AS papers,
       EXISTS (SELECT FROM measure WHERE state = 'issued') AS issued
  FROM (SELECT bool_or(action = 'escalate') AS steps, bool_or(cycle > 1 AND jsonb_exists(facts, 'cycle')) AS cycles
          FROM issue_event WHERE at > :since) AS new
""")
"""What there is to do at all: the new events once, and a look each into three indexes. Most rounds find little."""


def every_round(session: Session, *, now: datetime) -> int:
    """Proposals about issues, papers that somebody issued by hand, replies that came or are late. Returns how many."""
    since, new = looked(session), 0
    news = session.connection().execute(_NEWS, {"since": since}).one()
    if news.orders:
        new += propose_about_orders(session, since=since, now=now)
    if news.steps:
        new += propose_about_steps(session, since=since, now=now)
    if news.cycles:
        new += lapse(session, since=since, now=now)
    if news.papers:
        new += take_papers(session, since=since, now=now)
    if news.issued or news.papers:
        new += take_replies(session, now=now) + climb(session, now=now) + propose_about_replies(session, now=now)
    cursors.put(session, LOOKED, position=int(now.timestamp()))
    return new


def every_night(session: Session, *, now: datetime) -> int:
    """Proposals about whole units; those who decide hear of all that came in a day. Returns how many are new."""
    new = propose_about_units(session, now=now)
    tell_deciders(session, now=now)
    return new
