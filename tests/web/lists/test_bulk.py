"""Several issues at once: the page before, the page after, and what a forged form gets."""

import re

import httpx
import pytest
from sqlmodel import Session

from models.lifecycle import State
from services import sweeps
from tests.cast import HANDLER, MONDAY, OFFICE, OUTSIDER, an_issue, at, messages, read, trail
from tests.web.link_desk import set_clock
from tests.web.lists.reader import numbers
from tests.web.visitor import log_in


@pytest.fixture
def rows(city: Session) -> list:
    found = [
        read(city, an_issue(city, state=state, address=f"{n}号"))
        for n, state in enumerate(("found", "found", "rectifying"))
    ]
    city.commit()
    return found


def query(rows) -> list[tuple[str, str]]:
    return [("issue", f"{row.number}:{row.version}-{row.event_count}") for row in rows]


def sent(rows, **more: str) -> dict[str, str]:
    return {"issues": " ".join(f"{row.number}:{row.version}" for row in rows), "key": "k1", **more}


async def test_the_page_before_offers_what_is_possible_and_for_how_many(city, client: httpx.AsyncClient, rows) -> None:
    log_in(city, client, OFFICE)
    page = (await client.get("/bulk", params=query(rows))).text
    assert numbers(page) == [row.number for row in rows]
    assert re.findall(r'action="/bulk/(\w+)"', page) == ["assign", "void", "comment"]
    assert f'name="issues" value="{rows[0].number}:1-1 {rows[1].number}:1-1"' in page


async def test_each_issue_gets_its_answer(city: Session, client, rows) -> None:
    log_in(city, client, OFFICE)
    answer = await client.post("/bulk/assign", data=sent(rows, to="D-SCJGJ", back="open=1"))
    assert answer.status_code == 200
    assert "已办理 2 个问题" in answer.text
    assert "1 个问题未办理" in answer.text
    assert 'href="/issues?open=1"' in answer.text
    assert [read(city, row.id).lead_unit for row in rows] == ["D-SCJGJ", "D-SCJGJ", "D-CGJ"]


async def test_a_double_tap_does_it_once(city: Session, client, rows) -> None:
    log_in(city, client, OFFICE)
    for _ in range(2):
        answer = await client.post("/bulk/assign", data=sent(rows[:1], to="D-CGJ"))
        assert answer.status_code == 200
    assert trail(city, rows[0].id).count("assign") == 1


@pytest.mark.parametrize(
    ("action", "more"),
    [("void", {"reason": " "}), ("assign", {"to": "NONE"}), ("comment", {}), ("ask_extension", {"amount": "viel"})],
)
async def test_a_form_that_cannot_be_used_is_shown_again(city: Session, client, rows, action: str, more: dict) -> None:
    log_in(city, client, OFFICE)
    answer = await client.post(f"/bulk/{action}", data=sent(rows, **more))
    assert answer.status_code in (400, 404)
    assert 'role="alert"' in answer.text
    assert numbers(answer.text) == [row.number for row in rows]
    assert all(len(trail(city, row.id)) == length for row, length in zip(rows, (1, 1, 3), strict=True))


async def test_what_is_too_long_is_told_and_still_there(city: Session, client, rows) -> None:
    log_in(city, client, OFFICE)
    answer = await client.post("/bulk/comment", data=sent(rows, text="长" * 3000))
    assert answer.status_code == 400
    assert "长" * 3000 in answer.text
    assert numbers(answer.text) == [row.number for row in rows]


async def test_other_words_from_a_page_turned_back_to_are_not_lost(city: Session, client, rows) -> None:
    log_in(city, client, OFFICE)
    for words in ("看过了", "看过了", "又看了一次"):
        assert (await client.post("/bulk/comment", data=sent(rows[:1], text=words))).status_code == 200
    assert trail(city, rows[0].id).count("comment") == 2


@pytest.mark.parametrize("action", ["pass", "close", "reapply_rules", "escalate", "../assign", "merge"])
async def test_an_action_that_is_not_for_several_is_refused(city: Session, client, rows, action: str) -> None:
    log_in(city, client, OFFICE)
    answer = await client.post(f"/bulk/{action}", data=sent(rows, reason="x"))
    assert answer.status_code in (400, 404)
    assert [read(city, row.id).state for row in rows] == [State.FOUND, State.FOUND, State.RECTIFYING]


async def test_issues_of_others_are_as_if_they_were_not_there(city: Session, client, rows) -> None:
    log_in(city, client, OUTSIDER)
    page = (await client.get("/bulk", params=query(rows))).text
    assert numbers(page) == []
    answer = await client.post("/bulk/comment", data=sent(rows, text="x"))
    assert answer.status_code == 409
    assert "comment" not in trail(city, rows[0].id)


async def test_a_forged_action_is_refused_at_the_door(city: Session, client, rows) -> None:
    log_in(city, client, HANDLER)
    answer = await client.post("/bulk/void", data=sent(rows[2:], reason="x"))
    assert answer.status_code == 409
    assert read(city, rows[2].id).state == State.RECTIFYING


@pytest.mark.parametrize(
    "data", [{}, {"issues": ""}, {"issues": "x"}, {"issues": "ZG-1:abc ZG-2:-5 :: ZG-3:1- ZG-4:1-2-3"}]
)
async def test_nothing_chosen_is_said(city: Session, client, data: dict) -> None:
    log_in(city, client, OFFICE)
    answer = await client.post("/bulk/comment", data={**data, "text": "x"})
    assert answer.status_code == 400


async def test_the_way_back_leads_to_our_own_list_only(city: Session, client, rows) -> None:
    log_in(city, client, OFFICE)
    page = (await client.get("/bulk", params=[*query(rows), ("back", "//evil.example/?x=1")])).text
    assert 'href="/issues">返回列表</a>' in page
    assert 'href="//' not in page


async def test_units_are_reminded_and_told_once_a_day(city: Session, client, sessions) -> None:
    row = read(city, an_issue(city, state="assigned", now=at("2026-10-20 10:00")))
    city.commit()
    set_clock(city)
    sweeps.tick(sessions, now=MONDAY)
    log_in(city, client, OFFICE)
    chosen = [("issue", f"{row.number}:1")]
    assert "每个问题每天最多一次" in (await client.get("/bulk", params=chosen)).text
    for said in ("", "此前已办理"):
        page = (await client.post("/bulk/remind", data=sent([row]))).text
        assert "已办理 1 个问题" in page
        assert said in page
    told = [post for kind, post in messages(city, row.id) if kind == "reminder_notice"]
    assert told.count("D-CGJ:handler") == told.count("D-CGJ:direct_leader") == 1
