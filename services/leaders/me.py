"""Everything about one leader: sponsored points, units by tier, places, what waits for them, patrols, the trend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.area import Area
from models.permissions import Right, held
from models.rights import Actor, territories_of
from models.unit import OwnerKind, PostKind, Unit
from services import boards, trends, work
from services.accountability import view as measure_view
from services.instructions import sight as instructions
from services.leaders.points import SponsoredPoint, points
from services.patrols import view as patrol_view
from services.people import city_day
from services.rulebook import the_city
from services.work_piles import Pile

TIERS = (PostKind.PRINCIPAL_LEADER, PostKind.DEPUTY_LEADER, PostKind.DIRECT_LEADER)
"""The three tiers of responsibility, the highest first."""
WORST = 5
DECIDES = (Pile.ASSIGN, Pile.DECIDE, Pile.VERIFY, Pile.CLOSE_OUT, Pile.ORDERS, Pile.SIGN_IN)
"""Piles of a desk on which something waits for a decision or an act; what climbed is for information."""
MEASURES = (measure_view.Pile.DECIDE, measure_view.Pile.SECOND, measure_view.Pile.REVIEW)


@dataclass(frozen=True)
class Trend:
    """Found and closed this month, and on the same days of the month before."""

    found: int
    closed: int
    found_before: int
    closed_before: int


@dataclass(frozen=True)
class Led:
    """A unit or a place that somebody leads. `tier`: by which post; empty for a place."""

    code: str
    name: str
    tier: PostKind | None
    open: int
    overdue: int
    late: int
    trend: Trend


@dataclass(frozen=True)
class Part:
    """A place right below, one of the worst."""

    code: str
    name: str
    open: int
    overdue: int


@dataclass(frozen=True)
class Place:
    """A place with its worst parts."""

    led: Led
    worst: Sequence[Part]


@dataclass(frozen=True)
class Me:
    """The whole view. `decide`: piles of the desk with how many; `measures`: piles of accountability."""

    points: Sequence[SponsoredPoint]
    units: Sequence[Led]
    places: Sequence[Place]
    decide: Sequence[tuple[Pile, int]]
    measures: Sequence[tuple[measure_view.Pile, int]]
    unread: int
    patrols: patrol_view.Standing | None
    to_patrol: Sequence[patrol_view.ToDo]

    @property
    def open(self) -> int:
        """Of the widest that they lead: a city's total holds its units' too."""
        return self._widest("open")

    @property
    def overdue(self) -> int:
        """As `open`."""
        return self._widest("overdue")

    @property
    def waiting(self) -> int:
        """Everything that waits for them."""
        return sum(n for _, n in self.decide) + sum(n for _, n in self.measures) + self.unread

    def _widest(self, name: str) -> int:
        for several in ([one.led for one in self.places], self.units, self.points):
            if several:
                return sum(int(getattr(one, name)) for one in several)
        return 0


def me(session: Session, reader: Actor, *, now: datetime) -> Me:
    """What one leader sees of what is theirs; what they do not lead is not there."""
    sponsors = [post.owner_code for post in reader.all_posts if post.kind is PostKind.SPONSOR_LEADER]
    return Me(
        points=points(session, sponsors, now=now),
        units=sorted(_units(session, reader, now), key=lambda one: (-one.overdue, -one.open, one.code)),
        places=[_place(session, area, now) for area in _areas(session, reader)],
        decide=[(heap.pile, heap.count) for heap in work.desk(session, reader, now=now) if heap.pile in DECIDES],
        measures=_measures(session, reader, now),
        unread=instructions.unread(session, reader),
        patrols=_patrols(session, reader, now),
        to_patrol=patrol_view.mine(session, reader, now=now),
    )


def _units(session: Session, reader: Actor, now: datetime) -> Iterable[Led]:
    tiers: dict[str, PostKind] = {}
    for tier in reversed(TIERS):
        for post in reader.all_posts:
            if post.kind is tier and post.owner_kind is OwnerKind.UNIT:
                tiers[post.owner_code] = tier
    names = dict(session.exec(select(Unit.code, Unit.name).where(col(Unit.code).in_(sorted(tiers)))).all())
    for code, tier in tiers.items():
        stands = boards.by_area(session, now=now, unit=code).all
        trend = _trend(session, now, unit=code)
        yield Led(code, names.get(code, code), tier, stands.open, stands.overdue, stands.late, trend)


def _areas(session: Session, reader: Actor) -> Sequence[Area]:
    """The places that somebody leads; one that lies in another of theirs is in it already."""
    over = held(reader, Right.SEE_BOARDS, city=the_city(session).code).areas | territories_of(reader)
    query = select(Area).where(col(Area.code).in_(sorted(over))).order_by(col(Area.level), col(Area.code))
    found = session.exec(query).all()
    return [area for area in found if not (set(area.path.split("/")[:-1]) & over)]


def _place(session: Session, area: Area, now: datetime) -> Place:
    board = boards.by_area(session, now=now, area=area.code)
    parts = [Part(str(one.code), one.name, one.open, one.overdue) for one in board.parts if one.open]
    worst = sorted(parts, key=lambda one: (-one.overdue, -one.open, one.code))[:WORST]
    whole = board.all
    trend = _trend(session, now, area=area.code)
    return Place(Led(area.code, area.name, None, whole.open, whole.overdue, whole.late, trend), worst)


def _trend(session: Session, now: datetime, *, area: str | None = None, unit: str | None = None) -> Trend:
    today = city_day(session, now)
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    area = None if area == the_city(session).code else area
    days = trends.trend(session, first=before, last=today, area=area, unit=unit)
    this = [day for day in days if day.day >= first]
    last = [day for day in days if day.day < first and day.day.day <= today.day]
    return Trend(
        found=sum(day.found for day in this),
        closed=sum(day.closed for day in this),
        found_before=sum(day.found for day in last),
        closed_before=sum(day.closed for day in last),
    )


def _measures(session: Session, reader: Actor, now: datetime) -> Sequence[tuple[measure_view.Pile, int]]:
    """Those that they may decide; who only sees them has nothing to do there."""
    city = the_city(session).code
    if not (held(reader, Right.DECIDE_ACCOUNTABILITY, city=city) or held(reader, Right.SECOND_PROPOSAL, city=city)):
        return []
    stacks = measure_view.stacks(session, reader, now=now)
    decides = bool(held(reader, Right.DECIDE_ACCOUNTABILITY, city=city))
    wanted = MEASURES if decides else (measure_view.Pile.SECOND,)
    return [(stack.pile, stack.count) for stack in stacks if stack.pile in wanted]


def _patrols(session: Session, reader: Actor, now: datetime) -> patrol_view.Standing | None:
    """Of the highest place that they lead; none where they lead no place."""
    if not _areas(session, reader):
        return None
    return patrol_view.table(session, reader, now=now).whole
