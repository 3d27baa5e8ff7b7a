"""Webhooks through the API: for tokens of administrators with the scope for it."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from models.api import KeptAnswer
from models.hook import Hook
from runtime import clock
from tests.cast import OFFICE, an_issue
from tests.notifications.channels.sinks import Sink
from tests.services.hooks.desk import ADMINISTRATOR
from tests.web.api.conftest import Calls
from tests.web.hooks.conftest import sink

__all__ = ["sink"]
HOOKS = "/api/v1/hooks"
NEW = {"name": "cockpit", "url": "https://hooks.example.org/in", "kinds": ["issue.*"]}


async def made(client: httpx.AsyncClient, **given: object) -> dict:
    answer = await client.post(HOOKS, json={**NEW, **given})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_hook_is_made_read_changed_and_ended(calls: Calls, city: Session) -> None:
    client = calls(ADMINISTRATOR)
    one = await made(client)
    assert one["secret"].startswith("whsec_")
    address = f"{HOOKS}/{one['hook']['id']}"
    read = await client.get(address)
    assert "secret" not in read.text
    changed = await client.put(address, json={**NEW, "name": "other"}, headers={"If-Match": read.headers["etag"]})
    assert changed.json()["name"] == "other"
    late = await client.put(address, json=NEW, headers={"If-Match": read.headers["etag"]})
    assert (late.status_code, late.json()["code"]) == (412, "hook_changed")
    assert (await client.delete(address)).status_code == 204
    assert ((await client.get(HOOKS)).json(), len((await client.get(f"{HOOKS}?ended=true")).json())) == ([], 1)


async def test_only_an_administrator_may(calls: Calls, city: Session) -> None:
    answer = await calls(OFFICE).post(HOOKS, json=NEW)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_token_for_other_things_may_not(calls: Calls, city: Session) -> None:
    answer = await calls(ADMINISTRATOR, "read", "act").post(HOOKS, json=NEW)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_no_secret_is_kept_for_an_idempotency_key(calls: Calls, city: Session) -> None:
    client = calls(ADMINISTRATOR)
    answer = await client.post(HOOKS, json=NEW, headers={"Idempotency-Key": "once-only"})
    assert answer.status_code == 201
    assert city.exec(select(KeptAnswer)).all() == []
    again = await client.post(HOOKS, json=NEW, headers={"Idempotency-Key": "once-only"})
    assert (again.status_code, len(city.exec(select(Hook)).all())) == (400, 1)


@pytest.mark.parametrize("more", [{"url": "http://10.0.0.1/"}, {"kinds": ["nope"]}, {"severities": ["S9"]}])
async def test_what_cannot_be_meant_is_refused(calls: Calls, city: Session, more: dict) -> None:
    answer = await calls(ADMINISTRATOR).post(HOOKS, json={**NEW, **more})
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_value")


@pytest.mark.parametrize("more", [{"owner": "R00001"}, {"state": "ended"}, {"secret": "x"}, {"id": 1}])
async def test_what_is_not_asked_for_is_refused(calls: Calls, city: Session, more: dict) -> None:
    assert (await calls(ADMINISTRATOR).post(HOOKS, json={**NEW, **more})).status_code == 422


async def test_a_test_and_a_replay(calls: Calls, city: Session, sink: Sink) -> None:
    an_issue(city, state="assigned", now=clock.now(city))
    city.commit()
    client = calls(ADMINISTRATOR)
    address = f"{HOOKS}/{(await made(client, url=f'{sink.http}/in'))['hook']['id']}"
    pinged = await client.post(f"{address}/ping")
    assert (pinged.json()["told"], pinged.json()["status"]) == ("ok", 204)
    since = (clock.now(city) - timedelta(hours=1)).isoformat()
    replayed = await client.post(f"{address}/replay", json={"since": since})
    assert replayed.json() == {"events": 2}
    first = (await client.get(f"{address}/deliveries", params={"limit": 1})).json()
    second = (await client.get(f"{address}/deliveries", params={"limit": 1, "after": first["next"]})).json()
    assert [one["kind"] for one in first["items"] + second["items"]] == ["issue.assign", "issue.find"]
    assert len((await client.get(f"{address}/tries")).json()["items"]) == 1
    again = await client.post(f"{address}/deliveries/{first['items'][0]['id']}/again")
    assert again.json()["state"] == "waiting"


async def test_a_new_secret_is_given_once_and_over_nobodys_head(calls: Calls, city: Session) -> None:
    client = calls(ADMINISTRATOR)
    one = await made(client)
    address = f"{HOOKS}/{one['hook']['id']}/rotate"
    new = await client.post(address, json={"hours": 2}, headers={"If-Match": '"h1"'})
    assert new.json()["secret"] not in (one["secret"], "")
    assert (await client.post(address, json={}, headers={"If-Match": '"h1"'})).status_code == 412
