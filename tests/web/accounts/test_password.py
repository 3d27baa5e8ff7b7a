"""Logging in by name and password, and out."""

import logging
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import Session

from runtime.settings import Settings
from tests.cast import HANDLER
from tests.web.accounts.browser import PASSWORD, give_password, is_in, log_in, open_sessions
from web.app import create_app
from web.login import COOKIE


@pytest.fixture
def known(city: Session) -> Session:
    give_password(city)
    return city


async def test_the_right_password_leads_on_to_the_page_wanted(known: Session, client: httpx.AsyncClient) -> None:
    answer = await log_in(client, next="/more?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/more?x=1")
    assert await is_in(client)


async def test_scripts_cannot_read_the_cookie_and_other_sites_forms_do_not_send_it(
    known: Session, client: httpx.AsyncClient
) -> None:
    cookies = (await log_in(client)).headers.get_list("set-cookie")
    (session,) = [cookie for cookie in cookies if cookie.startswith(COOKIE)]
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in session.split(";")}
    assert all("HttpOnly" in cookie for cookie in cookies)


async def test_a_wrong_one_says_no_more_than_that_and_keeps_the_name(known: Session, client: httpx.AsyncClient) -> None:
    wrong = await log_in(client, password="wrong wrong wrong")
    nobody = await log_in(client, person="R77777")
    assert wrong.status_code == nobody.status_code == 403
    assert wrong.text.replace(HANDLER, "R77777") == nobody.text
    assert f'value="{HANDLER}"' in wrong.text
    assert "wrong wrong wrong" not in wrong.text
    assert not await is_in(client)


async def test_the_sixth_try_in_a_row_waits(known: Session, client: httpx.AsyncClient) -> None:
    answers = [(await log_in(client, password="wrong wrong wrong")).status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


async def test_a_phone_number_written_in_many_ways_is_one_name(known: Session, client: httpx.AsyncClient) -> None:
    ways = ["+8613900000001", "139-0000-0001", "(139) 0000 0001", "+86 139.0000.0001", "13900000001", "139 0000-0001"]
    answers = [(await log_in(client, person=way, password="wrong wrong wrong")).status_code for way in ways]
    assert answers == [403] * 5 + [429]


async def test_a_browser_that_was_in_before_gets_in_while_strangers_guess(
    known: Session, client: httpx.AsyncClient
) -> None:
    await log_in(client)
    await client.post("/logout")
    for _ in range(6):
        await log_in(httpx.AsyncClient(transport=client._transport, base_url="http://duban"), password="x" * 12)
    stranger = httpx.AsyncClient(transport=client._transport, base_url="http://duban")
    assert (await log_in(stranger)).status_code == 429
    assert (await log_in(client)).status_code == 303


async def test_each_log_in_has_a_cookie_of_its_own(known: Session, client: httpx.AsyncClient) -> None:
    given = [(await log_in(client, password=PASSWORD)).cookies[COOKIE] for _ in range(2)]
    assert given[0] != given[1]


async def test_a_cookie_that_somebody_planted_opens_nothing(known: Session, client: httpx.AsyncClient) -> None:
    client.cookies.set(COOKIE, "planted")
    assert (await log_in(client)).cookies[COOKIE] != "planted"


async def test_logging_out_ends_the_session_on_the_server(known: Session, client: httpx.AsyncClient) -> None:
    await log_in(client)
    stolen = next(cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE)
    answer = await client.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    client.cookies.set(COOKIE, stolen)
    assert not await is_in(client)


async def test_logging_out_is_no_link(known: Session, client: httpx.AsyncClient) -> None:
    await log_in(client)
    assert (await client.get("/logout")).status_code == 405
    assert (await client.post("/logout", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403
    assert await is_in(client)


async def test_another_sites_form_logs_nobody_in(known: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/login", data={"name": HANDLER, "password": PASSWORD}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert open_sessions(known) == []


async def test_nobody_is_led_to_another_site(known: Session, client: httpx.AsyncClient) -> None:
    page = (await client.get("/login?next=https://evil.example")).text
    assert '<input type="hidden" name="next" value="/desk">' in page
    assert 'href="/login/link?next=/desk"' in page
    assert (await log_in(client, next="//evil.example")).headers["location"] == "/desk"


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "{{ 7*7 }}", "\x00", "密" * 3000, "%00%ff"])
async def test_hostile_names_are_only_text(known: Session, client: httpx.AsyncClient, text: str) -> None:
    answer = await log_in(client, person=text)
    assert answer.status_code == 403
    assert "<script>alert" not in answer.text


async def test_a_form_of_a_megabyte_is_not_read(known: Session, client: httpx.AsyncClient) -> None:
    assert (await log_in(client, person="x" * 1_000_000)).status_code == 413


async def test_no_log_line_holds_the_password(
    known: Session, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await log_in(client)
    await log_in(client, password="another very secret one")
    assert PASSWORD not in caplog.text
    assert "another very secret one" not in caplog.text


async def test_whoever_is_in_already_goes_on(known: Session, client: httpx.AsyncClient) -> None:
    await log_in(client)
    assert (await client.get("/login?next=/more")).headers["location"] == "/more"


async def test_over_https_every_cookie_goes_there_alone(known: Session, database_url: str, tmp_path: Path) -> None:
    settings = Settings(
        database_url=SecretStr(database_url), home=tmp_path, lang="zh-CN", public_url="https://duban.example"
    )
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://duban.example") as client,
    ):
        cookies = (await log_in(client)).headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie for cookie in cookies)
