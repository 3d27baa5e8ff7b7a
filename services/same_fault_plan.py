"""What a same-fault sweep would be (举一反三): for which standard, at which points, who goes, by when. Writes nothing.

The unit sweeps its own points itself; whoever may order an audit sends to any area that is theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.area import Area
from models.deadlines import Limit, due
from models.errors import MissingInput, NotFound, TimeInThePast, WrongValue
from models.issue import Issue
from models.lifecycle import BY_ACTION, Action, Role, check
from models.permissions import Right, must_hold
from models.rights import Actor, roles_on
from models.routing import UNIT_CHAIN
from models.standard import Standard
from services import people, rulebook
from services.drawing import shared_out
from services.findings import current_version
from services.same_fault_points import Among, Elsewhere, elsewhere

MOST_POINTS, LIMIT = 100, "3 working_days"
THE_UNIT = frozenset({Role.HANDLER, Role.UNIT_LEADER})


@dataclass(frozen=True)
class SweepOrder:
    """What is to be looked at. No inspectors: each point's unit looks itself. `standard`: for an issue without one.

    `most`: so many points at the most, those never or longest not looked at first; None: as many as the rules allow.
    """

    issue_id: int
    among: Among = Among.UNIT
    area: str | None = None
    inspectors: tuple[str, ...] = ()
    standard: str | None = None
    due_on: date | None = None
    most: int | None = None
    key: str | None = None


@dataclass(frozen=True)
class Prospect:
    """What a sweep would look at. `points`: where a sheet would be made; `known`: where the fault is known already;
    `left_out`: points beyond the limit. `checkers`: who would go, with how many points."""

    standard: Standard
    points: Sequence[Elsewhere]
    known: Sequence[Elsewhere]
    left_out: int
    checkers: Mapping[str, Sequence[str]]
    due_at: datetime
    most: int


def may_start(issue: Issue, *, by: Actor) -> bool:
    """Whether the lifecycle lets them start a sweep from this issue in some state of it."""
    return bool(roles_on(by, issue) & BY_ACTION[Action.START_SWEEP].who)


def standards_for(session: Session, issue: Issue, *, now: datetime, lang: str) -> list[tuple[str, str]]:
    """What an issue without a standard may be swept for: code and text of those of its category in force."""
    query = select(Standard).where(Standard.version_code == current_version(session, now=now))
    if issue.category_code:
        query = query.where(Standard.category_code == issue.category_code)
    english = lang.startswith("en")
    found = session.exec(query.order_by(col(Standard.category_code), col(Standard.code)))
    return [(one.code, (one.text_en if english else "") or one.text) for one in found]


def prospect(session: Session, order: SweepOrder, *, by: Actor, now: datetime) -> Prospect:
    """What the sweep would be. Writes nothing.

    Raises ActionNotPossible, ActionNotAllowed, NotFound, MissingInput, WrongValue, TimeInThePast.
    """
    issue = the_issue(session, order.issue_id)
    check(Action.START_SWEEP, state=issue.state, roles=roles_on(by, issue), supplied=frozenset({"round"}))
    most = _most(session, order)
    standard = _standard(session, issue, order, now=now)
    there = elsewhere(
        session,
        category=standard.category_code,
        standard=standard.code,
        own=issue.point_code,
        unit=_unit(session, issue, order, by=by),
        area_path=_area_path(session, order, by=by),
        now=now,
    )
    known, free = [one for one in there if one.known], [one for one in there if not one.known]
    points = free[:most]
    checkers = _checkers(session, order, points, by=by, now=now)
    due_at = _due_at(session, order, now=now)
    return Prospect(standard, points, known, len(free) - len(points), checkers, due_at, most)


def the_issue(session: Session, key: int) -> Issue:
    issue = session.get(Issue, key, populate_existing=True)
    if issue is None:
        raise NotFound(what="issue", code=key)
    return issue


def _policy(session: Session) -> Mapping[str, object]:
    policy = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "").policy
    return policy.get("same_fault") or {}


def _most(session: Session, order: SweepOrder) -> int:
    most = int(str(_policy(session).get("most_points") or MOST_POINTS))
    if order.most is not None and not 1 <= order.most <= most:
        raise WrongValue(field="most", value=order.most, expected=f"1–{most}")
    return order.most or most


def _standard(session: Session, issue: Issue, order: SweepOrder, *, now: datetime) -> Standard:
    """The issue's own; one of its category where it has none. Raises MissingInput, NotFound, WrongValue."""
    if issue.standard_code:
        return session.get_one(Standard, (issue.version_code, issue.standard_code))
    if not order.standard:
        raise MissingInput(action=Action.START_SWEEP.value, missing="standard")
    standard = session.get(Standard, (current_version(session, now=now), order.standard))
    if standard is None:
        raise NotFound(what="standard", code=order.standard)
    if issue.category_code and standard.category_code != issue.category_code:
        raise WrongValue(
            field="standard", value=order.standard, expected=f"a standard of category {issue.category_code}"
        )
    return standard


def _unit(session: Session, issue: Issue, order: SweepOrder, *, by: Actor) -> str | None:
    """The unit whose points are looked at; None for all in an area. Raises ActionNotAllowed, MissingInput."""
    if order.among is Among.AREA:
        return None
    if not issue.lead_unit:
        raise MissingInput(action=Action.START_SWEEP.value, missing="to")
    if not roles_on(by, issue) & THE_UNIT or order.inspectors:
        city = rulebook.the_city(session).code
        must_hold(by, Right.START_AUDIT, city=city, area_path=issue.area_path)
    return issue.lead_unit


def _area_path(session: Session, order: SweepOrder, *, by: Actor) -> str | None:
    """The path of the area. Raises ActionNotAllowed where they may order no audit, MissingInput, NotFound."""
    if order.among is Among.UNIT:
        return None
    if not order.area:
        raise MissingInput(action=Action.START_SWEEP.value, missing="area")
    area = session.get(Area, order.area)
    if area is None:
        raise NotFound(what="area", code=order.area)
    must_hold(by, Right.START_AUDIT, city=area.path.split("/")[0], area_path=area.path)
    return area.path


def _checkers(
    session: Session, order: SweepOrder, points: Sequence[Elsewhere], *, by: Actor, now: datetime
) -> Mapping[str, Sequence[str]]:
    """Who goes → which points. Raises WrongValue for somebody without a post, or a unit in which nobody is."""
    if order.inspectors:
        for code in order.inspectors:
            if not people.actor(session, code, now=now).all_posts:
                raise WrongValue(field="inspectors", value=code, expected="somebody who holds a post today")
        route = [one.code for one in sorted(points, key=lambda one: (one.area, one.code))]
        return shared_out(route, inspectors=tuple(dict.fromkeys(order.inspectors)))
    found: dict[str, list[str]] = {}
    people_of = {unit: _somebody_of(session, unit, by=by, now=now) for unit in sorted({one.unit for one in points})}
    for one in sorted(points, key=lambda one: (one.area, one.code)):
        found.setdefault(people_of[one.unit], []).append(one.code)
    return found


def _somebody_of(session: Session, unit: str, *, by: Actor, now: datetime) -> str:
    """Who goes for a unit: whoever orders it and is of the unit by a post of it, else the lowest post that is held."""
    today = people.city_day(session, now)
    for kind in UNIT_CHAIN:
        holders = people.holders(session, f"{unit}:{kind}", today=today)
        if holders:
            return by.code if by.code in holders else holders[0]
    raise WrongValue(field="inspectors", value=unit, expected="inspectors: nobody holds a post of this unit")


def _due_at(session: Session, order: SweepOrder, *, now: datetime) -> datetime:
    city = rulebook.the_city(session)
    if order.due_on is None:
        limit = Limit.parse(str(_policy(session).get("limit") or LIMIT))
        return due(rulebook.calendar(session, city.calendar_version or 0), start=now, limit=limit).at
    if order.due_on < people.city_day(session, now):
        raise TimeInThePast(field="due_on", value=order.due_on)
    return datetime.combine(order.due_on, time(23, 59), ZoneInfo(city.timezone))
