"""Doing one action for somebody at a page: the verb of the action, and what changed since the page was read.

Typed values come in as the verbs want them; everything goes through the one door, which decides again under the lock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from models.issue import Issue, IssueEvent
from models.lifecycle import Action
from models.rights import Actor
from services import issues, requests
from services.commands import Outcome
from services.offers import ASKED

Verb = Callable[..., list[Outcome]]

VERBS: Mapping[Action, Verb] = {
    Action.ASSIGN: issues.assign,
    Action.MERGE: issues.merge,
    Action.VOID: issues.void,
    Action.SIGN_IN: issues.sign_in,
    Action.RETURN: issues.give_back,
    Action.SUBMIT: issues.submit,
    Action.PASS: issues.pass_verification,
    Action.FAIL: issues.fail_verification,
    Action.CLOSE_OUT: issues.close_out,
    Action.DISPUTE: issues.dispute,
    Action.REOPEN: issues.reopen,
    Action.RELAPSE: issues.relapse,
    Action.LOOK_BACK: issues.look_back,
    Action.COMMENT: issues.comment,
    Action.ATTACH: issues.attach,
    Action.CALL_BACK: issues.call_back,
    Action.REPORT_SWEEP: issues.report_sweep,
    Action.WAIVE_SWEEP: issues.waive_sweep,
    Action.MARK_LEADER: issues.mark_leader,
    Action.UNMARK_LEADER: issues.unmark_leader,
    Action.REPLY_ORDER: issues.reply_order,
    Action.RESUME: issues.resume,
    Action.REAPPLY_RULES: issues.reapply_rules,
    Action.ASK_EXTENSION: requests.ask_extension,
    Action.ASK_RETURN: requests.ask_return,
    Action.ASK_SHELVING: requests.ask_shelving,
}
"""Requests are granted and refused by two verbs of their own; the rest has none and goes by its action."""
A_WHILE = timedelta(minutes=5)
MOVES_NOTHING = frozenset({Action.COMMENT, Action.ATTACH})
"""These are right whatever happened meanwhile."""
CHANGES_NOTHING = MOVES_NOTHING | {Action.ESCALATE, Action.UNREACHABLE, Action.TRIAGE, Action.ISSUE_PAPER}
"""What may happen to an issue without making a decision about it another one, as long as its state stays."""


@dataclass(frozen=True)
class Seen:
    """What the page showed when it was read: the issue's version, and how many events it had.

    Without these nothing may have come in between.
    """

    version: int
    events: int | None = None


def act(
    session: Session,
    action: Action,
    issue: Issue,
    *,
    given: Mapping[str, Any],
    by: Actor,
    seen: Seen,
    key: str,
    now: datetime,
) -> Outcome:
    """Do it, once per key. Raises what the verb raises, SomebodyWasFaster among them. The caller commits.

    Time alone, a comment or a paper in between does not stand in the way: `since` tells what else does.
    """
    how: dict[str, Any] = {"issue_ids": [issue.id], "by": by, "now": now, "key": f"page/{by.code}/{key}"}
    if action not in MOVES_NOTHING:
        how["version"] = version_of(session, issue, seen)
    (outcome,) = _verb(action)(session, **how, **given)
    return outcome


def since(session: Session, issue: Issue, seen: Seen) -> Sequence[IssueEvent]:
    """The events that came after the page was read, in their order; none where nobody knows."""
    if seen.events is None:
        return ()
    query = select(IssueEvent).where(IssueEvent.issue_id == issue.id, IssueEvent.seq > seen.events)
    return session.exec(query.order_by(col(IssueEvent.seq))).all()


def has_just_done(session: Session, by: Actor, number: str, action: Action, *, now: datetime) -> bool:
    """Whether the record says that somebody did this to an issue some minutes ago: what a page then says is true."""
    query = (
        select(IssueEvent.id)
        .join(Issue, col(Issue.id) == col(IssueEvent.issue_id))
        .where(Issue.number == number, IssueEvent.action == action, IssueEvent.actor == by.code)
        .where(IssueEvent.at > now - A_WHILE)
    )
    return "\x00" not in number and session.exec(query).first() is not None


def version_of(session: Session, issue: Issue, seen: Seen) -> int:
    """The version to insist on: today's, where nothing came in between that matters; else the one that was read."""
    if seen.version == issue.version:
        return issue.version
    between = since(session, issue, seen)
    harmless = all(one.action in CHANGES_NOTHING and one.from_state == one.to_state for one in between)
    return issue.version if between and harmless else seen.version


def _verb(action: Action) -> Verb:
    if action in ASKED:
        decide: Verb = requests.grant if action in requests.GRANT.values() else requests.refuse
        return lambda session, **how: decide(session, kind=ASKED[action], **how)
    return VERBS.get(action) or (lambda session, **how: _by_action(session, action, **how))


def _by_action(
    session: Session, action: Action, *, issue_ids: Sequence[int], by: Actor, now: datetime, **how: Any
) -> list[Outcome]:
    return issues.act_on_all(session, action, issue_ids, by, now, **how)
