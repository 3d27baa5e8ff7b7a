"""What a person chooses: order, quiet hours, language; and what the city pack may not undo."""

from datetime import time

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.errors import ActionNotAllowed, NotFound, WrongValue
from models.message import MessageState
from models.unit import Contact, Person, Proof
from notifications import inbox
from notifications.people import addresses_of
from services import contacts
from services.contacts import Standing
from tests.cast import HANDLER, MONDAY, OFFICE, STRANGER, at, who
from tests.notifications.desk import MAIL, PHONE, ROBOT, Memory, a_contact, a_message, doors, run, stands, tries

ADMINISTRATOR = "R00005"


@pytest.fixture
def three(city: Session) -> Session:
    """The handler has a mailbox from the city pack, then a robot, then a phone."""
    a_contact(city, HANDLER, "chat", ROBOT, position=2)
    a_contact(city, HANDLER, "sms", PHONE, position=3)
    return city


def ids(session: Session) -> dict[str, int]:
    return {one.address: one.id or 0 for one in contacts.in_order(session, HANDLER)}


def used(session: Session) -> list[str]:
    return [one.address for one in addresses_of(session, [HANDLER]).get(HANDLER, ())]


def test_the_list_shows_each_in_order_masked_with_who_vouches(three):
    shown = contacts.listing(three, by=who(three, HANDLER), person_code=HANDLER, now=MONDAY)

    assert [one.address for one in shown] == ["r***@example.invalid", "robot://…", "199****0001"]
    assert {(one.standing, one.proof) for one in shown} == {(Standing.USED, Proof.PACK)}


def test_what_was_never_confirmed_is_vouched_for_by_nobody(city):
    a_contact(city, HANDLER, "sms", PHONE, verified_at=None, position=9)
    last = contacts.listing(city, by=who(city, HANDLER), person_code=HANDLER, now=MONDAY)[-1]

    assert (last.standing, last.proof) == (Standing.NOT_CONFIRMED, None)


def test_the_chosen_order_decides_who_comes_next(three, engine: Engine):
    key = ids(three)
    contacts.order(three, by=who(three, HANDLER), person_code=HANDLER, contact_ids=[key[PHONE], key[ROBOT]])
    three.commit()

    assert used(three) == [PHONE, ROBOT, MAIL]


@pytest.mark.parametrize("wrong", ["twice", "strange"])
def test_an_order_names_each_contact_of_the_person_once(three, wrong):
    key = ids(three)
    given = [key[PHONE], key[PHONE]] if wrong == "twice" else [999_999]

    with pytest.raises(WrongValue):
        contacts.order(three, by=who(three, HANDLER), person_code=HANDLER, contact_ids=given)


def test_in_quiet_hours_a_message_waits_and_an_urgent_one_passes(three, engine):
    contacts.quiet(three, by=who(three, HANDLER), person_code=HANDLER, hours=(time(18), time(6)))
    three.commit()
    evening, memory = at("2026-11-02 19:00"), Memory()
    ordinary = a_message(three, now=evening)
    urgent = a_message(three, now=evening, n=2, urgency=0)
    run(engine, doors(memory), now=evening)

    assert (stands(three, ordinary).state, tries(three, ordinary)) == (MessageState.PENDING, [])
    assert tries(three, urgent) == [(MAIL, "sent")]
    run(engine, doors(memory), now=at("2026-11-03 07:30"))  # the city's own, until half past seven, end later
    assert tries(three, ordinary) == [(MAIL, "sent")]


def test_hours_of_a_contact_go_before_the_persons(three):
    contacts.quiet(three, by=who(three, HANDLER), person_code=HANDLER, hours=(time(18), time(6)))
    own = three.exec(select(Contact).where(Contact.address == PHONE)).one()
    own.quiet_from, own.quiet_to = time(12), time(14)
    three.flush()

    found = {one.address: (one.quiet_from, one.quiet_to) for one in addresses_of(three, [HANDLER])[HANDLER]}
    assert (found[PHONE], found[MAIL]) == ((time(12), time(14)), (time(18), time(6)))


@pytest.mark.parametrize("hours", [(time(6), time(19)), (time(8), time(8)), (time(20), time(9))])
def test_nobody_is_quiet_for_more_than_half_the_day(three, hours):
    with pytest.raises(WrongValue):
        contacts.quiet(three, by=who(three, HANDLER), person_code=HANDLER, hours=hours)


def test_the_chosen_language_is_that_of_messages_and_inbox(three, engine):
    contacts.speak(three, by=who(three, HANDLER), person_code=HANDLER, lang="en")
    memory = Memory()
    a_message(three)
    run(engine, doors(memory))

    assert memory.letters[0][1].title.startswith("[Watchdog]")
    assert inbox.entries(three, HANDLER, now=MONDAY)[0].title.startswith("[Watchdog]")


def test_a_removed_contact_is_not_used_and_says_so(three):
    left = contacts.remove(three, by=who(three, HANDLER), contact_id=ids(three)[MAIL], now=MONDAY)

    assert (left, used(three)) == (2, [ROBOT, PHONE])
    shown = contacts.listing(three, by=who(three, HANDLER), person_code=HANDLER, now=MONDAY)[0]
    assert (shown.standing, shown.off_why) == (Standing.OFF, "removed")


@pytest.mark.parametrize("verb", ["list", "order", "quiet", "speak"])
def test_others_decide_nothing_here_not_even_the_office(three, verb):
    by = who(three, OFFICE)
    with pytest.raises(ActionNotAllowed):
        {
            "list": lambda: contacts.listing(three, by=by, person_code=HANDLER, now=MONDAY),
            "order": lambda: contacts.order(three, by=by, person_code=HANDLER, contact_ids=[]),
            "quiet": lambda: contacts.quiet(three, by=by, person_code=HANDLER, hours=None),
            "speak": lambda: contacts.speak(three, by=by, person_code=HANDLER, lang="en"),
        }[verb]()


def test_whose_contact_it_is_is_not_told_to_others(three):
    for key in (ids(three)[MAIL], 999_999):
        with pytest.raises(NotFound):
            contacts.remove(three, by=who(three, STRANGER), contact_id=key, now=MONDAY)


def test_the_administrator_may(three):
    contacts.speak(three, by=who(three, ADMINISTRATOR), person_code=HANDLER, lang="en")

    person = three.get(Person, HANDLER)
    assert person is not None
    assert person.speaks == "en"
