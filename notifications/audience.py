"""From an event to the posts that hear of it, and why. Pure: whether somebody holds a post is found out at delivery.

`WHO_HEARS` is the table; steps of the ladder bring their own posts from the frozen rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.closing import applies
from models.issue import Issue
from models.ladder import stage_step
from models.lifecycle import Action
from models.routing import post_for, verifier_posts
from models.rules import Rules
from models.unit import ChannelClass

APP, CHAT, MAIL = (ChannelClass.APP,), (ChannelClass.APP, ChannelClass.CHAT), (ChannelClass.APP, ChannelClass.MAIL)
VERIFIERS, FINDER, THOSE_TOLD = "verifiers", "finder", "told"
ASKED = "asked"
"""The finder, where the close-out rules want the word of the public: asked as soon as it is verified."""


@dataclass(frozen=True)
class Told:
    """One recipient of one message: a post or a person, and the rule that says so."""

    kind: str
    why: str
    channels: tuple[str, ...]
    urgency: int
    post: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Hears:
    """One line of the table: this kind of message, to these, through these doors. Urgency 0 goes first."""

    kind: str
    who: tuple[str, ...]
    channels: tuple[str, ...] = CHAT
    urgency: int = 5


UNIT = ("unit.handler", "unit.direct_leader")
NEAREST_OFFICE, APPROVER = "office", "approver"
OFFICE = (NEAREST_OFFICE,)

WHO_HEARS: Mapping[Action, tuple[Hears, ...]] = {
    Action.FIND: (Hears("found", OFFICE, APP, 6),),
    Action.RETURN: (Hears("returned", OFFICE),),
    Action.GRANT_RETURN: (Hears("returned", OFFICE), Hears("request_granted", ("told_unit.handler",))),
    Action.SUBMIT: (Hears("verification_wanted", (VERIFIERS,)),),
    Action.PASS: (Hears("passed", ("unit.handler",), CHAT), Hears("passed", (ASKED,), MAIL)),
    Action.FAIL: (Hears("failed_check", UNIT, CHAT, 3),),
    Action.DISPUTE: (Hears("disputed", UNIT, CHAT, 3),),
    Action.CLOSE_OUT: (Hears("closed", ("unit.handler", FINDER), APP, 6), Hears("stand_down", (THOSE_TOLD,))),
    Action.VOID: (Hears("voided", (FINDER,), APP, 6), Hears("stand_down", (THOSE_TOLD,))),
    Action.MERGE: (Hears("merged", (FINDER,), APP, 6), Hears("stand_down", (THOSE_TOLD,))),
    Action.REOPEN: (Hears("reopened", UNIT, CHAT, 3),),
    Action.RELAPSE: (Hears("relapsed", UNIT, CHAT, 3),),
    Action.ASK_EXTENSION: (Hears("request_asked", (APPROVER,)),),
    Action.ASK_RETURN: (Hears("request_asked", OFFICE),),
    Action.ASK_SHELVING: (Hears("request_asked", OFFICE),),
    Action.GRANT_EXTENSION: (Hears("request_granted", UNIT),),
    Action.GRANT_SHELVING: (Hears("request_granted", UNIT),),
    Action.REFUSE_EXTENSION: (Hears("request_refused", UNIT),),
    Action.REFUSE_RETURN: (Hears("request_refused", UNIT),),
    Action.REFUSE_SHELVING: (Hears("request_refused", UNIT),),
    Action.RESUME: (Hears("resumed", UNIT),),
    Action.REAPPLY_RULES: (Hears("deadline_changed", UNIT),),
    Action.RECOMPUTE: (Hears("deadline_changed", UNIT),),
    Action.REPLY_ORDER: (Hears("order_answered", OFFICE, APP),),
}


def audience(
    action: Action, *, issue: Issue, step: str | None, facts: Mapping[str, Any], rules: Rules, told: Sequence[str]
) -> list[Told]:
    """Everybody who hears of this event, each post and person once."""
    if action is Action.ASSIGN:
        recipients = _step_audience("E0", "assigned", issue, rules)
    elif action is Action.REMIND:
        recipients = _reminder_audience(str(facts["goes_with"]), issue, rules)
    elif action is Action.ESCALATE and step:
        recipients = _escalation_audience(step, issue, facts, rules)
    else:
        recipients = _table_audience(action, issue, facts, told, rules)
    once: dict[tuple[str | None, str | None], Told] = {}
    for one in recipients:
        once.setdefault((one.post, one.person), one)
    return list(once.values())


def _table_audience(
    action: Action, issue: Issue, facts: Mapping[str, Any], told: Sequence[str], rules: Rules
) -> Iterator[Told]:
    for line in WHO_HEARS.get(action, ()):
        for who in line.who:
            if who == ASKED and not _wants_the_public(issue, rules):
                continue
            reference = _office(who, issue, rules) or who
            yield from _line_audience(line, reference, issue, facts, told, rules)


def _wants_the_public(issue: Issue, rules: Rules) -> bool:
    return any(row["code"] == "call_back" and applies(row, issue) for row in rules.close_out)


def _office(who: str, issue: Issue, rules: Rules) -> str | None:
    """The creation office of the district, or of the level that grants an extension; the city's where none is below."""
    if who not in (NEAREST_OFFICE, APPROVER):
        return None
    wanted = 2 if who == NEAREST_OFFICE else rules.severity(issue.severity).extension.approver_level
    return f"L{min(wanted, 2, len(issue.area_path.split('/')))}.office"


def _line_audience(
    line: Hears, who: str, issue: Issue, facts: Mapping[str, Any], told: Sequence[str], rules: Rules
) -> Iterator[Told]:
    urgency = min(line.urgency, urgency_of(issue.severity, rules))
    if who in (FINDER, ASKED):
        if issue.found_by:
            yield Told(line.kind, FINDER, line.channels, urgency, person=issue.found_by)
        return
    for post in _posts(who, issue, facts, told):
        yield Told(line.kind, who, line.channels, urgency, post=post)


def _posts(who: str, issue: Issue, facts: Mapping[str, Any], told: Sequence[str]) -> Iterable[str]:
    if who == VERIFIERS:
        return verifier_posts(issue)
    if who == THOSE_TOLD:
        return told
    if who.startswith("told_unit."):
        return [f"{facts['returned_by']}:{who.split('.')[1]}"] if facts.get("returned_by") else []
    post = post_for(who, issue)
    return [post] if post else []


def _escalation_audience(step: str, issue: Issue, facts: Mapping[str, Any], rules: Rules) -> Iterator[Told]:
    if step.startswith("E"):
        jumped = facts.get("cause", "time") != "time"  # not overdue, perhaps: other words are needed
        return _step_audience(step, "level_jump" if jumped else str(facts["paper"]), issue, rules)
    stage = stage_step(step.split("-")[0], rules)
    urgency = min(4, urgency_of(issue.severity, rules))
    posts = {reference: post_for(reference, issue) for reference in stage.posts}
    return (Told(stage.paper, ref, stage.channels, urgency, post=post) for ref, post in posts.items() if post)


def _reminder_audience(code: str, issue: Issue, rules: Rules) -> Iterator[Told]:
    """The unit alone: those above it were told by the step itself, and will be by the next one."""
    step = rules.step(code)
    posts = {reference: post_for(reference, issue) for reference in UNIT}
    urgency = min(3, urgency_of(issue.severity, rules))
    return (Told("reminder_notice", ref, step.channels, urgency, post=post) for ref, post in posts.items() if post)


def _step_audience(code: str, kind: str, issue: Issue, rules: Rules) -> Iterator[Told]:
    """A step tells its posts on both lines, and those who get a copy (some copies are for some severities only)."""
    step = rules.step(code)
    urgency = min(urgency_of(issue.severity, rules), 4 if step.rank < 3 else 3 if step.rank < 5 else 2)
    copied = step.copied if not step.copied_for or issue.severity in step.copied_for else ()
    for reference in (*step.territorial, *step.departmental, *copied):
        post = post_for(reference, issue)
        if post:
            yield Told(kind, reference, step.channels, urgency, post=post)


def urgency_of(severity: str, rules: Rules) -> int:
    """S1 goes before everything, S2 before the rest. 0 passes quiet hours: which severities do is the city's policy."""
    if severity in rules.policy.get("quiet_hours", {}).get("except", ("S1",)):
        return 0
    return {"S1": 1, "S2": 2}.get(severity, 5)
