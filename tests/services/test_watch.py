"""The watch: each kind of trouble is seen, and told at most once an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.message import Message
from services import rounds, sweeps
from services.watch import alarm, look, problems
from tests.cast import an_issue, at, read
from tests.small_city import a_city

MONDAY = at("2026-11-02 10:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(session: Session, engine) -> Session:
    """A city with one assigned issue whose messages are all sent."""
    a_city(session)
    an_issue(session, state="assigned", now=MONDAY)
    session.connection().execute(text("UPDATE message SET state = 'sent'"))
    session.commit()
    return session


def set_messages(session: Session, **columns: object) -> None:
    names = ", ".join(f"{name} = :{name}" for name in columns)
    session.connection().execute(text(f"UPDATE message SET {names} WHERE id = (SELECT min(id) FROM message)"), columns)


def alarmed(session: Session, minutes: int) -> int:
    """Look and tell so many minutes after ten on Monday; what is told arrives."""
    now = MONDAY + minutes * MINUTE
    told = alarm(session, look(session, now=now), now=now)
    session.connection().execute(text("UPDATE message SET state = 'sent' WHERE created_at = :now"), {"now": now})
    return told


def test_all_is_well_where_nothing_is_late(city: Session) -> None:
    assert look(city, now=MONDAY).is_well


def test_a_step_three_minutes_late_is_seen(city: Session) -> None:
    due = read(city, 1).next_step_at
    assert look(city, now=due + 2 * MINUTE).is_well
    seen = look(city, now=due + 4 * MINUTE)
    assert (seen.late_steps.count, seen.late_steps.oldest, seen.late_steps.samples) == (1, due, ("ZG-2026-000001",))


def test_a_round_makes_it_well_again(city: Session, engine) -> None:
    later = read(city, 1).next_step_at + 4 * MINUTE
    sweeps.tick(lambda: Session(engine), now=later)
    assert look(city, now=later).late_steps.count == 0


def test_an_issue_set_aside_is_seen(city: Session) -> None:
    city.connection().execute(text("UPDATE issue SET set_aside = 1, next_step_at = next_step_at + interval '1 hour'"))
    seen = look(city, now=MONDAY)
    assert (seen.set_aside.count, seen.late_steps.count, seen.is_well) == (1, 0, False)


@pytest.mark.parametrize("state", ["pending", "refused"])
def test_a_message_that_waits_too_long_is_seen(city: Session, state: str) -> None:
    set_messages(city, state=state, not_before=MONDAY)
    assert look(city, now=MONDAY + 4 * MINUTE).is_well
    assert look(city, now=MONDAY + 6 * MINUTE).waiting_messages.count == 1


def test_a_message_left_while_being_sent_is_seen(city: Session) -> None:
    set_messages(city, state="sending", claimed_at=MONDAY)
    assert look(city, now=MONDAY + 11 * MINUTE).stale_sending.count == 1


def test_a_failed_message_that_was_not_passed_up_is_seen(city: Session) -> None:
    set_messages(city, state="failed", finished_at=MONDAY)
    assert look(city, now=MONDAY + 6 * MINUTE).not_passed_up.count == 1
    set_messages(city, passed_up_at=MONDAY)
    assert look(city, now=MONDAY + 6 * MINUTE).is_well


def test_a_calendar_near_its_end_is_no_alarm_but_one_that_ran_out_is(city: Session) -> None:
    city.connection().execute(text("UPDATE issue SET next_step_at = NULL"))
    seen = look(city, now=at("2026-12-30 10:00"))
    assert (seen.is_well, seen.horizon.warn) == (True, True)
    assert [name for name, _ in look(city, now=at("2027-01-02 10:00")).troubles()] == ["no_calendar"]


def test_the_alarm_goes_to_the_duty_officer_and_the_administrator(city: Session) -> None:
    set_messages(city, state="sending", claimed_at=MONDAY)
    now = MONDAY + 11 * MINUTE
    assert alarm(city, look(city, now=now), now=now) == 2
    told = city.exec(select(Message).where(Message.kind == "watchdog").order_by(col(Message.id))).all()
    assert [m.post_code for m in told] == ["5103:duty_officer", "5103:administrator"]
    assert told[0].facts["problems"] == ["1条消息发送中断"]


def test_the_alarm_is_repeated_after_an_hour_not_before(city: Session) -> None:
    city.connection().execute(text("UPDATE issue SET set_aside = 1, next_step_at = NULL"))
    assert [alarmed(city, minutes) for minutes in (0, 59, 61)] == [2, 0, 2]


def test_a_trouble_that_comes_within_the_hour_is_told_at_once(city: Session) -> None:
    city.connection().execute(text("UPDATE issue SET set_aside = 1, next_step_at = NULL"))
    told = alarmed(city, 0)
    set_messages(city, state="sending", claimed_at=MONDAY)

    assert [told, alarmed(city, 20), alarmed(city, 30)] == [2, 2, 0]


def test_that_all_is_well_again_is_told_once_to_those_who_had_the_alarm(city: Session) -> None:
    city.connection().execute(text("UPDATE issue SET set_aside = 1, next_step_at = NULL"))
    alarmed(city, 0)
    city.connection().execute(text("UPDATE issue SET set_aside = 0"))

    assert [alarmed(city, minutes) for minutes in (10, 20, 90)] == [2, 0, 0]
    newest = city.exec(select(Message).order_by(col(Message.id).desc())).first()
    assert newest
    assert newest.facts["problems"] == ["一切恢复正常"]


def test_a_trouble_that_comes_and_goes_is_not_told_each_time(city: Session) -> None:
    told = []
    for minutes in range(0, 60, 10):
        city.connection().execute(text("UPDATE issue SET next_step_at = NULL, set_aside = 1 - set_aside"))
        told.append(alarmed(city, minutes))

    assert told == [2, 2, 0, 0, 0, 0]


def test_rounds_that_are_not_run_are_seen_though_nothing_is_late(city: Session) -> None:
    rounds.ended(city, at=MONDAY)

    seen = [look(city, now=MONDAY, true_now=MONDAY + minutes * MINUTE).is_well for minutes in (3, 4)]

    assert seen == [True, False]


def test_only_that_rounds_stand_still_passes_quiet_hours(city: Session) -> None:
    set_messages(city, state="sending", claimed_at=MONDAY)
    alarm(city, look(city, now=MONDAY + 11 * MINUTE), now=MONDAY + 11 * MINUTE)
    rounds.ended(city, at=MONDAY)
    seen = look(city, now=MONDAY + 20 * MINUTE, true_now=MONDAY + 20 * MINUTE)
    alarm(city, seen, now=MONDAY + 20 * MINUTE)

    told = select(Message.urgency).where(Message.kind == "watchdog").order_by(col(Message.id))
    assert city.exec(told).all() == [1, 1, 0, 0]


def test_no_alarm_where_all_is_well(city: Session) -> None:
    assert alarm(city, look(city, now=MONDAY), now=MONDAY) == 0


def test_the_words_are_there_in_english_too(city: Session) -> None:
    city.connection().execute(text("UPDATE issue SET set_aside = 1"))
    assert problems(look(city, now=MONDAY), lang="en") == ["1 issue(s) could not be handled: ZG-2026-000001"]


def a_try(session: Session, *, fault: str | None) -> None:
    session.connection().execute(
        text(
            "INSERT INTO attempt (message_id, person_code, channel, address, outcome, code, detail, started_at, fault)"
            " VALUES (1, 'R00006', 'sms', '1', 'permanent', 'isv.SIGN', '', :now, :fault)"
        ),
        {"now": MONDAY, "fault": fault},
    )


def test_what_a_provider_holds_against_us_is_told_for_an_hour(city: Session) -> None:
    a_try(city, fault="address")
    assert look(city, now=MONDAY).is_well
    a_try(city, fault="ours")

    seen = look(city, now=MONDAY)
    assert "1 time(s) because of our own settings: sms isv.SIGN" in problems(seen, lang="en")[0]
    assert look(city, now=MONDAY + 61 * MINUTE).our_fault.count == 0


def test_many_addresses_dead_at_once_are_told(city: Session) -> None:
    off = text("UPDATE contact SET switched_off_why = 'dead', switched_off_at = :now WHERE id <= :most")
    city.connection().execute(off, {"now": MONDAY, "most": 19})
    assert look(city, now=MONDAY).dead_addresses.count == 0
    city.connection().execute(off, {"now": MONDAY, "most": 20})

    assert look(city, now=MONDAY).dead_addresses.samples == ("mail",)
    assert "mail" in problems(look(city, now=MONDAY), lang="zh-CN")[0]
