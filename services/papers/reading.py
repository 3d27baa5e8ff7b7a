"""Finding issued papers, and making sure that what is printed again is what was issued.

The unit that a paper is for, its leaders, the units that assist, and the offices and leaders over the place may print
it; nobody else. A later owner of the issue has papers of their own.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlmodel import Session, col, select

from models.audit import Round
from models.errors import ActionNotAllowed, NotFound
from models.issue import Issue, IssueEvent
from models.lifecycle import Action, Role
from models.paper import Paper, PaperKind, PaperTemplate, content_hash
from models.rights import Actor, roles_on
from models.task_letter import LetterAct, TaskLetter, TaskLetterEvent
from services.papers.errors import NotAsIssued

READERS = frozenset({Role.HANDLER, Role.UNIT_LEADER, Role.ASSISTANT, Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER})


@dataclass(frozen=True)
class Printable:
    """An issued paper with the templates it was issued with."""

    paper: Paper
    word: PaperTemplate
    page: PaperTemplate


@dataclass(frozen=True)
class Line:
    """A paper in a list: nothing of what stands on it."""

    number: str
    kind: PaperKind
    about: str
    unit_code: str
    step: str
    issued_at: datetime
    issued_by: str


def printable(session: Session, number: str, *, by: Actor) -> Printable:
    """A paper to be printed again, as it was issued. Raises NotFound, ActionNotAllowed, NotAsIssued."""
    paper = session.exec(select(Paper).where(Paper.number == number.strip())).first()
    if paper is None:
        raise NotFound(what="paper", code=number)
    if not roles_on(by, scope(paper)) & READERS:
        raise ActionNotAllowed(action="print_paper", who=", ".join(sorted(READERS)))
    return proved(session, paper)


def proved(session: Session, paper: Paper) -> Printable:
    """A paper that is as it was issued, with its templates. Raises NotAsIssued."""
    word = session.get_one(PaperTemplate, paper.word_template)
    page = session.get_one(PaperTemplate, paper.page_template)
    if not (_is_as_issued(session, paper) and all(_is_itself(one) for one in (word, page))):
        raise NotAsIssued(number=paper.number)
    return Printable(paper, word, page)


def listing(
    session: Session,
    *,
    issue_id: int | None = None,
    unit: str | None = None,
    kind: PaperKind | None = None,
    limit: int = 50,
) -> list[Line]:
    """Issued papers, newest first; about which issue or round each one is."""
    query = (
        select(Paper, Issue.number, Round.number)
        .join(Issue, col(Issue.id) == col(Paper.issue_id), isouter=True)
        .join(Round, col(Round.id) == col(Paper.round_id), isouter=True)
        .order_by(col(Paper.id).desc())
        .limit(limit)
    )
    wanted = ((Paper.issue_id, issue_id), (Paper.unit_code, unit), (Paper.kind, kind))
    query = query.where(*(col(column) == value for column, value in wanted if value is not None))
    return [
        Line(
            paper.number,
            paper.kind,
            issue or round_ or paper.about or "",
            paper.unit_code,
            paper.step,
            paper.issued_at,
            paper.issued_by,
        )
        for paper, issue, round_ in session.exec(query)
    ]


def scope(paper: Paper) -> Issue:
    """What rights over a paper are measured by: the unit that got it, at the place it was about when it was issued."""
    content = paper.content
    stand_in = SimpleNamespace(
        lead_unit=paper.unit_code,
        assisting_units=list(content["assisting_codes"]),
        area_path=content["area_path"],
        point_code=content["point_code"],
        found_by=None,
    )
    return cast(Issue, stand_in)


def _is_as_issued(session: Session, paper: Paper) -> bool:
    """Whether the content fits its hash, and that hash the sealed events."""
    sealed = [facts for facts in _events(session, paper) if facts["paper_number"] == paper.number]
    told = (content_hash(paper.content), paper.word_template, paper.page_template)
    names = ("paper_sha256", "paper_word_template", "paper_page_template")
    return bool(sealed) and all(tuple(facts[name] for name in names) == told for facts in sealed)


def _events(session: Session, paper: Paper) -> Iterable[Mapping[str, Any]]:
    """What the events of issuing say that may be about this paper."""
    if paper.kind is PaperKind.TASK_LETTER:
        letter = select(TaskLetter.id).where(TaskLetter.number == paper.number).scalar_subquery()
        told = select(TaskLetterEvent.facts).where(col(TaskLetterEvent.letter_id) == letter)
        return session.exec(told.where(TaskLetterEvent.act == LetterAct.ISSUED)).all()
    query = select(IssueEvent.facts).where(IssueEvent.action == Action.ISSUE_PAPER)
    if paper.issue_id is not None:
        query = query.where(IssueEvent.issue_id == paper.issue_id)
    else:
        query = query.join(Issue, col(Issue.id) == col(IssueEvent.issue_id)).where(Issue.round_id == paper.round_id)
    return session.exec(query).all()


def _is_itself(template: PaperTemplate) -> bool:
    return hashlib.sha256(template.body).hexdigest() == template.sha256
