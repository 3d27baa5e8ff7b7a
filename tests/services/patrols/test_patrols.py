"""Patrols: planned by the rhythm of each post, done on the spot, missed when their days have passed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.errors import ActionNotAllowed, NotFound, WrongValue
from models.patrol import Duty, Patrol, rhythm
from models.unit import PostKind
from services.patrols import view
from services.patrols.planning import plan
from services.patrols.recording import Seen, record
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, at, who

NIGHT = at("2026-11-02 02:00")
GRID = "510302001002001:grid_chief"
STREET, AREA, GRID_CHIEF = "R00014", "R00017", "R00018"


def duties(session: Session, post: str = GRID) -> list[tuple[str, str, bool, bool]]:
    session.expire_all()
    query = select(Duty).where(Duty.post_code == post).order_by(col(Duty.starts))
    return [(str(d.starts), str(d.ends), d.done_at is not None, d.missed_at is not None) for d in session.exec(query)]


def went(session: Session, *, by: str = GRID_CHIEF, post: str = GRID, on: str = "2026-11-04 10:00", **other) -> Patrol:
    given = {"post": post, "place": "高山井社区大道", "found": False, "key": "k1", **other}
    return record(session, Seen(**given), by=who(session, by, now=at(on)), now=at(on))


def test_each_chief_with_a_holder_gets_a_duty_of_its_rhythm(city: Session) -> None:
    assert plan(city, now=NIGHT).planned == 3
    assert duties(city) == [("2026-11-02", "2026-11-08", False, False)]
    assert duties(city, "510302001:street_chief") == [("2026-11-02", "2026-12-01", False, False)]
    assert duties(city, "510302001002001:building_chief") == []  # vacant
    assert plan(city, now=at("2026-11-02 03:00")) == type(plan(city, now=NIGHT))(0, 0)


def test_a_patrol_of_these_days_does_the_duty(city: Session) -> None:
    plan(city, now=NIGHT)
    patrol = went(city)
    assert duties(city) == [("2026-11-02", "2026-11-08", True, False)]
    assert patrol.duty_id is not None
    assert went(city, key="k2").duty_id is None
    plan(city, now=at("2026-11-09 02:00"))
    assert duties(city) == [("2026-11-02", "2026-11-08", True, False), ("2026-11-09", "2026-11-15", False, False)]


def test_days_that_passed_without_one_are_missed_and_the_next_begin(city: Session) -> None:
    plan(city, now=NIGHT)
    assert plan(city, now=at("2026-11-08 23:00")).missed == 0
    assert plan(city, now=at("2026-11-09 02:00")).missed == 2
    assert duties(city) == [("2026-11-02", "2026-11-08", False, True), ("2026-11-09", "2026-11-15", False, False)]


def test_the_same_form_sent_twice_is_one_patrol(city: Session) -> None:
    assert went(city).id == went(city).id
    assert len(city.exec(select(Patrol)).all()) == 1


def test_nothing_typed_is_the_place_of_the_post(city: Session) -> None:
    assert went(city, place="  ").place == "第一网格"


@pytest.mark.parametrize("somebody", [OFFICE, HANDLER, AREA, OUTSIDER])
def test_nobody_patrols_by_a_post_that_is_not_theirs(city: Session, somebody: str) -> None:
    with pytest.raises(ActionNotAllowed):
        went(city, by=somebody)


def test_what_is_too_long_or_cannot_be_kept_is_refused(city: Session) -> None:
    for place in ("大" * 201, "a\x00"):
        with pytest.raises(WrongValue):
            went(city, place=place)


def test_a_patrol_is_never_altered(city: Session) -> None:
    from sqlalchemy.exc import DBAPIError

    went(city)
    city.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        city.connection().execute(text("UPDATE patrol SET place = 'x'"))


def test_the_table_counts_each_place_and_chief_the_worst_first(city: Session) -> None:
    for day in ("2026-11-02", "2026-11-09", "2026-11-16"):
        plan(city, now=at(f"{day} 02:00"))
    went(city, on="2026-11-16 09:00")
    shown = view.table(city, who(city, OFFICE), now=at("2026-11-16 12:00"))
    assert (shown.whole.done, shown.whole.missed, shown.whole.running) == (1, 4, 2)
    assert [(one.name, one.missed, one.ended) for one in shown.areas] == [("自流井区", 4, 5)]
    assert [(one.code, one.missed, one.done) for one in shown.leaders][:2] == [(AREA, 2, 0), (GRID_CHIEF, 2, 1)]


def test_missed_before_shows_as_a_change(city: Session) -> None:
    plan(city, now=at("2026-09-14 02:00"))
    plan(city, now=at("2026-09-21 02:00"))
    shown = view.table(city, who(city, OFFICE), now=at("2026-10-21 12:00"))
    assert (shown.whole.missed, shown.whole.missed_before, shown.whole.change) == (0, 2, -2)


def test_a_reader_sees_no_further_than_their_boards(city: Session) -> None:
    plan(city, now=NIGHT)
    here = view.table(city, who(city, DISTRICT_OFFICE), now=NIGHT)
    assert (here.area, here.path) == ("510302", [])
    for area in ("5103", "510303", "no", "\x00"):
        with pytest.raises(NotFound):
            view.table(city, who(city, DISTRICT_OFFICE), now=NIGHT, area=area)


def test_a_kind_with_no_days_is_not_planned_and_the_rest_is_as_it_was() -> None:
    said = rhythm({"patrol": {"grid_chief": 0, "street_chief": 10}})
    assert said == {PostKind.STREET_CHIEF: 10, PostKind.AREA_CHIEF: 7, PostKind.BUILDING_CHIEF: 7}


def test_my_patrols_come_in_the_order_in_which_they_end(city: Session) -> None:
    plan(city, now=NIGHT)
    (one,) = view.mine(city, who(city, GRID_CHIEF), now=NIGHT)
    assert (one.post, one.ends, one.done_at) == (GRID, date(2026, 11, 2) + timedelta(days=6), None)
