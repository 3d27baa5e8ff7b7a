"""Which links a letter carries, for whom, through which door."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from models.message import Outcome
from models.rights import SYSTEM
from models.rule import RuleSet
from notifications.channels import Sent
from notifications.delivery import deliver
from notifications.kinds import KINDS
from notifications.links import OFFERS, PATH, Signs
from notifications.tickets import LONGEST, seal, unseal
from tests.cast import HANDLER, INSPECTOR, MONDAY, an_issue
from tests.notifications.desk import MAIL, PHONE, ROBOT, a_contact, a_message, doors, stands

KEY = "k" * 32
SIGNS = Signs((KEY,), "https://duban.example/")


def send(engine, memory, *, now=MONDAY):
    """Everything that waits, with links."""
    sessions = lambda: Session(engine, expire_on_commit=False)  # noqa: E731
    return deliver(sessions, now=lambda: now, channels=doors(memory), signs=SIGNS)


def tickets(letter):
    begins = f"https://duban.example{PATH}"
    tokens = [link.url.removeprefix(begins) for link in letter.links if link.url.startswith(begins)]
    return [unseal(token, keys=[KEY]) for token in tokens]


def purposes(letter):
    return [ticket.purpose.value for ticket in tickets(letter)]


def letters_to(memory, address):
    return [letter for to, letter in memory.letters if to == address]


@pytest.fixture
def one(city, engine, memory):
    """Sends one message about an issue in a state, and returns the letter at an address."""

    def sent(kind, *, state="assigned", to=MAIL, now=MONDAY, source="announced", facts=None, **fields):
        issue = an_issue(city, state=state, source=source)
        city.connection().exec_driver_sql("UPDATE message SET state = 'suppressed'")
        a_message(city, kind=kind, issue_id=issue, facts=facts or {}, **fields)
        send(engine, memory, now=now)
        (letter,) = letters_to(memory, to)
        return letter

    return sent


@pytest.mark.parametrize(
    ("kind", "state", "wanted"),
    [
        ("assigned", "assigned", ["sign_in", "hand_in", "read"]),
        ("assigned", "rectifying", ["hand_in", "read"]),
        ("assigned", "closed", ["read"]),
        ("due_warning", "rectifying", ["hand_in", "more_time", "read"]),
        ("overdue_notice", "rectifying", ["hand_in", "read"]),
        ("supervision_order_2", "assigned", ["sign_in", "hand_in", "read"]),
        ("failed_check", "rectifying", ["hand_in", "more_time", "read"]),
        ("stand_down", "closed", ["read"]),
    ],
)
def test_the_unit_gets_the_links_for_what_it_can_do_now(one, kind, state, wanted):
    assert purposes(one(kind, state=state, facts={"reason": "x"})) == wanted


def test_more_time_is_not_offered_after_the_deadline(one):
    letter = one("due_warning", state="rectifying", now=MONDAY + timedelta(days=30))

    assert "more_time" not in purposes(letter)


@pytest.mark.parametrize(("severity", "used", "offered"), [("S2", 0, False), ("S3", 0, True), ("S3", 1, False)])
def test_more_time_is_offered_only_where_the_rules_leave_some(city, engine, memory, severity, used, offered):
    key = an_issue(city, state="rectifying", severity=severity)
    city.connection().exec_driver_sql(f"UPDATE message SET state = 'suppressed'; UPDATE issue SET extensions = {used}")
    a_message(city, kind="due_warning", issue_id=key)
    send(engine, memory)

    (letter,) = letters_to(memory, MAIL)
    assert ("more_time" in purposes(letter)) is offered


def test_a_verifier_gets_the_link_to_pass_or_fail(one):
    letter = one("verification_wanted", state="rectified", post_code="5103:verifier", to="r00003@example.invalid")

    assert purposes(letter) == ["verify", "read"]


@pytest.mark.parametrize(("source", "wanted"), [("hotline_12345", ["confirm", "read"]), ("announced", ["read"])])
def test_who_reported_it_is_asked_only_where_the_public_did(one, source, wanted):
    letter = one(
        "passed",
        state="verified",
        source=source,
        person_code=INSPECTOR,
        post_code=None,
        why="finder",
        to="r00002@example.invalid",
    )

    assert purposes(letter) == wanted


def test_a_leader_who_is_informed_gets_a_link_to_read(one):
    letter = one("overdue_notice", state="rectifying", post_code="510302001:street_chief", to="r00014@example.invalid")

    assert purposes(letter) == ["read"]


def test_another_unit_gets_no_link_that_acts(one):
    letter = one("assigned", post_code="T510302001:handler", to="r00015@example.invalid")

    assert purposes(letter) == ["read"]


ALL, LOOK = ["sign_in", "hand_in", "read"], ["read"]


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (ROBOT, LOOK),
        ("wecombot://key", LOOK),
        ("dubanhooks://gateway.example", LOOK),
        ("wecom://corp:secret@1/hejingxing", ALL),
        ("wecom://corp:secret@1/hejingxing?form=text", ALL),
        ("wecom://corp:secret@1/one/two", LOOK),
        ("wecom://corp:secret@1/one%7Ctwo", LOOK),
        ("wecom://corp:secret@1/@all", LOOK),
        ("wecom://corp:secret@1/%232", LOOK),
        ("wecom://corp:secret@1/+tag", LOOK),
        ("mailtos://user:secret@mail.example", ALL),
    ],
)
def test_where_several_people_read_the_links_only_show(city, one, address, wanted):
    a_contact(city, HANDLER, "chat", address)

    assert purposes(one("assigned", channels=["app", "chat"], to=address)) == wanted


def test_a_city_may_let_the_links_of_a_group_act(city, one):
    a_contact(city, HANDLER, "chat", ROBOT)
    code, content = city.connection().exec_driver_sql("SELECT code, content FROM rule_set").one()
    content["policy"]["links"] = {"act_in_groups": True, "hours": 1}
    city.add(RuleSet(code="acts", content=content, created_at=MONDAY))
    city.flush()
    city.connection().exec_driver_sql("UPDATE city SET rule_set_code = 'acts'")

    letter = one("assigned", channels=["app", "chat"], to=ROBOT)

    assert (purposes(letter), tickets(letter)[0].expires_at) == (ALL, MONDAY + timedelta(hours=1))
    assert code != "acts"


def test_an_sms_has_no_link(city, one):
    a_contact(city, HANDLER, "sms", PHONE)

    letter = one("assigned", channels=["app", "sms"], to=PHONE)

    assert (letter.links, "http" in letter.text) == ((), False)


def test_a_message_about_no_issue_has_no_link(city, engine, memory):
    a_message(city)
    send(engine, memory)

    assert memory.letters[0][1].links == ()


def test_the_link_says_who_may_use_it_for_what_and_how_long(one):
    (ticket, *_) = tickets(one("assigned"))

    assert (ticket.person, ticket.post, ticket.cycle, ticket.rework) == (HANDLER, "D-CGJ:handler", 1, 0)
    assert ticket.expires_at == MONDAY + timedelta(hours=72)


def test_a_link_to_hand_in_lives_until_after_the_deadline(one):
    (_, ticket, _) = tickets(one("assigned"))

    assert ticket.expires_at.isoformat() == "2026-11-06T09:00:00+00:00"


def test_a_message_that_is_tried_again_carries_the_same_links(city, engine, memory):
    issue = an_issue(city, state="assigned")
    city.connection().exec_driver_sql("UPDATE message SET state = 'suppressed'")
    key = a_message(city, kind="assigned", issue_id=issue)
    memory.answer(MAIL, Sent(Outcome.REFUSED, "450"))
    send(engine, memory)
    send(engine, memory, now=stands(city, key).not_before)

    first, second = ([ticket.nonce for ticket in tickets(letter)] for letter in letters_to(memory, MAIL))
    assert first == second
    assert len(set(first)) == 3


def test_labels_are_in_the_readers_language(city, one):
    city.connection().exec_driver_sql("UPDATE person SET lang = 'en' WHERE code = 'R00006'")

    assert [link.label for link in one("assigned").links] == ["Sign in", "Hand in proof", "Look at it"]


def test_text_channels_write_the_links_below_the_body(one):
    letter = one("assigned")

    assert letter.text.startswith(letter.body + "\n签收: https://duban.example/l/")
    assert letter.text.count("https://") == 3


def test_a_letter_whose_links_fail_goes_out_without(city, engine, memory, monkeypatch, caplog):
    issue = an_issue(city, state="assigned")
    city.connection().exec_driver_sql("UPDATE message SET state = 'suppressed'")
    a_message(city, kind="assigned", issue_id=issue)
    monkeypatch.setattr("notifications.links.seal", lambda *_, **__: 1 / 0)
    send(engine, memory)

    assert [letter.links for letter in letters_to(memory, MAIL)] == [()]
    assert "has no links: ZeroDivisionError" in caplog.text


def test_every_kind_of_the_table_is_a_kind_of_message():
    assert OFFERS.keys() <= KINDS.keys()


def test_nothing_that_is_printed_shows_a_link_or_a_key(one):
    letter = one("assigned")

    assert "/l/" not in repr(letter)
    assert KEY not in repr(SIGNS)


@pytest.mark.parametrize("token", ["", "x", "a.b", "é.x", "x" * (LONGEST + 1), "WzFd.xxxx"])
def test_what_we_did_not_sign_is_no_ticket(token):
    assert unseal(token, keys=[KEY]) is None


def test_what_another_version_of_us_signed_is_no_ticket():
    odd = SimpleNamespace(
        purpose=SimpleNamespace(value="dance"),
        issue_id=1,
        person=SYSTEM.code,
        lang="en",
        cycle=1,
        rework=0,
        post="",
        nonce="n",
        expires_at=MONDAY,
    )

    assert unseal(seal(odd, keys=[KEY]), keys=[KEY]) is None


@pytest.mark.parametrize("sources", [{}, {"sources": []}])
def test_a_call_back_that_names_no_source_asks_every_finder(city, one, sources):
    content = city.connection().exec_driver_sql("SELECT content FROM rule_set").scalar_one()
    content["closeout"]["condition"] = [{"code": "call_back", **sources}]
    city.add(RuleSet(code="asks", content=content, created_at=MONDAY))
    city.flush()
    city.connection().exec_driver_sql("UPDATE city SET rule_set_code = 'asks'")
    finder = {"person_code": INSPECTOR, "post_code": None, "why": "finder", "to": "r00002@example.invalid"}

    assert purposes(one("passed", state="verified", source="covert", **finder)) == ["confirm", "read"]
