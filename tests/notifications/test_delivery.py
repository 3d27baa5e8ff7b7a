from datetime import date, timedelta

import pytest
from sqlalchemy import text

from models.message import MessageState as S
from models.message import Outcome
from models.unit import Deputy, Tenure
from notifications import claiming, starting
from notifications.channels import Channels, Sent
from tests.cast import DEPUTY, DIRECT, HANDLER, MONDAY, OFFICE, an_issue, at
from tests.notifications.desk import MAIL, PHONE, ROBOT, a_contact, a_message, doors, run, stands, tries

REFUSED, PERMANENT = Sent(Outcome.REFUSED, "429"), Sent(Outcome.PERMANENT, "550")
UNKNOWN = Sent(Outcome.UNKNOWN, "lost")


def test_a_message_goes_to_the_holder_of_the_post(city, engine, memory):
    key = a_message(city)
    counts = run(engine, doors(memory))
    assert (counts.sent, memory.addresses) == (1, [MAIL])
    assert (stands(city, key).state, stands(city, key).person_code) == (S.SENT, HANDLER)
    assert tries(city, key) == [(MAIL, "sent")]


def test_whoever_holds_the_post_when_it_is_sent_is_told(city, engine, memory):
    a_message(city)
    city.connection().execute(text("UPDATE tenure SET valid_to = '2026-11-01' WHERE post_code = 'D-CGJ:handler'"))
    city.add(Tenure(post_code="D-CGJ:handler", person_code=DEPUTY, valid_from=date(2026, 11, 2)))
    city.commit()
    run(engine, doors(memory))
    assert memory.addresses == ["r00008@example.invalid"]


def test_a_deputy_is_told_too_and_the_text_says_for_whom(city, engine, memory):
    city.add(Deputy(person_code=HANDLER, deputy_code=DIRECT, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 3)))
    city.commit()
    key = a_message(city)
    run(engine, doors(memory))
    assert memory.addresses == [MAIL, "r00007@example.invalid"]
    assert "代何景行" in memory.letters[1][1].body
    assert stands(city, key).person_code is None


def test_a_vacant_post_fails_and_says_so(city, engine, memory):
    key = a_message(city, post_code="510302001002001:building_chief")
    counts = run(engine, doors(memory))
    assert (counts.failed, stands(city, key).state, stands(city, key).failure) == (1, S.FAILED, "vacant")


def test_somebody_without_a_verified_contact_fails(city, engine, memory):
    city.connection().execute(text("UPDATE contact SET verified_at = NULL"))
    city.commit()
    key = a_message(city)
    run(engine, doors(memory))
    assert stands(city, key).failure == "no_contact"


def test_with_no_channel_configured_the_inbox_is_enough(city, engine):
    key = a_message(city)
    run(engine, Channels({}))
    assert (stands(city, key).state, tries(city, key)) == (S.SENT, [])


def test_a_refusal_is_tried_again_after_a_minute(city, engine, memory):
    memory.answer(MAIL, REFUSED)
    key = a_message(city)
    run(engine, doors(memory))
    message = stands(city, key)
    assert (message.state, message.not_before) == (S.REFUSED, MONDAY + timedelta(minutes=1))
    assert run(engine, doors(memory), now=MONDAY + timedelta(seconds=59)).claimed == 0
    assert run(engine, doors(memory), now=MONDAY + timedelta(seconds=60)).sent == 1
    assert tries(city, key) == [(MAIL, "refused"), (MAIL, "sent")]


def test_the_time_that_a_provider_names_is_waited_for(city, engine, memory):
    memory.answer(MAIL, Sent(Outcome.REFUSED, "429", retry_after=timedelta(minutes=30)))
    key = a_message(city)
    run(engine, doors(memory))
    assert stands(city, key).not_before == MONDAY + timedelta(minutes=30)


def test_a_robot_that_said_wait_is_left_alone_by_other_messages_too(city, engine, memory):
    a_contact(city, HANDLER, "chat", ROBOT)
    memory.answer(ROBOT, Sent(Outcome.REFUSED, "429", retry_after=timedelta(minutes=30)))
    a_message(city, n=1, channels=["app", "chat"])
    run(engine, doors(memory))
    other = a_message(city, n=2, channels=["app", "chat"])
    run(engine, doors(memory), now=MONDAY + timedelta(minutes=5))
    assert (tries(city, other), stands(city, other).not_before) == ([], MONDAY + timedelta(minutes=30))


@pytest.mark.parametrize("answer", [PERMANENT, UNKNOWN, RuntimeError("boom")])
def test_the_next_contact_takes_over_and_the_first_is_never_repeated(city, engine, memory, answer):
    a_contact(city, HANDLER, "chat", ROBOT)
    memory.answer(ROBOT, answer)
    key = a_message(city, channels=["app", "chat"])
    run(engine, doors(memory))
    run(engine, doors(memory), now=MONDAY + timedelta(days=1))
    assert memory.addresses == [ROBOT, MAIL]
    assert stands(city, key).state == S.SENT


def test_doubt_on_every_channel_is_unknown(city, engine, memory):
    memory.answer(MAIL, UNKNOWN)
    key = a_message(city)
    assert run(engine, doors(memory)).unknown == 1
    assert stands(city, key).state == S.UNKNOWN


def test_when_every_channel_failed_it_says_so(city, engine, memory):
    memory.answer(MAIL, PERMANENT)
    key = a_message(city)
    run(engine, doors(memory))
    assert (stands(city, key).state, stands(city, key).failure) == (S.FAILED, "all_failed")


def test_each_wanted_class_is_told(city, engine, memory):
    a_contact(city, HANDLER, "chat", ROBOT)
    a_contact(city, HANDLER, "sms", PHONE)
    a_message(city, channels=["app", "chat", "sms", "mail", "phone", "bulletin"])
    run(engine, doors(memory))
    assert sorted(memory.addresses) == sorted([ROBOT, PHONE, MAIL])


def test_an_sms_says_nothing_of_the_problem(city, engine, memory):
    a_contact(city, HANDLER, "sms", PHONE)
    an_issue(city, state="assigned")
    city.connection().execute(text("UPDATE message SET channels = '{app,sms}'"))
    city.commit()
    run(engine, doors(memory))
    bodies = [letter.body for address, letter in memory.letters if address == PHONE]
    assert bodies == ["您有1项任务将于11月5日到期，请登录系统查看"]


def test_at_night_only_the_inbox_is_told(city, engine, memory):
    night = at("2026-11-02 22:00")
    key = a_message(city, now=night)
    run(engine, doors(memory), now=night)
    message = stands(city, key)
    assert (memory.letters, message.state, message.not_before) == ([], S.PENDING, at("2026-11-03 07:30"))
    assert run(engine, doors(memory), now=at("2026-11-03 07:30")).sent == 1


def test_an_urgent_message_goes_out_at_night(city, engine, memory):
    night = at("2026-11-02 22:00")
    a_message(city, now=night, urgency=0)
    assert run(engine, doors(memory), now=night).sent == 1


def test_a_reader_may_have_quiet_hours_of_their_own(city, engine, memory):
    city.connection().execute(text("UPDATE contact SET quiet_from = '09:00', quiet_to = '11:00'"))
    city.commit()
    key = a_message(city)
    run(engine, doors(memory))
    assert stands(city, key).not_before == at("2026-11-02 11:00")


def test_urgent_messages_go_first(city, engine, memory):
    a_message(city, n=1, urgency=5, facts={"problems": ["later"]})
    a_message(city, n=2, urgency=0, facts={"problems": ["first"]})
    run(engine, doors(memory))
    assert "first" in memory.letters[0][1].body


def test_two_holders_who_share_a_robot_are_told_there_once(city, engine, memory):
    city.add(Tenure(post_code="D-CGJ:handler", person_code=DEPUTY, valid_from=date(2026, 1, 1)))
    city.commit()
    for person in (HANDLER, DEPUTY):
        a_contact(city, person, "chat", ROBOT)
    a_message(city, channels=["app", "chat"])
    run(engine, doors(memory))
    assert memory.addresses == [ROBOT]


def test_a_template_that_cannot_be_filled_in_holds_nothing_back(city, engine, memory):
    key = a_message(city, facts={})
    run(engine, doors(memory))
    assert stands(city, key).state == S.SENT
    assert "请登录系统查看" in memory.letters[0][1].body


def test_one_message_that_cannot_be_worked_on_does_not_stop_the_others(city, engine, memory, monkeypatch):
    bad, good = a_message(city, n=1), a_message(city, n=2)
    begin_all = starting.begin_all

    def breaks(session, tries, **given):
        if any(one.work.message.id == bad for one in tries):
            raise RuntimeError
        return begin_all(session, tries, **given)

    monkeypatch.setattr(starting, "begin_all", breaks)
    run(engine, doors(memory))
    assert (stands(city, bad).state, stands(city, good).state) == (S.SENDING, S.SENT)


def test_one_message_that_breaks_the_claim_does_not_stop_the_others(city, engine, memory, monkeypatch):
    keys = [a_message(city, n=n) for n in range(5)]
    read_material = claiming.read_material

    def breaks(session, messages, **given):
        if any(one.id == keys[2] for one in messages):
            raise RuntimeError
        return read_material(session, messages, **given)

    monkeypatch.setattr(claiming, "read_material", breaks)
    run(engine, doors(memory))
    assert [stands(city, key).state for key in keys] == [S.SENT, S.SENT, S.SENDING, S.SENT, S.SENT]


def test_an_issue_whose_rules_cannot_be_read_is_told_all_the_same(city, engine, memory):
    issue = an_issue(city, state="assigned")
    city.connection().execute(text("INSERT INTO rule_set (code, content, created_at) VALUES ('bad', '{}', now())"))
    city.connection().execute(text("UPDATE issue SET rule_set_code = 'bad' WHERE id = :id"), {"id": issue})
    city.commit()
    run(engine, doors(memory))
    assert MAIL in memory.addresses


def test_the_limit_bounds_one_call(city, engine, memory):
    for n in range(4):
        a_message(city, n=n)
    assert run(engine, doors(memory), limit=3).claimed == 3


def test_an_english_reader_is_told_in_english(city, engine, memory):
    a_message(city, post_code="D-SCJGJ:direct_leader")
    run(engine, doors(memory))
    assert memory.letters[0][1].title == "[Watchdog] Duban needs a look"


def test_a_finder_is_told_as_a_person(city, engine, memory):
    a_message(city, person_code=OFFICE, why="finder")
    run(engine, doors(memory))
    assert memory.addresses == ["r00001@example.invalid"]
    assert "问题由您发现" in memory.letters[0][1].body
