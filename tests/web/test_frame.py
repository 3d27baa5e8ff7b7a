"""The frame of the workbench: who comes in, what it offers, how it looks."""

import httpx
import pytest
from fastapi import Depends, FastAPI
from sqlmodel import Session

from runtime import clock
from services import sessions
from tests.cast import HANDLER, OFFICE
from tests.web.visitor import log_in
from web.login import anybody, check_doors


async def test_who_is_not_logged_in_is_sent_to_the_log_in_and_back(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.get("/more?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fmore%3Fx%3D1")


async def test_a_part_of_a_page_sends_the_whole_page_to_the_log_in(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.get("/more", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login?next=%2Fmore")


async def test_only_the_ways_that_somebody_may_go_are_offered(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, HANDLER)
    page = (await client.get("/more")).text
    assert "/desk" in page
    assert "/boards" not in page


async def test_the_office_is_offered_the_boards(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    assert 'href="/boards"' in (await client.get("/more")).text


async def test_a_page_that_has_no_room_on_the_bar_lies_under_more(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    page = (await client.get("/points")).text
    assert 'href="/more" aria-current="page"' in page
    assert 'href="/points"' not in page.partition("<main")[0]
    assert 'href="/points"' in (await client.get("/more")).text


async def test_a_session_that_was_ended_opens_nothing(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    sessions.end_all(city, OFFICE, why="test", now=clock.true_now(city))
    city.commit()
    assert (await client.get("/more")).status_code == 303


async def test_a_choice_of_look_is_kept(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    await client.get("/more?theme=dark&large=1")
    page = (await client.get("/more")).text
    assert 'data-bs-theme="dark" class="large"' in page


def test_an_application_with_a_page_that_says_nothing_of_who_may_come_does_not_start() -> None:
    app = FastAPI()
    app.get("/known", dependencies=[Depends(anybody)])(lambda: None)
    check_doors(app)
    app.get("/forgotten")(lambda: None)
    with pytest.raises(RuntimeError, match="/forgotten"):
        check_doors(app)
