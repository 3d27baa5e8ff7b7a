"""Proposing a measure on the page: who is offered it, what is refused with all that was typed, twice and back."""

import re

import httpx
import pytest
from sqlmodel import Session

from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, PRINCIPAL, STRANGER, an_issue, read
from tests.services.accountability.shorthand import HEADQUARTERS, measures
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

CROSS = "<script>alert(1)</script>"


@pytest.fixture
def number(city: Session) -> str:
    key = an_issue(city, state="rectifying")
    set_clock(city)
    city.commit()
    return read(city, key).number


async def form(city: Session, client: httpx.AsyncClient, *, by: str = OFFICE) -> dict[str, str]:
    """What an empty form sends beside what is typed."""
    log_in(city, client, by)
    page = (await client.get("/accountability/new")).text
    return {"key": re.search(r'name="key" value="([^"]+)"', page)[1]}


def typed(number: str, **given: str) -> dict[str, str]:
    return {"kind": "interview", "unit": "D-CGJ", "issues": number, "why": "多次督促未果", **given}


async def test_it_goes_on_record_and_somebody_else_is_offered_to_decide(city, client, number):
    given = {**await form(city, client), **typed(number)}
    answer = await client.post("/accountability", data=given)
    (one,) = measures(city)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/accountability/{one.id}?done=propose")
    own = (await client.get(answer.headers["location"], params={"lang": "en"})).text
    assert "多次督促未果" in own
    assert "/approve" not in own
    assert "/reject" not in own
    log_in(city, client, HEADQUARTERS)
    assert "/approve" in (await client.get(f"/accountability/{one.id}")).text
    log_in(city, client, PRINCIPAL)
    assert (await client.get(f"/accountability/{one.id}")).status_code == 404


async def test_a_unit_may_be_typed_by_its_name(city, client, number):
    given = {**await form(city, client), **typed(number, unit="自贡市城市管理局")}
    await client.post("/accountability", data=given)
    assert measures(city)[0].unit_code == "D-CGJ"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "supervision_order"},
        {"kind": "fine"},
        {"unit": ""},
        {"unit": f"无此单位{CROSS}"},
        {"unit": "D-SCJGJ"},
        {"issues": ""},
        {"issues": "ZG-2026-999999"},
        {"issues": f"{CROSS}"},
        {"why": " \u200b "},
        {"why": "长" * 2001},
    ],
)
async def test_a_refusal_says_why_and_loses_nothing(city, client, number, wrong):
    given = {**await form(city, client), **typed(number, **wrong)}
    answer = await client.post("/accountability", data=given)
    assert answer.status_code in (400, 404, 422)
    assert 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text
    for name, value in typed(number).items():
        if name not in wrong:
            assert value in answer.text, name
    assert measures(city) == []
    right = await client.post("/accountability", data={**given, **typed(number)})
    assert right.status_code == 303


async def test_sent_twice_it_is_one_and_from_a_page_turned_back_to_another(city, client, number):
    given = {**await form(city, client), **typed(number)}
    first, again = [(await client.post("/accountability", data=given)).headers["location"] for _ in range(2)]
    assert first == again
    await client.post("/accountability", data={**given, "kind": "yellow_card"})
    assert [one.kind.value for one in measures(city)] == ["interview", "yellow_card"]


@pytest.mark.parametrize("somebody", [HANDLER, PRINCIPAL, STRANGER, "R00002", "R00021"])
async def test_who_may_not_is_offered_nothing(city, client, number, somebody):
    log_in(city, client, somebody)
    assert "/accountability/new" not in (await client.get("/accountability")).text
    assert (await client.get("/accountability/new")).status_code in (303, 403)
    assert (await client.post("/accountability", data=typed(number))).status_code in (303, 403)
    assert measures(city) == []


async def test_a_district_is_shown_its_own_units_alone(city, client, number):
    log_in(city, client, DISTRICT_OFFICE)
    page = (await client.get("/accountability/new")).text
    assert "五星街街道办事处" in page
    assert "城市管理局" not in page
    answer = await client.post("/accountability", data={"key": "k", **typed(number)})
    assert (answer.status_code, measures(city)) == (409, [])


async def test_what_the_address_says_is_filled_in(city, client, number):
    log_in(city, client, OFFICE)
    page = (await client.get("/accountability/new", params={"unit": f"D-CGJ{CROSS}", "issues": number})).text
    assert number in page
    assert "<script>alert" not in page
