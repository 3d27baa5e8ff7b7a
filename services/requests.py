"""Asking, granting, refusing: more time, another owner, a place on the shelf. Each through the one door."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.issue import RequestKind
from models.lifecycle import Action
from models.rights import Actor
from services.commands import Outcome
from services.issues import act_on_all

GRANT = {
    RequestKind.EXTENSION: Action.GRANT_EXTENSION,
    RequestKind.RETURN: Action.GRANT_RETURN,
    RequestKind.SHELVING: Action.GRANT_SHELVING,
}
REFUSE = {
    RequestKind.EXTENSION: Action.REFUSE_EXTENSION,
    RequestKind.RETURN: Action.REFUSE_RETURN,
    RequestKind.SHELVING: Action.REFUSE_SHELVING,
}


def ask_extension(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, amount: str, **how: Any
) -> list[Outcome]:
    """Ask for so much more time, such as “2 working_days”; before the deadline only."""
    return act_on_all(session, Action.ASK_EXTENSION, issue_ids, by, now, reason=reason, amount=amount, **how)


def ask_return(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """Ask that somebody else answers, after having signed in."""
    return act_on_all(session, Action.ASK_RETURN, issue_ids, by, now, reason=reason, **how)


def ask_shelving(
    session: Session,
    *,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    reason: str,
    milestone: datetime,
    **how: Any,
) -> list[Outcome]:
    """Ask to keep it on the list until a milestone (aware time)."""
    return act_on_all(session, Action.ASK_SHELVING, issue_ids, by, now, reason=reason, milestone=milestone, **how)


def grant(
    session: Session,
    *,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    kind: RequestKind,
    amount: str | None = None,
    milestone: datetime | None = None,
    reason: str = "",
    **how: Any,
) -> list[Outcome]:
    """Say yes; an extension may be granted shorter than asked, a milestone moved."""
    return act_on_all(
        session, GRANT[kind], issue_ids, by, now, amount=amount, milestone=milestone, reason=reason, **how
    )


def refuse(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, kind: RequestKind, reason: str, **how: Any
) -> list[Outcome]:
    """Say no, with a reason."""
    return act_on_all(session, REFUSE[kind], issue_ids, by, now, reason=reason, **how)
