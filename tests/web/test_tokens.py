"""Tokens on one's own page: made and shown once, used, ended."""

import re

import httpx
import pytest
from sqlmodel import Session, select

from models.api import ApiToken
from tests.cast import HANDLER, OFFICE
from tests.web.visitor import log_in

FORM = {"name": "nightly", "scope": ["read"], "days": "30"}


async def made(city: Session, client: httpx.AsyncClient, person: str = OFFICE) -> str:
    log_in(city, client, person)
    page = (await client.post("/me/tokens", data=FORM)).text
    found = re.search(r"duban_[\w-]{40,}", page)
    assert found
    return found[0]


async def test_a_token_is_shown_once_and_works(city: Session, client: httpx.AsyncClient) -> None:
    token = await made(city, client)
    assert token not in (await client.get("/me/tokens")).text
    me = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert (me.json()["code"], me.json()["scopes"]) == (OFFICE, ["read"])


async def test_a_token_that_is_ended_works_no_more(city: Session, client: httpx.AsyncClient) -> None:
    token = await made(city, client)
    row = city.exec(select(ApiToken)).one()
    assert (await client.post(f"/me/tokens/{row.id}/end")).status_code == 303
    assert (await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401


async def test_nobody_ends_the_token_of_another(city: Session, client: httpx.AsyncClient) -> None:
    token = await made(city, client)
    row = city.exec(select(ApiToken)).one()
    log_in(city, client, HANDLER)
    assert (await client.post(f"/me/tokens/{row.id}/end")).status_code == 404
    assert (await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})).status_code == 200


@pytest.mark.parametrize("bad", [{"days": "366"}, {"days": "x"}, {"scope": []}, {"scope": ["all"]}, {"name": " "}])
async def test_what_cannot_be_made_comes_back_as_it_was_typed(
    city: Session, client: httpx.AsyncClient, bad: dict[str, object]
) -> None:
    log_in(city, client, OFFICE)
    answer = await client.post("/me/tokens", data={**FORM, "name": "<nightly>", **bad})
    assert answer.status_code == 400
    assert city.exec(select(ApiToken)).all() == []


async def test_only_a_hash_of_it_is_kept(city: Session, client: httpx.AsyncClient) -> None:
    token = await made(city, client)
    assert token not in str(city.exec(select(ApiToken)).one().model_dump())
