"""HEAD is answered wherever GET is: the same status and headers, no body, the page made once."""

import httpx
import pytest
from sqlmodel import Session

from tests.cast import OFFICE, an_issue
from tests.web.attacks.ways_in import WayIn, ways_in
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in
from web.lists import page

VARY = {"date", "set-cookie", "content-length", "etag"}
"""These are made anew each time, as tokens of forms and tags of live figures are."""
SLOW = (".xlsx", ".docx", ".pdf", ".zip", "/stream")


@pytest.fixture
def office(city: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    set_clock(city)
    an_issue(city, state="rectifying")
    city.commit()
    log_in(city, client, OFFICE)
    return client


def pages(client: httpx.AsyncClient) -> list[WayIn]:
    return [way for way in ways_in(client) if way.method == "GET" and not way.path.endswith(SLOW)]


async def test_every_page_answers_head_as_it_answers_get(office: httpx.AsyncClient) -> None:
    wrong = []
    for way in pages(office):
        head = await office.head(way.address())
        get = 200 if head.status_code == 200 else (await office.get(way.address())).status_code
        if (head.status_code, head.content) != (get, b""):
            wrong.append((str(way), head.status_code, get))
    assert wrong == []
    assert len(pages(office)) > 200


@pytest.mark.parametrize("address", ["/issues", "/issues.csv", "/health", "/static/style.css", "/api/v1/issues", "/no"])
async def test_the_headers_are_those_of_the_page(office: httpx.AsyncClient, address: str) -> None:
    head, get = await office.head(address), await office.get(address)
    assert {n: v for n, v in head.headers.items() if n not in VARY} == {
        n: v for n, v in get.headers.items() if n not in VARY
    }
    assert (head.status_code, head.content) == (get.status_code, b"")


async def test_what_takes_no_get_takes_no_head(office: httpx.AsyncClient) -> None:
    assert (await office.head("/views")).status_code == 405


async def test_the_page_is_made_once(office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    listing = page.listing
    monkeypatch.setattr(page, "listing", lambda *args, **how: asked.append(1) or listing(*args, **how))
    await office.head("/issues")
    assert asked == [1]


async def test_a_link_of_a_message_acts_no_more_than_before(office: httpx.AsyncClient) -> None:
    answer = await office.head("/l/" + "t" * 43)
    assert (answer.status_code, answer.content) == ((await office.get("/l/" + "t" * 43)).status_code, b"")
