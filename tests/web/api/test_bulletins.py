"""Bulletins over the API: from the draft to the files, with ETags; what a caller may not."""

import pytest
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE, PRINCIPAL
from tests.services.bulletins.desk import HEADQUARTERS, MORNING, a_half_month, approved, drafted, published
from tests.web.link_desk import set_clock

API = "/api/v1/bulletins"


@pytest.fixture
def town(city: Session) -> Session:
    set_clock(city, MORNING)
    a_half_month(city)
    city.commit()
    return city


def kept(town: Session, make=drafted) -> None:
    make(town)
    town.commit()


async def test_from_the_draft_to_what_readers_see(town, calls):
    made = await calls(OFFICE).post(API, json={"kind": "half_month"})
    assert (made.status_code, made.json()["state"], made.json()["content"]["total"]["due"]) == (201, "draft", 2)
    worded = await calls(OFFICE).put(f"{API}/1/texts", json={"lead": "本期情况"})
    assert worded.json()["content"]["texts"]["lead"] == "本期情况"
    assert (await calls(OFFICE).post(f"{API}/1/approve")).status_code == 409
    assert (await calls(HEADQUARTERS).post(f"{API}/1/approve")).json()["state"] == "approved"
    assert (await calls(OFFICE).post(f"{API}/1/publish")).json()["state"] == "published"
    (listed,) = (await calls(PRINCIPAL).get(API)).json()["items"]
    assert (listed["id"], listed["state"]) == (1, "published")
    assert (await calls(PRINCIPAL).get(f"{API}/1")).json()["may"] == []


async def test_drafted_again_it_is_the_same(town, calls):
    answers = [await calls(OFFICE).post(API, json={"kind": "weekly"}) for _ in "12"]
    assert [answer.json()["id"] for answer in answers] == [1, 1]


async def test_what_was_read_is_what_is_approved(town, calls):
    kept(town)
    tag = (await calls(HEADQUARTERS).get(f"{API}/1")).headers["etag"]
    await calls(OFFICE).put(f"{API}/1/texts", json={"lead": "改过"})
    late = await calls(HEADQUARTERS).post(f"{API}/1/approve", headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "draft_changed")
    again = (await calls(HEADQUARTERS).get(f"{API}/1")).headers["etag"]
    assert (await calls(HEADQUARTERS).post(f"{API}/1/approve", headers={"If-Match": again})).status_code == 200


async def test_what_a_caller_has_is_not_sent_again(town, calls):
    kept(town, published)
    tag = (await calls(OFFICE).get(f"{API}/1")).headers["etag"]
    assert (await calls(OFFICE).get(f"{API}/1", headers={"If-None-Match": tag})).status_code == 304


async def test_rows_come_in_stretches(town, calls):
    kept(town, published)
    first = (await calls(OFFICE).get(f"{API}/1/rows?count=due&limit=1")).json()
    rest = (await calls(OFFICE).get(f"{API}/1/rows?count=due&limit=1&after={first['next']}")).json()
    assert [one["number"] for one in (*first["items"], *rest["items"])] == ["ZG-2026-000001", "ZG-2026-000002"]
    assert (first["total"], first["seen"], rest["next"]) == (2, 2, None)
    assert first["items"][0]["counts"]["closed"] == 1
    assert (await calls(OFFICE).get(f"{API}/1/rows?count=nothing")).status_code == 400


@pytest.mark.parametrize("file", ["word", "excel"])
async def test_files_are_those_that_were_published(town, calls, file):
    kept(town, published)
    answers = [await calls(PRINCIPAL).get(f"{API}/1/{file}") for _ in "12"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[0].content.startswith(b"PK")


async def test_sent_back_and_withdrawn_with_a_reason(town, calls):
    kept(town, approved)
    assert (await calls(HEADQUARTERS).post(f"{API}/1/send-back", json={})).status_code == 422
    back = await calls(HEADQUARTERS).post(f"{API}/1/send-back", json={"why": "数据待核"})
    assert (back.json()["state"], back.json()["history"][-1]["why"]) == ("draft", "数据待核")
    assert (await calls(OFFICE).post(f"{API}/1/count")).status_code == 200
    assert (await calls(OFFICE).post(f"{API}/1/withdraw", json={"why": "重复"})).status_code == 204
    assert (await calls(OFFICE).get(API)).json()["items"] == []


@pytest.mark.parametrize(
    ("person", "scopes", "status"),
    [(HANDLER, (), 403), (PRINCIPAL, (), 404), (OFFICE, ("report",), 403), (OFFICE, (), 200)],
)
async def test_who_may_read_a_draft(town, calls, person, scopes, status):
    kept(town)
    assert (await calls(person, *scopes).get(f"{API}/1")).status_code == status


async def test_a_token_that_only_reads_drafts_nothing(town, calls):
    assert (await calls(OFFICE, "read").post(API, json={"kind": "weekly"})).status_code == 403


@pytest.mark.parametrize("given", [{"kind": "annual"}, {"kind": "weekly", "on": "2027-01-01"}])
async def test_what_cannot_be_drafted_is_refused(town, calls, given):
    assert (await calls(OFFICE).post(API, json=given)).status_code == 400
