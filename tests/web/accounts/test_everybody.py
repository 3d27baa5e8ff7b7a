"""Everybody's log-ins, for the administrator alone."""

import re

import httpx
import pytest
from sqlmodel import Session

from runtime import clock
from services import sessions
from services.sessions import Method
from tests.cast import DISTRICT_OFFICE, DUTY, HANDLER, OFFICE, VERIFIER
from tests.web.accounts.browser import give_app, is_in, open_sessions
from tests.web.visitor import log_in
from web.login import COOKIE

ADMINISTRATOR = "R00005"


@pytest.fixture
def administrator(city: Session, client: httpx.AsyncClient) -> Session:
    """Logged in properly, both steps."""
    now = clock.true_now(city)
    token = sessions.open_session(city, ADMINISTRATOR, method=Method.PASSWORD, device="d", now=now, second=True)
    city.commit()
    client.cookies.set(COOKIE, token)
    return city


@pytest.mark.parametrize("person", [HANDLER, OFFICE, DUTY, VERIFIER, DISTRICT_OFFICE])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/accounts"),
        ("GET", "/accounts/R00006"),
        ("POST", "/accounts/R00006/invite"),
        ("POST", "/accounts/R00006/end"),
        ("POST", "/accounts/R00006/bind"),
    ],
)
async def test_nobody_but_the_administrator_comes_in(
    city: Session, client: httpx.AsyncClient, person: str, method: str, path: str
) -> None:
    log_in(city, client, person)
    assert (await client.request(method, path)).status_code == 403


async def test_people_are_found_by_name(administrator: Session, client: httpx.AsyncClient) -> None:
    page = (await client.get("/accounts?q=何景行")).text
    assert "/accounts/R00006" in page
    assert "/accounts/R00007" not in page


async def test_an_invitation_is_shown_once_and_works(administrator: Session, client: httpx.AsyncClient) -> None:
    page = (await client.post("/accounts/R00006/invite")).text
    path = re.findall(r"/login/key/[\w-]+", page)[0]
    assert path not in (await client.get("/accounts/R00006")).text
    invited = httpx.AsyncClient(transport=client._transport, base_url="http://duban")
    assert (await invited.post(path)).status_code == 303
    assert await is_in(invited)


async def test_every_session_of_somebody_is_ended(administrator: Session, client: httpx.AsyncClient) -> None:
    other = httpx.AsyncClient(transport=client._transport, base_url="http://duban")
    log_in(administrator, other, HANDLER)
    await client.post("/accounts/R00006/end")
    assert not await is_in(other)


async def test_a_lost_phone_is_dealt_with(administrator: Session, client: httpx.AsyncClient) -> None:
    give_app(administrator, client)
    assert "手机丢失" in (await client.get("/accounts/R00006")).text
    await client.post("/accounts/R00006/second")
    assert "手机丢失" not in (await client.get("/accounts/R00006")).text


@pytest.mark.parametrize("path", ["/accounts/R77777", "/accounts/%00", "/accounts/<script>"])
async def test_somebody_who_is_not_there_is_not_found(
    administrator: Session, client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(path)).status_code == 404


async def test_a_provider_that_is_none_is_told(administrator: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post("/accounts/R00006/bind", data={"provider": "sso", "subject": "s"})
    assert answer.status_code == 409


async def test_in_a_demo_nobody_is_invited(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, ADMINISTRATOR)
    assert (await client.post("/accounts/R00006/invite")).status_code == 409
    assert len(open_sessions(city)) == 1
