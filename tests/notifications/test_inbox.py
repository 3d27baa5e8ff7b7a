from datetime import date, timedelta

from sqlalchemy import text

from models.message import MessageState as S
from models.unit import Deputy, Tenure
from notifications import inbox
from notifications.channels import Channels
from tests.cast import DEPUTY, DIRECT, HANDLER, MONDAY, STRANGER, an_issue, at
from tests.notifications.desk import a_message, doors, run, stands


def ids(city, person: str, **more) -> list[int]:
    return [entry.id for entry in inbox.entries(city, person, now=MONDAY, **more)]


def test_a_message_is_in_the_inbox_before_anything_is_sent(city):
    key = a_message(city)
    assert (ids(city, HANDLER), ids(city, STRANGER)) == ([key], [])


def test_a_message_to_a_post_is_in_the_inbox_of_every_holder(city, engine, memory):
    city.add(Tenure(post_code="D-CGJ:handler", person_code=DEPUTY, valid_from=date(2026, 1, 1)))
    city.commit()
    key = a_message(city)
    run(engine, doors(memory))
    assert (ids(city, HANDLER), ids(city, DEPUTY)) == ([key], [key])


def test_a_deputy_sees_it_too(city):
    city.add(Deputy(person_code=HANDLER, deputy_code=DIRECT, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 3)))
    city.commit()
    key = a_message(city)
    assert ids(city, DIRECT) == [key]


def test_what_was_sent_to_somebody_stays_with_them(city, engine):
    key = a_message(city)
    run(engine, Channels({}))
    city.add(Tenure(post_code="D-CGJ:handler", person_code=STRANGER, valid_from=date(2026, 1, 1)))
    city.commit()
    assert (ids(city, HANDLER), ids(city, STRANGER)) == ([key], [])


def test_pages_go_on_from_the_last_one(city):
    keys = [a_message(city, n=n) for n in range(5)]
    assert ids(city, HANDLER, limit=2) == [keys[4], keys[3]]
    assert ids(city, HANDLER, limit=2, before=keys[3]) == [keys[2], keys[1]]


def test_the_words_are_in_the_readers_language(city):
    an_issue(city, state="assigned")
    (entry, *_) = inbox.entries(city, HANDLER, now=MONDAY)
    assert entry.title == "【交办】ZG-2026-000001"
    assert "请于11月5日17:00前整改并回传照片" in entry.body
    (entry, *_) = inbox.entries(city, HANDLER, now=MONDAY, lang="en")
    assert entry.title == "[Assigned] ZG-2026-000001"


def test_bundled_messages_are_listed_one_by_one(city, engine, memory):
    keys = [a_message(city, n=n, kind="passed", facts={}) for n in range(6)]
    run(engine, doors(memory))
    assert ids(city, HANDLER) == keys[::-1]


def test_reading_delivers(city, engine):
    key = a_message(city)
    run(engine, Channels({}))
    assert inbox.unread(city, HANDLER, now=MONDAY) == 1
    assert inbox.mark_read(city, HANDLER, message_ids=[key], now=MONDAY) == 1
    city.commit()
    assert (stands(city, key).state, stands(city, key).read_at) == (S.DELIVERED, MONDAY)
    assert (inbox.unread(city, HANDLER, now=MONDAY), ids(city, HANDLER, unread_only=True)) == (0, [])


def test_nobody_reads_anothers_message(city):
    assert inbox.mark_read(city, STRANGER, message_ids=[a_message(city)], now=MONDAY) == 0


def test_the_first_time_of_reading_stays(city):
    key = a_message(city)
    inbox.mark_read(city, HANDLER, message_ids=[key], now=MONDAY)
    assert inbox.mark_read(city, HANDLER, message_ids=[key], now=MONDAY + timedelta(hours=1)) == 0


def test_what_was_read_needs_no_mail_any_more(city, engine, memory):
    key = a_message(city, person_code=HANDLER, post_code=None)
    inbox.mark_read(city, HANDLER, message_ids=[key], now=MONDAY)
    city.commit()
    run(engine, doors(memory))
    assert memory.letters == []


def test_the_new_holder_is_told_though_the_former_one_has_read_it(city, engine, memory):
    city.connection().execute(text("UPDATE tenure SET valid_to = '2026-11-02' WHERE post_code = 'D-CGJ:handler'"))
    city.add(Tenure(post_code="D-CGJ:handler", person_code=STRANGER, valid_from=date(2026, 11, 3)))
    key, night = a_message(city), at("2026-11-02 22:00")
    run(engine, doors(memory), now=night)
    inbox.mark_read(city, HANDLER, message_ids=[key], now=at("2026-11-03 07:00"))
    city.commit()
    run(engine, doors(memory), now=at("2026-11-03 07:30"))
    assert memory.addresses == ["r00099@example.invalid"]
