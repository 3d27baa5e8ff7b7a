"""The rectification notice: one paper to one unit about all that one round found there."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from models.audit import Round, Sheet
from models.errors import ActionNotAllowed, NotFound
from models.issue import Issue
from models.lifecycle import BY_ACTION, Action, State
from models.paper import Paper, PaperKind
from models.rights import Actor, roles_on
from models.unit import Unit
from services import rulebook
from services.audit_progress import round_by_number
from services.audit_view import sees_round
from services.papers import content
from services.papers.drafts import Issued, allowed, command, desk_of, frame, issued, keep_templates
from services.papers.errors import NothingToRectify, RoundNotFinished, StillUnassigned
from services.papers.reading import scope
from services.papers.stationery import Stationery
from services.transition import apply

ENDED = (State.CLOSED, State.VOID)


def issue_notice(
    session: Session, *, round_number: str, unit_code: str, by: Actor, now: datetime, stationery: Stationery
) -> Issued:
    """The rectification notice of one round to one unit: all its open issues under one number; the caller commits.

    Raises ActionNotAllowed, NotFound, SomebodyWasFaster, RoundNotFinished, StillUnassigned, NothingToRectify.
    """
    kind = PaperKind.RECTIFICATION_NOTICE
    desk = desk_of(session, by=by, now=now, stationery=stationery, kind=kind)
    round_ = round_by_number(session, round_number)
    if round_.is_secret and not sees_round(session, by, round_):
        raise NotFound(what="round", code=round_number)
    if session.get(Unit, unit_code) is None:
        raise NotFound(what="unit", code=unit_code)
    key = f"paper/{kind}/{round_.id}/{unit_code}"
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
    if there := _notice(session, round_, unit_code):
        _check_right(by, there)
        return issued(there, repeated=True)
    found = session.exec(select(Issue).where(Issue.round_id == round_.id, Issue.lead_unit == unit_code)).all()
    issues = [allowed(session, issue.id or 0, by) for issue in found if issue.state not in ENDED]
    if not issues:
        raise NothingToRectify(number=round_.number, unit=unit_code)
    _check_whole(session, round_, unit_code)
    rules = {issue.id or 0: rulebook.rules(session, issue.rule_set_code or "") for issue in issues}
    draft = {
        **frame(desk, kind, key=key, unit=unit_code),
        **keep_templates(session, stationery, kind),
        "round_id": round_.id,
        "content": content.of_round(desk, round_, issues, unit=unit_code, rules=rules),
    }
    apply(session, [command(by, issue, draft) for issue in issues], now=now)
    return issued(_notice(session, round_, unit_code), repeated=False)


def _check_right(by: Actor, paper: Paper) -> None:
    """Whoever may issue it may be given it again. Raises ActionNotAllowed."""
    who = BY_ACTION[Action.ISSUE_PAPER].who
    if not roles_on(by, scope(paper)) & who:
        raise ActionNotAllowed(action=Action.ISSUE_PAPER.value, who=", ".join(sorted(who)))


def _notice(session: Session, round_: Round, unit_code: str) -> Paper | None:
    return session.exec(select(Paper).where(Paper.round_id == round_.id, Paper.unit_code == unit_code)).first()


def _check_whole(session: Session, round_: Round, unit_code: str) -> None:
    """A notice is given once, so it waits until all that the round found is known and has its unit."""
    if round_.finished_at is None:
        sheets = select(func.count(col(Sheet.id)), func.count(col(Sheet.filled_at))).where(Sheet.round_id == round_.id)
        total, filled = session.exec(sheets).one()
        raise RoundNotFinished(number=round_.number, filled=filled, sheets=total)
    found = session.exec(
        select(Issue).where(Issue.round_id == round_.id, Issue.state == State.FOUND).order_by(col(Issue.id))
    ).all()
    waiting = [issue for issue in found if issue.suggested_unit in (None, unit_code)]
    if waiting:
        raise StillUnassigned(number=round_.number, unit=unit_code, count=len(waiting), first=waiting[0].number)
