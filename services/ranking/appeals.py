"""A unit's appeal against one case of a month's draft, and the decision about it. Both are on record for good."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from models.appeal import Appeal, AppealDecision, AppealOutcome
from models.errors import MissingInput, NotFound, WrongValue
from models.issue import Issue
from models.permissions import Right, held, must_hold
from models.publication import Publication, PublicationState
from models.rights import Actor
from services.ranking import appeal_messages, drafting
from services.ranking.disinterested import is_disinterested, parties
from services.ranking.editions import appeals_until, current
from services.ranking.errors import AlreadyAppealed, AlreadyDecided, NoDraft, NotDisinterested, NotInDraft, WindowClosed
from services.ranking.live import path_of
from services.ranking.months import Month
from services.ranking.table import from_content
from services.rulebook import the_city
from services.scores.formula import in_force
from services.sight import sees

LONGEST, LONGEST_LINK = 2000, 500


@dataclass(frozen=True)
class Pleaded:
    """What a unit says. `ground` is a code of the rules; `evidence` a link (https or http), or nothing."""

    ground: str
    reason: str
    evidence: str = ""


def appeal(
    session: Session,
    number: str,
    *,
    month: Month,
    area_code: str,
    pleaded: Pleaded,
    by: Actor,
    now: datetime,
    unit: str | None = None,
) -> Appeal:
    """Appeal against one case in the draft of a month, within its window.

    `unit`: whose case it is there, where that is no longer who leads the issue. Raises ActionNotAllowed,
    AlreadyAppealed, MissingInput, NoDraft, NotFound, NotInDraft, WindowClosed, WrongValue. The caller commits.
    """
    issue = _issue(session, number, by=by, unit=unit)
    of_unit = unit or issue.lead_unit or ""
    must_hold(by, Right.APPEAL, city=the_city(session).code, unit=of_unit)
    _check(session, pleaded)
    draft = _open_draft(session, month, area_code, now=now)
    if issue.id not in {case.issue for case in from_content(draft.content).cases.get(of_unit, ())}:
        raise NotInDraft(number=issue.number, unit=of_unit, month=month)
    row = Appeal(
        area_code=area_code,
        period_from=month.first,
        period_to=month.last,
        issue_id=issue.id or 0,
        cycle=issue.cycle,
        unit_code=of_unit,
        ground=pleaded.ground,
        standard_code=issue.standard_code or "",
        reason=pleaded.reason.strip(),
        evidence=pleaded.evidence.strip(),
        asked_by=by.code,
        asked_at=now,
    )
    _write(session, row, issue)
    appeal_messages.tell_deciders(session, row, issue, now=now)
    return row


def decide(
    session: Session, appeal_id: int, *, outcome: AppealOutcome, reason: str, by: Actor, now: datetime
) -> AppealDecision:
    """Decide an appeal, with the last decision about the same ground and standard as its precedent.

    What changes the figures goes into the draft at once. Raises ActionNotAllowed, AlreadyDecided, MissingInput,
    NoDraft, NotDisinterested, NotFound. The caller commits.
    """
    row = must_find(session, appeal_id)
    area_path = path_of(session, row.area_code)
    must_hold(by, Right.DECIDE_APPEAL, city=the_city(session).code, area_path=area_path)
    if decision_of(session, appeal_id) is not None:
        raise AlreadyDecided(appeal=appeal_id)
    issue = session.get_one(Issue, row.issue_id)
    if not is_disinterested(by, row, parties(session, row)):
        raise NotDisinterested(number=issue.number)
    _check_reason("decide_appeal", reason)
    month = Month.of(row.period_from)
    draft = _draft(session, month, row.area_code)
    before = precedents(session, row)
    decision = AppealDecision(
        appeal_id=appeal_id,
        outcome=outcome,
        reason=reason.strip(),
        precedent_id=before[0].appeal.id if before else None,
        decided_by=by.code,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    if outcome is not AppealOutcome.REFUSED:
        drafting.make_anew(session, draft, why=f"appeal {appeal_id}: {outcome}", now=now)
    appeal_messages.tell_appellant(session, row, decision, issue, now=now)
    return decision


@dataclass(frozen=True)
class Precedent:
    """An appeal about the same ground and standard, with what was decided."""

    appeal: Appeal
    decision: AppealDecision
    number: str


def precedents(session: Session, row: Appeal, *, most: int = 5) -> list[Precedent]:
    """What was decided before about the same ground and standard, the last first; none where it names no standard."""
    if not row.standard_code:
        return []
    query = (
        select(Appeal, AppealDecision, Issue.number)
        .join(AppealDecision, col(AppealDecision.appeal_id) == col(Appeal.id))
        .join(Issue, col(Issue.id) == col(Appeal.issue_id))
        .where(Appeal.ground == row.ground, Appeal.standard_code == row.standard_code, Appeal.id != row.id)
        .order_by(col(AppealDecision.id).desc())
        .limit(most)
    )
    mine = decision_of(session, row.id or 0)
    if mine is not None:
        query = query.where(col(AppealDecision.id) < mine.id)
    return [Precedent(*found) for found in session.exec(query)]


def must_find(session: Session, appeal_id: int) -> Appeal:
    """Raises NotFound. The row stays locked: two who decide wait for each other."""
    query = select(Appeal).where(Appeal.id == appeal_id).with_for_update()
    row = session.exec(query).first()
    if row is None:
        raise NotFound(what="appeal", code=appeal_id)
    return row


def decision_of(session: Session, appeal_id: int) -> AppealDecision | None:
    """What was decided, if anything."""
    return session.exec(select(AppealDecision).where(AppealDecision.appeal_id == appeal_id)).first()


def _issue(session: Session, number: str, *, by: Actor, unit: str | None) -> Issue:
    """Raises NotFound, also for one that is none of the reader's business: a stranger learns nothing."""
    issue = session.exec(select(Issue).where(Issue.number == number)).first() if "\x00" not in number else None
    mine = held(by, Right.APPEAL, city=the_city(session).code).covers(unit=unit)
    if issue is None or not (mine or sees(by, issue)):
        raise NotFound(what="issue", code=number[:60])
    return issue


def _check(session: Session, pleaded: Pleaded) -> None:
    grounds = in_force(session).appeals.grounds
    if pleaded.ground not in grounds:
        raise WrongValue(field="ground", value=pleaded.ground[:60], expected=", ".join(grounds))
    _check_reason("appeal", pleaded.reason)
    link = pleaded.evidence.strip()
    if link and (len(link) > LONGEST_LINK or not _is_link(link)):
        raise WrongValue(field="evidence_link", value=link[:60], expected="an address that begins with https")


def _check_reason(action: str, reason: str) -> None:
    if not reason.strip():
        raise MissingInput(action=action, missing="reason")
    if len(reason) > LONGEST:
        raise WrongValue(field="reason", value=f"{reason[:40]}…", expected=f"at most {LONGEST} characters")


def _is_link(written: str) -> bool:
    try:
        parts = urlsplit(written)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.netloc) and written.isprintable() and " " not in written


def _draft(session: Session, month: Month, area_code: str) -> Publication:
    """The draft that is under way, locked: nobody approves it meanwhile. Raises NoDraft."""
    draft = current(session, month, area_code=area_code)
    if draft is not None:
        session.refresh(draft, with_for_update=True)
    if draft is None or draft.state is not PublicationState.DRAFT:
        raise NoDraft(month=month)
    return draft


def _open_draft(session: Session, month: Month, area_code: str, *, now: datetime) -> Publication:
    draft = _draft(session, month, area_code)
    until = appeals_until(draft.content)
    if now > until:
        raise WindowClosed(month=month, until=drafting.city_time(session, until))
    return draft


def _write(session: Session, row: Appeal, issue: Issue) -> None:
    """Raises AlreadyAppealed."""
    same = select(Appeal.id).where(
        Appeal.area_code == row.area_code,
        Appeal.period_from == row.period_from,
        Appeal.issue_id == row.issue_id,
        Appeal.cycle == row.cycle,
        Appeal.unit_code == row.unit_code,
    )
    found = session.exec(same).first()
    if found is not None:
        raise AlreadyAppealed(number=issue.number, appeal=found)
    session.add(row)
    session.flush()
