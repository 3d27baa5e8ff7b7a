"""Handing over what a round found: each issue to its unit, each unit one numbered notice, each post one message.

What has no unit yet stays with the dispatcher; asked again, the rest follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Round, RoundAct
from models.errors import DubanError
from models.issue import Issue
from models.lifecycle import Action, State
from models.message import Message, MessageState
from models.paper import Paper
from models.rights import Actor
from notifications.digest import widen
from notifications.kinds import DIGEST
from services.audit_acts import note, steered
from services.audit_errors import NothingToDispatch
from services.commands import Command
from services.papers.notices import ENDED, issue_notice
from services.papers.stationery import Stationery
from services.transition import attempt

ASSIGNED = "assigned"
TOGETHER = 2
"""From so many on, messages to one post travel as one."""


@dataclass(frozen=True)
class Left:
    """What could not be handed over: an issue, or a unit's notice, and why."""

    what: str
    error: DubanError


@dataclass(frozen=True)
class Dispatched:
    """What was done: issues assigned, notices issued (unit → number), what is left."""

    assigned: int
    notices: dict[str, str]
    left: Sequence[Left]


def dispatch(session: Session, number: str, *, by: Actor, now: datetime, stationery: Stationery) -> Dispatched:
    """Assign what a round found to the units that answer for it, and issue each of them its notice; the caller commits.

    Raises NotFound, ActionNotAllowed, NothingToDispatch where nothing could be done at all.
    """
    round_ = steered(session, number, by=by)
    outcomes = attempt(session, _commands(session, round_, by), now=now)
    left = [Left(one.number or "", one.error) for one in outcomes if isinstance(one.error, DubanError)]
    assigned = [one.issue_id for one in outcomes if one.error is None and one.issue_id]
    _tell_together(session, assigned, round_, now=now)
    notices: dict[str, str] = {}
    for unit in _without_notice(session, round_):
        try:
            with session.begin_nested():
                done = issue_notice(session, round_number=number, unit_code=unit, by=by, now=now, stationery=stationery)
            notices[unit] = done.paper.number
        except DubanError as error:
            left.append(Left(unit, error))
    if not assigned and not notices:
        raise left[0].error if left else NothingToDispatch(number=number)
    note(session, round_, RoundAct.DISPATCHED, by=by, now=now, facts={"assigned": len(assigned), "notices": notices})
    return Dispatched(len(assigned), notices, left)


def waits(session: Session, round_: Round) -> bool:
    """Whether something of a round can be handed over: it is finished, and an issue or a notice is wanting."""
    known = not round_.held or round_.published_at is not None
    if round_.finished_at is None or not known or round_.for_issue is not None:
        return False
    found = select(Issue.id).where(Issue.round_id == round_.id, Issue.state == State.FOUND).limit(1)
    return session.exec(found).first() is not None or bool(_without_notice(session, round_))


def _commands(session: Session, round_: Round, by: Actor) -> list[Command]:
    query = select(Issue.id).where(Issue.round_id == round_.id, Issue.state == State.FOUND).order_by(col(Issue.id))
    return [Command(Action.ASSIGN, by, key, key=f"dispatch/{round_.number}") for key in session.exec(query)]


def _without_notice(session: Session, round_: Round) -> list[str]:
    """The units with open issues of the round that have no notice of it yet."""
    given = select(Paper.unit_code).where(Paper.round_id == round_.id)
    query = select(Issue.lead_unit).where(Issue.round_id == round_.id, col(Issue.state).not_in(ENDED)).distinct()
    units = session.exec(query.where(col(Issue.lead_unit).is_not(None), col(Issue.lead_unit).not_in(given)))
    return sorted(unit for unit in units if unit)


_ASSIGNED = text(
    "SELECT m.post_code, array_agg(m.id ORDER BY m.id) AS ids FROM message m"
    " WHERE m.issue_id = ANY(:issues) AND m.kind = :kind AND m.state = 'pending' AND m.urgency > 0"
    " AND m.post_code IS NOT NULL AND m.created_at = :now GROUP BY m.post_code HAVING count(*) >= :least ORDER BY 1"
)
_PUT_INTO = text("UPDATE message SET state = 'bundled', bundle_id = :digest WHERE id = ANY(:ids)")


def _tell_together(session: Session, issues: Sequence[int], round_: Round, *, now: datetime) -> None:
    """One digest for each post that was just given several of them, instead of a message for each."""
    values = {"issues": list(issues), "kind": ASSIGNED, "now": now, "least": TOGETHER}
    for post, ids in session.connection().execute(_ASSIGNED, values).all():
        digest = Message(
            key=f"dispatch-{round_.number}-{post}-{min(ids)}",
            kind=DIGEST,
            post_code=post,
            why="storm",
            channels=[],
            state=MessageState.PENDING,
            not_before=now,
            created_at=now,
        )
        session.add(digest)
        session.flush()
        session.connection().execute(_PUT_INTO, {"digest": digest.id, "ids": ids})
        widen(session, digest.id or 0)
