"""The operators' page: who may open it, what it shows, and sending again from it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.message import Attempt, Message, MessageState, Outcome
from notifications.operator_ticket import OperatorTicket, seal
from notifications.tickets import unseal
from runtime import clock
from runtime.keys import link_keys
from runtime.settings import Settings
from services import operators, people
from tests.cast import DUTY, HANDLER, OFFICE
from tests.notifications.desk import a_message

ADDRESS = "secret-reader@example.org"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def link(city: Session, settings: Settings) -> Iterator[str]:
    """The page of the duty officer."""
    return a_link(city, settings, DUTY)


def a_link(session: Session, settings: Settings, person: str, *, minutes: int = 30) -> str:
    ticket = OperatorTicket(person, clock.now(session) + timedelta(minutes=minutes))
    return f"/outbox/{seal(ticket, keys=link_keys(settings))}"


def lost(session: Session, *, state: str = "failed", outcome: str = "permanent", n: int = 0) -> int:
    """A message by mail that ended badly."""
    now = clock.now(session)
    key = a_message(session, n=n, now=now - timedelta(hours=1))
    message = session.get_one(Message, key)
    message.state, message.finished_at = MessageState(state), now
    session.add(
        Attempt(
            message_id=key,
            person_code=HANDLER,
            channel="mail",
            address=ADDRESS,
            outcome=Outcome(outcome),
            code="550",
            started_at=now,
            finished_at=now,
        )
    )
    session.commit()
    return key


def copies(session: Session, key: int) -> int:
    session.rollback()
    return len(session.exec(select(Message).where(col(Message.resent_from) == key)).all())


async def test_the_page_shows_what_was_lost_and_why(client: httpx.AsyncClient, city: Session, link: str) -> None:
    key = lost(city)
    page = (await client.get(link)).text

    assert f"<strong>{key}</strong>" in page
    assert "<p>系统告警 · " in page
    assert "邮箱不存在或拒收" in page
    assert "no such mailbox" in (await client.get(f"{link}?lang=en")).text


async def test_the_page_shows_no_address(client: httpx.AsyncClient, city: Session, link: str) -> None:
    lost(city)

    assert ADDRESS not in (await client.get(link)).text


async def test_the_list_is_filtered_and_pages_on(client: httpx.AsyncClient, city: Session, link: str) -> None:
    keys = [lost(city, n=n) for n in range(60)]
    first = (await client.get(f"{link}?channel=mail&state=failed")).text
    older = re.search(r'class="more" href="([^"]+)"', first)

    assert older
    assert f"<strong>{keys[0]}</strong>" not in first
    assert f"<strong>{keys[0]}</strong>" in (await client.get(older[1].replace("&amp;", "&"))).text
    assert "<strong>" not in (await client.get(f"{link}?channel=wecombot")).text


async def test_one_message_is_sent_again(client: httpx.AsyncClient, city: Session, link: str) -> None:
    key = lost(city)
    answer = await client.post(link, data={"message": str(key)})

    assert answer.status_code == 303
    assert copies(city, key) == 1
    assert operators.acts(city)[0].person_code == DUTY


async def test_all_of_a_channel_are_sent_again(client: httpx.AsyncClient, city: Session, link: str) -> None:
    keys = [lost(city, n=n) for n in range(3)]
    await client.post(link, data={"channel": "mail", "state": "failed"})

    assert [copies(city, key) for key in keys] == [1, 1, 1]


async def test_a_second_tap_sends_nothing_twice(client: httpx.AsyncClient, city: Session, link: str) -> None:
    key = lost(city)
    for _ in range(2):
        await client.post(link, data={"message": str(key)})
        await client.post(link, data={"channel": "mail", "state": "failed"})

    assert copies(city, key) == 1


async def test_what_may_double_is_asked_about_first(client: httpx.AsyncClient, city: Session, link: str) -> None:
    key = lost(city, state="unknown", outcome="unknown")
    asked = await client.post(link, data={"message": str(key)})
    assert asked.status_code == 409
    assert 'name="sure"' in asked.text
    assert copies(city, key) == 0

    await client.post(link, data={"message": str(key), "sure": "yes"})

    assert copies(city, key) == 1


async def test_looking_changes_nothing(client: httpx.AsyncClient, city: Session, link: str) -> None:
    lost(city)
    before = city.connection().execute(text("SELECT count(*) FROM message")).scalar_one()
    city.rollback()
    for _ in range(3):
        await client.get(f"{link}?message=1&sure=yes")

    assert city.connection().execute(text("SELECT count(*) FROM message")).scalar_one() == before


async def test_a_link_that_is_none_opens_nothing(client: httpx.AsyncClient, city: Session) -> None:
    assert (await client.get("/outbox/x.y")).status_code == 404


async def test_a_link_whose_time_is_over_opens_nothing(
    client: httpx.AsyncClient, city: Session, settings: Settings
) -> None:
    assert (await client.get(a_link(city, settings, DUTY, minutes=-1))).status_code == 410


@pytest.mark.parametrize("person", [HANDLER, "R77777"])
async def test_a_link_of_somebody_without_the_right_opens_nothing(
    client: httpx.AsyncClient, city: Session, settings: Settings, person: str
) -> None:
    key = lost(city)
    link = a_link(city, settings, person)

    assert (await client.get(link)).status_code == 403
    assert (await client.post(link, data={"message": str(key)})).status_code == 403
    assert copies(city, key) == 0


async def test_the_right_is_asked_for_each_time(client: httpx.AsyncClient, city: Session, settings: Settings) -> None:
    link = a_link(city, settings, OFFICE)
    assert (await client.get(link)).status_code == 200
    city.connection().execute(text("UPDATE tenure SET valid_to = valid_from WHERE person_code = :who"), {"who": OFFICE})
    city.commit()
    assert not operators.operates(city, people.actor(city, OFFICE, now=clock.now(city)))

    assert (await client.get(link)).status_code == 403


async def test_the_link_is_good_for_nothing_else(link: str, settings: Settings) -> None:
    assert unseal(link.removeprefix("/outbox/"), keys=link_keys(settings)) is None


async def test_a_form_from_elsewhere_is_refused(client: httpx.AsyncClient, city: Session, link: str) -> None:
    key = lost(city)
    answer = await client.post(link, data={"message": str(key)}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert copies(city, key) == 0


async def test_the_page_hands_its_address_to_nobody(client: httpx.AsyncClient, city: Session, link: str) -> None:
    headers = (await client.get(link)).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["state=lost", "before=x", "before=99999999999999999999"])
async def test_filters_that_are_none_are_refused(
    client: httpx.AsyncClient, city: Session, link: str, query: str
) -> None:
    assert (await client.get(f"{link}?{query}")).status_code == 400
