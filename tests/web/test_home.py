"""The first page, the health check, languages, headers and errors."""

import re

import httpx
import pytest
from sqlmodel import Session

from runtime import clock
from services import rounds
from tests.cast import an_issue
from web.languages import accepted


async def test_the_first_page_counts_issues_by_state(client: httpx.AsyncClient, city: Session) -> None:
    an_issue(city, state="assigned")
    city.commit()

    page = (await client.get("/")).text

    assert re.search(r"<dt>待签收</dt><dd>1</dd>", page)
    assert re.search(r"<dt>待交办</dt><dd>0</dd>", page)


async def test_the_first_page_tells_nothing_about_anybody(client: httpx.AsyncClient, city: Session) -> None:
    an_issue(city, state="rectifying", description="张三家门口")
    city.commit()

    page = (await client.get("/")).text

    assert "张三" not in page
    assert not re.search(r"R\d{5}|ZG-\d{4}-\d+", page)


async def test_standing_still_is_an_alarm(client: httpx.AsyncClient, city: Session) -> None:
    assert 'role="alert"' in (await client.get("/")).text


async def test_a_round_just_run_is_no_alarm(client: httpx.AsyncClient, city: Session) -> None:
    rounds.ended(city, at=clock.system_now())
    city.commit()

    assert 'role="alert"' not in (await client.get("/")).text


async def test_a_chosen_language_is_remembered(client: httpx.AsyncClient, city: Session) -> None:
    await client.get("/?lang=en")

    assert "Needs attention" in (await client.get("/")).text


async def test_the_browsers_language_counts_where_nothing_was_chosen(client: httpx.AsyncClient, city: Session) -> None:
    page = (await client.get("/", headers={"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.3"})).text

    assert '<html lang="en"' in page


@pytest.mark.parametrize(
    ("header", "lang"),
    [("zh-Hans-CN", "zh-CN"), ("de", None), ("", None), ("en;q=0, zh;q=0.1", "zh-CN"), ("zh;q=x, en", "en")],
)
def test_the_best_accepted_language_is_taken(header: str, lang: str | None) -> None:
    assert accepted(header) == lang


@pytest.mark.parametrize("path", ["/", "/healthz", "/no-such-page", "/static/style.css"])
async def test_every_answer_carries_the_headers(client: httpx.AsyncClient, city: Session, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


async def test_the_page_loads_nothing_from_other_places(client: httpx.AsyncClient, city: Session) -> None:
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', (await client.get("/")).text)

    assert loaded
    assert all(address.startswith(("/static/", "/vendor/")) for address in loaded)


async def test_health_is_good_with_a_city(client: httpx.AsyncClient, city: Session) -> None:
    answer = await client.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


async def test_health_without_a_city_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")

    assert (answer.status_code, answer.json()["reason"]) == (503, "no city is loaded")


async def test_health_without_a_database_says_so(client: httpx.AsyncClient, city: Session) -> None:
    city.connection().exec_driver_sql("ALTER TABLE city RENAME TO gone")
    city.commit()

    answer = await client.get("/healthz")

    assert (answer.status_code, answer.json()["reason"]) == (503, "database")


@pytest.mark.parametrize(("lang", "words"), [("zh-CN", "没有这个页面"), ("en", "There is no such page")])
async def test_a_page_that_is_not_there_says_so_in_the_readers_language(
    client: httpx.AsyncClient, lang: str, words: str
) -> None:
    answer = await client.get(f"/no-such-page?lang={lang}")

    assert answer.status_code == 404
    assert words in answer.text


async def test_a_database_that_is_gone_is_a_sentence_without_a_traceback(
    client: httpx.AsyncClient, city: Session
) -> None:
    city.connection().exec_driver_sql("ALTER TABLE city RENAME TO gone")
    city.commit()

    answer = await client.get("/?lang=en")

    assert answer.status_code == 503
    assert "The database cannot be reached" in answer.text
    assert "Traceback" not in answer.text
