"""More than a door takes soon: several messages share a letter, and each still stands for itself."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.message import Outcome
from notifications import material, starting
from notifications.channels import Sent
from notifications.channels.base import Fault
from notifications.joining import to_all
from services.digests import daily_digest
from tests.cast import HANDLER, MONDAY, an_issue
from tests.notifications.desk import ROBOT, a_contact, a_message, doors, run
from tests.notifications.test_links import send, tickets
from tests.small_city import NAMES

MINUTE = timedelta(minutes=1)


@pytest.fixture
def issue(city) -> int:
    key = an_issue(city)
    city.connection().execute(text("DELETE FROM message"))
    for code in NAMES:
        a_contact(city, code, "chat", ROBOT)
    return key


def told(city, issue: int, count: int, **more) -> None:
    """So many messages to the robot, no more than five for one reader."""
    for n in range(count):
        given = {"kind": "passed", "facts": {}, "issue_id": issue, "channels": ["app", "chat"], **more}
        a_message(city, n=n, person_code=list(NAMES)[n % len(NAMES)], **given)


def standing(city) -> dict[str, int]:
    city.rollback()
    return {state: count for state, count in city.connection().execute(text(STANDING))}  # noqa: C416


STANDING = "SELECT state, count(*) FROM message GROUP BY 1"
TRIES = "SELECT outcome, count(*) FILTER (WHERE joined_to IS NULL), count(*) FROM attempt GROUP BY 1"


def test_what_can_go_soon_goes_alone(city, engine, memory, issue):
    told(city, issue, 18)
    run(engine, doors(memory))
    assert (len(memory.letters), standing(city)) == (18, {"sent": 18})


def test_more_than_that_share_letters_of_ten_and_each_counts_as_sent(city, engine, memory, issue):
    told(city, issue, 100)
    counts = run(engine, doors(memory))
    listed = Counter(letter.body.count("ZG-2026-000001") for _, letter in memory.letters)
    assert listed == {10: 10}
    assert (counts.sent, counts.tries, standing(city)) == (100, 100, {"sent": 100})
    assert list(city.connection().execute(text(TRIES))) == [("sent", 10, 100)]


def test_only_so_many_share_a_letter_that_the_others_can_go_soon_alone(city, engine, memory, issue):
    told(city, issue, 20)
    run(engine, doors(memory))
    assert sorted(letter.title for _, letter in memory.letters)[-1] == "【汇总】10件事项待查看"
    assert len(memory.letters) == 11


def test_a_letter_for_several_readers_says_for_whom_each_line_is(city, engine, memory, issue):
    told(city, issue, 20)
    run(engine, doors(memory))
    (several,) = (letter for _, letter in memory.letters if "汇总" in letter.title)
    assert [line.rpartition(" → ")[2] for line in several.body.splitlines()[:10]] == list(NAMES.values())[:10]


def test_what_is_urgent_goes_alone(city, engine, memory, issue):
    told(city, issue, 25, urgency=0)
    run(engine, doors(memory))
    assert (len(memory.letters), standing(city)) == (20, {"sent": 20, "pending": 5})


def test_a_refused_letter_is_each_ones_refusal_and_each_goes_alone_after_that(city, engine, memory, issue):
    told(city, issue, 20)
    memory.answer(ROBOT, Sent(Outcome.PERMANENT, "45002", "too long"))
    run(engine, doors(memory))
    assert standing(city) == {"sent": 10, "refused": 10}
    run(engine, doors(memory), now=MONDAY + MINUTE)
    assert (len(memory.letters), standing(city)) == (21, {"sent": 20})


def test_a_letter_in_doubt_leaves_each_of_its_messages_in_doubt_and_the_next_channel_takes_over(
    city, engine, memory, issue
):
    told(city, issue, 20)
    memory.answer(ROBOT, Sent(Outcome.UNKNOWN, "lost"))
    run(engine, doors(memory))
    assert Counter(address == ROBOT for address, _ in memory.letters) == {True: 11, False: 10}
    assert list(city.connection().execute(text(TRIES + " ORDER BY 1 DESC"))) == [("unknown", 1, 10), ("sent", 20, 20)]


def test_a_robot_that_is_gone_is_given_up_by_all_of_the_letter(city, engine, memory, issue):
    told(city, issue, 20)
    memory.answer(ROBOT, Sent(Outcome.PERMANENT, "93000", fault=Fault.ADDRESS))
    run(engine, doors(memory))
    assert ("permanent", 1, 10) in list(city.connection().execute(text(TRIES)))
    assert len(set(memory.addresses)) > 1, "the next channel takes over"


def test_when_they_cannot_be_written_together_each_goes_alone(city, engine, memory, issue, monkeypatch):
    begin_all = starting.begin_all

    def breaks(session, tries, *, also=None, **given):
        if any((also or {}).values()):
            session.connection().execute(text("SELECT 1/0"))
        return begin_all(session, tries, **given)

    monkeypatch.setattr(starting, "begin_all", breaks)
    told(city, issue, 30)
    run(engine, doors(memory))
    assert (standing(city), len(memory.letters)) == ({"sent": 18, "pending": 12}, 18)


def test_several_for_one_reader_at_a_crowded_mail_server_share_a_mail(city, engine, memory, issue, monkeypatch):
    city.connection().execute(
        text("UPDATE rule_set SET content = jsonb_set(content, '{policy,channel_limits}', :to)"),
        {"to": '{"mail": {"per_minute": 9}}'},
    )
    city.commit()
    monkeypatch.setattr(material, "_KEPT", {})
    for n in range(20):
        a_message(city, n=n, kind="passed", facts={}, issue_id=issue, person_code=list(NAMES)[n % 4])
    run(engine, doors(memory))
    assert (len(memory.letters), standing(city)) == (4, {"sent": 20})


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["wecombot://k?mentions=a,b&form=text", "wecombot://k?mentions=c,a"], "wecombot://k?mentions=a,b,c&form=text"),
        (["dingtalk://s@t/138", "dingtalk://s@t/139?users=u1"], "dingtalk://s@t/138/139?users=u1"),
        (["feishu://t?mentions=ou_1", "feishu://t"], "feishu://t?mentions=ou_1"),
        (["json://host/a?mentions=1", "json://host/a?mentions=2"], "json://host/a?mentions=1"),
    ],
)
def test_a_letter_for_several_mentions_them_all(addresses, expected):
    assert to_all(addresses) == expected


def test_a_robot_that_says_wait_is_left_alone_under_every_address(city, engine, memory, issue):
    """The same robot, told to mention somebody else, is the same robot."""
    one, other = "wecombot://key?mentions=a", "wecombot://key?mentions=b"
    city.connection().execute(text("DELETE FROM contact"))
    city.commit()
    readers = list(NAMES)[:2]
    for reader, address in zip(readers, (one, other), strict=True):
        a_contact(city, reader, "chat", address)
    memory.answer(one, Sent(Outcome.REFUSED, "45009", retry_after=timedelta(minutes=10)))
    a_message(city, n=1, person_code=readers[0], channels=["app", "chat"])
    run(engine, doors(memory))
    a_message(city, n=2, person_code=readers[1], channels=["app", "chat"])
    run(engine, doors(memory), now=MONDAY + MINUTE)
    assert memory.addresses == [one]
    run(engine, doors(memory), now=MONDAY + 10 * MINUTE)
    assert sorted(memory.addresses) == [one, one, other]


def test_a_letter_for_several_links_each_issue_for_its_own_reader(city, engine, memory, issue):
    told(city, issue, 20)
    for n, key in enumerate(an_issue(city) for _ in range(19)):
        city.connection().execute(text(OF_ANOTHER), {"issue": key, "nth": n})
    city.connection().execute(text("DELETE FROM message WHERE key NOT LIKE 'test-%'"))
    city.commit()
    send(engine, memory)
    (several,) = (letter for _, letter in memory.letters if "汇总" in letter.title)
    assert [ticket.person for ticket in tickets(several)] == list(NAMES)[:10]


OF_ANOTHER = (
    "UPDATE message SET issue_id = :issue WHERE id = (SELECT id FROM message WHERE key LIKE 'test-%'"
    " ORDER BY id OFFSET :nth LIMIT 1)"
)


def test_the_mornings_list_links_its_issues(city, engine, memory):
    keys = [an_issue(city, state="assigned", now=MONDAY) for _ in range(2)]
    city.connection().execute(text("DELETE FROM message"))
    a_contact(city, HANDLER, "chat", ROBOT)
    daily_digest(city, now=MONDAY)
    city.commit()
    send(engine, memory, now=MONDAY + 5 * MINUTE)
    (letter,) = (letter for address, letter in memory.letters if address == ROBOT)
    assert [(ticket.issue_id, ticket.person) for ticket in tickets(letter)] == [(key, HANDLER) for key in keys]
