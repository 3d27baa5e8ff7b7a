"""Issuing papers: each once, under a number without gaps, through the one door, on record with the issue it is about.

Asking again gives the paper that there is. Issuing is for the offices (models/lifecycle.py); who may print an issued
paper again is told in services/papers/reading.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from models.errors import WrongValue
from models.issue import Issue, SupervisionOrder
from models.paper import DEGREES, OF_NO_ISSUE, Paper, PaperKind
from models.rights import Actor
from models.rule import RuleSet
from models.rules import Rules
from services import rulebook
from services.papers import content
from services.papers.drafts import Issued, allowed, command, desk_of, frame, issued, keep_templates
from services.papers.errors import NotReached
from services.papers.ladder import LadderStep, copied_posts, step_for, steps_with
from services.papers.stationery import Stationery
from services.transition import apply


def issue_papers(
    session: Session,
    *,
    issue_ids: Sequence[int],
    kind: PaperKind,
    by: Actor,
    now: datetime,
    stationery: Stationery,
    interview: content.Interview | None = None,
) -> list[Issued]:
    """One paper of this kind for each issue, all or none, in the order given; the caller commits.

    Raises ActionNotAllowed, ActionNotPossible, NotReached, NotFound, SomebodyWasFaster, WrongValue.
    1. Check who asks, before anything of the issue is told.
    2. Find the step that the paper goes with; where its paper is there, that is it.
    3. Freeze the content and hand it through the door, which numbers and seals it.
    """
    if kind in OF_NO_ISSUE:
        others = ", ".join(sorted(set(PaperKind) - OF_NO_ISSUE))
        raise WrongValue(field="kind", value=kind.value, expected=others)
    desk = desk_of(session, by=by, now=now, stationery=stationery, kind=kind)
    issues = [allowed(session, key, by) for key in dict.fromkeys(issue_ids)]
    places = {issue.id or 0: _place_of(session, issue, kind) for issue in issues}
    there = {key: place.paper(session) for key, place in places.items()}
    new = [issue for issue in issues if there[issue.id or 0] is None]
    templates = keep_templates(session, stationery, kind) if new else {}
    drafts = [_draft(desk, issue, places[issue.id or 0], interview) | templates for issue in new]
    done = apply(session, [command(by, issue, draft) for issue, draft in zip(new, drafts, strict=True)], now=now)
    fresh = {outcome.issue_id for outcome in done if not outcome.repeated}
    return [issued(place.paper(session), repeated=key not in fresh) for key, place in places.items()]


@dataclass(frozen=True)
class _Place:
    """Which paper of an issue is meant: kind, cycle and step, with the order that goes with it."""

    issue_id: int
    cycle: int
    kind: PaperKind
    step: LadderStep
    rules: Rules
    order: SupervisionOrder | None

    def paper(self, session: Session) -> Paper | None:
        """The paper, where it has been issued."""
        query = select(Paper).where(Paper.issue_id == self.issue_id, Paper.cycle == self.cycle)
        return session.exec(query.where(Paper.kind == self.kind, Paper.step == self.step.code)).first()


def _place_of(session: Session, issue: Issue, kind: PaperKind) -> _Place:
    """Raises NotReached where the ladder has not brought this paper in this cycle."""
    rule_set = session.get_one(RuleSet, issue.rule_set_code)
    step = step_for(kind, rule_set.content, taken=issue.steps_taken)
    order = _order(session, issue, kind) if kind in DEGREES else None
    if step is None or (kind in DEGREES and order is None):
        steps = ", ".join(steps_with(kind, rule_set.content)) or "–"
        raise NotReached(what=kind.value, steps=steps, number=issue.number)
    return _Place(issue.id or 0, issue.cycle, kind, step, rulebook.rules(session, rule_set.code), order)


def _order(session: Session, issue: Issue, kind: PaperKind) -> SupervisionOrder | None:
    query = select(SupervisionOrder).where(
        SupervisionOrder.issue_id == issue.id,
        SupervisionOrder.cycle == issue.cycle,
        SupervisionOrder.degree == DEGREES[kind],
    )
    return session.exec(query).first()


def _draft(desk: content.Desk, issue: Issue, place: _Place, interview: content.Interview | None) -> dict[str, Any]:
    key = f"paper/{place.kind}/{issue.id}/{place.cycle}/{place.step.code}"
    frozen = content.of_issue(
        desk,
        issue,
        kind=place.kind,
        rules=place.rules,
        step=place.step.code,
        copied_to=copied_posts(desk.session, issue, place.step),
        order=place.order,
        interview=interview,
    )
    return {
        **frame(desk, place.kind, key=key, unit=str(issue.lead_unit)),
        "number": place.order.number if place.order else None,
        "issue_id": issue.id,
        "cycle": place.cycle,
        "step": place.step.code,
        "content": frozen,
    }


__all__ = ["Issued", "issue_papers"]
