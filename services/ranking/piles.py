"""Appeals in piles: those of one's units, those to be decided, those decided; and one appeal with all about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, literal
from sqlmodel import Session, col, or_, select

from models.appeal import Appeal, AppealDecision
from models.area import Area
from models.errors import NotFound
from models.issue import Issue
from models.permissions import Held, Right, held
from models.publication import PublicationState
from models.rights import Actor
from models.standard import Standard
from models.unit import Person, Unit
from services.ranking import appeals
from services.ranking.appeal_messages import ground_words
from services.ranking.disinterested import is_disinterested, parties
from services.ranking.editions import current
from services.ranking.months import Month
from services.ranking.seeing import OF_THE_AREA, may, sees_appeal
from services.ranking.table import CaseRow, from_content
from services.rulebook import the_city

PILES = ("mine", "to_decide", "decided")
MOST = 50


@dataclass(frozen=True)
class Line:
    """One appeal in a pile. `ground`: in Chinese and English."""

    appeal: Appeal
    decision: AppealDecision | None
    number: str
    description: str
    unit: str
    ground: tuple[str, str]

    @property
    def month(self) -> Month:
        return Month.of(self.appeal.period_from)


@dataclass(frozen=True)
class AppealView:
    """One appeal. `case`: as it stands in the figures of the month; `may_decide`: here and now, by this reader.

    `had_part`: the reader has the right, and a part in the case.
    """

    line: Line
    case: CaseRow | None
    standard: tuple[str, str]
    asked_by: str
    decided_by: str
    precedents: Sequence[appeals.Precedent]
    may_decide: bool
    had_part: bool


def pile(session: Session, reader: Actor, name: str, *, after: int | None = None, limit: int = MOST) -> list[Line]:
    """The appeals of a pile, at most `limit`: those to decide the oldest first, others the newest first.

    `after`: the id of the last one of the stretch before. Raises NotFound for a pile that there is not.
    """
    if name not in PILES:
        raise NotFound(what="appeal", code=name[:40])
    oldest_first = name == "to_decide"
    key = col(Appeal.id)
    query = (
        select(Appeal, AppealDecision, Issue, Unit.name)
        .join(AppealDecision, col(AppealDecision.appeal_id) == key, isouter=True)
        .join(Issue, col(Issue.id) == col(Appeal.issue_id))
        .join(Unit, col(Unit.code) == col(Appeal.unit_code))
        .where(_of_pile(session, reader, name))
        .order_by(key if oldest_first else key.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(key > after if oldest_first else key < after)
    return [
        Line(row, decision, issue.number, issue.description, unit, ground_words(session, row.ground))
        for row, decision, issue, unit in session.exec(query)
    ]


def _of_pile(session: Session, reader: Actor, name: str) -> ColumnElement[bool]:
    city = the_city(session).code
    if name == "mine":
        return col(Appeal.unit_code).in_(held(reader, Right.APPEAL, city=city).units)
    undecided = col(AppealDecision.id).is_(None)
    if name == "to_decide":
        return undecided & _in_areas(held(reader, Right.DECIDE_APPEAL, city=city))
    return ~undecided & or_(*(_in_areas(held(reader, right, city=city)) for right in OF_THE_AREA))


def _in_areas(found: Held) -> ColumnElement[bool]:
    """Appeals against figures of these areas and of those below."""
    if not found.areas:
        return false()
    above = [f"/{code}/" for code in sorted(found.areas)]
    path = literal("/").concat(col(Area.path)).concat("/")
    return col(Appeal.area_code).in_(select(Area.code).where(or_(*(path.contains(code) for code in above))))


def appeal_view(session: Session, reader: Actor, appeal_id: int) -> AppealView:
    """One appeal with its precedents. Raises NotFound, also for one that the reader may not see."""
    row = session.get(Appeal, appeal_id)
    if row is None or not sees_appeal(session, reader, row):
        raise NotFound(what="appeal", code=appeal_id)
    issue, unit = session.get_one(Issue, row.issue_id), session.get_one(Unit, row.unit_code)
    decision = appeals.decision_of(session, appeal_id)
    draft = current(session, Month.of(row.period_from), area_code=row.area_code)
    right = may(session, reader, Right.DECIDE_APPEAL, row.area_code)
    fit = right and is_disinterested(reader, row, parties(session, row))
    waits = decision is None and draft is not None and draft.state is PublicationState.DRAFT
    cases = from_content(draft.content).cases.get(row.unit_code, ()) if draft else ()
    ground = ground_words(session, row.ground)
    return AppealView(
        line=Line(row, decision, issue.number, issue.description, unit.name, ground),
        case=next((case for case in cases if case.issue == row.issue_id), None),
        standard=_standard(session, issue),
        asked_by=_name(session, row.asked_by),
        decided_by=_name(session, decision.decided_by) if decision else "",
        precedents=appeals.precedents(session, row),
        may_decide=fit and waits,
        had_part=right and not fit,
    )


def _standard(session: Session, issue: Issue) -> tuple[str, str]:
    """Its text in Chinese and in English."""
    if not issue.version_code or not issue.standard_code:
        return ("", "")
    found = session.get(Standard, (issue.version_code, issue.standard_code))
    return (found.text, found.text_en or found.text) if found else ("", "")


def _name(session: Session, code: str) -> str:
    person = session.get(Person, code)
    return person.name if person else code


def appeals_of(session: Session, unit: str, *, month: Month, area_code: str) -> dict[int, tuple[Appeal, str]]:
    """Issue → the appeal of a unit in a month, and its outcome; empty for one that nobody has decided."""
    query = (
        select(Appeal, AppealDecision.outcome)
        .join(AppealDecision, col(AppealDecision.appeal_id) == col(Appeal.id), isouter=True)
        .where(Appeal.unit_code == unit, Appeal.area_code == area_code, Appeal.period_from == month.first)
    )
    return {row.issue_id: (row, outcome or "") for row, outcome in session.exec(query)}
