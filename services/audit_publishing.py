"""Publishing a held round: from then on everybody may know of it, and what is not met becomes issues, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Observation, Result, Round, RoundAct, Sheet
from models.errors import MissingInput, NotFound
from models.rights import Actor
from models.standard import Standard
from services import audit_contradictions, audit_issues, people
from services.audit_acts import must_be_held, note, steered
from services.audit_errors import Contradicted, SheetsOpen, Undecided
from services.audit_rechecks import undecided

_LEFT = text(
    "SELECT count(*) FILTER (WHERE again_of IS NULL) AS sheets,"
    " count(filled_at) FILTER (WHERE again_of IS NULL) AS filled,"
    " count(*) FILTER (WHERE again_of IS NOT NULL AND filled_at IS NULL) AS again FROM sheet WHERE round_id = :id"
)


@dataclass(frozen=True)
class Published:
    """What came of it: the numbers of the new issues."""

    number: str
    issues: tuple[str, ...]


def publish(session: Session, number: str, *, by: Actor, now: datetime, why: str = "") -> Published:
    """Publish a round that was held back; the caller commits.

    `why` is needed where sheets of its re-check are open: they are given up.
    Raises NotFound, ActionNotAllowed, NotHeld, PublishedAlready, SheetsOpen, Undecided, Contradicted, MissingInput.
    """
    round_ = steered(session, number, by=by)
    must_be_held(round_)
    given_up = _check_whole(session, round_, why=why)
    round_.published_at = now
    session.add(round_)
    session.flush()
    made = _make_issues(session, round_, by=by, now=now)
    facts = {"issues": len(made), "given_up": given_up}
    note(session, round_, RoundAct.PUBLISHED, by=by, now=now, why=why, facts=facts)
    return Published(round_.number, made)


def _check_whole(session: Session, round_: Round, *, why: str) -> int:
    """How many sheets of the re-check are given up."""
    left = session.connection().execute(_LEFT, {"id": round_.id}).one()
    if round_.finished_at is None:
        raise SheetsOpen(number=round_.number, filled=left.filled, sheets=left.sheets)
    if count := len(undecided(session, round_)):
        raise Undecided(number=round_.number, count=count)
    if count := len(audit_contradictions.waiting(session, round_)):
        raise Contradicted(number=round_.number, count=count)
    if left.again and not why.strip():
        raise MissingInput(action="publish", missing="why")
    return int(left.again)


def _make_issues(session: Session, round_: Round, *, by: Actor, now: datetime) -> tuple[str, ...]:
    """In the order in which they were seen, each found by its inspector."""
    made: list[str] = []
    for inspector, seen in groupby(waiting(session, round_), key=lambda one: one[1].inspector):
        made += audit_issues.make(session, round_, list(seen), by=_finder(session, inspector, by, now), now=now)
    session.flush()
    return tuple(made)


def waiting(session: Session, round_: Round) -> Sequence[tuple[Observation, Sheet, Standard]]:
    """What counts, is not met and is no issue yet, by inspector."""
    query = (
        select(Observation, Sheet, Standard)
        .join(Sheet, col(Sheet.id) == col(Observation.sheet_id))
        .join(Standard, col(Standard.code) == col(Observation.standard_code))
        .where(Sheet.round_id == round_.id, Standard.version_code == round_.version_code)
        .where(Observation.result == Result.NOT_MET, col(Observation.counted), col(Observation.issue_id).is_(None))
        .order_by(col(Sheet.inspector), col(Observation.id))
    )
    return session.exec(query).all()


def _finder(session: Session, inspector: str, by: Actor, now: datetime) -> Actor:
    """The inspector; whoever publishes, where that person holds no post any more and so reports nothing."""
    try:
        actor = people.actor(session, inspector, now=now)
    except NotFound:
        return by
    return actor if actor.all_posts else by
