"""One-time links: asked for, opened, typed in. Scanners and strangers get nothing."""

from email import message_from_bytes
from email.policy import default

import httpx
from pydantic import SecretStr
from sqlmodel import Session

from notifications.channels import Channels
from notifications.channels.smtp import Smtp
from runtime import clock
from services import people
from services.accounts import others
from tests.cast import HANDLER, STRANGER
from tests.notifications.channels.sinks import Mailbox, certificate, mail_sink, sign_in
from tests.web.accounts.browser import (
    catch_letters,
    code_in,
    give_app,
    is_in,
    letters_left,
    link_in,
    open_sessions,
    use_channels,
)

ADMINISTRATOR = "R00005"


async def ask(client: httpx.AsyncClient, name: str = HANDLER, **more: str) -> httpx.Response:
    answer = await client.post("/login/link", data={"name": name, **more})
    letters_left(client)
    return answer


async def test_the_link_logs_in_once(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    await ask(client)
    path = link_in(memory)
    assert "何景行" in (await client.get(path)).text
    assert (await client.post(path)).status_code == 303
    assert await is_in(client)
    assert (await client.post(path)).status_code == 410
    assert open_sessions(city) == [(HANDLER, "link", False)]


async def test_a_scanner_that_follows_the_link_uses_nothing_up(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    await ask(client)
    for method in ("HEAD", "GET", "GET"):
        assert (await client.request(method, link_in(memory))).status_code == 200
    assert open_sessions(city) == []
    assert (await client.post(link_in(memory))).status_code == 303


async def test_the_code_logs_in_where_it_was_asked_for(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    await ask(client, next="/more")
    elsewhere = httpx.AsyncClient(transport=client._transport, base_url="http://duban")
    assert (await elsewhere.post("/login/code", data={"code": code_in(memory)})).status_code == 403
    answer = await client.post("/login/code", data={"code": code_in(memory), "next": "/more"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/more")


async def test_a_stranger_is_told_the_same_as_somebody_who_is_known(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    known, unknown = await ask(client), await ask(client, "R77777")
    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    assert [cookie.split("=")[0] for cookie in unknown.headers.get_list("set-cookie")] == [
        cookie.split("=")[0] for cookie in known.headers.get_list("set-cookie")
    ]
    assert len(memory.letters) == 1
    assert (await client.post("/login/code", data={"code": "12345678"})).status_code == 403


async def test_asking_too_often_is_told(city: Session, client: httpx.AsyncClient) -> None:
    catch_letters(client)
    assert [(await ask(client)).status_code for _ in range(4)] == [303, 303, 303, 429]


async def test_a_failing_gateway_is_no_failure_of_the_page(city: Session, client: httpx.AsyncClient) -> None:
    catch_letters(client).answer("r00006@example.invalid", RuntimeError("very secret"))
    assert (await ask(client)).status_code == 303


async def test_the_second_step_is_asked_for_after_a_link_too(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    give_app(city, client)
    await ask(client)
    answer = await client.post(link_in(memory))
    assert answer.headers["location"].startswith("/login/second")
    assert open_sessions(city) == []


async def test_whoever_holds_no_post_is_told_so_after_the_link(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    await ask(client, STRANGER)
    answer = await client.post(link_in(memory))
    assert answer.status_code == 410
    assert open_sessions(city) == []


async def test_an_invitation_leads_to_setting_a_password(city: Session, client: httpx.AsyncClient) -> None:
    now = clock.true_now(city)
    token = others.invite(city, HANDLER, by=people.actor(city, ADMINISTRATOR, now=now), now=now)
    city.commit()
    answer = await client.post(f"/login/key/{token}")
    assert answer.headers["location"] == "/me/password"
    new = {"new": "a new and long sentence", "again": "a new and long sentence"}
    assert (await client.post("/me/password", data=new)).headers["location"] == "/me?done=password"


async def test_the_address_of_a_link_is_handed_on_to_nobody(city: Session, client: httpx.AsyncClient) -> None:
    memory = catch_letters(client)
    await ask(client)
    headers = (await client.get(link_in(memory))).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]


async def test_a_real_mail_brings_a_link_that_opens(city: Session, client: httpx.AsyncClient, tmp_path) -> None:
    mailbox, (server_tls, trust) = Mailbox(), certificate(tmp_path)
    options = {"require_starttls": True, "tls_context": server_tls, "auth_required": True, "authenticator": sign_in}
    with mail_sink(mailbox, **options) as server:
        url = SecretStr(f"smtp://duban:very-secret@127.0.0.1:{server.port}?from=duban@zigong.example")
        channels = Channels({"mail": Smtp(url.get_secret_value(), context=trust)})
        use_channels(client, channels)
        await ask(client)
        channels.close()
    text = message_from_bytes(mailbox.letters[-1], policy=default).get_content()
    link = next(word for word in text.split() if "/login/key/" in word)
    assert (await client.post("/login/key/" + link.rpartition("/")[2])).status_code == 303
    assert await is_in(client)
