"""What every answer carries, whoever asks and whatever goes wrong."""

from collections.abc import Callable

import httpx
import pytest
from sqlmodel import Session
from starlette.responses import Response

from tests.cast import OFFICE, an_issue
from tests.web.attacks.ways_in import ways_in
from tests.web.visitor import log_in
from web.pages import Pages
from web.security import HEADERS

EVERYWHERE = ("/static/workbench.css", "/vendor/htmx.js", "/static/nothing.css", "/nowhere", "/api/v1/nowhere", "/%00")
SHARED = ("/sw.js", "/audits/sw.js", "/report/shell", "/report/manifest.webmanifest")
"""The same for everybody, with nothing of anybody in it."""


def missing(answer: httpx.Response) -> list[str]:
    """Headers that an answer does not have. Its own policy may be another one, but never a wider one."""
    policy = answer.headers.get("content-security-policy", "")
    narrow = "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    loose = any(word in policy for word in ("unsafe-eval", "http:", "https:", "*", "script-src 'unsafe"))
    gone = [name for name in HEADERS if name not in answer.headers]
    return [*gone, *([] if narrow and not loose else [policy])]


async def test_every_answer_carries_the_headers_that_protect(city: Session, client: httpx.AsyncClient) -> None:
    paths = [*EVERYWHERE, *(way.address() for way in ways_in(client) if way.method == "GET")]
    found = {path: missing(await client.get(path)) for path in paths}
    log_in(city, client, OFFICE)
    found |= {f"{path} logged in": missing(await client.get(path)) for path in paths}
    assert {path: gone for path, gone in found.items() if gone} == {}


@pytest.mark.parametrize("path", ["/", "/l/abc"])
async def test_an_answer_after_a_fault_of_ours_carries_them_too(
    city: Session, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(Pages, "show", failing_once())
    answer = await client.get(path)
    assert (answer.status_code, missing(answer)) == (500, [])
    assert "secret words" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def failing_once() -> Callable[..., Response]:
    """The first page cannot be drawn; the next one, which says so, can."""
    draw, drawn = Pages.show, []

    def show(self: Pages, *args, **more) -> Response:
        drawn.append(args)
        if len(drawn) == 1:
            raise ZeroDivisionError("secret words")
        return draw(self, *args, **more)

    return show


async def test_no_page_of_somebody_is_kept_by_a_browser_or_on_the_way(city: Session, client: httpx.AsyncClient) -> None:
    an_issue(city)
    city.commit()
    log_in(city, client, OFFICE)
    ways = [way for way in ways_in(client) if way.method == "GET" and way.path not in SHARED]
    answers = {way.address(): await client.get(way.address()) for way in ways}
    kept = {path: answer.headers.get("cache-control", "") for path, answer in answers.items() if _may_be_kept(answer)}
    assert kept == {}


def _may_be_kept(answer: httpx.Response) -> bool:
    """Nobody keeps a redirect (303) or a refusal of a program by itself."""
    said = answer.headers.get("cache-control", "")
    return answer.status_code == 200 and "no-store" not in said and said != "private, no-cache"
