"""One's own account."""

from datetime import date

import httpx
import pytest
from sqlmodel import Session, col, select

from models.unit import Person, Tenure
from tests.cast import HANDLER, OFFICE
from tests.web.accounts.browser import (
    PASSWORD,
    app_on_phone,
    give_password,
    is_in,
    log_in,
    now_code,
    open_sessions,
)
from tests.web.visitor import log_in as go_in

NEW = "a new and long sentence"


@pytest.fixture
async def mine(city: Session, client: httpx.AsyncClient) -> Session:
    """The handler is logged in by password."""
    give_password(city)
    await log_in(client)
    return city


def another(client: httpx.AsyncClient) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=client._transport, base_url="http://duban")


async def test_it_says_who_one_is_and_where_one_is_logged_in(mine: Session, client: httpx.AsyncClient) -> None:
    phone = another(client)
    phone.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/140.0 Mobile Safari/537.36"
    await log_in(phone)
    page = (await client.get("/me")).text
    assert "城管局承办人" in page
    assert "Chrome · Android" in page


async def test_a_hostile_browser_name_is_only_text(mine: Session, client: httpx.AsyncClient) -> None:
    phone = another(client)
    phone.headers["User-Agent"] = '<script>alert("x")</script>'
    await log_in(phone)
    assert "<script>alert" not in (await client.get("/me")).text


async def test_one_session_is_ended(mine: Session, client: httpx.AsyncClient) -> None:
    phone = another(client)
    await log_in(phone)
    path = next(line.split('"')[0] for line in (await client.get("/me")).text.split('action="') if "/end" in line[:30])
    assert (await client.post(path)).headers["location"] == "/me?done=ended"
    assert (await is_in(client), await is_in(phone)) == (True, False)


async def test_somebody_elses_session_is_not_found(mine: Session, client: httpx.AsyncClient) -> None:
    stranger = another(client)
    go_in(mine, stranger, OFFICE)
    assert (await client.post("/me/sessions/2/end")).status_code == 404
    assert await is_in(stranger)


async def test_all_but_this_one_end(mine: Session, client: httpx.AsyncClient) -> None:
    for _ in range(2):
        await log_in(another(client))
    await client.post("/me/sessions/end-others")
    assert len(open_sessions(mine)) == 1
    assert await is_in(client)


async def test_a_new_password_ends_other_sessions_and_counts_from_now_on(
    mine: Session, client: httpx.AsyncClient
) -> None:
    phone = another(client)
    await log_in(phone)
    await client.post("/me/password", data={"new": NEW, "again": NEW})
    assert (await is_in(client), await is_in(phone)) == (True, False)
    assert (await log_in(another(client))).status_code == 403
    assert (await log_in(another(client), password=NEW)).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "status", "words"),
    [("short", "short", 403, "至少要10个字符"), (NEW, "other", 400, "不一致"), ("", "", 403, "至少要10个字符")],
)
async def test_a_password_that_will_not_do_is_told_why(
    mine: Session, client: httpx.AsyncClient, new: str, again: str, status: int, words: str
) -> None:
    answer = await client.post("/me/password", data={"new": new, "again": again})
    assert answer.status_code == status
    assert words in answer.text
    assert new not in answer.text or not new


async def test_the_second_step_is_set_up_and_given_up(mine: Session, client: httpx.AsyncClient) -> None:
    await client.post("/me/second/begin")
    app = app_on_phone(mine, client)
    assert "data:image/svg+xml" in (await client.get("/me/second")).text
    assert (await client.post("/me/second", data={"code": now_code(mine, app)})).status_code == 200
    assert open_sessions(mine) == [(HANDLER, "password", True)]
    answer = await client.post("/me/second/remove", data={"code": now_code(mine, app, steps=1)})
    assert answer.headers["location"] == "/me?done=removed"


async def test_looking_at_the_page_makes_no_secret(mine: Session, client: httpx.AsyncClient) -> None:
    from models.account import Account

    await client.get("/me/second")
    assert mine.get_one(Account, HANDLER).totp_secret == ""


async def test_the_language_is_kept_for_pages_and_messages(mine: Session, client: httpx.AsyncClient) -> None:
    await client.post("/me/language", data={"lang": "en"})
    mine.rollback()
    assert mine.get_one(Person, HANDLER, populate_existing=True).speaks == "en"
    assert "How I log in" in (await client.get("/me")).text


async def test_whoever_holds_no_post_any_more_is_out_at_once(mine: Session, client: httpx.AsyncClient) -> None:
    mine.exec(select(Tenure).where(col(Tenure.person_code) == HANDLER)).one().valid_to = date(2024, 6, 1)
    mine.commit()
    assert not await is_in(client)
    assert open_sessions(mine) == []


async def test_whoever_went_in_by_one_tap_sets_nothing(city: Session, client: httpx.AsyncClient) -> None:
    go_in(city, client, HANDLER)
    assert (await client.post("/me/password", data={"new": NEW, "again": NEW})).status_code == 403
    assert (await client.post("/me/second/begin")).status_code == 403
    assert (await log_in(another(client), password=NEW)).status_code == 403


async def test_failed_tries_are_told(mine: Session, client: httpx.AsyncClient) -> None:
    await log_in(another(client), password="wrong wrong wrong")
    assert "有1次" in (await client.get("/me")).text
    assert PASSWORD not in (await client.get("/me")).text


@pytest.mark.parametrize("path", ["/me", "/me/password", "/me/second", "/accounts", "/accounts/R00006"])
async def test_nobody_sees_it_without_logging_in(city: Session, client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["location"].startswith("/login?next=")
