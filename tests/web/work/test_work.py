"""The desk: what waits for its reader, and one tap to do it."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlmodel import Session

from services import issues, requests, work
from tests.cast import (
    DISTRICT_OFFICE,
    DISTRICT_VERIFIER,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    STRANGER,
    VERIFIER,
    an_issue,
    read,
    who,
)
from tests.web.issue.desk import as_person, form_on, number_of, offered, there
from tests.web.link_desk import picture, set_clock


async def tap(client: httpx.AsyncClient, page: str, action: str, *, files=(), **typed) -> httpx.Response:
    """Send the first form of an action on a page."""
    address = re.search(rf'action="(/issues/[^"]*/do/{action})"', page)
    assert address, f"no {action} on the page"
    data = {**form_on(page, action), **typed}
    return await client.post(address[1], data=data, files=[("photos", one) for one in files] or None)


async def desk(city: Session, client: httpx.AsyncClient, person: str, path: str = "/desk") -> str:
    as_person(city, client, person)
    answer = await client.get(path)
    assert answer.status_code == 200
    return answer.text


async def test_who_is_not_logged_in_is_sent_to_the_log_in(city: Session, client: httpx.AsyncClient):
    assert (await client.get("/desk")).status_code == 303


async def test_a_desk_where_nothing_waits_says_so(city: Session, client: httpx.AsyncClient):
    there(city, state="assigned")
    for person in (OUTSIDER, STRANGER):
        page = await desk(city, client, person)
        assert "目前没有待办事项" in page
        assert "ZG-2026-000001" not in page


async def test_one_tap_on_the_card_signs_in_and_comes_back_to_the_desk(city: Session, client: httpx.AsyncClient):
    key, _ = there(city, state="assigned")
    answer = await tap(client, await desk(city, client, HANDLER), "sign_in")
    assert answer.headers["location"] == f"/desk?done=sign_in&issue={number_of(city, key)}"
    assert "已签收。" in (await client.get(answer.headers["location"])).text
    assert read(city, key).state == "rectifying"


async def test_one_tap_assigns_to_the_suggested_unit(city: Session, client: httpx.AsyncClient, engine):
    key, _ = there(city)
    issues.act_on_all(city, "triage", [key], who(city, OFFICE), MONDAY)
    city.commit()
    page = await desk(city, client, DISTRICT_OFFICE)
    assert "交办给自贡市城市管理局" in page
    assert (await tap(client, page, "assign")).status_code == 303
    assert read(city, key).lead_unit == "D-CGJ"


async def test_proof_is_handed_in_from_the_card(city: Session, client: httpx.AsyncClient):
    key, _ = there(city, state="rectifying")
    page = await desk(city, client, HANDLER)
    assert (await tap(client, page, "submit", files=[picture()], result="已清理")).status_code == 303
    assert read(city, key).state == "rectified"


async def test_a_verifier_passes_by_one_tap_and_fails_with_a_reason(city: Session, client: httpx.AsyncClient):
    first, _ = there(city, state="rectified")
    assert (await tap(client, await desk(city, client, DISTRICT_VERIFIER), "pass")).status_code == 303
    second, _ = there(city, state="rectified")
    page = await desk(city, client, DISTRICT_VERIFIER)
    assert (await tap(client, page, "fail")).status_code == 400
    assert (await tap(client, page, "fail", reason="仍有残留")).status_code == 303
    assert (read(city, first).state, read(city, second).state) == ("verified", "rectifying")


async def test_a_card_of_yesterday_is_refused_on_the_issue_itself(city: Session, client: httpx.AsyncClient):
    key, _ = there(city, state="assigned")
    page = await desk(city, client, HANDLER)
    issues.sign_in(city, issue_ids=[key], by=who(city, "R00007"), now=MONDAY)
    city.commit()
    answer = await tap(client, page, "sign_in")
    assert answer.status_code == 409
    assert "有人抢先一步" in answer.text


async def test_a_request_is_granted_by_one_tap_and_refused_with_a_reason(city: Session, client: httpx.AsyncClient):
    key, _ = there(city, state="rectifying")
    given = {"issue_ids": [key], "by": who(city, HANDLER), "now": MONDAY, "reason": "下雨"}
    requests.ask_extension(city, amount="1 working_days", **given)
    city.commit()
    page = await desk(city, client, DISTRICT_OFFICE)
    assert "下雨" in page
    assert (await tap(client, page, "refuse_extension")).status_code == 400
    assert (await tap(client, page, "grant_extension")).status_code == 303
    assert read(city, key).extensions == 1


async def test_a_card_offers_nothing_that_its_reader_may_not_do(city: Session, client: httpx.AsyncClient):
    there(city, state="rectified")
    assert offered(await desk(city, client, HANDLER)) == set()
    assert offered(await desk(city, client, OFFICE)) == set()


@pytest.mark.parametrize("person", [OFFICE, HANDLER, VERIFIER])
async def test_numbers_lead_into_lists_that_show_as_many(city: Session, client: httpx.AsyncClient, person: str):
    key, _ = there(city, state="rectifying")
    page = await desk(city, client, person)
    found = re.search(r'href="(/issues\?state=rectifying[^"]*)"><span>整改中</span><strong>1</strong>', page)
    assert number_of(city, key) in (await client.get(unescape(found[1]))).text


async def test_a_pile_has_pages_of_its_own(city: Session, client: httpx.AsyncClient, monkeypatch):
    monkeypatch.setattr(work, "FIRST", 1)
    monkeypatch.setattr(work, "PAGE", 2)
    set_clock(city, MONDAY + timedelta(hours=1))
    keys = [an_issue(city, state="assigned", now=MONDAY + n * timedelta(minutes=1)) for n in range(3)]
    city.commit()
    numbers = [number_of(city, key) for key in keys]
    page = await desk(city, client, HANDLER)
    assert (numbers[0] in page, numbers[1] in page, 'href="/desk/sign_in"' in page) == (True, False, True)
    first, second = [(await client.get(f"/desk/sign_in?page={n}")).text for n in (1, 2)]
    assert [number in first for number in numbers] == [True, True, False]
    assert [number in second for number in numbers] == [False, False, True]
    answer = await tap(client, second, "sign_in")
    assert answer.headers["location"].startswith("/desk/sign_in?page=2&done=sign_in")


@pytest.mark.parametrize("strange", ["/desk/none", "/desk/sign_in?page=0", "/desk/sign_in?page=x"])
async def test_a_pile_that_is_none_is_refused(city: Session, client: httpx.AsyncClient, strange: str):
    as_person(city, client, HANDLER)
    assert (await client.get(strange)).status_code in (400, 404)


async def test_the_time_left_is_swapped_card_by_card(city: Session, client: httpx.AsyncClient):
    key, _ = there(city, state="assigned")
    page, left = await desk(city, client, HANDLER), await desk(city, client, HANDLER, "/desk/left")
    name = f'id="left-sign_in-{number_of(city, key)}"'
    assert name in page
    assert f"{name} hx-swap-oob" in left
    assert re.search("剩余 (4 个工作小时|3 个工作小时 59 分钟)", left)


async def test_what_people_write_is_text_on_the_desk_too(city: Session, client: httpx.AsyncClient):
    there(city, state="assigned", description="<script>alert(1)</script>")
    page = await desk(city, client, HANDLER)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
