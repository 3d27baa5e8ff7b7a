"""The paper of each measure: that of the ladder where there is one, else a numbered paper about the measure itself.

What stands on it is frozen when it is issued; its hash stands in the measure's append-only event.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlmodel import Session, col, select

from models import terms
from models.accountability import Measure, MeasureAct, MeasureEvent, MeasureKind
from models.accountability_rules import When
from models.deadlines import due
from models.issue import Issue, SupervisionOrder
from models.paper import DEGREES, Paper, PaperKind, PaperTemplate, content_hash
from models.rights import Actor
from models.unit import Unit
from services import bulk, rulebook
from services.accountability.errors import NoPaper
from services.accountability.replies_due import set_reply_due
from services.papers import content
from services.papers.drafts import desk_of, frame, keep_templates
from services.papers.errors import NotAsIssued
from services.papers.issuing import issue_papers
from services.papers.reading import Printable
from services.papers.stationery import Stationery
from services.papers.words import clean

OF_ORDERS: Mapping[int, PaperKind] = {degree: kind for kind, degree in DEGREES.items()}
OWN: Mapping[MeasureKind, PaperKind] = {
    MeasureKind.INTERVIEW: PaperKind.UNIT_INTERVIEW,
    MeasureKind.YELLOW_CARD: PaperKind.YELLOW_CARD,
    MeasureKind.RED_CARD: PaperKind.RED_CARD,
    MeasureKind.PROPOSAL: PaperKind.TRANSFER_PROPOSAL,
}
LISTED = 50
"""Issues that a paper about several of them names."""


def issue(
    session: Session,
    measure: Measure,
    *,
    by: Actor,
    now: datetime,
    stationery: Stationery,
    interview: content.Interview | None = None,
) -> Paper:
    """Number and freeze the paper of a measure. Raises what issuing a paper of the ladder raises."""
    if measure.order_id is not None:
        return _order(session, measure, by=by, now=now, stationery=stationery)
    if of_the_ladder(measure):
        kind = PaperKind.INTERVIEW_NOTICE
        ids = [measure.issue_id or 0]
        (done,) = issue_papers(
            session, issue_ids=ids, kind=kind, by=by, now=now, stationery=stationery, interview=interview
        )
        return done.paper
    return _own(session, measure, by=by, now=now, stationery=stationery, interview=interview)


def of_the_ladder(measure: Measure) -> bool:
    """Whether the ladder has brought this interview about its issue, with a paper of its own."""
    return measure.kind is MeasureKind.INTERVIEW and measure.because.get("when") == When.STEP


def _order(session: Session, measure: Measure, *, by: Actor, now: datetime, stationery: Stationery) -> Paper:
    """Under the number that the ladder gave it, with the day by which it is to be answered."""
    order = session.get_one(SupervisionOrder, measure.order_id)
    if measure.reply_due_at is None:
        calendar = rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)
        measure.reply_due_at = due(calendar, start=now, limit=stationery.reply_within).at
        set_reply_due(session, measure)
    kind, ids = OF_ORDERS[order.degree], [order.issue_id]
    (done,) = issue_papers(session, issue_ids=ids, kind=kind, by=by, now=now, stationery=stationery)
    return done.paper


def _own(
    session: Session,
    measure: Measure,
    *,
    by: Actor,
    now: datetime,
    stationery: Stationery,
    interview: content.Interview | None,
) -> Paper:
    kind = OWN[measure.kind]
    desk = desk_of(session, by=by, now=now, stationery=stationery, kind=kind)
    draft = frame(desk, kind, key=f"measure/{measure.id}", unit=measure.unit_code)
    (n,) = bulk.take_numbers(session, draft["series"], 1)
    number = draft["form"].format(year=draft["year"], n=n)
    frozen = {**_content(desk, measure, kind, interview), "number": number}
    templates = keep_templates(session, stationery, kind)
    paper = Paper(
        number=number,
        kind=kind,
        about=f"measure:{measure.id}",
        unit_code=measure.unit_code,
        issued_at=now,
        issued_by=by.code,
        content=frozen,
        content_sha256=content_hash(frozen),
        word_template=templates["word_template"],
        page_template=templates["page_template"],
    )
    session.add(paper)
    session.flush()
    return paper


def _content(
    desk: content.Desk, measure: Measure, kind: PaperKind, interview: content.Interview | None
) -> Mapping[str, Any]:
    """The same names as on every paper; `step` says why, the groups are the issues behind it."""
    signs_over = cast(Issue, SimpleNamespace(lead_unit=None, area_path=measure.area_path, point_code=None))
    items = _items(desk, _issues(desk.session, measure))
    return {
        **content.head(desk, kind, unit=measure.unit_code, at=desk.now, signs_over=signs_over),
        "number": "",
        "assisting": [],
        "assisting_codes": [],
        "degree": 0,
        "degree_words": "",
        "step": reason(measure),
        "copied_to": [],
        "reply_due": content.reply_due(desk, desk.now, None),
        "interview": {name: clean(value) for name, value in vars(interview or content.Interview()).items()},
        "area_path": measure.area_path,
        "point_code": None,
        "issue": None,
        "round": None,
        "groups": content.by_point(items),
        "count": len(items),
    }


def _items(desk: content.Desk, issues: Sequence[Issue]) -> list[content.Content]:
    rules = {issue.id: rulebook.rules(desk.session, issue.rule_set_code or "") for issue in issues}
    return [content.item_of(desk, issue, rules=rules[issue.id], at=desk.now) for issue in issues]


def reason(measure: Measure) -> str:
    """Why a rule proposed it, in the words of a paper."""
    because = measure.because
    words = terms.term(terms.MEASURE_CAUSES, because.get("when"), "zh-CN")
    details = [str(because[name]) for name in ("step", "order", "month") if because.get(name)]
    if because.get("count"):
        details.append(f"{because['count']}件" if because["when"] == When.OVERDUE else f"{because['count']}次")
    if because.get("said"):
        return str(because["said"])
    return f"{words}（{'，'.join(details)}）" if details else words


def _issues(session: Session, measure: Measure) -> Sequence[Issue]:
    numbers = list(measure.because.get("issues", ()))[:LISTED]
    chosen = (col(Issue.id) == measure.issue_id) | col(Issue.number).in_(numbers)
    return session.exec(select(Issue).where(chosen).order_by(col(Issue.id))).all()


def printable(session: Session, measure: Measure) -> Printable:
    """The paper as it was issued, with its templates; who may see it is asked before (view.py).

    Raises NoPaper, NotAsIssued where it is not what the event says.
    """
    paper = session.exec(select(Paper).where(Paper.number == measure.paper)).first() if measure.paper else None
    if paper is None:
        raise NoPaper
    query = select(MeasureEvent.facts).where(
        MeasureEvent.measure_id == measure.id, col(MeasureEvent.act).in_((MeasureAct.APPROVE, MeasureAct.SECOND))
    )
    hashes = [facts["paper_sha256"] for facts in session.exec(query) if facts.get("paper") == paper.number]
    if content_hash(paper.content) not in hashes:
        raise NotAsIssued(number=paper.number)
    word = session.get_one(PaperTemplate, paper.word_template)
    return Printable(paper, word, session.get_one(PaperTemplate, paper.page_template))


def unit_name(session: Session, measure: Measure) -> str:
    """What the unit is called today."""
    return session.get_one(Unit, measure.unit_code).name
