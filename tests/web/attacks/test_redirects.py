"""Links that lead away from here, and addresses that others made up for us."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE
from tests.web.attacks.ways_in import ways_in
from tests.web.issue.desk import form_on, there
from tests.web.visitor import log_in
from web.login import COOKIE

HOME = "http://duban"
ADDRESS = re.compile(r'(?:href|action|src|formaction|hx-get|hx-post)="([^"]*)"')
AWAY = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/x\r\nSet-Cookie: planted=1",
    "/\u2028/evil.example",
    "/login/../../..//evil.example",
    "",
    "/" * 5000,
]
EVIL = {"host": "evil.example"}


def stays(to: str) -> bool:
    """As a browser would take it: `\\` is `/`, tabs and line ends are nothing."""
    plain = to.replace("\\", "/").translate({ord(sign): None for sign in "\t\r\n"}).strip()
    went = urlsplit(urljoin(f"{HOME}/login", plain))
    return (went.scheme, went.netloc) == ("http", "duban")


def led(answer: httpx.Response) -> str:
    """Where an answer leads to that does not stay here."""
    to = [answer.headers.get("location", "/"), *ADDRESS.findall(answer.text)]
    return next((one for one in map(unescape, to) if not stays(one)), "")


async def test_the_log_in_leads_nowhere_else(city: Session, client: httpx.AsyncClient) -> None:
    for wanted in AWAY:
        client.cookies.clear()
        page = await client.get("/login", params={"next": wanted})
        entered = await client.post("/login/demo", data={"role": "inspector", "next": wanted})
        again = await client.get("/login", params={"next": wanted})
        assert (page.status_code, entered.status_code, again.status_code) == (200, 303, 303), wanted
        assert (led(page), led(entered), led(again)) == ("", "", ""), wanted
        assert "planted" not in entered.cookies


async def test_a_page_that_is_none_leads_nowhere_else(client: httpx.AsyncClient) -> None:
    """It offers itself in another language, and its own address begins like that of another host."""
    for path in ("//evil.example/", "//evil.example", "///evil.example", "/%09/evil.example", "/%5Cevil.example"):
        page = await client.get(httpx.URL(HOME, raw_path=path.encode()))
        assert (page.status_code, led(page)) == (404, ""), path


async def test_doing_something_leads_nowhere_else(city: Session, client: httpx.AsyncClient) -> None:
    _, address = there(city, state="assigned")
    log_in(city, client, HANDLER)
    page = (await client.get(address)).text
    for n, wanted in enumerate(AWAY[:10]):
        given = {**form_on(page, "comment"), "text": "看过了", "next": wanted, "key": f"another-key-{n:03}"}
        answer = await client.post(f"{address}/do/comment", data=given)
        assert answer.status_code in (303, 400, 409), answer.text
        assert led(answer) == "", wanted
        page = (await client.get(address)).text


async def test_a_list_that_one_comes_back_to_is_one_of_ours(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    for wanted in AWAY:
        page = await client.get("/bulk", params={"back": wanted})
        saved = await client.post("/views", data={"name": "x", "query": wanted[:500]})
        forgotten = await client.post("/views/1/forget", data={"query": wanted[:500]})
        assert (led(page), led(saved), led(forgotten)) == ("", "", ""), wanted


async def test_a_host_that_the_request_makes_up_is_in_no_link(city: Session, client: httpx.AsyncClient) -> None:
    """But for the way to Prefect, which stands on whatever host the reader came by."""
    log_in(city, client, OFFICE)
    headers = {**EVIL, "x-forwarded-host": "evil.example", "cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    made_up = []
    for way in ways_in(client):
        for path in (way.address(), f"{way.address()}/"):
            answer = await client.request(way.method, path, headers=headers) if way.method == "GET" else None
            told = f"{answer.headers}{answer.text}" if answer is not None else ""
            made_up += [path] if "evil.example" in told.replace("http://evil.example:4200", "") else []
    assert made_up == []


@pytest.mark.parametrize("name", ["lang", "theme", "large"])
async def test_a_choice_cannot_smuggle_in_a_header(city: Session, client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/?{name}=dark%0d%0aSet-Cookie:%20planted=1;%20x")
    assert "planted" not in str(answer.headers.raw)
