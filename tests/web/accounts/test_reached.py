"""One's contacts: added and proved, ordered, removed; quiet hours."""

import re
from datetime import time, timedelta

import httpx
import pytest
from sqlmodel import Session, col, select, update

from models.account import LoginSession
from models.unit import Contact, Person
from runtime import clock
from tests.cast import HANDLER, OFFICE
from tests.notifications.desk import Memory
from tests.web.accounts.browser import catch_letters, give_password, log_in
from tests.web.visitor import log_in as go_in

PHONE = "19900000001"


@pytest.fixture
async def memory(city: Session, client: httpx.AsyncClient) -> Memory:
    """The handler is logged in; letters stay here."""
    give_password(city)
    await log_in(client)
    return catch_letters(client)


def theirs(session: Session, person: str = HANDLER) -> list[tuple[str, bool]]:
    session.rollback()
    query = select(Contact).where(Contact.person_code == person)
    order = (col(Contact.chosen_position).nulls_last(), col(Contact.position), col(Contact.id))
    rows = session.exec(query.order_by(*order).execution_options(populate_existing=True))
    return [(row.address, bool(row.verified_at and not row.switched_off_at)) for row in rows]


def key_of(session: Session, address: str) -> int:
    session.rollback()
    return session.exec(select(Contact.id).where(Contact.address == address)).one()


async def add(client: httpx.AsyncClient, address: str = PHONE, channel: str = "sms") -> httpx.Response:
    return await client.post("/me/contacts", data={"channel": channel, "address": address})


async def test_a_phone_is_added_proved_and_tried_first(
    city: Session, client: httpx.AsyncClient, memory: Memory
) -> None:
    assert (await add(client)).status_code == 303
    key, code = key_of(city, PHONE), re.findall(r"\d{6}", memory.letters[-1][1].body)[0]
    await client.post(f"/me/contacts/{key}/confirm", data={"code": code})
    await client.post(f"/me/contacts/{key}/first")
    assert theirs(city) == [(PHONE, True), ("r00006@example.invalid", True)]


async def test_a_wrong_code_is_told_at_the_contact(city: Session, client: httpx.AsyncClient, memory: Memory) -> None:
    await add(client)
    answer = await client.post(f"/me/contacts/{key_of(city, PHONE)}/confirm", data={"code": "000000"})
    assert answer.status_code == 409
    assert "4" in answer.text.split('role="alert"')[1][:200]
    assert theirs(city)[-1] == (PHONE, False)


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("sms", "call me"),
        ("mail", "<script>alert(1)</script>"),
        ("chat", "json://127.0.0.1/"),
        ("fax", PHONE),
        ("", ""),
    ],
)
async def test_what_is_no_address_is_told_and_kept_in_the_form(
    city: Session, client: httpx.AsyncClient, memory: Memory, channel: str, address: str
) -> None:
    answer = await add(client, address, channel)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text
    assert memory.letters == []


async def test_an_address_is_masked(city: Session, client: httpx.AsyncClient, memory: Memory) -> None:
    await add(client)
    assert PHONE not in (await client.get("/me/contacts")).text


async def test_a_contact_is_removed(city: Session, client: httpx.AsyncClient, memory: Memory) -> None:
    await client.post(f"/me/contacts/{key_of(city, 'r00006@example.invalid')}/remove")
    assert theirs(city) == [("r00006@example.invalid", False)]


@pytest.mark.parametrize("act", ["confirm", "code", "remove"])
async def test_contacts_of_others_are_not_there(
    city: Session, client: httpx.AsyncClient, memory: Memory, act: str
) -> None:
    key = key_of(city, "r00001@example.invalid")
    assert (await client.post(f"/me/contacts/{key}/{act}", data={"code": "1"})).status_code == 404
    assert theirs(city, OFFICE) == [("r00001@example.invalid", True)]


async def test_quiet_hours_are_kept_and_given_up(city: Session, client: httpx.AsyncClient, memory: Memory) -> None:
    for given, kept in ((("21:30", "07:00"), (time(21, 30), time(7))), (("", ""), (None, None))):
        await client.post("/me/contacts/quiet", data=dict(zip(("from", "until"), given, strict=True)))
        city.rollback()
        person = city.get_one(Person, HANDLER, populate_existing=True)
        assert (person.quiet_from, person.quiet_to) == kept


@pytest.mark.parametrize("given", [("21:30", ""), ("x", "y"), ("08:00", "22:00")])
async def test_quiet_hours_that_are_none_are_told(
    city: Session, client: httpx.AsyncClient, memory: Memory, given: tuple[str, str]
) -> None:
    answer = await client.post("/me/contacts/quiet", data=dict(zip(("from", "until"), given, strict=True)))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


async def test_whoever_finds_a_browser_open_adds_no_way_to_log_in(
    city: Session, client: httpx.AsyncClient, memory: Memory
) -> None:
    earlier = clock.true_now(city) - timedelta(minutes=16)
    city.exec(update(LoginSession).values(opened_at=earlier))
    city.commit()
    assert (await add(client)).status_code == 409
    assert memory.letters == []


async def test_in_a_demo_none_is_added(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    go_in(city, client, HANDLER)
    assert (await add(client)).status_code == 409
    assert memory.letters == []
