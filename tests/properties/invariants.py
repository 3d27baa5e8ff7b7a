"""What holds after every move, whatever happened: city and model agree, and the promises are kept."""

from collections import defaultdict
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.issue import Issue, IssueEvent
from services import foresight, seal
from tests.properties.model import RUNNING, SILENT, Thing, World
from tests.properties.walk import RULES, Walk

OWNED = {"assigned", "rectifying", "rectified", "verified", "closed", "shelved"}


def agree(walk: Walk) -> None:
    """Every issue stands in the city as it stands in the model."""
    walk.session.expire_all()
    for issue in walk.session.exec(select(Issue).order_by(col(Issue.id))):
        thing = walk.world.things[issue.id or 0]
        if thing.draw_is_open:
            days = (issue.stage_due_at - thing.closed).days if issue.stage_due_at else None
            assert days in range(7, 31) or (days is None and thing.severity not in ("S1", "S2"))
            thing.stage_due, thing.draw_is_open = issue.stage_due_at, False
        assert in_city(issue) == in_model(thing, walk.world), f"issue {issue.id}"
        assert -1 <= issue.step <= 8
        assert (issue.lead_unit is not None) == (issue.state.value in OWNED)


def in_city(issue: Issue) -> dict[str, Any]:
    return {
        "state": issue.state.value,
        "cycle": issue.cycle,
        "step": issue.step,
        "steps": {step for step in range(9) if issue.steps_taken >> step & 1},
        "rework": issue.rework,
        "returns": issue.returns,
        "owner": issue.lead_unit,
        "handler": issue.handler,
        "severity": issue.severity,
        "rules": issue.rule_set_code,
        "calendar": issue.calendar_version,
        "started": issue.clock_started_at,
        "due": issue.due_at,
        "provisional": issue.due_provisional,
        "sign in": issue.sign_in_due_at,
        "stage": issue.stage_due_at,
        "extensions": issue.extensions,
        "orders": issue.orders_unanswered,
        "relapses": issue.relapses,
        "leader": issue.leader_assigned,
        "sweep": issue.sweep_required,
        "answer": issue.satisfaction,
        "next": issue.next_step_at,
        "events": issue.event_count,
        "set aside": issue.set_aside,
    }


def in_model(thing: Thing, world: World) -> dict[str, Any]:
    return {
        "state": thing.state,
        "cycle": thing.cycle,
        "step": thing.step,
        "steps": thing.steps,
        "rework": thing.rework,
        "returns": thing.returns,
        "owner": thing.unit,
        "handler": thing.handler,
        "severity": thing.severity,
        "rules": RULES[thing.rules] if thing.rules else None,
        "calendar": thing.calendar,
        "started": thing.started,
        "due": thing.due,
        "provisional": thing.provisional,
        "sign in": thing.sign_in_due,
        "stage": thing.stage_due,
        "extensions": thing.extensions,
        "orders": thing.orders,
        "relapses": thing.relapses,
        "leader": thing.leader,
        "sweep": thing.sweep,
        "answer": thing.satisfaction,
        "next": world.next_at(thing),
        "events": len(thing.trail),
        "set aside": 0,
    }


def record_is_whole(walk: Walk) -> None:
    """At the end of a walk: the trail, its messages, its seal, and what lies ahead."""
    events = events_of(walk.session)
    told = told_of(walk.session)
    for thing in walk.things:
        mine = events[thing.key]
        assert [event.seq for event in mine] == list(range(1, len(mine) + 1))
        assert [(e.action.value, e.step and e.step.partition("-")[0]) for e in mine] == [t[:2] for t in thing.trail]
        heard = [(thing.key, event.seq) in told for event in mine]
        assert [t for t in zip(thing.trail, heard, strict=True) if t[0][2] != t[1] and t[0][0] not in SILENT] == []
        nothing_escalates_after_the_end(mine)
        checks_are_independent(mine)
        ahead_is_the_next_step(walk, thing)
    record = seal.verify(seal.record_lines(walk.session))
    assert record.alteration is None
    assert (record.issues, record.events) == (len(events), sum(map(len, events.values())))


def events_of(session: Session) -> dict[int, list[IssueEvent]]:
    found: dict[int, list[IssueEvent]] = defaultdict(list)
    for event in session.exec(select(IssueEvent).order_by(col(IssueEvent.issue_id), col(IssueEvent.seq))):
        found[event.issue_id].append(event)
    return found


def told_of(session: Session) -> set[tuple[int, int]]:
    """The issue and the event of every message."""
    rows = session.connection().execute(text("SELECT issue_id, split_part(key, '-', 2)::int FROM message")).all()
    return {(issue, seq) for issue, seq in rows}


def nothing_escalates_after_the_end(events: list[IssueEvent]) -> None:
    ended = [e for e in events if e.action.value == "escalate" and e.from_state in ("closed", "void")]
    assert all((e.step or "").startswith("B1") for e in ended)


def checks_are_independent(events: list[IssueEvent]) -> None:
    workers: dict[int, set[str]] = defaultdict(set)
    for event in events:
        if event.action.value in ("sign_in", "submit"):
            workers[event.cycle].add(event.actor)
        assert not (event.action.value in ("pass", "fail") and event.actor in workers[event.cycle])


def ahead_is_the_next_step(walk: Walk, thing: Thing) -> None:
    """The preview says the same as the model, step by step, and the one time to look at is the first of them."""
    ahead = {one.step: one.at for one in foresight.preview(walk.session, thing.key, now=walk.now)}
    if thing.state in RUNNING:
        expected = {f"E{step}": at for step, at in walk.world.ladder(thing).items()}
    else:
        expected = walk.world.stages(thing)
    assert expected == ahead
    assert thing.look or walk.world.next_at(thing) == min(ahead.values(), default=None)
