"""What every page does, whatever it is about."""

import re

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session

from runtime import clock
from services import sessions
from services.sessions import Method
from tests.cast import DUTY, HANDLER, OFFICE
from tests.web.visitor import log_in
from web.login import COOKIE


async def test_a_word_of_the_field_is_said_in_the_language_of_each_reader(
    client: httpx.AsyncClient, city: Session
) -> None:
    log_in(city, client, OFFICE)
    first = await client.get("/evidence/flags", params={"lang": "zh-CN"})
    second = await client.get("/evidence/flags", params={"lang": "en"})

    assert "确有问题" in first.text
    assert "确有问题" not in second.text


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/me/contacts/quiet", "/me/contacts"),
        ("/me/contacts/7/confirm", "/me/contacts"),
        ("/views", "/"),
        ("/login", "/login"),
    ],
)
async def test_the_other_language_of_a_refused_form_is_a_page(
    client: httpx.AsyncClient, city: Session, sent_to: str, page: str
) -> None:
    log_in(city, client, HANDLER)

    refused = await client.post(sent_to, data={"until": "x"}, headers={"Origin": "http://duban"})
    other = re.search(r'href="([^"?]+)\?[^"]*lang=en', refused.text)

    assert refused.status_code >= 400
    assert other
    assert other[1] == page
    assert (await client.get(page)).status_code in (200, 303)


async def test_who_asks_for_a_page_that_is_not_there_is_not_told_to_log_in(
    client: httpx.AsyncClient, city: Session
) -> None:
    log_in(city, client, DUTY)

    answer = await client.get("/nowhere")

    assert answer.status_code == 404
    assert 'href="/login"' not in answer.text


async def _first_page(client: httpx.AsyncClient, city: Session, person: str = "") -> str:
    city.connection().execute(text("UPDATE city SET demo = false"))
    now = clock.true_now(city)
    if person:
        token = sessions.open_session(city, person, method=Method.PASSWORD, device="test", now=now)
        client.cookies.set(COOKIE, token)
    city.commit()
    return (await client.get("/?lang=en")).text


async def test_the_first_page_of_a_real_city_leads_who_is_logged_in_on(
    client: httpx.AsyncClient, city: Session
) -> None:
    page = await _first_page(client, city, HANDLER)

    assert '<a class="tap w-100" href="/desk">My work</a>' in page


async def test_a_visitor_of_a_real_city_is_not_told_what_ails_it(client: httpx.AsyncClient, city: Session) -> None:
    page = await _first_page(client, city)

    assert 'role="alert"' not in page
    assert "Whoever finds" in page


async def test_a_refusal_names_no_field_by_its_code(client: httpx.AsyncClient, city: Session) -> None:
    log_in(city, client, OFFICE)
    typed = {"kind": "covert", "area": "", "points": "3", "inspector": "R00002", "key": "a-key"}

    answer = await client.post("/audits/new?lang=zh-CN", data=typed, headers={"Origin": "http://duban"})

    assert answer.status_code == 400
    assert "“发起督查”还需要：位置。" in answer.text
