"""Logged out in the middle of a form: nothing that was typed is lost, and the way back leads to a whole page."""

import re

import httpx
import pytest
from sqlmodel import Session

from tests.cast import OFFICE
from tests.web.visitor import log_in

TYPED = "第一行\n  <b>第二行</b> 😀"
FORM = {"key": "k" * 12, "version": "1", "events": "1", "text": TYPED}
FROM = {"Referer": "http://duban/issues/XX-1?do=comment"}
DO = "/issues/XX-1/do/comment"


async def test_what_was_typed_comes_back_with_a_way_to_send_it(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post(DO, data=FORM, headers=FROM)
    assert answer.status_code == 401
    assert f'action="{DO}"' in answer.text
    assert '<textarea name="text" hidden>\n第一行\n  &lt;b&gt;第二行&lt;/b&gt; 😀</textarea>' in answer.text
    assert f'<textarea name="key" hidden>\n{"k" * 12}</textarea>' in answer.text
    assert 'href="/login?next=%2Fissues%2FXX-1%3Fdo%3Dcomment" target="_blank"' in answer.text


async def test_sent_again_after_the_log_in_it_arrives_as_it_was(city: Session, client: httpx.AsyncClient) -> None:
    page = (await client.post("/views", data={"name": TYPED, "next": "/issues"})).text
    fields = re.findall(r'<textarea name="(\w+)" hidden>\n([^<]*)</textarea>', page)
    assert [name for name, _ in fields] == ["name", "next"]
    log_in(city, client, OFFICE)
    assert (await client.post("/views", data=dict(fields))).status_code != 401


async def test_a_button_without_words_leads_to_the_log_in_and_back_to_its_page(
    city: Session, client: httpx.AsyncClient
) -> None:
    answer = await client.post(DO, data={**FORM, "text": " "}, headers=FROM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fissues%2FXX-1%3Fdo%3Dcomment")


async def test_another_sites_page_is_no_way_back(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post(DO, data={"key": "x"}, headers={"Referer": "http://evil.example/issues"})
    assert answer.headers["location"] == "/login?next=%2F"


async def test_photos_are_said_to_be_gone(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post(DO, data=FORM, files={"photos": ("a.jpg", b"x", "image/jpeg")})
    assert "照片和文件" in answer.text
    assert "第一行" in answer.text


async def test_a_form_of_many_photos_is_not_read(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post(DO, data=FORM, files={"photos": ("a.jpg", b"x" * 300_000, "image/jpeg")})
    assert answer.status_code == 401
    assert "第一行" not in answer.text
    assert 'target="_blank"' in answer.text


@pytest.mark.parametrize("path", ["/me/password", "/me/second"])
async def test_passwords_and_codes_are_never_shown_again(city: Session, client: httpx.AsyncClient, path: str) -> None:
    answer = await client.post(path, data={"old": "a secret of mine", "new": "a secret of mine", "code": "123456"})
    assert "secret" not in answer.text
    assert answer.status_code == 303


async def test_a_form_from_elsewhere_is_not_shown(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post(DO, data=FORM, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert "第一行" not in answer.text


async def test_a_part_that_keeps_the_time_leads_back_to_the_page_around_it(
    city: Session, client: httpx.AsyncClient
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://duban/desk?page=2"}
    answer = await client.get("/desk/left", headers=headers)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login?next=%2Fdesk%3Fpage%3D2")
