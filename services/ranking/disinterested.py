"""Who may decide an appeal: whoever had no part in the case, and does not belong to the unit that appeals."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from models.appeal import Appeal
from models.issue import Issue, IssueEvent
from models.lifecycle import Action
from models.rights import Actor, units_of

TOOK_PART = (Action.FIND, Action.ASSIGN, Action.PASS, Action.FAIL)
"""Who found, assigned or verified it, would judge their own work."""


def parties(session: Session, appeal: Appeal) -> frozenset[str]:
    """Everybody who took part in the case before the appeal, and who made the appeal."""
    query = select(IssueEvent.actor, IssueEvent.on_behalf_of).where(
        IssueEvent.issue_id == appeal.issue_id,
        col(IssueEvent.action).in_(TOOK_PART),
        col(IssueEvent.at) <= appeal.asked_at,
    )
    took_part = {code for both in session.exec(query) for code in both if code}
    issue = session.get_one(Issue, appeal.issue_id)
    of_the_issue = {issue.found_by, issue.verified_by, issue.handler, issue.submitted_by}
    return frozenset({*took_part, *of_the_issue, appeal.asked_by} - {None})  # type: ignore[arg-type]


def is_disinterested(actor: Actor, appeal: Appeal, among: Collection[str]) -> bool:
    """Whether the actor is none of the parties, nor fills in for one, nor belongs to the unit."""
    acts_as = {actor.code, *(code for _, code in actor.for_others)}
    return acts_as.isdisjoint(among) and appeal.unit_code not in units_of(actor)
