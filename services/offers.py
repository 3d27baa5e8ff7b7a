"""Which actions are open to somebody on an issue now: the lifecycle table, and then the decision itself, tried out.

No rule stands here. What the table gives this person in this state is rehearsed at the one door with something in every
field (`_SAMPLES`); what is refused comes with the refusal as its hindrance, so that a page can say why it is not there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.errors import DubanError, MarkedAlready, NoOpenOrder, NoOpenRequest, NoSweepWanted, RequestAlreadyOpen
from models.issue import Issue, RequestKind
from models.lifecycle import LIFECYCLE, Action, Transition
from models.rights import Actor, roles_on
from services import rulebook
from services.commands import Command
from services.requests import GRANT, REFUSE
from services.transition import rehearse

NOT_FOR_PAGES = frozenset(
    {Action.FIND, Action.TAKE_OVER, Action.ESCALATE, Action.UNREACHABLE}
    | {Action.ISSUE_PAPER, Action.REMIND, Action.START_SWEEP, Action.FINISH_SWEEP, Action.REVIEW_ORDER}
)
"""A finding is no issue yet, time acts by itself; the others are offered by services of their own."""
NOTHING_TO_DECIDE = (NoOpenRequest, RequestAlreadyOpen, NoOpenOrder, NoSweepWanted, MarkedAlready)
"""Nobody asked, or somebody has already: no button, and nothing to explain."""


@dataclass(frozen=True)
class Offer:
    """One action for one reader. `needs`: what must be supplied; `hindrance`: why the door would refuse it now."""

    action: Action
    needs: frozenset[str]
    hindrance: DubanError | None = None


def offers(
    session: Session, by: Actor, issues: Sequence[Issue], *, now: datetime, only: Collection[Action] | None = None
) -> Mapping[int, Sequence[Offer]]:
    """What the reader may do on each of these issues, by its id, in the order of the table. Reads only."""
    pairs = [(issue, line) for issue in issues for line in _lines(by, issue) if only is None or line.action in only]
    amounts = _Amounts(session)
    commands = [_sample(issue, line, by, now=now, amounts=amounts) for issue, line in pairs]
    outcomes = rehearse(session, commands, now=now) if commands else []
    found: dict[int, list[Offer]] = {issue.id or 0: [] for issue in issues}
    for (issue, line), outcome in zip(pairs, outcomes, strict=True):
        error = outcome.error
        if not isinstance(error, NOTHING_TO_DECIDE):
            hindrance = error if isinstance(error, DubanError) else None
            found[issue.id or 0].append(Offer(line.action, line.needs, hindrance))
    return found


def _lines(by: Actor, issue: Issue) -> Iterable[Transition]:
    """The lines of the table for this state and these roles."""
    roles = roles_on(by, issue)
    for line in LIFECYCLE:
        if issue.state in line.come_from and roles & line.who and line.action not in NOT_FOR_PAGES:
            yield line


class _Amounts:
    """How much time a request could ask for, by the rules that are frozen on an issue."""

    def __init__(self, session: Session) -> None:
        self._session, self._current = session, rulebook.the_city(session).rule_set_code

    def of(self, issue: Issue) -> str:
        rules = rulebook.rules(self._session, issue.rule_set_code or self._current or "")
        severity = rules.severity(issue.severity)
        return str(severity.extension.most or severity.limit)


def _sample(issue: Issue, line: Transition, by: Actor, *, now: datetime, amounts: _Amounts) -> Command:
    given: dict[str, Any] = {name: _SAMPLES[name] for name in line.needs if name in _SAMPLES}
    if line.action in (Action.SUBMIT, Action.ATTACH):
        given["evidence"] = [{"kind": "after", "sha256": "0" * 64}]
    if "amount" in line.needs:
        given["amount"] = amounts.of(issue)
    if "milestone" in line.needs or line.action is Action.GRANT_SHELVING:
        given["milestone"] = now + timedelta(days=1)
    if "into" in line.needs:
        given["into"] = issue.id
    if line.action is Action.ASSIGN:
        given["to"] = issue.suggested_unit or issue.lead_unit or "-"
    return Command(line.action, by, issue.id, given)


_SAMPLES: Mapping[str, Any] = {
    **dict.fromkeys(("reason", "result", "text", "reply"), "-"),
    "answer": "satisfied",
    "checked": 0,
}
ASKED: Mapping[Action, RequestKind] = {action: kind for told in (GRANT, REFUSE) for kind, action in told.items()}
"""Which request an action decides."""
