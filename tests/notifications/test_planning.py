import itertools
from datetime import timedelta

import pytest

from models.message import MessageState, Outcome
from notifications.planning import URGENT_WAITS, WAITS, Door, Failure, Plan, Tried, plan, together
from tests.cast import MONDAY as NOW

CHAT, SMS, MAIL = Door("chat", "c"), Door("sms", "s"), Door("mail", "m")
LONG_AGO = NOW - timedelta(days=1)


def tried(door, *outcomes, at=LONG_AGO, retry_at=None):
    return [Tried(door.channel, door.address, Outcome(outcome), at, retry_at) for outcome in outcomes]


def planned(wanted, doors, so_far=(), urgency=5, **more):
    return plan(wanted, doors=doors, tried=so_far, urgency=urgency, now=NOW, **more)


def test_every_wanted_class_is_tried():
    assert planned(["app", "chat", "mail"], [CHAT, SMS, MAIL]).tries == (CHAT, MAIL)


def test_the_inbox_alone_needs_no_try():
    assert planned(["app"], [CHAT]) == Plan(end=MessageState.SENT)


def test_a_class_without_contact_falls_to_the_next_one():
    assert planned(["app", "chat"], [MAIL]).tries == (MAIL,)


def test_two_classes_that_fall_to_the_same_address_are_one_try():
    assert planned(["chat", "sms", "mail"], [MAIL]).tries == (MAIL,)


@pytest.mark.parametrize("outcome", ["permanent", "unknown"])
def test_what_ended_badly_is_not_repeated_and_the_next_takes_over(outcome):
    assert planned(["chat"], [CHAT, MAIL], tried(CHAT, outcome)).tries == (MAIL,)


def test_the_second_contact_of_a_class_comes_before_another_class():
    second = Door("chat", "c2")
    assert planned(["chat"], [CHAT, MAIL, second], tried(CHAT, "permanent")).tries == (second,)


@pytest.mark.parametrize("n", range(len(WAITS)))
def test_a_refused_address_waits_longer_each_time(n):
    so_far = tried(CHAT, *["refused"] * (n + 1), at=NOW)
    assert planned(["chat"], [CHAT], so_far) == Plan(wait_until=NOW + WAITS[n], after_refusal=True)


def test_after_the_wait_it_is_tried_again():
    assert planned(["chat"], [CHAT], tried(CHAT, "refused", at=NOW - WAITS[0])).tries == (CHAT,)


def test_after_the_last_refusal_the_next_takes_over():
    assert planned(["chat"], [CHAT, MAIL], tried(CHAT, *["refused"] * (len(WAITS) + 1))).tries == (MAIL,)


def test_an_urgent_message_gives_an_address_up_sooner():
    so_far = tried(CHAT, *["refused"] * (len(URGENT_WAITS) + 1))
    assert planned(["chat"], [CHAT, MAIL], so_far, urgency=0).tries == (MAIL,)


def test_the_time_that_a_provider_names_is_kept():
    named = NOW + timedelta(hours=2)
    assert planned(["chat"], [CHAT], tried(CHAT, "refused", at=NOW, retry_at=named)).wait_until == named


def test_a_door_that_is_closed_is_waited_for():
    opens = NOW + timedelta(hours=3)
    assert planned(["mail"], [Door("mail", "m", opens)]) == Plan(wait_until=opens)


def test_an_address_in_the_middle_of_a_try_is_waited_for():
    assert planned(["chat"], [CHAT, MAIL], tried(CHAT, "sending")).wait_until is not None


def test_nobody_to_reach_is_a_failure():
    assert planned(["chat"], []) == Plan(end=MessageState.FAILED, failure=Failure.NO_CONTACT)


def test_without_any_channel_to_the_outside_the_inbox_is_enough():
    assert planned(["chat"], [], only_inbox=True) == Plan(end=MessageState.SENT)


def test_an_empty_post_is_a_failure():
    assert together([]) == Plan(end=MessageState.FAILED, failure=Failure.VACANT)


def test_one_reader_who_was_reached_is_enough():
    plans = [Plan(end=MessageState.FAILED, failure=Failure.ALL_FAILED), Plan(end=MessageState.SENT)]
    assert together(plans).end == MessageState.SENT


FATES = ("fresh", "sent", "refused", "given up", "permanent", "unknown")
OUTCOMES = {
    "fresh": (),
    "sent": ("sent",),
    "refused": ("refused",),
    "given up": ("refused",) * 5,
    "permanent": ("permanent",),
    "unknown": ("unknown",),
}
WANTED = [w for n in (1, 2, 3) for w in itertools.combinations(("chat", "sms", "mail"), n)]


@pytest.mark.parametrize("wanted", WANTED, ids="-".join)
def test_over_the_whole_product_nothing_is_repeated_lost_or_left_open(wanted):
    for fates in itertools.product(FATES, repeat=3):
        check_one(wanted, dict(zip(("chat", "sms", "mail"), fates, strict=True)))


def check_one(wanted, fate_of):
    doors = {"chat": CHAT, "sms": SMS, "mail": MAIL}
    so_far = [one for kind, fate in fate_of.items() for one in tried(doors[kind], *OUTCOMES[fate])]
    fates = set(fate_of.values())

    got = planned(wanted, tuple(doors.values()), so_far)

    assert all(fate_of[door.channel] in ("fresh", "refused") for door in got.tries), fate_of
    on_their_way = {door.channel for door in got.tries}
    assert all(kind in on_their_way for kind in wanted if fate_of[kind] in ("fresh", "refused")), fate_of
    if not got.tries:
        best = MessageState.SENT if "sent" in fates else MessageState.UNKNOWN if "unknown" in fates else None
        assert got.end == (best or MessageState.FAILED), fate_of
    assert bool(got.tries) + bool(got.wait_until) + bool(got.end) == 1


def reasons(plan_: Plan) -> list[str]:
    return [door.reason for door in plan_.tries]


def test_a_sent_door_ends_it_until_its_reader_stays_silent():
    sent = tried(CHAT, "sent", at=NOW - timedelta(minutes=30))
    assert planned(["chat"], [CHAT, SMS], sent) == Plan(end=MessageState.SENT)
    assert planned(["chat"], [CHAT, SMS], sent, silent_since=NOW).tries == (SMS,)


def test_what_was_sent_in_the_same_moment_is_not_passed_by():
    sent = tried(CHAT, "sent", at=NOW)
    assert planned(["chat"], [CHAT, SMS], sent, silent_since=NOW) == Plan(end=MessageState.SENT)


def test_two_classes_passed_by_go_on_to_one_door():
    sent = [*tried(CHAT, "sent"), *tried(SMS, "sent")]
    assert planned(["chat", "sms"], [CHAT, SMS, MAIL], sent, silent_since=NOW).tries == (MAIL,)


def test_with_every_door_passed_by_it_stays_sent():
    sent = [*tried(CHAT, "sent"), *tried(MAIL, "permanent")]
    assert planned(["chat"], [CHAT, MAIL], sent, silent_since=NOW) == Plan(end=MessageState.SENT)


@pytest.mark.parametrize("outcome", ["permanent", "unknown"])
def test_a_door_that_takes_over_says_after_what(outcome):
    assert reasons(planned(["chat"], [CHAT, MAIL])) == [""]
    assert reasons(planned(["chat"], [CHAT, MAIL], tried(CHAT, outcome))) == [outcome]


def test_after_the_last_refusal_and_after_silence_it_says_so_too():
    refused = tried(CHAT, *["refused"] * (len(WAITS) + 1))
    assert reasons(planned(["chat"], [CHAT, MAIL], refused)) == ["refused"]
    assert reasons(planned(["chat"], [CHAT, MAIL], tried(CHAT, "sent"), silent_since=NOW)) == ["silent"]
