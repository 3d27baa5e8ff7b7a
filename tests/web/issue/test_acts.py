"""Doing something on the issue's page: once, by whoever may, with everything that was typed kept."""

import asyncio

import httpx
import pytest
from sqlmodel import Session, select

from models.issue import Evidence, IssueEvent
from services import issues
from tests.cast import (
    DISTRICT_VERIFIER,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    VERIFIER,
    read,
    trail,
    who,
)
from tests.web.issue.desk import as_person, form_on, send, there
from tests.web.link_desk import picture


async def test_one_tap_signs_in_and_says_so(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    answer = await send(client, address, "sign_in")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=sign_in&issue={address[8:]}")
    assert "已签收。整改完成后请提交整改情况" in (await client.get(answer.headers["location"])).text
    assert read(city, key).state == "rectifying"


async def test_what_was_not_done_is_not_said_to_be_done(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    assert "已签收。" not in (await client.get(f"{address}?done=sign_in")).text


async def test_proof_is_handed_in_with_its_photo(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    answer = await send(client, address, "submit", files=[picture()], result="已清理")
    assert answer.status_code == 303
    pieces = city.exec(select(Evidence).where(Evidence.issue_id == key)).all()
    assert [(one.kind, one.added_by) for one in pieces] == [("after", HANDLER)]
    assert (read(city, key).state, read(city, key).result) == ("rectified", "已清理")


async def test_without_a_photo_the_words_stay_and_the_field_says_what_is_wanted(city: Session, client):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    answer = await send(client, address, "submit", result="已清理干净")
    assert answer.status_code == 400
    assert ">已清理干净</textarea>" in answer.text
    assert "整改后照片" in answer.text.split('id="do-submit-evidence-wrong"')[1][:80]
    assert read(city, key).state == "rectifying"


async def test_a_photo_that_arrived_need_not_be_sent_again(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    refused = await send(client, address, "submit", files=[picture(), ("notes.jpg", b"not a photo", "image/jpeg")])
    assert refused.status_code == 400
    assert "notes.jpg" in refused.text
    assert (await send(client, address, "submit", page=refused.text, result="已清理")).status_code == 303
    assert read(city, key).state == "rectified"


async def test_more_photos_than_fit_are_told_and_the_words_stay(city: Session, client: httpx.AsyncClient):
    _key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    answer = await send(client, address, "submit", files=[picture()] * 25, result="已清理干净")
    assert answer.status_code == 400
    assert "最多 9 张照片" in answer.text
    assert ">已清理干净</textarea>" in answer.text


async def test_a_paper_in_place_of_a_photo_is_told_and_where_it_belongs(city: Session, client: httpx.AsyncClient):
    _key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    paper = ("报告.pdf", b"%PDF-1.4\ntrailer<<>>\n%%EOF", "application/pdf")
    answer = await send(client, address, "submit", files=[paper], result="已清理")
    assert answer.status_code == 400
    assert "“报告.pdf”不是照片或视频" in answer.text


@pytest.mark.parametrize("blank", ["\u200b", " \u2060\u3000\n", "\u202e\ufeff", "\u00ad"])
async def test_words_that_nobody_sees_are_none(city: Session, client: httpx.AsyncClient, blank: str):
    key, address = there(city, state="rectified")
    as_person(city, client, VERIFIER)
    answer = await send(client, address, "fail", reason=blank)
    assert (answer.status_code, read(city, key).state) == (400, "rectified")


async def test_the_photo_of_somebody_else_cannot_be_handed_in(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, OFFICE)
    kept = await send(client, address, "attach", files=[picture(), ("x.jpg", b"no", "image/jpeg")])
    upload = form_on(kept.text, "attach")["upload"]
    as_person(city, client, HANDLER)
    answer = await send(client, address, "submit", result="已清理", upload=upload)
    assert answer.status_code == 400
    assert read(city, key).state == "rectifying"


async def test_a_verifier_passes_or_says_what_is_wrong(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectified")
    as_person(city, client, DISTRICT_VERIFIER)
    assert (await send(client, address, "fail")).status_code == 400
    assert (await send(client, address, "fail", reason="仍有残留")).status_code == 303
    assert (read(city, key).state, read(city, key).verdict) == ("rectifying", "仍有残留")


@pytest.mark.parametrize(("person", "status"), [(OUTSIDER, 404), (HANDLER, 409), (OFFICE, 409)])
async def test_who_may_not_verify_is_refused_whatever_form_they_send(city: Session, client, person, status):
    key, address = there(city, state="rectified")
    as_person(city, client, VERIFIER)
    page = (await client.get(address)).text
    as_person(city, client, person)
    assert (await send(client, address, "pass", page=page)).status_code == status
    assert read(city, key).state == "rectified"


async def test_who_comes_second_is_told_who_was_faster_and_keeps_the_words(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectified")
    as_person(city, client, DISTRICT_VERIFIER)
    page = (await client.get(address)).text
    issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=MONDAY, note="好了")
    city.commit()
    answer = await send(client, address, "fail", page=page, reason="这里还没有清理")
    assert answer.status_code == 409
    assert "有人抢先一步" in answer.text
    assert "冯知远" in answer.text
    assert '<blockquote class="said">这里还没有清理</blockquote>' in answer.text
    assert read(city, key).state == "verified"


async def test_words_of_who_came_second_are_still_in_the_form(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    page = (await client.get(address)).text
    issues.reapply_rules(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, severity="S4")
    city.commit()
    refused = await send(client, address, "ask_return", page=page, reason="不是我局职责")
    assert refused.status_code == 409
    assert ">不是我局职责</textarea>" in refused.text
    assert (await send(client, address, "ask_return", page=refused.text, reason="不是我局职责")).status_code == 303
    assert trail(city, key)[-1] == "ask_return"


async def test_a_double_tap_is_done_once_and_never_an_error(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    page = (await client.get(address)).text
    answers = await asyncio.gather(*(send(client, address, "sign_in", page=page) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert trail(city, key).count("sign_in") == 1


async def test_a_double_tap_with_a_photo_hands_it_in_once(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    page, photo = (await client.get(address)).text, picture()
    taps = (send(client, address, "submit", page=page, files=[photo], result="已清理") for _ in range(2))
    answers = await asyncio.gather(*taps)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert trail(city, key).count("submit") == 1
    assert len(city.exec(select(Evidence).where(Evidence.issue_id == key)).all()) == 1


async def test_other_words_from_a_page_turned_back_to_are_not_swallowed(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    page = (await client.get(address)).text
    for words in ("已联系施工队", "已联系施工队", "明天进场"):
        await send(client, address, "comment", page=page, text=words)
    told = city.exec(select(IssueEvent.facts).where(IssueEvent.issue_id == key, IssueEvent.action == "comment")).all()
    assert [facts["text"] for facts in told] == ["已联系施工队", "明天进场"]


async def test_fields_that_are_not_of_the_action_change_nothing(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    evil = {"state": "closed", "due_at": "2030-01-01", "by": OFFICE, "issue_ids": "1", "severity": "S6", "now": "x"}
    assert (await send(client, address, "comment", text="看过了", **evil)).status_code == 303
    issue = read(city, key)
    assert (issue.state, issue.severity) == ("rectifying", "S3")


async def test_the_address_of_a_form_leads_back_to_its_page(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    answer = await client.get(f"{address}/do/return?lang=en&evil=1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?do=return&lang=en")
    as_person(city, client, OUTSIDER)
    assert (await client.get(f"{address}/do/return")).status_code == 404


@pytest.mark.parametrize("action", ["find", "take_over", "escalate", "unreachable", "issue_paper", "delete", "SIGN_IN"])
async def test_what_is_no_action_of_a_page_is_not_there(city: Session, client: httpx.AsyncClient, action: str):
    key, address = there(city, state="assigned")
    as_person(city, client, OFFICE)
    given = {"key": "k" * 12, "version": "1", "events": "1"}
    answer = await client.post(f"{address}/do/{action}", data=given)
    assert answer.status_code in (400, 404)
    assert trail(city, key)[-1] == "assign"


async def test_a_form_from_another_site_is_refused(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    form = form_on((await client.get(address)).text, "sign_in")
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await client.post(f"{address}/do/sign_in", data=form, headers=headers)).status_code == 403
    assert read(city, key).state == "assigned"


@pytest.mark.parametrize(
    "bad", [{"version": "x"}, {"events": "-1"}, {"key": ""}, {"key": "a b"}, {"version": "9" * 30}]
)
async def test_a_form_that_is_not_ours_is_refused(city: Session, client: httpx.AsyncClient, bad):
    key, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    assert (await send(client, address, "sign_in", **bad)).status_code == 400
    assert read(city, key).state == "assigned"


@pytest.mark.parametrize(
    "wanted", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_afterwards_it_goes_on_to_pages_of_ours_only(city: Session, client: httpx.AsyncClient, wanted: str):
    _, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    answer = await send(client, address, "sign_in", next=wanted)
    assert answer.headers["location"].startswith("/desk?done=sign_in")


async def test_who_gives_an_issue_back_goes_on_to_the_desk(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="assigned")
    as_person(city, client, HANDLER)
    answer = await send(client, address, "return", reason="不在辖区")
    assert answer.headers["location"].startswith("/desk?done=return")
    assert "退回" in (await client.get(answer.headers["location"])).text
