"""The issue's page: what it tells, to whom, and what it offers."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session

from services import issues
from tests.cast import (
    DISTRICT_VERIFIER,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    STRANGER,
    VERIFIER,
    at,
    read,
    who,
)
from tests.web.issue.desk import as_person, offered, there
from tests.web.link_desk import set_clock

ALWAYS = {"comment", "attach"}


@pytest.mark.parametrize("person", [OUTSIDER, STRANGER, "R00024"])
async def test_who_is_nothing_to_an_issue_does_not_learn_that_it_is_there(city: Session, client, person):
    _, address = there(city, state="rectifying")
    as_person(city, client, person)
    answer, unknown = await client.get(address), await client.get("/issues/ZG-2026-999999")
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert "垃圾桶" not in answer.text


async def test_who_is_not_logged_in_is_sent_to_the_log_in(city: Session, client: httpx.AsyncClient):
    _, address = there(city)
    answer = await client.get(address)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")


@pytest.mark.parametrize(
    ("state", "person", "actions"),
    [
        ("found", OFFICE, {"assign", "triage", "merge", "void", "mark_leader"} | ALWAYS),
        ("assigned", HANDLER, {"sign_in", "return", "ask_extension"} | ALWAYS),
        ("rectifying", HANDLER, {"submit", "ask_extension", "ask_return", "ask_shelving", "report_sweep"} | ALWAYS),
        ("rectified", HANDLER, {"report_sweep"} | ALWAYS),
        ("rectified", DISTRICT_VERIFIER, {"pass", "fail"} | ALWAYS),
        ("verified", OFFICE, {"close_out", "call_back", "dispute", "mark_leader"} | ALWAYS),
        ("closed", OFFICE, {"reopen", "relapse", "call_back", "comment"}),
        ("closed", VERIFIER, {"relapse", "comment"}),  # who passed it does not look back at it
        ("closed", DISTRICT_VERIFIER, {"look_back", "relapse", "comment"}),
    ],
)
async def test_a_page_has_the_forms_of_what_may_be_done_and_no_others(city, client, state, person, actions):
    _, address = there(city, state=state)
    as_person(city, client, person)
    assert offered((await client.get(address)).text) == actions


async def test_the_page_tells_what_where_whose_and_until_when(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    page = (await client.get(address)).text
    for words in ("垃圾桶满溢", "高山井社区大道", "自贡市城市管理局", "2026-11-05 17:00", "剩余 3 个工作日"):
        assert words in page


async def test_the_page_says_why_this_date_and_what_comes_if_nobody_acts(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    page = (await client.get(address)).text
    assert "E8 问责建议" in page
    assert "2026-11-03 – 11-05" in page


async def test_the_page_says_why_its_reader_was_told(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    mine = (await client.get(address)).text
    as_person(city, client, VERIFIER)
    others = (await client.get(address)).text
    assert "任城管局承办人" in mine
    assert "任城管局承办人" not in others


async def test_what_happened_is_told_in_words(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="rectifying")
    as_person(city, client, OFFICE)
    zh, en = (await client.get(address)).text, (await client.get(f"{address}?lang=en")).text
    assert "<strong>签收</strong>" in zh
    assert "<strong>sign in</strong>" in en
    assert "何景行" in zh


async def test_what_people_write_is_text_and_nothing_else(city: Session, client: httpx.AsyncClient):
    evil = "<script>alert(1)</script>\"'><img src=x>"
    key, address = there(city, state="rectifying", description=evil)
    issues.comment(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, text=evil)
    city.commit()
    as_person(city, client, OFFICE)
    page = (await client.get(address)).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_the_time_left_can_be_asked_for_alone(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    assert "剩余 3 个工作日" in (await client.get(f"{address}/left")).text
    set_clock(city, at("2026-11-05 17:30"))
    left = (await client.get(f"{address}/left")).text
    assert "late" in left
    assert "剩余" not in left
    as_person(city, client, OUTSIDER)
    assert (await client.get(f"{address}/left")).status_code == 404
    assert read(city, key).state == "rectifying"


async def test_before_the_close_out_the_page_says_what_is_missing(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="verified", source="hotline_12345")
    as_person(city, client, OFFICE)
    page = (await client.get(address)).text
    assert "close_out" not in offered(page)
    assert "尚不具备销号条件，还缺：群众回访" in page


async def test_a_page_of_many_events_shows_the_newest_and_keeps_the_others(city: Session, client):
    key, address = there(city, state="rectifying")
    for n in range(40):
        issues.comment(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY + timedelta(seconds=n), text=f"第{n}句")
    city.commit()
    as_person(city, client, OFFICE)
    page = (await client.get(address)).text
    assert page.index("第39句") < page.index("<summary>", page.index("第39句")) < page.index("第0句")


@pytest.mark.parametrize("strange", ["%00", "..%2f..", "ZG-2026-000001%00", "'%20OR%201=1--", "%F0%9F%A6%86"])
async def test_a_number_that_is_none_is_not_found(city: Session, client: httpx.AsyncClient, strange: str):
    as_person(city, client, OFFICE)
    assert (await client.get(f"/issues/{strange}")).status_code == 404
