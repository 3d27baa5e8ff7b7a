"""Many readers at once: more than there are connections and threads, and everybody is answered."""

import asyncio

import httpx
from sqlmodel import Session

from tests.cast import OFFICE, an_issue
from tests.web.visitor import log_in

MANY = 120


async def test_more_readers_than_connections_are_all_answered(city: Session, client: httpx.AsyncClient) -> None:
    """Without turns, those who hold a connection wait for a thread, and all threads wait for a connection."""
    an_issue(city)
    city.commit()
    log_in(city, client, OFFICE)
    answers = await asyncio.gather(*(client.get("/issues") for _ in range(MANY)))
    assert [answer.status_code for answer in answers] == [200] * MANY
