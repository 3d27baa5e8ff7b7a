"""Reminding (催办): a person decides that a unit hears once more, with the numbered notice of the ladder beside it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.errors import DubanError
from models.issue import Issue
from models.lifecycle import Action, check
from models.paper import PaperKind
from models.rights import Actor, roles_on
from models.rule import RuleSet
from services import rulebook
from services.commands import Command, Outcome
from services.papers.errors import NotReached
from services.papers.issuing import issue_papers
from services.papers.ladder import LadderStep, step_for, steps_with
from services.papers.stationery import Stationery
from services.transition import apply

NOTICE = PaperKind.REMINDER_NOTICE


def may_remind(session: Session, issue: Issue, by: Actor) -> bool:
    """Whether the ladder has come to the reminder, and this is somebody who may send it."""
    if _step(session, issue) is None:
        return False
    try:
        check(Action.REMIND, state=issue.state, roles=roles_on(by, issue), supplied=frozenset({"step"}))
    except DubanError:
        return False
    return True


def remind(session: Session, issue: Issue, *, by: Actor, now: datetime, stationery: Stationery) -> Outcome:
    """Issue the notice where there is none yet, and tell the unit; the caller commits.

    Once a day of the city for each issue, whoever asks: `repeated` where it was reminded today.
    Raises NotReached, ActionNotAllowed, ActionNotPossible, SomebodyWasFaster, and what issuing a paper raises.
    """
    key = issue.id or 0
    step = _step(session, issue)
    if step is None:
        raise _not_reached(session, issue)
    day = now.astimezone(ZoneInfo(rulebook.the_city(session).timezone)).date()
    told = Command(Action.REMIND, by, key, {"step": step.code}, key=f"remind/{day}")
    with session.begin_nested():
        issue_papers(session, issue_ids=[key], kind=NOTICE, by=by, now=now, stationery=stationery)
        (done,) = apply(session, [told], now=now)
    return done


def _step(session: Session, issue: Issue) -> LadderStep | None:
    rules = session.get(RuleSet, issue.rule_set_code) if issue.rule_set_code else None
    return step_for(NOTICE, rules.content, taken=issue.steps_taken) if rules else None


def _not_reached(session: Session, issue: Issue) -> NotReached:
    rules = session.get(RuleSet, issue.rule_set_code) if issue.rule_set_code else None
    steps = ", ".join(steps_with(NOTICE, rules.content)) if rules else ""
    return NotReached(what=NOTICE.value, steps=steps or "–", number=issue.number)
