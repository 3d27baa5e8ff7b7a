"""What will happen if nobody acts."""

from datetime import date

import pytest
from sqlmodel import Session

from models.errors import NotFound
from models.unit import Deputy
from services import issues
from services.foresight import preview
from tests.cast import DEPUTY, OFFICE, an_issue, at, shown, who
from tests.small_city import NAMES, a_city

MONDAY = at("2026-11-02 10:00")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def test_the_whole_ladder_is_foreseen_up_to_the_city(city: Session) -> None:
    ahead = preview(city, an_issue(city, state="assigned", now=MONDAY), now=MONDAY)
    assert [(one.step, shown(one.at), one.level) for one in ahead] == [
        ("E1", "2026-11-02 15:00", 4),
        ("E2", "2026-11-04 15:54", 4),
        ("E3", "2026-11-05 17:00", 3),
        ("E4", "2026-11-06 17:00", 3),
        ("E5", "2026-11-10 17:00", 2),
        ("E6", "2026-11-12 17:00", 2),
        ("E7", "2026-11-17 17:00", 1),
        ("E8", "2026-11-19 17:00", 1),
    ]
    assert [one.step for one in ahead if one.person_decides] == ["E8"]


def test_each_step_names_its_posts_and_their_holders(city: Session) -> None:
    step = preview(city, an_issue(city, state="rectifying", now=MONDAY), now=MONDAY)[1]
    assert (step.step, step.paper, step.name) == ("E3", "overdue_notice", "逾期提醒")
    assert {post.code: post.holders for post in step.posts} == {
        "510302001:street_chief": (NAMES["R00014"],),
        "D-CGJ:direct_leader": (NAMES["R00007"],),
        "D-CGJ:handler": (NAMES["R00006"],),
    }


def test_a_vacant_post_shows_who_is_told_instead(city: Session) -> None:
    key = an_issue(city, now=MONDAY, point="P-0002", standard="12-01")
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="D-SCJGJ")
    step = next(one for one in preview(city, key, now=MONDAY) if one.step == "E4")
    vacant = next(post for post in step.posts if post.code == "D-SCJGJ:deputy_leader")
    assert (vacant.vacant, vacant.exists, vacant.title) == (True, True, "市场监管局分管领导")
    assert (vacant.instead.code, vacant.instead.holders) == ("510302001:street_chief", (NAMES["R00014"],))


def test_who_fills_in_is_named_too(city: Session) -> None:
    fill_in = Deputy(person_code=DEPUTY, deputy_code="R00099", valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 9))
    city.add(fill_in)
    city.flush()
    step = next(one for one in preview(city, an_issue(city, state="rectifying"), now=MONDAY) if one.step == "E4")
    holders = next(post.holders for post in step.posts if post.code == "D-CGJ:deputy_leader")
    assert set(holders) == {NAMES[DEPUTY], NAMES["R00099"]}


def test_of_steps_already_due_only_the_highest_is_told(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=MONDAY)
    ahead = preview(city, key, now=at("2026-11-07 10:00"))
    assert [(one.step, one.told) for one in ahead[:4]] == [("E2", False), ("E3", False), ("E4", True), ("E5", True)]


def test_a_submitted_issue_waits_for_its_verifiers(city: Session) -> None:
    ahead = preview(city, an_issue(city, state="rectified", now=MONDAY), now=MONDAY)
    assert [(one.step, shown(one.at)) for one in ahead] == [("V1", "2026-11-04 17:00"), ("V2", "2026-11-05 17:00")]
    assert [post.code for post in ahead[0].posts] == ["510302:verifier", "510302:office"]


def test_an_urgent_issue_climbs_round_the_clock_and_is_never_provisional(city: Session) -> None:
    now = at("2026-12-31 10:00")
    ahead = preview(city, an_issue(city, state="assigned", now=now, severity="S1"), now=now)
    assert shown(ahead[-1].at) == "2027-01-02 16:00"
    assert not any(one.provisional for one in ahead)


def test_steps_beyond_the_published_days_are_provisional(city: Session) -> None:
    now = at("2026-12-24 10:00")
    ahead = preview(city, an_issue(city, state="rectifying", now=now), now=now)
    assert [(one.step, one.provisional) for one in ahead][:4] == [
        ("E2", False),
        ("E3", False),
        ("E4", False),
        ("E5", True),
    ]


def test_nothing_but_a_look_back_is_ahead_of_a_closed_issue(city: Session) -> None:
    ahead = preview(city, an_issue(city, state="closed", severity="S1", now=MONDAY), now=MONDAY)

    assert [step.step for step in ahead] == ["B1"]


def test_an_unknown_issue_is_refused(city: Session) -> None:
    with pytest.raises(NotFound):
        preview(city, 99, now=MONDAY)
