"""What is overdue, worst first, for everyone whom it concerns."""

import pytest
from sqlmodel import Session

from services import issues
from services.lagging import LISTED, as_line, laggards
from tests.cast import HANDLER, OFFICE, an_issue, at, read, who
from tests.small_city import a_city

MONDAY, LATER = at("2026-11-02 10:00"), at("2026-11-16 08:10")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def climbed(session: Session, key: int, step: int) -> str:
    """Lets an issue have come to a step of the ladder; gives its number."""
    session.connection().exec_driver_sql(f"UPDATE issue SET step = {step} WHERE id = {key}")
    return read(session, key).number


def test_what_climbed_highest_comes_first_then_what_is_late_longest(city: Session) -> None:
    late, later, highest = (
        climbed(city, an_issue(city, state="rectifying", now=at(f"2026-11-{day} 10:00")), step)
        for day, step in (("04", 3), ("02", 3), ("05", 6))
    )

    assert [one.number for one in laggards(city, now=LATER)["5103"].worst] == [highest, later, late]


def test_it_concerns_the_unit_and_every_place_above_with_its_unit(city: Session) -> None:
    an_issue(city, state="rectifying", now=MONDAY)

    places = ["5103", "510302", "510302001", "510302001002"]
    found = laggards(city, now=LATER)
    assert {code for code, one in found.items() if one.count} >= {*places, *(f"T{code}" for code in places), "D-CGJ"}
    assert "510303" not in found


def test_a_unit_of_the_place_itself_is_counted_once(city: Session) -> None:
    key = an_issue(city, now=MONDAY, point="P-0002", standard="12-01")
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="T510302001")

    assert laggards(city, now=LATER)["T510302001"].count == 1


@pytest.mark.parametrize("state", ["found", "rectified", "verified", "closed"])
def test_what_is_not_in_the_units_hands_is_not_its_delay(city: Session, state: str) -> None:
    an_issue(city, state=state, now=MONDAY)

    assert not laggards(city, now=LATER)


def test_what_is_due_this_very_moment_is_not_overdue(city: Session) -> None:
    due_at = read(city, an_issue(city, state="rectifying", now=MONDAY)).due_at
    assert due_at

    assert not laggards(city, now=due_at)


def test_the_list_is_short_and_the_count_is_not(city: Session) -> None:
    for _ in range(LISTED + 2):
        an_issue(city, state="assigned", now=MONDAY)

    seen = laggards(city, now=LATER)["5103"]
    assert (len(seen.worst), seen.count) == (LISTED, LISTED + 2)


def test_a_line_says_place_unit_days_and_step(city: Session) -> None:
    number = climbed(city, an_issue(city, state="rectifying", now=MONDAY), 4)

    (one,) = laggards(city, now=LATER)["D-CGJ"].worst
    assert as_line(one) == {
        "number": number,
        "what": "高山井社区大道",
        "unit": "自贡市城市管理局",
        "due": "2026-11-05T09:00:00+00:00",
        "days": 10,
        "step": ["催办", "Reminder notice"],
    }


def test_an_issue_whose_rules_cannot_be_read_is_listed_all_the_same(city: Session) -> None:
    climbed(city, an_issue(city, state="rectifying", now=MONDAY), 99)

    assert laggards(city, now=LATER)["D-CGJ"].worst[0].step == ("E99", "E99")


def test_a_handler_who_hands_in_is_off_the_list(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=MONDAY)
    photo = {"kind": "after", "sha256": "ab" * 32}
    issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, result="已清理", evidence=[photo])

    assert "D-CGJ" not in laggards(city, now=LATER)
