"""One's own through the API: work, views, contacts; the same action on several; maps and figures."""

import pytest
from sqlmodel import Session, select

from models.issue import Issue, IssueEvent
from models.unit import Contact
from services import requests
from tests.cast import DIRECT, HANDLER, INSPECTOR, MONDAY, OFFICE, OUTSIDER, an_issue, who
from tests.services.filing.cabinet import an_item
from tests.services.instructions.office import an_instruction
from tests.web.api.conftest import Calls
from tests.web.link_desk import set_clock

V1 = "/api/v1"
BOX = "104.0,29.0,106.0,30.0"


def numbers(city: Session, *keys: int) -> list[str]:
    city.commit()
    return [city.get_one(Issue, key).number for key in keys]


async def test_what_waits_is_told_with_what_may_be_done(calls: Calls, city: Session) -> None:
    (number,) = numbers(city, an_issue(city, state="assigned"))
    client = calls(HANDLER)
    heaps = {one["pile"]: one for one in (await client.get(f"{V1}/me/work")).json()["heaps"]}
    (card,) = heaps["sign_in"]["cards"]
    assert (card["number"], "sign_in" in {one["action"] for one in card["actions"]}) == (number, True)
    pile = (await client.get(f"{V1}/me/work/sign_in")).json()
    assert (pile["count"], pile["more"]) == (1, False)
    assert (await client.get(f"{V1}/me/work/nope")).status_code == 422


async def test_what_waits_beside_issues_is_told_with_the_page_where_it_is_done(calls: Calls, city: Session) -> None:
    key = an_item(city)
    an_instruction(city, addressees=[HANDLER])
    set_clock(city)
    city.commit()
    (one,) = (await calls(HANDLER).get(f"{V1}/me/work")).json()["errands"]
    assert (one["kind"], one["ref"], one["page"], one["late"]) == ("file", "F-01", f"/filing/{key}", False)
    assert (await calls(OUTSIDER).get(f"{V1}/me/work")).json()["errands"] == []


async def test_a_request_waits_for_who_decides(calls: Calls, city: Session) -> None:
    key = an_issue(city, state="rectifying")
    ask = {"issue_ids": [key], "by": who(city, HANDLER), "now": MONDAY, "reason": "连日下雨"}
    requests.ask_extension(city, **ask, amount="1 working_days")
    city.commit()
    pile = (await calls(OFFICE).get(f"{V1}/me/work/decide")).json()
    assert pile["cards"][0]["requests"][0]["reason"] == "连日下雨"


async def test_views_are_kept_and_forgotten_by_their_owner_alone(calls: Calls, city: Session) -> None:
    given = {"name": "逾期", "query": "overdue=1&evil=<script>&area=5103"}
    (kept,) = (await calls(OFFICE).post(f"{V1}/me/views", json=given)).json()
    assert kept["query"] == "overdue=1&area=5103"
    assert (await calls(HANDLER).get(f"{V1}/me/views")).json() == []
    assert (await calls(HANDLER).delete(f"{V1}/me/views/{kept['id']}")).status_code == 204
    client = calls(OFFICE)
    assert len((await client.get(f"{V1}/me/views")).json()) == 1
    assert (await client.delete(f"{V1}/me/views/{kept['id']}")).status_code == 204
    assert (await client.get(f"{V1}/me/views")).json() == []


async def test_contacts_are_masked_ordered_and_removed(calls: Calls, city: Session) -> None:
    for n, address in enumerate(("somebody@example.org", "other@example.org")):
        row = {"person_code": HANDLER, "channel": "mail", "address": address, "verified_at": MONDAY, "position": n}
        city.add(Contact(**row))
    city.commit()
    client = calls(HANDLER)
    found = (await client.get(f"{V1}/me/contacts")).json()
    assert "somebody@example.org" not in str(found)
    ids = [one["id"] for one in found]
    turned = await client.put(f"{V1}/me/contacts/order", json={"ids": ids[::-1]})
    assert [one["id"] for one in turned.json()] == ids[::-1]
    quiet = await client.put(f"{V1}/me/contacts/quiet", json={"start": "21:30:00", "end": "07:00:00"})
    assert quiet.json()[0]["quiet_from"] == "21:30:00"
    assert (await client.put(f"{V1}/me/contacts/quiet", json={"start": "21:30:00"})).status_code == 400
    assert (await client.delete(f"{V1}/me/contacts/{ids[0]}")).status_code == 204
    assert (await calls(OUTSIDER).delete(f"{V1}/me/contacts/{ids[1]}")).status_code == 404


async def test_several_are_acted_on_and_each_is_told(calls: Calls, city: Session) -> None:
    first, second = an_issue(city), an_issue(city, state="assigned", standard="01-02")
    asked = [{"number": number} for number in numbers(city, first, second)]
    given = {"issues": [*asked, {"number": "ZG-2026-999999"}], "to": "D-CGJ"}
    client = calls(OFFICE)
    answer = (await client.post(f"{V1}/actions/assign", json=given)).json()
    assert [(one["done"], one["code"]) for one in answer["fates"]] == [(True, None), (False, "not_possible")]
    assert answer["missing"] == ["ZG-2026-999999"]
    assert (await client.post(f"{V1}/actions/pass", json=given)).status_code == 400
    assert (await client.post(f"{V1}/actions/comment", json={"issues": asked})).json()["code"] == "missing_input"


async def test_several_with_a_key_are_done_once(calls: Calls, city: Session) -> None:
    (number,) = numbers(city, an_issue(city))
    given, client = {"issues": [{"number": number}], "text": "看过"}, calls(OFFICE)
    for _ in range(2):
        answer = await client.post(f"{V1}/actions/comment", json=given, headers={"Idempotency-Key": "once-for-all"})
        assert answer.json()["fates"][0]["done"]
    assert len(city.exec(select(IssueEvent).where(IssueEvent.action == "comment")).all()) == 1


async def test_who_may_not_changes_none_of_them(calls: Calls, city: Session) -> None:
    (number,) = numbers(city, an_issue(city))
    answer = (
        await calls(OUTSIDER).post(f"{V1}/actions/void", json={"issues": [{"number": number}], "reason": "x"})
    ).json()
    assert (answer["fates"], answer["missing"]) == ([], [number])


async def test_the_map_and_the_figures_are_told(calls: Calls, city: Session) -> None:
    numbers(city, an_issue(city, state="assigned"))
    client = calls(OFFICE)
    part = (await client.get(f"{V1}/map/points", params={"bbox": BOX, "zoom": 18})).json()
    assert (part["total"], len(part["spots"]) + sum(one["n"] for one in part["piles"])) == (1, 1)
    assert (await client.get(f"{V1}/map/points", params={"bbox": "a,b"})).json()["code"] == "wrong_value"
    assert len((await client.get(f"{V1}/boards/trend", params={"days": 7})).json()) == 7
    assert (await client.get(f"{V1}/boards/hotspots", params={"days": 400})).json()[0]["found"] == 1
    assert (await client.get(f"{V1}/boards/areas", params={"unit": "D-CGJ"})).json()["all"]["by_step"]
    assert (await client.get(f"{V1}/map/labels")).status_code == 200
    near = (await client.get(f"{V1}/places/near", params={"lat": 29.348, "lng": 104.7826})).json()
    assert near[0]["metres"] <= near[-1]["metres"]


@pytest.mark.parametrize("address", ["/boards/trend", "/boards/hotspots"])
async def test_a_handler_sees_no_figures(calls: Calls, city: Session, address: str) -> None:
    assert (await calls(HANDLER).get(f"{V1}{address}")).status_code == 403


async def test_persons_are_told_to_who_needs_them(calls: Calls, city: Session) -> None:
    found = (await calls(OFFICE).get(f"{V1}/people", params={"q": INSPECTOR})).json()
    assert {one["person"] for one in found} == {INSPECTOR}
    assert (await calls(DIRECT).get(f"{V1}/people")).status_code == 403


async def test_a_workbook_is_for_who_may_export(calls: Calls, city: Session) -> None:
    numbers(city, an_issue(city))
    answer = await calls(OFFICE).get(f"{V1}/exports/issues.xlsx")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert (await calls(HANDLER).get(f"{V1}/exports/issues.xlsx")).status_code == 403


async def test_changes_of_the_city_are_for_who_administers_it(calls: Calls, city: Session) -> None:
    assert (await calls("R00005").get(f"{V1}/city/changes")).json()["next"] is None
    for address in ("/city/changes", "/city/pack"):
        assert (await calls(HANDLER).get(f"{V1}{address}")).status_code == 403
