"""Replies that do not come climb (督办回复逾期): step by step as policy.toml says, each once, the highest one told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlmodel import Session, col, select

from models.accountability import Measure, MeasureAct, MeasureEvent, MeasureState
from models.accountability_rules import Accountability
from models.calendar import Calendar
from models.issue import Issue
from models.ladder import after
from models.routing import posts_for
from models.unit import Unit
from services import bulk, rulebook
from services.accountability import telling
from services.accountability.proposing import rules_in_force

BATCH = 500


def climb(session: Session, *, now: datetime) -> int:
    """Every late reply whose next step has come: on record, and told to the posts of its highest. Returns how many."""
    rules = rules_in_force(session)
    calendar = rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)
    reached = [(one, step) for one in _late(session, rules, now) if (step := _step(one, rules, calendar, now))]
    reached = [(one, step) for one, step in reached if step > one.climbed]
    if not reached:
        return 0
    events = [_event(one, step, now) for one, to in reached for step in range(one.climbed + 1, to + 1)]
    for one, step in reached:
        one.climbed, one.version = step, one.version + 1
        session.add(one)
    session.flush()
    bulk.insert(session, MeasureEvent, events)
    _tell(session, reached, rules, now=now)
    return len(reached)


def _late(session: Session, rules: Accountability, now: datetime) -> Sequence[Measure]:
    query = select(Measure).where(
        Measure.state == MeasureState.ISSUED,
        col(Measure.reply_due_at) <= now,
        col(Measure.climbed) < len(rules.late_reply),
    )
    return session.exec(query.order_by(col(Measure.id)).limit(BATCH).with_for_update(skip_locked=True)).all()


def _step(measure: Measure, rules: Accountability, calendar: Calendar, now: datetime) -> int:
    """How many of the steps have come."""
    due_at = cast(datetime, measure.reply_due_at)
    return sum(after(calendar, due_at, step.offset) <= now for step in rules.late_reply)


def _event(measure: Measure, step: int, now: datetime) -> Mapping[str, Any]:
    facts = {"step": step, "reply_due_at": measure.reply_due_at}
    said = {"measure_id": measure.id, "act": MeasureAct.CLIMB, "who": "system", "on_behalf_of": None}
    return {**said, "at": now, "why": "", "facts": bulk.document(facts)}


def _tell(session: Session, reached: Sequence[tuple[Measure, int]], rules: Accountability, *, now: datetime) -> None:
    paths = _of(session, select(Issue.id, Issue.area_path), Issue.id, [one.issue_id for one, _ in reached])
    names = _of(session, select(Unit.code, Unit.name), Unit.code, [one.unit_code for one, _ in reached])
    late = []
    for one, step in reached:
        where = paths.get(one.issue_id, one.area_path)
        stand_in = cast(Issue, SimpleNamespace(lead_unit=one.unit_code, area_path=where, point_code=None))
        late.append((one, posts_for(rules.late_reply[step - 1].posts, stand_in), names[one.unit_code]))
    telling.tell_late(session, late, now=now)


def _of(session: Session, query: Any, column: Any, wanted: Sequence[Any]) -> dict[Any, Any]:
    return dict(session.exec(query.where(col(column).in_(set(wanted)))).all())
