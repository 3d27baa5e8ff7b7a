"""Loading the city pack again leaves alone what people proved, chose or took out of use."""

import pytest
from sqlmodel import Session, select

from models.unit import ChannelClass, Contact, Person, Proof
from services.cities import load, read_pack
from services.cities.pack import Pack
from services.contacts import in_order, switch_off
from tests.services.cities.packs import replace
from tests.services.cities.test_loading import LATER, NOW

R1 = "R1,mail,r1@example.invalid,1,1,1\n"


@pytest.fixture
def loaded_pack(session: Session, pack: Pack) -> Pack:
    load(session, pack, now=NOW)
    return pack


def again(session: Session, pack: Pack) -> None:
    session.flush()
    load(session, read_pack(pack.folder), now=LATER)


def the_contact(session: Session) -> Contact:
    return session.exec(select(Contact).where(Contact.person_code == "R1", Contact.channel == "mail")).one()


def test_what_the_pack_brings_is_vouched_for_by_the_administrator(session, loaded_pack):
    assert {one.proof for one in session.exec(select(Contact))} == {Proof.PACK}


def test_an_address_that_was_proved_here_outlives_a_pack_without_it(session, loaded_pack):
    own = Contact(
        person_code="R1",
        channel=ChannelClass.SMS,
        address="19900000077",
        verified_at=NOW,
        proof=Proof.CODE,
    )
    session.add(own)
    again(session, loaded_pack)

    session.refresh(own)
    assert own.switched_off_at is None


def test_one_that_the_pack_drops_outlives_it_when_its_owner_proved_it(session, loaded_pack):
    the_contact(session).proof = Proof.CODE
    replace(loaded_pack.folder / "contacts.csv", R1, "")
    again(session, loaded_pack)

    assert the_contact(session).switched_off_at is None


@pytest.mark.parametrize("why", ["dead", "removed"])
def test_what_was_switched_off_stays_off(session, loaded_pack, why):
    switch_off(the_contact(session), why=why, now=NOW)
    again(session, loaded_pack)

    assert (the_contact(session).switched_off_at, the_contact(session).switched_off_why) == (NOW, why)


def test_even_where_the_pack_moves_it(session, loaded_pack):
    switch_off(the_contact(session), why="dead", now=NOW)
    replace(loaded_pack.folder / "contacts.csv", R1, R1.replace(",1,1,1", ",5,1,1"))
    again(session, loaded_pack)

    assert (the_contact(session).switched_off_at, the_contact(session).position) == (NOW, 5)


def test_the_chosen_order_and_language_stay(session, loaded_pack):
    second = Contact(person_code="R1", channel=ChannelClass.SMS, address="1", proof=Proof.CODE, chosen_position=1)
    session.add(second)
    person = session.get(Person, "R1")
    assert person is not None
    person.chosen_lang = "en"
    again(session, loaded_pack)

    session.expire_all()
    assert in_order(session, "R1")[0].address == "1"
    assert session.get(Person, "R1").speaks == "en"
