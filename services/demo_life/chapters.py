"""The chapters of a demo city's life, each in one transaction: all of it or nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from services.bulletins.files import Press
from services.demo_life import (
    appraisals,
    bulletins,
    filing,
    letters,
    mark,
    measures,
    mock,
    patrols,
    rounds,
    surveys,
)
from services.demo_life.mark import Come
from services.demo_life.stage import Stage
from services.evidence import Place
from services.papers.stationery import stationery_in_force

PLAYS: Sequence[Callable[[Stage], None]] = (
    *(partial(rounds.before_last, turn=turn) for turn in range(4)),
    *(partial(rounds.last, turn=turn) for turn in range(4)),
    appraisals.published,
    surveys.hold,
    mock.fill,
    mock.publish,
    mock.score,
    rounds.under_way,
    filing.list_and_review,
    letters.issue_and_sign,
    bulletins.publish,
    appraisals.drafted,
    measures.decide,
    patrols.walk,
)
"""As mark.CHAPTERS names them."""
_SUPPRESS = text(
    "UPDATE message SET state = 'suppressed', finished_at = :now, failure = 'sample'"
    " WHERE id > :after AND state = 'pending' AND created_at < :now - interval '12 hours'"
)
_LAST = text("SELECT coalesce(max(id), 0) FROM message")


def play_next(session: Session, *, now: datetime, place: Place, papers: Path) -> Come | None:
    """Play one chapter; None where none is left, or somebody else plays. The caller commits.

    `papers`: the folder of templates of a city whose files are not kept in the database. What was to be told in the
    past is marked suppressed: nobody gets a late message about a sample.
    """
    there = mark.take(session)
    if there is None:
        return None
    last = session.connection().execute(_LAST).scalar_one()
    press = Press(stationery_in_force(session, otherwise=papers), place)
    PLAYS[there.done](Stage(session, now, press))
    session.flush()
    session.connection().execute(_SUPPRESS, {"now": now, "after": last})
    return mark.move_on(session, there)


def pass_over(session: Session) -> Come | None:
    """Leave out the chapter that comes next; None where none is left. The caller commits."""
    there = mark.take(session)
    return mark.move_on(session, there) if there else None
