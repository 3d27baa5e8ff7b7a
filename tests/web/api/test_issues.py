"""Issues through the API: seen, reported, acted on; once, and not over somebody's head."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from models.api import ApiToken
from models.issue import Issue, IssueEvent
from runtime import clock
from services import tokens
from tests.cast import HANDLER, INSPECTOR, OFFICE, OUTSIDER, VERIFIER, an_issue
from tests.web.api.conftest import Calls

ISSUES = "/api/v1/issues"
FOUND = {"description": "垃圾桶满溢", "point": "P-0001", "standard": "01-01"}


def number_of(city: Session, key: int) -> str:
    return city.get_one(Issue, key).number


async def test_without_a_token_nothing_is_told(client: httpx.AsyncClient, city: Session) -> None:
    answer = await client.get(ISSUES)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_needed")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Bearer nope", "Basic x", "Bearer ", "Bearer \u00ff".encode("latin-1")])
async def test_a_token_that_is_none_opens_nothing(
    client: httpx.AsyncClient, city: Session, header: str | bytes
) -> None:
    assert (await client.get(ISSUES, headers={"Authorization": header})).status_code == 401


async def test_a_token_that_was_ended_opens_nothing(calls: Calls, city: Session) -> None:
    client = calls(OFFICE)
    (row,) = city.exec(select(ApiToken)).all()
    tokens.end_token(city, OFFICE, row.id or 0, now=clock.true_now(city))
    city.commit()
    assert (await client.get(ISSUES)).status_code == 401


async def test_a_token_that_has_expired_opens_nothing(city: Session, client: httpx.AsyncClient) -> None:
    before = clock.true_now(city) - timedelta(days=2)
    token = tokens.create_token(city, OFFICE, name="x", scopes=["read"], lasts=timedelta(days=1), now=before)
    city.commit()
    assert (await client.get(ISSUES, headers={"Authorization": f"Bearer {token}"})).status_code == 401


async def test_a_token_does_no_more_than_it_is_for(calls: Calls, city: Session) -> None:
    answer = await calls(OFFICE, "read").post(ISSUES, json=FOUND, headers={"Idempotency-Key": "one-report"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_a_list_goes_on_where_it_ended(calls: Calls, city: Session) -> None:
    numbers = [number_of(city, an_issue(city, key=f"k{n}")) for n in range(3)]
    city.commit()
    client = calls(OFFICE)
    first = (await client.get(ISSUES, params={"limit": 2})).json()
    rest = (await client.get(ISSUES, params={"limit": 2, "after": first["next"]})).json()
    assert [one["number"] for one in (*first["items"], *rest["items"])] == numbers[::-1]
    assert rest["next"] is None


async def test_another_units_issue_is_not_there(calls: Calls, city: Session) -> None:
    number = number_of(city, an_issue(city, state="assigned"))
    city.commit()
    client = calls(OUTSIDER)
    for address in ("", "/events", "/evidence", "/requests", "/orders", "/actions", "/ahead"):
        assert (await client.get(f"{ISSUES}/{number}{address}")).status_code == 404
    assert (await client.get(ISSUES)).json()["items"] == []


async def test_everything_about_an_issue_can_be_read(calls: Calls, city: Session) -> None:
    number = number_of(city, an_issue(city, state="rectified"))
    city.commit()
    client = calls(VERIFIER)
    for address in ("", "/events", "/evidence", "/requests", "/orders", "/actions", "/ahead"):
        assert (await client.get(f"{ISSUES}/{number}{address}")).status_code == 200, address


async def test_who_has_read_it_already_is_told_so(calls: Calls, city: Session) -> None:
    number = number_of(city, an_issue(city))
    city.commit()
    client = calls(OFFICE)
    tag = (await client.get(f"{ISSUES}/{number}")).headers["etag"]
    again = await client.get(f"{ISSUES}/{number}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_report_that_comes_twice_is_one_issue(calls: Calls, city: Session) -> None:
    client = calls(INSPECTOR)
    first = await client.post(ISSUES, json=FOUND, headers={"Idempotency-Key": "one-report"})
    again = await client.post(ISSUES, json=FOUND, headers={"Idempotency-Key": "one-report"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert first.json() == again.json()
    assert len(city.exec(select(Issue)).all()) == 1


async def test_a_key_is_for_one_request_only(calls: Calls, city: Session) -> None:
    client = calls(INSPECTOR)
    await client.post(ISSUES, json=FOUND, headers={"Idempotency-Key": "one-report"})
    other = await client.post(ISSUES, json={**FOUND, "description": "x"}, headers={"Idempotency-Key": "one-report"})
    assert (other.status_code, other.json()["code"]) == (422, "key_used")


async def test_the_same_key_of_somebody_else_is_another_one(calls: Calls, city: Session) -> None:
    await calls(INSPECTOR).post(ISSUES, json=FOUND, headers={"Idempotency-Key": "one-report"})
    other = await calls(OFFICE).post(ISSUES, json={**FOUND, "anew": True}, headers={"Idempotency-Key": "one-report"})
    assert other.status_code == 201
    assert len(city.exec(select(Issue)).all()) == 2


async def test_one_like_it_is_told_first(calls: Calls, city: Session) -> None:
    client = calls(INSPECTOR)
    first = await client.post(ISSUES, json=FOUND, headers={"Idempotency-Key": "report-1"})
    second = await client.post(ISSUES, json=FOUND, headers={"Idempotency-Key": "report-2"})
    assert second.status_code == 200
    assert [one["number"] for one in second.json()["known"]] == [first.json()["number"]]
    assert len(city.exec(select(Issue)).all()) == 1


@pytest.mark.parametrize("more", [{"state": "closed"}, {"lead_unit": "D-CGJ"}, {"deduction": 9}, {"id": 1}])
async def test_what_is_not_asked_for_is_refused(calls: Calls, city: Session, more: dict[str, object]) -> None:
    answer = await calls(INSPECTOR).post(ISSUES, json={**FOUND, **more}, headers={"Idempotency-Key": "one-report"})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert answer.json()["errors"][0]["where"] == f"body.{next(iter(more))}"


async def test_an_action_goes_through_the_one_door(calls: Calls, city: Session) -> None:
    number = number_of(city, an_issue(city))
    city.commit()
    answer = await calls(OFFICE).post(f"{ISSUES}/{number}/actions/assign", json={"to": "D-CGJ"})
    assert (answer.status_code, answer.json()["state"]) == (200, "assigned")


async def test_who_may_not_act_is_told_who_may(calls: Calls, city: Session) -> None:
    number = number_of(city, an_issue(city, state="rectified"))
    city.commit()
    answer = await calls(HANDLER).post(f"{ISSUES}/{number}/actions/pass", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_somebody_who_was_faster_is_respected(calls: Calls, city: Session) -> None:
    key = an_issue(city, state="assigned")
    number = number_of(city, key)
    city.commit()
    client = calls(HANDLER)
    tag = (await client.get(f"{ISSUES}/{number}")).headers["etag"]
    await client.post(f"{ISSUES}/{number}/actions/sign_in", json={})
    late = await client.post(f"{ISSUES}/{number}/actions/sign_in", json={}, headers={"If-Match": tag})
    assert late.status_code in (409, 412)
    events = city.exec(select(IssueEvent).where(IssueEvent.issue_id == key, IssueEvent.action == "sign_in")).all()
    assert len(events) == 1


async def test_a_wrong_if_match_changes_nothing(calls: Calls, city: Session) -> None:
    number = number_of(city, an_issue(city, state="assigned"))
    city.commit()
    answer = await calls(HANDLER).post(f"{ISSUES}/{number}/actions/sign_in", json={}, headers={"If-Match": '"v99-99"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "somebody_was_faster")


async def test_an_action_with_a_key_is_done_once(calls: Calls, city: Session) -> None:
    key = an_issue(city)
    city.commit()
    client, said = calls(OFFICE), {"Idempotency-Key": "say-it-once"}
    for _ in range(2):
        answer = await client.post(
            f"{ISSUES}/{number_of(city, key)}/actions/comment", json={"text": "看过"}, headers=said
        )
        assert answer.status_code == 200
    events = city.exec(select(IssueEvent).where(IssueEvent.issue_id == key, IssueEvent.action == "comment")).all()
    assert len(events) == 1


async def test_a_cookie_counts_for_nothing(client: httpx.AsyncClient, city: Session) -> None:
    from tests.web.visitor import log_in

    log_in(city, client, OFFICE)
    assert (await client.get(ISSUES)).status_code == 401


async def test_a_body_that_is_too_large_is_cut_off(calls: Calls, city: Session) -> None:
    answer = await calls(INSPECTOR).post(
        ISSUES, content=b"x" * (1024 * 1024 + 1), headers={"Idempotency-Key": "12345678"}
    )
    assert answer.status_code == 413


async def test_what_does_not_exist_is_a_problem_too(calls: Calls, city: Session) -> None:
    client = calls(OFFICE)
    for method, address, status in (("GET", "/api/v1/nope", 404), ("DELETE", ISSUES, 405)):
        answer = await client.request(method, address)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_the_offers_are_those_of_the_door(calls: Calls, city: Session) -> None:
    number = number_of(city, an_issue(city, state="assigned"))
    city.commit()
    found = (await calls(HANDLER).get(f"{ISSUES}/{number}/actions")).json()
    assert {"sign_in", "return"} <= {one["action"] for one in found}
