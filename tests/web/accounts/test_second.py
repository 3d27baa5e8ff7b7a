"""The second step: set up by whoever must, asked for ever after."""

import httpx
import pytest
from sqlmodel import Session

from services.accounts import second
from tests.cast import HANDLER, OFFICE
from tests.web.accounts.browser import (
    app_on_phone,
    give_app,
    give_password,
    is_in,
    log_in,
    now_code,
    open_sessions,
)
from web.accounts.going import SECOND


@pytest.fixture
def office(city: Session) -> Session:
    give_password(city, OFFICE)
    return city


@pytest.fixture
def handler(city: Session) -> Session:
    give_password(city)
    return city


async def show(client: httpx.AsyncClient, code: str) -> httpx.Response:
    return await client.post("/login/second", data={"code": code, "next": "/more"})


async def test_whoever_manages_the_city_sets_it_up_at_the_first_log_in(
    office: Session, client: httpx.AsyncClient
) -> None:
    await log_in(client, OFFICE)
    assert not await is_in(client)
    await client.post("/login/second/begin")
    page = (await client.get("/login/second")).text
    app = app_on_phone(office, client, OFFICE)
    assert "data:image/svg+xml" in page
    assert app.secret[:4] in page
    answer = await show(client, now_code(office, app))
    assert answer.status_code == 200
    assert answer.text.count("<li><code>") == second.RECOVERY_CODES
    assert open_sessions(office) == [(OFFICE, "password", True)]
    assert await is_in(client)


async def test_the_password_alone_opens_nothing(handler: Session, client: httpx.AsyncClient) -> None:
    give_app(handler, client)
    answer = await log_in(client, next="/more")
    assert answer.headers["location"] == "/login/second?next=%2Fmore"
    assert not await is_in(client)


async def test_the_code_of_the_app_lets_in(handler: Session, client: httpx.AsyncClient) -> None:
    app, _ = give_app(handler, client)
    await log_in(client)
    answer = await show(client, now_code(handler, app))
    assert (answer.status_code, answer.headers["location"]) == (303, "/more")
    assert open_sessions(handler) == [(HANDLER, "password", True)]


async def test_the_same_code_lets_in_once(handler: Session, client: httpx.AsyncClient) -> None:
    app, _ = give_app(handler, client)
    code = now_code(handler, app)
    for status in (303, 403):
        await log_in(client)
        assert (await show(client, code)).status_code == status


async def test_a_recovery_code_lets_in_once(handler: Session, client: httpx.AsyncClient) -> None:
    _, codes = give_app(handler, client)
    for status in (303, 403):
        await log_in(client)
        assert (await show(client, codes[3])).status_code == status


async def test_after_five_wrong_codes_one_begins_again(handler: Session, client: httpx.AsyncClient) -> None:
    app, _ = give_app(handler, client)
    await log_in(client)
    for status in (403, 403, 403, 403, 410):
        answer = await show(client, "000000")
        assert answer.status_code == status
    assert "请重新登录" in answer.text
    assert 'href="/login?next=%2Fmore"' in answer.text
    assert (await show(client, now_code(handler, app))).status_code == 410
    assert open_sessions(handler) == []


async def test_without_the_first_step_there_is_no_second(handler: Session, client: httpx.AsyncClient) -> None:
    app, _ = give_app(handler, client)
    for planted, status in (("", 303), ("planted", 410)):
        client.cookies.set(SECOND, planted)
        assert (await show(client, now_code(handler, app))).status_code == status
        assert (await client.get("/login/second")).headers["location"] == "/login"
    assert open_sessions(handler) == []


async def test_a_key_to_the_second_step_is_used_up(handler: Session, client: httpx.AsyncClient) -> None:
    app, _ = give_app(handler, client)
    await log_in(client)
    kept = next(cookie.value for cookie in client.cookies.jar if cookie.name == SECOND)
    await show(client, now_code(handler, app))
    client.cookies.set(SECOND, kept)
    assert (await show(client, now_code(handler, app, steps=1))).headers["location"] == "/login?next=%2Fmore"


async def test_a_code_in_wide_digits_is_the_code(handler: Session, client: httpx.AsyncClient) -> None:
    app, _ = give_app(handler, client)
    await log_in(client)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in now_code(handler, app))
    assert (await show(client, f" {wide[:3]} {wide[3:]}")).status_code == 303
    assert await is_in(client)


async def test_a_session_without_it_ends_once_its_owner_manages_the_city(
    handler: Session, client: httpx.AsyncClient
) -> None:
    from datetime import date

    from models.unit import Tenure

    await log_in(client)
    assert await is_in(client)
    handler.add(Tenure(post_code="5103:administrator", person_code=HANDLER, valid_from=date(2024, 1, 1)))
    handler.commit()
    assert not await is_in(client)
    assert open_sessions(handler) == []
