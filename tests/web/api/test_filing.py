"""Online filing by program: the list, handing in, review, files."""

import pytest
from sqlmodel import Session

from models.filing import FilingItem
from tests.cast import HANDLER, OFFICE, OUTSIDER, VERIFIER, at
from tests.services.filing.cabinet import an_item, an_upload
from tests.web.api.conftest import Calls

API = "/api/v1/filing"


async def test_a_program_hands_in_and_another_reviews(city: Session, calls: Calls):
    item, key = an_item(city), an_upload(city)
    client = calls(HANDLER)
    given = {"uploads": [key], "note": "含影像", "version": 1}
    sent = [await client.post(f"{API}/{item}/submit", json=given, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [one.status_code for one in sent] == [200, 200]
    client = calls(VERIFIER)
    assert (await client.post(f"{API}/{item}/return", json={"why": "缺章", "version": 1})).status_code == 409
    returned = (await client.post(f"{API}/{item}/return", json={"why": "缺章", "version": 2})).json()

    assert (returned["material"]["state"], returned["may_file"]) == ("returned", False)
    assert [(one["act"], one["who"], len(one["files"])) for one in returned["events"]] == [
        ("submitted", HANDLER, 1),
        ("returned", VERIFIER, 0),
    ]


async def test_the_list_goes_on_where_it_stopped(city: Session, calls: Calls):
    for n in range(60):
        an_item(city, f"F-{n:02d}")
    client = calls(OFFICE)

    first = (await client.get(API)).json()
    second = (await client.get(f"{API}?after={first['next']}")).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 10, None)
    (unit,) = (await client.get(f"{API}/progress")).json()
    assert (unit["unit"], unit["items"], unit["missing"]) == ("D-CGJ", 60, 60)


async def test_the_next_stretch_begins_behind_the_last_piece_though_others_came_and_went(city: Session, calls: Calls):
    items = [an_item(city, f"F-{n:02d}") for n in range(60)]
    client = calls(OFFICE)
    first = (await client.get(API)).json()
    earlier = [an_item(city, f"E-{n}", due_at=at("2026-11-19 17:00")) for n in range(5)]
    city.get_one(FilingItem, items[3]).dropped = True
    city.commit()

    second = (await client.get(f"{API}?after={first['next']}")).json()

    assert [one["material"]["id"] for one in second["items"]] == items[50:]
    assert earlier


@pytest.mark.parametrize("after", ["50", "1.2.3", "x", f"{10**17}.{2**63}", f"{10**18 - 1}.1", "١.١"])
async def test_a_cursor_that_is_none_is_refused_and_says_what_is_expected(city: Session, calls: Calls, after: str):
    answer = await calls(OFFICE).get(API, params={"after": after})

    assert (answer.status_code, "begin again at the first" in answer.text) == (400, True)


async def test_what_is_not_theirs_is_not_there(city: Session, calls: Calls):
    item = an_item(city)
    client = calls(OUTSIDER)

    assert (await client.get(API)).json()["items"] == []
    assert (await client.get(f"{API}/{item}")).status_code == 404
    assert (await client.post(f"{API}/{item}/accept", json={})).status_code == 404
    assert (await client.post(f"{API}/{item}/drop", json={"why": "x"})).status_code == 404


async def test_the_office_drops_one_with_a_reason(city: Session, calls: Calls):
    item = an_item(city)
    client = calls(OFFICE)

    assert (await client.post(f"{API}/{item}/drop", json={"why": " "})).status_code == 422
    assert (await client.post(f"{API}/{item}/drop", json={"why": "不再要求"})).status_code == 204
    assert (await client.get(f"{API}/{item}")).status_code == 404
