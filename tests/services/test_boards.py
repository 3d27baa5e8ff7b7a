"""Boards: what they count is what a plain count over all issues gives."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from bench.crowd import multiply
from models.errors import NotFound, WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING
from services import boards, issues, standings, trends
from services.filters import Scope
from tests.cast import MONDAY, OFFICE, ZONE, an_issue, at, who
from tests.small_city import a_city

NOW = at("2026-11-20 10:00")
MANY = 200


@pytest.fixture
def crowd(session: Session, engine: Engine) -> Session:
    """Two hundred issues over three years, found, being rectified and closed, at every point."""
    a_city(session)
    for state in ("found", "rectifying", "closed"):
        an_issue(session, state=state)
    session.commit()
    multiply(engine, to=MANY, until=NOW)
    standings.recount(session, now=NOW - timedelta(hours=9))
    session.connection().execute(text("UPDATE issue SET step = id % 4 - 1, due_at = due_at - id % 9 * interval '3 h'"))
    session.commit()
    return session


def moves(session: Session) -> int:
    return session.connection().execute(text("SELECT count(*) FROM issue_move")).scalar_one()


def rows(session: Session, holds=lambda _: True) -> list[Issue]:
    return [issue for issue in session.exec(select(Issue)) if holds(issue)]


def as_counted(several: list[Issue], *, now: datetime = NOW) -> tuple:
    """What a board says, counted one by one."""
    late = [i for i in several if i.state in RUNNING and i.due_at <= now]
    soon = [i for i in several if i.state in RUNNING and now < i.due_at <= now + timedelta(days=2)]
    steps = Counter(i.step for i in several if i.state in OPEN)
    return Counter(i.state for i in several), dict(sorted(steps.items())), len(late), len(soon)


def as_shown(one: boards.Standing) -> tuple:
    states = Counter({state: n for state, n in one.by_state.items() if n})
    return states, dict(one.by_step), one.overdue, one.due_soon


def below(path: str):
    return lambda issue: f"{issue.area_path}/".startswith(f"{path}/")


@pytest.mark.parametrize(
    ("area", "path"), [("5103", "5103"), ("510302", "5103/510302"), ("510302001", "5103/510302/510302001")]
)
def test_a_board_counts_each_part_and_the_whole(crowd: Session, area: str, path: str) -> None:
    board = boards.by_area(crowd, now=NOW, area=area, soon=timedelta(days=2))

    assert as_shown(board.all) == as_counted(rows(crowd, below(path)))
    for part in board.parts:
        assert as_shown(part) == as_counted(rows(crowd, below(f"{path}/{part.code}")))
    assert board.all.total == board.here.total + sum(part.total for part in board.parts)


def test_the_city_stands_at_the_top_and_a_part_without_issues_is_shown(city: Session) -> None:
    board = boards.by_area(city, now=NOW)
    assert (board.all.code, board.all.total) == ("5103", 0)
    assert [(part.code, part.name, part.open) for part in board.parts] == [
        ("510302", "自流井区", 0),
        ("510303", "贡井区", 0),
    ]


def test_what_lies_in_a_place_but_in_none_of_its_parts_is_shown_as_here(city: Session) -> None:
    an_issue(city, point=None, area="510302", standard=None, severity="S3")
    board = boards.by_area(city, now=NOW, area="510302")
    assert (board.here.open, [part.open for part in board.parts]) == (1, [0])


def test_units_are_counted_and_what_nobody_has_yet(crowd: Session) -> None:
    board = boards.by_unit(crowd, now=NOW, soon=timedelta(days=2))

    assert [part.code for part in board.parts] == sorted({i.lead_unit for i in rows(crowd) if i.lead_unit})
    for part in board.parts:
        assert as_shown(part) == as_counted(rows(crowd, lambda i, code=part.code: i.lead_unit == code))
    assert as_shown(board.here) == as_counted(rows(crowd, lambda i: i.lead_unit is None))
    assert board.all.total == MANY


def test_the_units_of_a_district_count_only_what_lies_there(crowd: Session) -> None:
    board = boards.by_unit(crowd, now=NOW, area="510303")
    assert board.all.total == len(rows(crowd, below("5103/510303")))


def test_a_scope_cuts_the_board(crowd: Session) -> None:
    scope = Scope(areas=frozenset({"510302"}), units=frozenset({"T510303001"}))
    inside = rows(crowd, lambda i: below("5103/510302")(i) or i.lead_unit == "T510303001")
    assert boards.by_area(crowd, now=NOW, scope=scope).all.total == len(inside) < MANY


def test_settling_changes_no_board(crowd: Session) -> None:
    key = an_issue(crowd, state="closed")
    issues.reopen(crowd, issue_ids=[key], by=who(crowd, OFFICE), now=MONDAY, reason="未到位")
    before = boards.by_unit(crowd, now=NOW)
    assert moves(crowd) > 0

    standings.settle(crowd, now=NOW)

    assert moves(crowd) == 0
    assert boards.by_unit(crowd, now=NOW) == before


@pytest.mark.parametrize("area", [None, "510302"])
@pytest.mark.parametrize("unit", [None, "D-CGJ"])
def test_a_trend_counts_each_day_of_the_city(crowd: Session, area: str | None, unit: str | None) -> None:
    first, last = date(2026, 9, 1), date(2026, 11, 20)
    days = trends.trend(crowd, first=first, last=last, area=area, unit=unit)
    here = rows(crowd, lambda i: (not area or f"/{area}/" in i.area_path) and (not unit or i.lead_unit == unit))

    found = Counter(i.found_at.astimezone(ZONE).date() for i in here)
    closed = Counter(i.closed_at.astimezone(ZONE).date() for i in here if i.closed_at)
    assert len(days) == 81
    assert [(day.found, day.closed) for day in days] == [(found[day.day], closed[day.day]) for day in days]
    assert sum(day.found for day in days) > 0


def test_a_trend_knows_the_border_of_the_citys_day(city: Session) -> None:
    an_issue(city, now=at("2026-11-02 00:00"))
    an_issue(city, now=at("2026-11-01 23:59"))
    days = trends.trend(city, first=date(2026, 11, 1), last=date(2026, 11, 2))
    assert [day.found for day in days] == [1, 1]


def test_a_trend_of_no_days_or_too_many_is_refused(city: Session) -> None:
    for last in (date(2026, 10, 31), date(2028, 1, 1)):
        with pytest.raises(WrongValue):
            trends.trend(city, first=date(2026, 11, 1), last=last)


def test_hotspots_are_the_points_at_which_most_was_found(crowd: Session) -> None:
    since = NOW - timedelta(days=200)
    counted = Counter(i.point_code for i in rows(crowd, lambda i: i.found_at >= since))
    seen = trends.hotspots(crowd, since=since)
    assert [(spot.code, spot.found) for spot in seen] == sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    assert trends.hotspots(crowd, since=since, scope=Scope(units=frozenset({"D-SCJGJ"}))) != seen


def test_an_unknown_area_is_not_found(city: Session) -> None:
    with pytest.raises(NotFound):
        boards.by_area(city, now=NOW, area="999")
    with pytest.raises(NotFound):
        boards.by_unit(city, now=NOW, area="999")
