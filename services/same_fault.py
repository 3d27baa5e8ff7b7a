"""A same-fault sweep (举一反三): from one issue, sheets for the same standard at other points.

The round is an audit round of its own kind: filled, ended and shown as any other (services/audit_results.py). What it
would be is worked out in services/same_fault_plan.py, what comes of it in services/same_fault_results.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Method, Round, RoundKind, Sheet
from models.errors import NothingElsewhere, SweepUnderWay, WrongValue
from models.issue import FoundLevel, Issue
from models.lifecycle import Action
from models.permissions import Right, held
from models.rights import Actor
from models.unit import Unit
from services import audits, bulk, people, rulebook
from services.commands import Command
from services.same_fault_messages import tell_checkers
from services.same_fault_plan import Prospect, SweepOrder, prospect, the_issue
from services.same_fault_points import Among
from services.transition import apply

FOUND_AT = {1: FoundLevel.CITY, 2: FoundLevel.DISTRICT, 3: FoundLevel.STREET}


@dataclass(frozen=True)
class Begun:
    """A sweep that is under way."""

    number: str
    points: int
    due_at: datetime | None
    repeated: bool = False


def start(session: Session, order: SweepOrder, *, by: Actor, now: datetime) -> Begun:
    """Make the round and its sheets, tell who is to go, put it on the issue's record. The caller commits.

    Raises what `prospect` raises, NothingElsewhere where there is no point, SweepUnderWay while another one is.
    """
    # whoever starts at the same moment waits here: it may be the same key, or a second sweep from the same issue
    session.connection().execute(text("SELECT 1 FROM issue WHERE id = :id FOR UPDATE"), {"id": order.issue_id})
    if known := _known(session, order):
        return known
    wanted = prospect(session, order, by=by, now=now)
    issue = the_issue(session, order.issue_id)
    if open_one := open_sweep(session, order.issue_id):
        raise SweepUnderWay(number=issue.number, round=open_one)
    if not wanted.points:
        raise NothingElsewhere(standard=wanted.standard.code)
    round_ = _new_round(session, issue, order, wanted, by=by, now=now)
    bulk.insert(session, Sheet, _sheets(round_, wanted.checkers))
    tell_checkers(session, round_, issue, wanted.checkers, now=now)
    facts = {
        "round": round_.number,
        "points": len(wanted.points),
        "standard": wanted.standard.code,
        "sweep_due_at": wanted.due_at,
    }
    apply(session, [Command(Action.START_SWEEP, by, issue.id, facts)], now=now)
    return Begun(round_.number, len(wanted.points), round_.due_at)


def open_sweep(session: Session, issue_id: int) -> str | None:
    """The number of the round under way for an issue."""
    query = select(Round.number).where(Round.for_issue == issue_id, col(Round.finished_at).is_(None))
    return session.exec(query).first()


def _known(session: Session, order: SweepOrder) -> Begun | None:
    """The round that this order made before. Raises WrongValue when it was another order."""
    if not order.key:
        return None
    round_ = session.exec(select(Round).where(Round.key == order.key)).first()
    if round_ is None:
        return None
    if round_.for_issue != order.issue_id:
        raise WrongValue(field="key", value=order.key, expected="a key that no other sweep has used")
    return Begun(round_.number, round_.wanted, round_.due_at, repeated=True)


def _new_round(
    session: Session, issue: Issue, order: SweepOrder, wanted: Prospect, *, by: Actor, now: datetime
) -> Round:
    area = _area_of_round(session, issue, order)
    round_ = Round(
        number=audits.next_number(session, now=now),
        kind=RoundKind.SAME_FAULT,
        organiser=_level(session, issue, order, by=by),
        area_code=area.code,
        categories=[wanted.standard.category_code],
        version_code=wanted.standard.version_code,
        standard_code=wanted.standard.code,
        seed=0,
        wanted=len(wanted.points),
        on_date=people.city_day(session, now),
        due_at=wanted.due_at,
        requested_by=by.code,
        created_at=now,
        key=order.key,
        for_issue=issue.id,
        method=Method.CHOSEN,
    )
    session.add(round_)
    session.flush()
    return round_


def _area_of_round(session: Session, issue: Issue, order: SweepOrder) -> Area:
    if order.among is Among.AREA:
        return session.get_one(Area, order.area)
    return session.get_one(Area, session.get_one(Unit, issue.lead_unit).area_code)


def _level(session: Session, issue: Issue, order: SweepOrder, *, by: Actor) -> FoundLevel:
    """At which level a fault then counts as found: of the office that orders it, else of the unit that looks itself."""
    over = held(by, Right.START_AUDIT, city=rulebook.the_city(session).code)
    levels = [post.level for post in by.all_posts if post.level and post.owner_code in over.areas]
    if order.inspectors and levels:
        return FOUND_AT.get(min(levels), FoundLevel.COMMUNITY)
    return FOUND_AT.get(_area_of_round(session, issue, order).level, FoundLevel.COMMUNITY)


def _sheets(round_: Round, checkers: Mapping[str, Sequence[str]]) -> list[dict[str, object]]:
    return [
        {"round_id": round_.id, "point_code": point, "inspector": who, "position": position}
        for who, points in checkers.items()
        for position, point in enumerate(points, start=1)
    ]
