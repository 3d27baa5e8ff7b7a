"""Pages of webhooks: for administrators; the secret is shown once; what is typed wrongly is not lost."""

import re

import httpx
import pytest
from sqlmodel import Session, select

from models.hook import Hook, HookAttempt, HookDelivery
from runtime import clock
from runtime.keys import account_keys
from services.hooks_sending import tell
from tests.cast import HANDLER, OFFICE, an_issue
from tests.notifications.channels.sinks import Sink
from tests.services.hooks.desk import ADMINISTRATOR, genuine
from tests.web.attacks.ways_in import app_of
from tests.web.visitor import log_in

FORM = {"name": "驾驶舱", "url": "https://hooks.example.org/in", "kind": ["issue.assign", "audit.*"]}


def the_hook(city: Session) -> Hook:
    city.rollback()
    return city.exec(select(Hook).execution_options(populate_existing=True)).one()


async def made(client: httpx.AsyncClient, city: Session, **form: object) -> str:
    """The secret."""
    log_in(city, client, ADMINISTRATOR)
    answer = await client.post("/hooks", data={**FORM, **form})
    assert answer.status_code == 200, answer.text
    return re.search(r"whsec_[\w+/=]+", answer.text)[0]


@pytest.mark.parametrize("person", [OFFICE, HANDLER])
async def test_others_may_not_come(client: httpx.AsyncClient, city: Session, person: str) -> None:
    await made(client, city)
    key = the_hook(city).id
    log_in(city, client, person)
    for path in ("/hooks", "/hooks/new", f"/hooks/{key}", f"/hooks/{key}/log", f"/hooks/{key}/tries"):
        assert (await client.get(path)).status_code == 403
    for path in ("/hooks", *(f"/hooks/{key}/{act}" for act in ("end", "pause", "ping", "rotate", "replay", "change"))):
        assert (await client.post(path, data=FORM)).status_code == 403
    assert the_hook(city).state == "active"


async def test_the_secret_is_shown_once(client: httpx.AsyncClient, city: Session) -> None:
    secret = await made(client, city)
    for path in ("/hooks", f"/hooks/{the_hook(city).id}", f"/hooks/{the_hook(city).id}/change"):
        answer = await client.get(path)
        assert (answer.status_code, secret in answer.text, "驾驶舱" in answer.text) == (200, False, True)


async def test_what_was_typed_is_shown_again_with_what_is_wrong(client: httpx.AsyncClient, city: Session) -> None:
    log_in(city, client, ADMINISTRATOR)
    answer = await client.post("/hooks", data={**FORM, "url": "https://10.0.0.8/x"})
    assert answer.status_code == 400
    assert "内网" in answer.text
    assert 'value="驾驶舱"' in answer.text
    assert 'value="issue.assign" checked' in answer.text
    assert city.exec(select(Hook)).all() == []


async def test_a_second_tap_makes_no_second_one(client: httpx.AsyncClient, city: Session) -> None:
    await made(client, city)
    assert (await client.post("/hooks", data=FORM)).status_code == 400
    assert the_hook(city).name == "驾驶舱"


async def test_a_change_over_somebodys_head_is_refused_in_words(client: httpx.AsyncClient, city: Session) -> None:
    await made(client, city)
    path = f"/hooks/{the_hook(city).id}/change"
    assert (await client.post(path, data={**FORM, "name": "大屏", "version": "1"})).status_code == 303
    late = await client.post(path, data={**FORM, "name": "别的", "version": "1"})
    assert (late.status_code, "大屏" in late.text, the_hook(city).name) == (409, True, "大屏")


async def test_a_test_is_sent_and_what_came_of_it_is_shown(
    client: httpx.AsyncClient, city: Session, sink: Sink
) -> None:
    secret = await made(client, city, url=f"{sink.http}/in")
    sink.answer = (500, {}, "<b>kaputt</b>")
    answer = await client.post(f"/hooks/{the_hook(city).id}/ping", follow_redirects=True)
    assert "&lt;b&gt;kaputt&lt;/b&gt;" in answer.text
    assert genuine(sink, secret, now=clock.true_now(city))


async def test_events_are_told_seen_and_told_again(client: httpx.AsyncClient, city: Session, sink: Sink) -> None:
    await made(client, city, url=f"{sink.http}/in", kind=["*"])
    an_issue(city, state="assigned")
    city.commit()
    state = app_of(client).state

    def send() -> None:
        with state.sessions() as session:
            at = clock.true_now(session)
        tell(state.sessions, keys=account_keys(state.settings), networks=("127.0.0.1",), now=lambda: at)

    send()
    key = the_hook(city).id
    log = await client.get(f"/hooks/{key}/log")
    assert "已送达" in log.text
    assert city.exec(select(HookAttempt)).all()
    (first, *_others) = city.exec(select(HookDelivery).order_by(HookDelivery.id)).all()
    again = await client.post(f"/hooks/{key}/log/{first.id}/again")
    assert again.headers["location"] == f"/hooks/{key}/log#d{first.id}"
    send()
    ids = [one.headers["webhook-id"] for one in sink.requests]
    assert ids.count(first.key) == 2


@pytest.mark.parametrize("since", ["", "yesterday", "9999-12-31T23:59", "0001-01-01T00:00", "2026-13-01T00:00"])
async def test_a_time_that_is_none_is_told(client: httpx.AsyncClient, city: Session, since: str) -> None:
    await made(client, city)
    answer = await client.post(f"/hooks/{the_hook(city).id}/replay", data={"since": since})
    assert answer.status_code in (303, 400)


async def test_it_is_paused_resumed_and_ended(client: httpx.AsyncClient, city: Session) -> None:
    await made(client, city)
    key = the_hook(city).id
    for act, state in (("pause", "paused"), ("resume", "active"), ("end", "ended"), ("end", "ended")):
        assert (await client.post(f"/hooks/{key}/{act}")).status_code == 303
        assert the_hook(city).state == state
    assert (await client.post(f"/hooks/{key}/resume")).status_code == 409
    assert "驾驶舱" not in (await client.get("/hooks")).text
    assert "驾驶舱" in (await client.get("/hooks?ended=true")).text


@pytest.mark.parametrize("path", ["/hooks/999", "/hooks/999/log", "/hooks/999/change", "/hooks/999/tries"])
async def test_one_that_is_not_there_is_not_found(client: httpx.AsyncClient, city: Session, path: str) -> None:
    log_in(city, client, ADMINISTRATOR)
    assert (await client.get(path)).status_code == 404
