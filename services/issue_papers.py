"""The papers of one issue for one reader: those that they may print, and those that they could issue now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.errors import DubanError, NotFound
from models.issue import Issue, SupervisionOrder
from models.lifecycle import Action, State, check
from models.paper import DEGREES, OF_NO_ISSUE, Paper, PaperKind
from models.rights import Actor, roles_on
from models.rule import RuleSet
from services.decisions.papers import ASKS_FOR_WORK
from services.papers.ladder import step_for
from services.papers.reading import READERS, Printable, printable, scope


@dataclass(frozen=True)
class PaperLine:
    """An issued paper in the list of an issue."""

    id: int
    number: str
    kind: PaperKind
    step: str
    issued_at: datetime
    issued_by: str


def papers_of(session: Session, issue: Issue, by: Actor) -> list[PaperLine]:
    """The papers of an issue that the reader may print, newest first; of notices of a round, those to its unit."""
    query = select(Paper).where(col(Paper.issue_id) == issue.id)
    if issue.round_id is not None and issue.lead_unit:
        of_round = (col(Paper.round_id) == issue.round_id) & (col(Paper.unit_code) == issue.lead_unit)
        query = select(Paper).where((col(Paper.issue_id) == issue.id) | of_round)
    found = session.exec(query.order_by(col(Paper.id).desc())).all()
    return [
        PaperLine(paper.id or 0, paper.number, paper.kind, paper.step, paper.issued_at, paper.issued_by)
        for paper in found
        if roles_on(by, scope(paper)) & READERS
    ]


def paper_of(session: Session, issue: Issue, key: int, *, by: Actor) -> Printable:
    """One of them, to be printed. Raises NotFound, also for one that the reader may not print; NotAsIssued."""
    if key not in {line.id for line in papers_of(session, issue, by)}:
        raise NotFound(what="paper", code=key)
    return printable(session, session.get_one(Paper, key).number, by=by)


def issuable(session: Session, issue: Issue, by: Actor) -> Sequence[PaperKind]:
    """The kinds that the reader may issue now: the ladder has brought them, and they are not issued in this cycle."""
    try:
        check(Action.ISSUE_PAPER, state=issue.state, roles=roles_on(by, issue), supplied=frozenset({"kind"}))
    except DubanError:
        return ()
    rule_set = session.get(RuleSet, issue.rule_set_code) if issue.rule_set_code else None
    if rule_set is None:
        return ()
    there = session.exec(select(Paper.kind, Paper.step).where(Paper.issue_id == issue.id, Paper.cycle == issue.cycle))
    issued = set(there.all())
    over = issue.state == State.CLOSED
    return [
        kind
        for kind in PaperKind
        if kind not in OF_NO_ISSUE
        and not (over and kind in ASKS_FOR_WORK)
        and (step := step_for(kind, rule_set.content, taken=issue.steps_taken)) is not None
        and (kind, step.code) not in issued
        and (kind not in DEGREES or _ordered(session, issue, kind))
    ]


def _ordered(session: Session, issue: Issue, kind: PaperKind) -> bool:
    query = select(SupervisionOrder.id).where(
        SupervisionOrder.issue_id == issue.id,
        SupervisionOrder.cycle == issue.cycle,
        SupervisionOrder.degree == DEGREES[kind],
    )
    return session.exec(query).first() is not None
