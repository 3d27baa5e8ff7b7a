"""The table of limits: which row an address has, what the city changes in it, and what counts as one door."""

from datetime import timedelta
from pathlib import Path

import pytest

from notifications import pacing
from notifications.limits import DAY, HOUR, MINUTE, SECOND, TABLE, Limit, door_of, name_of, off_the_hour, share_of, way
from notifications.planning import Door
from tests.cast import MONDAY, at

ROBOT = Door("chat", "wecombot://key")
FIVE = timedelta(minutes=5)


def limits(address: str, channel: str = "chat") -> tuple[Limit, ...]:
    row = way(channel, address, policy={})
    return (*row.door, *row.together)


@pytest.mark.parametrize(
    ("channel", "address", "expected"),
    [
        ("chat", "wecombot://key", {Limit(20, MINUTE)}),
        ("chat", "wecom://corp:secret@1000002/user", {Limit(30, MINUTE), Limit(1000, HOUR)}),
        ("chat", "wechat://corp:secret@1000002/user", {Limit(30, MINUTE), Limit(1000, HOUR)}),
        ("chat", "dingtalk://secret@token/13800000000", {Limit(20, MINUTE)}),
        ("chat", "feishu://token", {Limit(5, SECOND), Limit(100, MINUTE)}),
        ("chat", "lark://token", {Limit(5, SECOND), Limit(100, MINUTE)}),
        ("chat", "json://robot.example.invalid/x", {Limit(20, MINUTE)}),
        ("sms", "19900000001", {Limit(60, MINUTE), Limit(50, DAY)}),
        ("mail", "a@example.invalid", {Limit(120, MINUTE)}),
    ],
)
def test_each_provider_has_the_limits_that_it_documents(channel, address, expected):
    """Source: domain 7."""
    assert set(limits(address, channel)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wecombot://key?mentions=zhang", "WECOMBOT://key/?mentions=li"),
        ("dingtalk://secret@token/13800000000", "dingtalk://token/13900000000?users=li"),
        ("feishu://secret@token?mentions=ou_1", "feishu://token"),
        ("wecom://corp:secret@1000002/zhang", "wecom://corp:renewed@1000002/zhang/?form=text"),
    ],
)
def test_a_robot_is_one_door_whoever_it_mentions(one, other):
    assert door_of(one) == door_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wecombot://key", "wecombot://other"),
        ("wecom://corp:secret@1000002/zhang", "wecom://corp:secret@1000002/li"),
        ("json://host/a?x=1", "json://host/a?x=2"),
        ("feishu://token", "lark://token"),
    ],
)
def test_other_robots_members_and_urls_are_other_doors(one, other):
    assert door_of(one) != door_of(other)


def test_a_door_holds_no_secret():
    for address in ("dingtalk://s3cr3t@token/1", "wecom://corp:s3cr3t@1000002/zhang", "feishu://s3cr3t@token"):
        assert "s3cr3t" not in door_of(address)


def test_the_city_changes_a_row_and_leaves_the_others():
    policy = {"channel_limits": {"feishu": {"per_minute": 50, "per_hour": 500, "spread_minutes": 0}}}
    row = way("chat", "feishu://t", policy=policy)
    assert row.door == (Limit(5, SECOND), Limit(50, MINUTE), Limit(500, HOUR))
    assert (row.spread, way("chat", "wecombot://k", policy=policy)) == (timedelta(), TABLE["wecombot"])


def test_a_gateways_minute_stays_the_gateways_when_the_city_changes_it():
    row = way("sms", "1", policy={"channel_limits": {"sms": {"per_minute": 7, "per_day": 3}}})
    assert (row.together, row.door) == ((Limit(7, MINUTE),), (Limit(3, DAY),))


def test_the_citys_policy_overrides_what_a_person_gets_in_a_day():
    row = way("mail", "a", policy={"channel_limits": {"mail": {"per_person_per_day": 7, "kinds": {"closed": 1}}}})
    assert (row.person_day, row.kind_share("closed"), row.kind_share("passed")) == (7, 1, TABLE["mail"].kind_day)


def test_an_address_of_another_class_counts_as_a_chat_address():
    assert name_of("app", "robot://one") == "chat"


@pytest.mark.parametrize(("most", "others"), [(20, 18), (60, 54), (9, 9)])
def test_one_place_in_ten_of_a_minute_is_kept_for_what_is_urgent(most, others):
    limit = Limit(most, MINUTE)
    assert (limit.allowed(urgent=True), limit.allowed(urgent=False)) == (most, others)


def test_when_only_kept_places_are_left_urgent_ones_still_go(city):
    doors = [ROBOT] * 20
    entries = pacing.admit(city, doors, urgent=[False] * 19 + [True], policy={}, now=MONDAY)
    assert [bool(entry.until) for entry in entries] == [False] * 18 + [True, False]


def test_a_limit_by_the_second_opens_a_second_later(city):
    doors = [Door("chat", "feishu://t")] * 6
    entries = pacing.admit(city, doors, urgent=[True] * 6, policy={}, now=MONDAY)
    assert (entries[4].until, entries[5].until) == (None, MONDAY + timedelta(seconds=1))


def goes(now: str, *, kind: str = "daily_digest", written: str = "2026-11-02 09:00", who: str = "R00006"):
    return off_the_hour(at(now), who=who, kind=kind, created_at=at(written), spread=FIVE)


@pytest.mark.parametrize("hour", ["2026-11-02 10:00", "2026-11-02 10:30", "2026-11-02 07:30"])
def test_what_a_timer_made_keeps_off_the_full_and_the_half_hour(hour):
    assert goes(hour) == at(hour) + share_of("R00006", FIVE)


def test_a_persons_moment_is_always_the_same_and_persons_are_spread_evenly():
    moments = [share_of(f"R{n:05}", FIVE) for n in range(600)]
    per_minute = [sum(minute * MINUTE <= one < (minute + 1) * MINUTE for one in moments) for minute in range(5)]
    assert (min(per_minute) > 90, max(moments) < FIVE) == (True, True)


def test_after_that_moment_and_between_the_hours_nothing_waits():
    assert (goes("2026-11-02 10:05"), goes("2026-11-02 10:17")) == (None, None)


def test_what_somebody_has_just_done_is_told_at_once():
    assert goes("2026-11-02 10:00", kind="assigned", written="2026-11-02 09:58") is None


def test_what_was_held_over_the_night_keeps_off_the_half_hour_too():
    assert goes("2026-11-02 07:30", kind="assigned", written="2026-11-01 22:10") is not None


def test_the_reference_page_has_every_row_with_its_numbers():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "limits.md").read_text("utf-8")
    for name, row in TABLE.items():
        (line,) = (one for one in page.splitlines() if one.startswith(f"| `{name}`"))
        cells = [cell.strip() for cell in line.split("|")[2:-1]]
        assert [f"{limit.most:,}" in cells[0] for limit in row.door] == [True] * len(row.door)
        assert [f"{limit.most:,}" in cells[1] for limit in row.together] == [True] * len(row.together)
        assert cells[2:4] == [str(row.person_day), str(row.kind_day)]
        assert cells[4] == (f"{row.spread // MINUTE} min" if row.spread else "–")
