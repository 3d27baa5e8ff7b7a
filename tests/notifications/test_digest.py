from datetime import date, timedelta

from sqlalchemy import text
from sqlmodel import select

from models.message import Message, Outcome
from models.message import MessageState as S
from models.unit import Deputy, Tenure
from notifications.channels import Sent
from tests.cast import DIRECT, HANDLER, MONDAY, STRANGER, an_issue, at
from tests.notifications.desk import MAIL, PHONE, a_contact, a_message, doors, run, stands


def storm(city, count: int, **more) -> list[int]:
    return [a_message(city, n=n, kind="passed", facts={}, **more) for n in range(count)]


def digests(city) -> list[Message]:
    city.rollback()
    return list(city.exec(select(Message).where(Message.kind == "digest").order_by(Message.id)))


def test_up_to_the_threshold_each_message_goes_alone(city, engine, memory):
    storm(city, 5)
    run(engine, doors(memory))
    assert (digests(city), len(memory.letters)) == ([], 5)


def test_more_become_one_digest(city, engine, memory):
    ids = storm(city, 6)
    counts = run(engine, doors(memory))
    (digest,) = digests(city)
    assert (counts.bundled, counts.sent, memory.addresses) == (6, 1, [MAIL])
    assert {stands(city, key).bundle_id for key in ids} == {digest.id}
    assert (digest.state, stands(city, ids[0]).state) == (S.SENT, S.BUNDLED)


def test_the_digest_lists_the_issues_soonest_due_first(city, engine, memory):
    for day in ("11-06", "11-05", "11-04", "11-03", "11-02", "10-30"):
        an_issue(city, state="assigned", now=at(f"2026-{day} 15:00"))
    city.connection().execute(text("DELETE FROM message WHERE post_code IS DISTINCT FROM 'D-CGJ:handler'"))
    city.commit()
    run(engine, doors(memory), now=at("2026-11-09 10:00"))
    ((_, letter),) = memory.letters
    lines = letter.body.splitlines()
    assert letter.title == "【汇总】6件事项待查看"
    assert [line[:14] for line in lines[:6]] == [f"ZG-2026-00000{n}" for n in (6, 5, 4, 3, 2, 1)]
    assert lines[-1] == "（多件事项合并发送，故发给您）"


def test_urgent_messages_go_alone_and_first(city, engine, memory):
    storm(city, 6)
    urgent = a_message(city, n=99, urgency=0)
    run(engine, doors(memory))
    assert [letter.title[:4] for _, letter in memory.letters] == ["【系统告", "【汇总】"]
    assert stands(city, urgent).bundle_id is None


def test_messages_at_two_posts_of_one_person_are_one_digest(city, engine, memory):
    storm(city, 4, post_code="T510302001002:handler")
    storm(city, 4, post_code="510302001002:area_chief")
    run(engine, doors(memory))
    assert (len(digests(city)), len(memory.letters)) == (1, 1)


def test_a_storm_larger_than_one_claim_is_still_one_digest(city, engine, memory):
    storm(city, 130)
    run(engine, doors(memory))
    assert (len(digests(city)), len(memory.letters)) == (1, 1)


def test_the_next_digest_waits_until_the_window_has_passed(city, engine, memory):
    storm(city, 6)
    run(engine, doors(memory))
    for n in range(6):
        a_message(city, n=100 + n, kind="passed", facts={})
    run(engine, doors(memory), now=MONDAY + timedelta(minutes=2))
    assert (len(digests(city)), len(memory.letters)) == (2, 1)
    run(engine, doors(memory), now=MONDAY + timedelta(minutes=10))
    assert len(memory.letters) == 2


def test_what_comes_while_a_digest_waits_joins_it(city, engine, memory):
    night = at("2026-11-02 22:00")
    storm(city, 6, now=night)
    run(engine, doors(memory), now=night)
    late = a_message(city, n=99, kind="passed", facts={}, now=night)
    run(engine, doors(memory), now=night)
    (digest,) = digests(city)
    assert (stands(city, late).bundle_id, digest.not_before) == (digest.id, at("2026-11-03 07:30"))
    run(engine, doors(memory), now=at("2026-11-03 07:30"))
    assert [letter.title for _, letter in memory.letters] == ["【汇总】7件事项待查看"]


def test_a_digest_that_reaches_nobody_fails_each_of_its_messages(city, engine, memory):
    memory.answer(MAIL, Sent(Outcome.PERMANENT, "550"))
    ids = storm(city, 6)
    run(engine, doors(memory))
    assert {(stands(city, key).state, stands(city, key).failure) for key in ids} == {(S.FAILED, "all_failed")}
    assert digests(city)[0].state == S.SUPPRESSED


def test_a_storm_at_a_post_with_two_holders_is_one_digest_for_both(city, engine, memory):
    city.connection().execute(
        text("INSERT INTO tenure (post_code, person_code, valid_from) VALUES ('D-CGJ:handler', 'R00008', '2026-01-01')")
    )
    city.commit()
    storm(city, 6)
    run(engine, doors(memory))
    assert sorted(memory.addresses) == [MAIL, "r00008@example.invalid"]
    assert digests(city)[0].post_code == "D-CGJ:handler"


def test_a_message_to_a_person_with_a_deputy_holds_nothing_up(city, engine, memory):
    city.add(Deputy(person_code=HANDLER, deputy_code=DIRECT, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 3)))
    city.commit()
    (alone,) = storm(city, 1, person_code=HANDLER)
    run(engine, doors(memory))
    assert (stands(city, alone).state, memory.addresses) == (S.SENT, [MAIL, "r00007@example.invalid"])


def test_when_bundling_breaks_each_message_goes_alone(city, engine, memory, monkeypatch):
    monkeypatch.setattr("notifications.claiming.bundle", lambda session, *_, **__: session.execute(text("SELECT 1/0")))
    storm(city, 6)
    assert run(engine, doors(memory)).sent == 6


def test_a_digest_goes_where_a_message_that_just_joined_it_wants_to(city, engine, memory):
    a_contact(city, HANDLER, "sms", PHONE)
    night, morning = at("2026-11-02 22:00"), at("2026-11-03 07:30")
    storm(city, 6, now=night)
    run(engine, doors(memory), now=night)
    a_message(city, n=99, kind="passed", facts={}, channels=["app", "sms"], now=morning)
    run(engine, doors(memory), now=morning)
    assert sorted(memory.addresses) == sorted([MAIL, PHONE])


def test_a_digest_of_the_night_goes_to_the_new_holder(city, engine, memory):
    city.connection().execute(text("UPDATE tenure SET valid_to = '2026-11-02' WHERE post_code = 'D-CGJ:handler'"))
    city.add(Tenure(post_code="D-CGJ:handler", person_code=STRANGER, valid_from=date(2026, 11, 3)))
    city.commit()
    night = at("2026-11-02 22:00")
    storm(city, 6, now=night)
    run(engine, doors(memory), now=night)
    run(engine, doors(memory), now=at("2026-11-03 07:30"))
    assert [digest.state for digest in digests(city)] == [S.SUPPRESSED, S.SENT]
    assert memory.addresses == ["r00099@example.invalid"]
