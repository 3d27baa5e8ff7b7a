"""Pages of other sites make a browser send something: nothing of it counts."""

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from sqlmodel import Session

from tests.cast import OFFICE
from tests.web.attacks.ways_in import ways_in
from tests.web.visitor import log_in
from web.login import anybody, check_doors
from web.security import LINKS

ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"origin": "http://duban.evil.example"},
    {"origin": "http://duban:81"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


async def test_nothing_that_another_site_sends_is_taken(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    ways = [way for way in ways_in(client) if not (way.safe or way.api)]
    assert len(ways) > 40
    taken = []
    for headers in ELSEWHERE:
        for way in ways:
            answer = await client.request(way.method, way.address(), headers=headers)
            taken += [(str(way), headers, answer.status_code)] if answer.status_code != 403 else []
    assert taken == []


async def test_a_form_from_nowhere_is_taken_by_pages_of_links_alone(city: Session, client: httpx.AsyncClient) -> None:
    """They hide where they are, so a browser names no page; who sends one from a frame of theirs names none either."""
    log_in(city, client, OFFICE)
    ways = [way for way in ways_in(client) if not (way.safe or way.api)]
    from_nowhere = {"origin": "null"}
    taken = {
        way.path
        for way in ways
        if (await client.request(way.method, way.address(), headers=from_nowhere)).status_code != 403
    }
    assert taken == {way.path for way in ways if way.path.startswith(LINKS)}


async def test_it_is_the_other_site_that_is_refused(city: Session, client: httpx.AsyncClient) -> None:
    """The same, sent by nobody from a page of ours, leads to the log-in: 403 above says whence it came."""
    ways = [way for way in ways_in(client) if not (way.safe or way.api or way.path.startswith(("/login", "/l/")))]
    ours = {"origin": "http://duban", "sec-fetch-site": "same-origin"}
    answers = {str(way): (await client.request(way.method, way.address(), headers=ours)).status_code for way in ways}
    assert [way for way, status in answers.items() if status == 403] == []


async def test_a_browser_that_is_logged_in_opens_nothing_of_the_api(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    ways = [way for way in ways_in(client) if way.api]
    answers = {str(way): (await client.request(way.method, way.address())).status_code for way in ways}
    assert len(answers) > 40
    assert {way: status for way, status in answers.items() if status != 401} == {}


async def test_reading_a_page_changes_nothing_but_notes_the_visit(city: Session, client: httpx.AsyncClient) -> None:
    """What other sites may always make a browser do is following a link."""
    log_in(city, client, OFFICE)
    before = _rows(city)
    for way in ways_in(client):
        if way.method == "GET" and not way.api:
            await client.get(way.address(), headers={"sec-fetch-site": "cross-site"})
    assert _rows(city) == before


def _rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    session.rollback()
    tables = session.connection().exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = [name for (name,) in tables]
    count = lambda name: session.connection().exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: E731
    return {name: count(name) for name in names}


def test_a_router_with_a_page_that_says_nothing_of_who_may_come_is_found() -> None:
    app, router = FastAPI(), APIRouter(prefix="/forgotten")
    router.get("/page")(lambda: None)
    app.include_router(router, dependencies=[Depends(anybody)])
    check_doors(app)
    app.include_router(router)
    with pytest.raises(RuntimeError, match="/forgotten/page"):
        check_doors(app)
