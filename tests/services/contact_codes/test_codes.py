"""An address is used only once the code that went there, and nowhere else, was typed."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.errors import ActionNotAllowed, NotFound, WrongValue
from models.message import Outcome
from models.unit import Contact, ContactCode, Proof
from notifications.channels import Channels, Sent
from notifications.people import addresses_of
from services import contact_codes, contacts
from services.administering import history
from services.contact_codes import GOOD_FOR, TRIES, NoCodeWaits, NoDoor, WrongCode
from tests.cast import HANDLER, MONDAY, STRANGER, who
from tests.notifications.desk import doors
from tests.services.contact_codes.conftest import ADMINISTRATOR, MAIL, NEW, SMS


def used(session: Session, person: str = HANDLER) -> list[str]:
    session.rollback()
    return [one.address for one in addresses_of(session, [person]).get(person, ())]


def row(session: Session, key: int) -> Contact:
    session.rollback()
    found = session.get(Contact, key, populate_existing=True)
    assert found is not None
    return found


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_goes_to_that_address_and_nowhere_else(ask, memory):
    asked = ask()

    ((address, letter),) = memory.letters
    assert address == NEW
    assert re.findall(r"\d{6}", letter.body) == [asked.code]
    assert letter.sms.values == (asked.code,)


def test_before_the_code_is_typed_the_address_is_not_used(city, ask):
    ask()

    assert NEW not in used(city)


def test_the_right_code_takes_it_into_use(city, ask, confirm):
    asked = ask()
    confirm(asked.contact_id, f" {asked.code[:3]} {asked.code[3:]} ")

    assert NEW in used(city)
    assert row(city, asked.contact_id).proof == Proof.CODE


def test_full_width_digits_with_a_blank_are_the_same_code(city, ask, confirm):
    asked = ask()
    wide = asked.code.translate({ord(one): ord(one) + 0xFEE0 for one in "0123456789"})
    confirm(asked.contact_id, f"{wide[:3]} {wide[3:]}")

    assert NEW in used(city)


@pytest.mark.parametrize("typed", ["", "\udcff", "六位数字", "1" * 5000])
def test_what_is_no_code_is_a_wrong_one(ask, confirm, typed):
    with pytest.raises(WrongCode):
        confirm(ask().contact_id, typed)


def test_the_code_is_kept_nowhere(city, ask):
    asked = ask()
    city.rollback()
    tables = city.connection().execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    kept = [city.connection().execute(text(f'SELECT t::text FROM "{name}" t')).all() for (name,) in tables.all()]

    assert asked.code not in re.findall(r"(?<![0-9a-f])\d{6}(?![0-9a-f])", str(kept))
    assert asked.code not in repr(asked)


def test_the_same_code_hashes_differently_each_time():
    assert contact_codes._hash("123456", "00" * 16) != contact_codes._hash("123456", "01" * 16)


def test_a_code_counts_once(ask, confirm):
    asked = ask()
    confirm(asked.contact_id, asked.code)

    with pytest.raises(NoCodeWaits):
        confirm(asked.contact_id, asked.code)


def test_after_ten_minutes_it_has_run_out(ask, confirm):
    asked = ask()

    with pytest.raises(NoCodeWaits):
        confirm(asked.contact_id, asked.code, now=MONDAY + GOOD_FOR)


def test_a_wrong_code_says_how_many_tries_are_left(ask, confirm):
    asked = ask()

    with pytest.raises(WrongCode, match="Tries left: 4"):
        confirm(asked.contact_id, another(asked.code))


def test_five_wrong_tries_end_it_even_for_the_right_code(city, ask, confirm):
    asked = ask()
    for _ in range(TRIES):
        with pytest.raises(WrongCode):
            confirm(asked.contact_id, another(asked.code))

    with pytest.raises(NoCodeWaits):
        confirm(asked.contact_id, asked.code)
    assert NEW not in used(city)


def test_many_guessing_at_once_have_five_tries_together(city, sessions, ask):
    asked, actor = ask(), who(city, HANDLER)
    city.rollback()
    start = Barrier(12)

    def guess(_: int) -> str:
        start.wait()
        try:
            contact_codes.confirm(sessions, by=actor, contact_id=asked.contact_id, code=another(asked.code), now=MONDAY)
        except (WrongCode, NoCodeWaits) as error:
            return error.code
        return "taken"

    with ThreadPoolExecutor(12) as crew:
        ended = list(crew.map(guess, range(12)))
    assert (ended.count("wrong_code"), ended.count("no_code_waits")) == (TRIES, 7)


def test_a_new_code_ends_the_one_before(ask, confirm):
    first = ask()
    second = ask(now=MONDAY + timedelta(minutes=2))
    if first.code != second.code:
        with pytest.raises(WrongCode):
            confirm(first.contact_id, first.code, now=MONDAY + timedelta(minutes=2))
    confirm(first.contact_id, second.code, now=MONDAY + timedelta(minutes=2))
    with pytest.raises(NoCodeWaits):
        confirm(first.contact_id, first.code, now=MONDAY + timedelta(minutes=2))


def test_an_administrator_does_it_for_somebody(city, ask, confirm):
    asked = ask(by=ADMINISTRATOR)
    confirm(asked.contact_id, asked.code, by=ADMINISTRATOR)

    assert NEW in used(city)


def test_others_may_not(ask, confirm, memory):
    with pytest.raises(ActionNotAllowed):
        ask(by=STRANGER)
    assert memory.letters == []


def test_the_contact_of_somebody_else_is_not_there(ask, confirm):
    asked = ask()

    with pytest.raises(NotFound):
        confirm(asked.contact_id, asked.code, by=STRANGER)


def test_a_contact_that_was_switched_off_is_used_again_after_a_new_code(city, sessions, memory, ask, confirm):
    key = city.exec(select(Contact.id).where(Contact.person_code == HANDLER)).one()
    contacts.remove(city, by=who(city, HANDLER), contact_id=key, now=MONDAY)
    city.commit()
    assert used(city) == []

    asked = contact_codes.ask_again(sessions, doors(memory), by=who(city, HANDLER), contact_id=key, now=MONDAY)
    assert used(city) == []
    confirm(key, asked.code)
    assert used(city) == ["r00006@example.invalid"]
    assert row(city, key).switched_off_why is None


def test_a_new_address_replaces_the_old_one_only_when_it_is_confirmed(city, ask, confirm):
    old = city.exec(select(Contact.id).where(Contact.person_code == HANDLER)).one()
    asked = ask("new@example.org", MAIL, instead_of=old)
    assert used(city) == ["r00006@example.invalid"]

    confirm(asked.contact_id, asked.code)
    assert used(city) == ["new@example.org"]
    assert row(city, old).switched_off_why == "replaced"


def test_it_replaces_no_contact_of_another_person(city, ask):
    other = city.exec(select(Contact.id).where(Contact.person_code == STRANGER)).one()

    with pytest.raises(WrongValue):
        ask(by=ADMINISTRATOR, instead_of=other)
    with pytest.raises(NotFound):
        ask(instead_of=other)


def test_without_a_gateway_nothing_is_asked_for(city, sessions):
    actor = who(city, HANDLER)
    city.rollback()
    given = {"person_code": HANDLER, "channel": SMS, "address": NEW, "now": MONDAY}

    with pytest.raises(NoDoor):
        contact_codes.ask(sessions, Channels({}), by=actor, **given)
    assert city.exec(select(ContactCode)).all() == []


def test_how_the_sending_ended_is_told_and_kept(city, ask, memory):
    memory.answer(NEW, Sent(Outcome.REFUSED, "isv.LIMIT"))
    asked = ask()
    city.rollback()

    assert asked.sent.outcome == Outcome.REFUSED
    assert city.exec(select(ContactCode.outcome)).one() == "refused isv.LIMIT"


def test_a_channel_that_breaks_leaves_a_code_of_unknown_outcome(ask, memory):
    memory.answer(NEW, RuntimeError("secret"))

    assert ask().sent.outcome == Outcome.UNKNOWN


def test_the_words_are_in_the_persons_language(ask, memory):
    ask(by="R00024", person="R00024")

    assert memory.letters[0][1].body.startswith("Your code is ")


def test_an_address_stands_in_the_history_masked_as_it_is_given_confirmed_and_replaced(city, ask, confirm):
    old = contacts.in_order(city, HANDLER)[0]
    asked = ask(instead_of=old.id)
    confirm(asked.contact_id, asked.code)
    city.rollback()

    lines = [one.changed for one in reversed(history(city, table="contacts"))]
    kinds = [(one.kind.value, one.after.get("verified")) for one in lines]
    assert kinds == [("new", "0"), ("changed", "1"), ("ended", None)]
    assert {one.who for one in history(city, table="contacts")} == {HANDLER}
    assert NEW not in str(lines)
