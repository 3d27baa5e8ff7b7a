"""The map shows what the list lists: one by one, or in piles that add up."""

import pytest
from sqlmodel import Session, select

from models.errors import WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING
from services import map_points, sight
from services.filters import Wanted
from services.listing import listing
from services.map_points import Box, on_map
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, OFFICE, OUTSIDER, STRANGER, who
from tests.services.crowd import CITY, LATER, a_crowd, plain

ALL = Box(-180, -90, 180, 90)
OPEN_ONES = Wanted(open_only=True)


@pytest.fixture
def crowd(city: Session) -> Session:
    a_crowd(city)
    return city


def numbers(session: Session, keys) -> set[str]:
    return {session.get(Issue, key).number for key in keys}


@pytest.mark.parametrize(
    "wanted", [OPEN_ONES, Wanted(), Wanted(overdue=True), Wanted(text="垃圾"), Wanted(category="12")]
)
def test_the_map_shows_what_the_list_lists(crowd: Session, wanted: Wanted) -> None:
    listed = {line.number for line in listing(crowd, wanted=wanted, now=LATER, limit=1000).lines}
    shown = on_map(crowd, wanted=wanted, box=ALL, zoom=10, now=LATER)
    assert {spot.number for spot in shown.spots} == listed
    assert shown.total == len(listed)


@pytest.mark.parametrize(
    "person", [OFFICE, HANDLER, DISTRICT_OFFICE, OUTSIDER, INSPECTOR, STRANGER, "R00018", "R00031"]
)
def test_everybody_sees_on_the_map_what_they_may_see(crowd: Session, person: str) -> None:
    actor = who(crowd, person)
    shown = on_map(crowd, wanted=OPEN_ONES, box=ALL, zoom=10, now=LATER, scope=sight.scope_of(actor, city=CITY))
    allowed = plain(crowd, lambda one: one.state in OPEN and sight.sees(actor, one))
    assert {spot.number for spot in shown.spots} == numbers(crowd, allowed)


@pytest.mark.parametrize(("zoom", "piles"), [(3, 1), (10, 2), (14, 3), (19, 3)])
def test_many_are_piled_and_the_piles_add_up(crowd: Session, monkeypatch, zoom: int, piles: int) -> None:
    monkeypatch.setattr(map_points, "MOST", 5)
    shown = on_map(crowd, wanted=OPEN_ONES, box=ALL, zoom=zoom, now=LATER)
    late = plain(crowd, lambda one: one.state in RUNNING and one.due_at and one.due_at <= LATER)
    assert shown.spots == ()
    assert sum(pile.n for pile in shown.piles) == shown.total == len(plain(crowd, lambda one: one.state in OPEN))
    assert sum(pile.overdue for pile in shown.piles) == shown.overdue == len(late)
    assert len(shown.piles) == piles


def test_what_lies_outside_is_not_shown(crowd: Session) -> None:
    around = Box(104.71, 29.34, 104.72, 29.341)
    shown = on_map(crowd, wanted=OPEN_ONES, box=around, zoom=14, now=LATER)
    expected = plain(crowd, lambda one: one.state in OPEN and one.point_code == "P-0003")
    assert {spot.number for spot in shown.spots} == numbers(crowd, expected)


def test_what_has_no_position_is_not_on_it(crowd: Session) -> None:
    one = crowd.exec(select(Issue).where(Issue.state == "found")).first()
    one.lat = None
    crowd.flush()
    shown = on_map(crowd, wanted=OPEN_ONES, box=ALL, zoom=10, now=LATER)
    assert one.number not in {spot.number for spot in shown.spots}


def test_of_what_has_ended_the_newest_are_shown_and_it_is_said(crowd: Session, monkeypatch) -> None:
    monkeypatch.setattr(map_points, "NEWEST", 10)
    shown = on_map(crowd, wanted=Wanted(), box=ALL, zoom=10, now=LATER)
    assert shown.newest_only
    assert {spot.number for spot in shown.spots} == numbers(crowd, plain(crowd, lambda _: True)[:10])


@pytest.mark.parametrize("written", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "inf,0,1,1", "1,2,3,4,5", "1e9,0,0,0"])
def test_a_box_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(WrongValue):
        Box.parse(written)


def test_districts_and_streets_are_where_their_points_are(city: Session) -> None:
    found = {one.code: one for one in map_points.labels(city)}
    assert set(found) == {"510302", "510302001", "510303", "510303001"}
    assert found["510303"].lat == pytest.approx(29.34012)
    extent = map_points.extent(city)
    assert (extent.west, extent.north) == (104.71544, 29.35137)
