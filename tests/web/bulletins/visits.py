"""Somebody looks at pages of bulletins, or sends a form of them."""

from collections.abc import Callable

import httpx
from sqlmodel import Session

from models.publication import Publication
from tests.cast import OFFICE
from tests.services.bulletins.desk import drafted
from tests.web.visitor import log_in


async def page(town: Session, client: httpx.AsyncClient, path: str, *, by: str = OFFICE, lang: str = "en") -> str:
    log_in(town, client, by)
    answer = await client.get(path, params={"lang": lang} if "?" not in path else None)
    assert answer.status_code == 200, answer.text
    return answer.text


async def status(town: Session, client: httpx.AsyncClient, path: str, *, by: str) -> int:
    log_in(town, client, by)
    return (await client.get(path)).status_code


async def sent(town: Session, client: httpx.AsyncClient, path: str, *, by: str, **form: str) -> httpx.Response:
    log_in(town, client, by)
    return await client.post(path, data=form, params={"lang": "en"})


def kept(town: Session, make: Callable[[Session], Publication] = drafted) -> Publication:
    """A bulletin in the state that `make` brings it to."""
    row = make(town)
    town.commit()
    return row


def state_of(town: Session, row: Publication) -> str:
    town.expire_all()
    return town.get_one(Publication, row.id).state.value
