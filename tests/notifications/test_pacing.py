import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from models.message import Attempt, Outcome
from notifications import pacing
from notifications.limits import TABLE, door_of
from notifications.pacing import shares_of
from notifications.planning import Door
from tests.cast import HANDLER, MONDAY, OFFICE
from tests.notifications.desk import a_message

CHAT, SMS = ("chat", "robot://one"), ("sms", "19900000001")
SENDING = {"outcome": Outcome.SENDING, "started_at": MONDAY}
TWO_A_MINUTE = {"channel_limits": {channel: {"per_minute": 2} for channel in TABLE}}


def attempts(city, *seconds_ago: int, channel: str = "chat", address: str = "robot://one") -> None:
    for n, seconds in enumerate(seconds_ago):
        key = a_message(city, n=f"{channel}{address}{n}{seconds}")
        at = MONDAY - timedelta(seconds=seconds)
        more = {"message_id": key, "person_code": HANDLER, "outcome": Outcome.SENT, "started_at": at}
        city.add(Attempt(channel=channel, address=address, door=door_of(address), **more))
    city.commit()


def admit(session, doors, *, policy=TWO_A_MINUTE, urgent: bool = False, now=MONDAY):
    entries = pacing.admit(session, doors, urgent=[urgent] * len(doors), policy=policy, now=now)
    return [entry.until for entry in entries]


def opens(city, channel: str = "chat", address: str = "robot://one"):
    (until,) = admit(city, [Door(channel, address)], policy=TWO_A_MINUTE, now=MONDAY)
    return until


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


def test_several_letters_take_the_places_in_order(city):
    attempts(city, 20)
    three = [Door("chat", "robot://one")] * 3
    later = MONDAY + timedelta(seconds=40)
    assert admit(city, three, policy=TWO_A_MINUTE, now=MONDAY) == [None, later, later]


def test_several_mails_share_the_servers_places(city):
    three = [Door("mail", f"{n}@example.invalid") for n in range(3)]
    assert admit(city, three, policy=TWO_A_MINUTE, now=MONDAY) == [None, None, MONDAY + timedelta(minutes=1)]


def test_the_last_place_is_given_to_one_worker_only(city, engine):
    """One worker counts, writes and has not committed; the other must not count before that."""
    attempts(city, 20)
    assert opens(city) is None
    city.add(
        Attempt(message_id=1, person_code=OFFICE, channel="chat", address="robot://one", door="robot://one", **SENDING)
    )
    city.flush()
    with ThreadPoolExecutor(1) as threads, Session(engine) as other:
        asked = threads.submit(opens, other)
        until_somebody_waits(engine)
        city.commit()
        assert asked.result(10) == MONDAY + timedelta(seconds=40)


def until_somebody_waits(engine) -> None:
    query = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    for _ in range(100):
        with engine.connect() as connection:
            if connection.execute(query).scalar_one():
                return
        time.sleep(0.05)


def test_a_limit_of_nothing_lets_nothing_through(city):
    policy = {"channel_limits": {"sms": {"per_minute": 0}}}
    assert admit(city, [Door("sms", "1")], policy=policy, now=MONDAY) == [MONDAY + timedelta(minutes=1)]


def test_a_days_share_is_counted_per_person_and_class(city):
    attempts(city, *range(60, 63))
    policy = {"channel_limits": {"chat": {"per_person_per_day": 3}}}
    shares = shares_of(city, [HANDLER, OFFICE], policy=policy, now=MONDAY)
    full = [shares.full(one, door=Door(*door), kind="closed") for one, door in ((HANDLER, CHAT), (HANDLER, SMS))]
    assert (full, shares.full(OFFICE, door=Door(*CHAT), kind="closed")) == ([True, False], False)


def test_a_days_share_of_one_kind_leaves_room_for_others(city):
    attempts(city, *range(60, 63))
    policy = {"channel_limits": {"chat": {"kinds": {"watchdog": 3}}}}
    shares = shares_of(city, [HANDLER], policy=policy, now=MONDAY)
    assert [shares.full(HANDLER, door=Door(*CHAT), kind=kind) for kind in ("watchdog", "closed")] == [True, False]
