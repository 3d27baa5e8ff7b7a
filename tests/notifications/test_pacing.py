from datetime import timedelta

import pytest

from models.message import Attempt, Outcome
from notifications.pacing import PACES, Pace, opens_at, over_the_day, pace_of
from tests.cast import HANDLER, MONDAY
from tests.notifications.desk import a_message

PACE = Pace(per_minute=2, per_person_per_day=3)


def attempts(city, *seconds_ago: int, channel: str = "chat", address: str = "robot://one") -> None:
    for n, seconds in enumerate(seconds_ago):
        key = a_message(city, n=f"{channel}{address}{n}{seconds}")
        at = MONDAY - timedelta(seconds=seconds)
        more = {"message_id": key, "person_code": HANDLER, "outcome": Outcome.SENT, "started_at": at}
        city.add(Attempt(channel=channel, address=address, **more))
    city.commit()


def opens(city, channel: str = "chat", address: str = "robot://one"):
    return opens_at(city, channel=channel, address=address, pace=PACE, now=MONDAY)


def test_below_the_limit_a_door_is_open(city):
    attempts(city, 10)
    assert opens(city) is None


def test_a_full_door_opens_when_the_oldest_is_a_minute_old(city):
    attempts(city, 50, 30, 10)
    assert opens(city) == MONDAY + timedelta(seconds=30)


def test_what_is_a_minute_old_counts_no_more(city):
    attempts(city, 60, 61, 10)
    assert opens(city) is None


def test_each_robot_counts_on_its_own(city):
    attempts(city, 10, 20)
    assert opens(city, address="robot://two") is None


def test_all_mail_goes_through_one_server(city):
    attempts(city, 10, 20, channel="mail", address="a@example.invalid")
    assert opens(city, channel="mail", address="b@example.invalid") is not None


def test_a_days_share_is_counted_per_person_and_class(city):
    attempts(city, *range(60, 63))
    policy = {"channel_limits": {"chat": {"per_person_per_day": 3}}}
    assert over_the_day(city, [HANDLER], policy=policy, now=MONDAY) == {(HANDLER, "chat")}


@pytest.mark.parametrize("channel", PACES)
def test_the_citys_policy_overrides_the_table(channel):
    policy = {"channel_limits": {channel: {"per_minute": 7}}}
    assert pace_of(channel, policy=policy) == Pace(7, PACES[channel].per_person_per_day)
