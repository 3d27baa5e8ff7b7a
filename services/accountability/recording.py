"""Measures and their events: taking one under a lock, writing what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.accountability import Measure, MeasureAct, MeasureEvent, MeasureLine, line_for
from models.errors import MissingInput, NotFound
from models.permissions import PERMISSIONS, Right, must_hold
from models.rights import Actor, units_of
from models.seal import plain
from models.unit import Unit
from services.accountability.errors import MeasureChanged, MeasureNotPossible, OwnProposal, OwnUnit
from services.commands import check_text, is_blank
from services.rulebook import the_city


def taken(session: Session, measure_id: int, act: MeasureAct, *, seen: int, why: str) -> tuple[Measure, MeasureLine]:
    """The measure, locked, where the act is possible and done to what was looked at.

    Raises NotFound, MeasureNotPossible, MeasureChanged, MissingInput without a reason where there must be one.
    """
    query = select(Measure).where(Measure.id == measure_id).with_for_update()
    measure = session.exec(query.execution_options(populate_existing=True)).first()
    if measure is None:
        raise NotFound(what="measure", code=measure_id)
    line = line_for(act, kind=measure.kind, state=measure.state)
    if line is None:
        raise MeasureNotPossible(act=act.value, state=measure.state.value)
    if measure.version != seen:
        raise MeasureChanged
    if line.says_why and is_blank(why):
        raise MissingInput(action=act.value, missing="why")
    check_text(why, "why")
    return measure, line


def check_right(session: Session, by: Actor, right: Right, measure: Measure) -> None:
    """Raises ActionNotAllowed without the right where the measure is decided, OwnUnit about one's own unit."""
    must_hold(by, right, city=the_city(session).code, area_path=measure.area_path)
    if measure.unit_code in units_of(by):
        raise OwnUnit(unit=session.get_one(Unit, measure.unit_code).name)


def check_other(measure: Measure, by: Actor) -> None:
    """Raises OwnProposal for whoever proposed it."""
    if measure.proposed_by == by.code:
        raise OwnProposal


def done(
    session: Session,
    measure: Measure,
    line: MeasureLine,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    facts: Mapping[str, Any] | None = None,
    right: Right | None = None,
) -> Measure:
    """Write the new state with its event. `right`: what it was done by, to say in whose place."""
    measure.state = line.to
    measure.version += 1
    session.add(measure)
    session.add(
        MeasureEvent(
            measure_id=measure.id or 0,
            act=line.act,
            who=by.code,
            on_behalf_of=for_whom(by, right, measure.area_path) if right else None,
            at=now,
            why=why,
            facts=plain(facts or {}),
        )
    )
    session.flush()
    return measure


def for_whom(by: Actor, right: Right, area_path: str) -> str | None:
    """For whom the actor fills in, where only that person's posts give the right."""
    places, city = area_path.split("/"), area_path.split("/", maxsplit=1)[0]
    rule = PERMISSIONS[right]
    if any(post.owner_code in places and rule.comes_with(post, city=city) for post in by.posts):
        return None
    fitting = (of for post, of in by.for_others if post.owner_code in places and rule.comes_with(post, city=city))
    return next(fitting, None)


def history(session: Session, measure_id: int) -> list[MeasureEvent]:
    """What happened to it, oldest first."""
    query = select(MeasureEvent).where(MeasureEvent.measure_id == measure_id)
    return list(session.exec(query.order_by(col(MeasureEvent.id))))
