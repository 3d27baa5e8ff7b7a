"""One leader's own: points, units by tier, places, what waits, each number as the lists have it."""

from sqlmodel import Session

from models.audit import Method, Round, RoundKind, Sheet
from models.unit import PostKind
from services.accountability.rounds import every_night
from services.leaders.me import me
from services.leaders.points import points
from services.patrols.planning import plan
from tests.cast import DEPUTY, DISTRICT_OFFICE, HANDLER, OFFICE, PRINCIPAL, STRANGER, an_issue, at, who
from tests.services.accountability.shorthand import HEADQUARTERS
from tests.services.instructions.office import an_instruction
from tests.small_city import VERSION

SPONSOR = "R00019"
LATER = at("2026-11-06 09:00")


def a_round(session: Session, *, kind: RoundKind, number: str, at_: str) -> None:
    round_ = Round(
        number=number,
        kind=kind,
        area_code="5103",
        version_code=VERSION,
        seed=1,
        wanted=1,
        on_date=at(at_).date(),
        requested_by=OFFICE,
        created_at=at(at_),
        method=Method.CATEGORIES,
    )
    session.add(round_)
    session.flush()
    session.add(Sheet(round_id=round_.id, point_code="P-0001", inspector="R00002", filled_at=at(at_)))
    session.flush()


def test_a_sponsor_sees_the_points_with_what_is_open_and_overdue(city: Session) -> None:
    an_issue(city, state="rectifying")
    an_issue(city, state="assigned", point="P-0003", standard="01-01")
    shown = me(city, who(city, SPONSOR), now=LATER)
    assert [(one.code, one.open, one.overdue, one.seen_at) for one in shown.points] == [("P-0001", 1, 1, None)]
    assert (shown.units, shown.places, shown.open, shown.overdue) == ([], [], 1, 1)


def test_the_last_inspection_is_told_but_not_a_covert_one_that_is_still_secret(city: Session) -> None:
    a_round(city, kind=RoundKind.ANNOUNCED, number="ZG-A-2026-0001", at_="2026-11-02 10:00")
    a_round(city, kind=RoundKind.COVERT, number="ZG-A-2026-0002", at_="2026-11-03 10:00")
    (one,) = points(city, ["P-0001"], now=LATER)
    assert one.seen_at == at("2026-11-02 10:00")


def test_a_leader_of_a_unit_sees_it_with_their_tier(city: Session) -> None:
    an_issue(city, state="rectifying")
    for leader, tier in ((PRINCIPAL, PostKind.PRINCIPAL_LEADER), (DEPUTY, PostKind.DEPUTY_LEADER)):
        (unit,) = me(city, who(city, leader), now=LATER).units
        assert (unit.code, unit.tier, unit.open, unit.overdue) == ("D-CGJ", tier, 1, 1)
        assert (unit.trend.found, unit.trend.closed, unit.trend.found_before) == (1, 0, 0)


def test_the_trend_compares_the_same_days_of_the_month_before(city: Session) -> None:
    for day in ("2026-10-03 10:00", "2026-10-05 10:00", "2026-10-20 10:00", "2026-11-03 10:00"):
        an_issue(city, state="rectifying", now=at(day))
    (unit,) = me(city, who(city, PRINCIPAL), now=LATER).units
    assert (unit.trend.found, unit.trend.found_before) == (1, 2)


def test_the_head_of_the_city_sees_the_city_with_its_worst_districts_first(city: Session) -> None:
    an_issue(city, state="rectifying")
    shown = me(city, who(city, HEADQUARTERS), now=LATER)
    (place,) = shown.places
    assert (place.led.code, shown.open, shown.overdue) == ("5103", 1, 1)
    assert [(one.code, one.overdue) for one in place.worst] == [("510302", 1)]


def test_what_waits_for_a_decision_is_counted(city: Session) -> None:
    for n in range(5):
        an_issue(city, state="rectifying", description=f"垃圾桶满溢{n}")
    every_night(city, now=LATER)
    an_instruction(city)
    assert me(city, who(city, HEADQUARTERS), now=LATER).waiting == 2
    assert [(pile.value, n) for pile, n in me(city, who(city, OFFICE), now=LATER).measures] == [("decide", 1)]
    assert me(city, who(city, PRINCIPAL), now=LATER).measures == []


def test_missed_patrols_of_ones_places_are_there(city: Session) -> None:
    plan(city, now=at("2026-10-26 02:00"))
    plan(city, now=at("2026-11-02 02:00"))
    shown = me(city, who(city, DISTRICT_OFFICE), now=LATER).patrols
    assert shown is not None
    assert shown.missed == 2


def test_who_leads_nothing_has_an_empty_view(city: Session) -> None:
    for somebody in (STRANGER, HANDLER):
        shown = me(city, who(city, somebody), now=LATER)
        assert (shown.points, shown.places, shown.patrols, shown.open) == ([], [], None, 0)
