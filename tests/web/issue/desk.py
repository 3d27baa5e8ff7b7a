"""Shorthand for tests of issue pages: a form of a page filled in and sent, what a page offers."""

import re
from html import unescape

import httpx
from sqlmodel import Session

from tests.cast import an_issue, read
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in


def number_of(session: Session, key: int) -> str:
    return read(session, key).number


def there(session: Session, **how) -> tuple[int, str]:
    """An issue in a state, the city's clock at Monday: its id and its address."""
    set_clock(session)
    key = an_issue(session, **how)
    session.commit()
    return key, f"/issues/{number_of(session, key)}"


def form_on(page: str, action: str) -> dict[str, str]:
    """The hidden fields of an action's form on a page."""
    found = re.search(rf'<form[^>]*/do/{action}".*?</form>', page, re.DOTALL)
    assert found, f"no form for {action}"
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[0])
    return {name: unescape(value) for name, value in fields}


def offered(page: str) -> set[str]:
    """The actions that have a form on the page."""
    return set(re.findall(r'action="/issues/[^"]*/do/(\w+)"', page))


async def send(
    client: httpx.AsyncClient, address: str, action: str, *, page: str | None = None, files=(), **typed
) -> httpx.Response:
    """Fill in an action's form on the page at the address and send it."""
    page = page or (await client.get(address)).text
    number = address.rsplit("/", 1)[-1]
    return await client.post(
        f"/issues/{number}/do/{action}",
        data={**form_on(page, action), **typed},
        files=[("photos", one) for one in files] or None,
    )


def as_person(session: Session, client: httpx.AsyncClient, person: str) -> None:
    client.cookies.clear()
    log_in(session, client, person)
