"""Sessions that are made up, stolen, or over."""

from datetime import timedelta
from hashlib import sha256

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import Session, select

from models.account import LoginSession
from runtime import clock
from runtime.settings import Settings
from tests.cast import HANDLER, OFFICE
from tests.web.visitor import log_in
from web.app import create_app
from web.login import COOKIE

MADE_UP = ["x", "0", "' OR '1'='1", "%00", "null", "A" * 43, "A" * 6000, "é", "../../etc/passwd", OFFICE, "[]", '"']


async def is_in(client: httpx.AsyncClient) -> bool:
    return (await client.get("/more")).status_code == 200


async def test_a_made_up_session_opens_nothing(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    client.cookies.clear()
    for value in MADE_UP:
        answer = await client.get("/more", headers=[(b"cookie", f"{COOKIE}={value}".encode("latin-1"))])
        assert answer.status_code == 303, value


async def test_what_the_database_keeps_of_a_session_opens_nothing(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    kept = city.exec(select(LoginSession)).one().token_hash
    assert kept == sha256(client.cookies[COOKIE].encode()).hexdigest()
    client.cookies.set(COOKIE, kept)
    assert not await is_in(client)


async def test_a_session_that_was_left_cannot_be_used_again(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    stolen = client.cookies[COOKIE]
    assert await is_in(client)
    await client.post("/logout")
    client.cookies.clear()
    client.cookies.set(COOKIE, stolen)
    assert not await is_in(client)


@pytest.mark.parametrize("column", ["expires_at", "seen_at"])
async def test_a_session_is_over_after_its_time(city: Session, client: httpx.AsyncClient, column: str) -> None:
    log_in(city, client, OFFICE)
    long_ago = clock.true_now(city) - (timedelta(days=4) if column == "seen_at" else timedelta(seconds=1))
    city.connection().execute(update(LoginSession).values({column: long_ago}))
    city.commit()
    assert not await is_in(client)


async def test_nobody_ends_the_session_of_somebody_else(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    of_office, key = client.cookies[COOKIE], city.exec(select(LoginSession)).one().id
    client.cookies.clear()
    log_in(city, client, HANDLER)
    await client.post(f"/me/sessions/{key}/end")
    client.cookies.clear()
    client.cookies.set(COOKIE, of_office)
    assert await is_in(client)


async def test_a_log_in_never_goes_on_with_a_secret_that_was_there_before(
    city: Session, client: httpx.AsyncClient
) -> None:
    """Somebody who put a cookie of theirs into another's browser does not come in with them."""
    answer = await client.post("/login/demo", data={"role": "inspector"}, headers={"cookie": f"{COOKIE}=planted"})
    given = answer.cookies[COOKIE]
    assert given != "planted"
    kept = city.exec(select(LoginSession)).one().token_hash
    assert kept == sha256(given.encode()).hexdigest()


@pytest.mark.parametrize(("url", "secure"), [("https://duban.example", True), ("http://127.0.0.1", False)])
async def test_no_script_and_no_other_site_gets_the_cookies(
    city: Session, database_url: str, tmp_path, url: str, secure: bool
) -> None:
    app = create_app(Settings(database_url=SecretStr(database_url), home=tmp_path, public_url=url))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=url) as client:
        page = await client.get("/login?theme=dark&lang=en")
        page_cookies = page.headers.get_list("set-cookie")
        entered = await client.post("/login/demo", data={"role": "inspector"})
    cookies = [*page_cookies, *entered.headers.get_list("set-cookie")]
    assert any(COOKIE in one for one in cookies), entered.text
    for cookie in cookies:
        said = cookie.lower()
        assert "httponly" in said
        assert "samesite=lax" in said
        assert "domain=" not in said
    assert ("secure" in next(one for one in cookies if COOKIE in one).lower()) is secure
