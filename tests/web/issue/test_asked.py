"""The other forms of the issue's page: requests, assigning, merging, call-backs, sweeps, orders; field by field."""

import httpx
from sqlmodel import Session, col, select

from models.issue import Request, SupervisionOrder
from tests.cast import HANDLER, MONDAY, OFFICE, an_issue, read
from tests.web.issue.desk import as_person, number_of, send, there


async def test_more_time_is_asked_for_and_granted_in_part(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    assert (await send(client, address, "ask_extension", amount="两天", reason="下雨")).status_code == 400
    assert (await send(client, address, "ask_extension", amount="9", reason="下雨")).status_code == 409
    assert (await send(client, address, "ask_extension", amount="2", reason="下雨")).status_code == 303
    as_person(city, client, OFFICE)
    assert (await send(client, address, "grant_extension", amount="3")).status_code == 400
    assert (await send(client, address, "grant_extension", amount="1")).status_code == 303
    asked = city.exec(select(Request).where(Request.issue_id == key)).one()
    city.refresh(asked)
    assert (asked.state, read(city, key).extensions) == ("granted", 1)


async def test_shelving_is_asked_for_until_a_day_of_the_city(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    assert (await send(client, address, "ask_shelving", milestone="昨天", reason="缺钱")).status_code == 400
    assert (await send(client, address, "ask_shelving", milestone="2020-01-01T09:00", reason="缺钱")).status_code == 400
    assert (await send(client, address, "ask_shelving", milestone="2027-03-01T09:00", reason="缺钱")).status_code == 303
    as_person(city, client, OFFICE)
    assert 'value="2027-03-01T09:00"' in (await client.get(address)).text
    assert (await send(client, address, "grant_shelving")).status_code == 303
    assert f"{read(city, key).milestone_at:%Y-%m-%d %H:%M}" == "2027-03-01 01:00"


async def test_the_office_assigns_by_name_with_help(city: Session, client: httpx.AsyncClient):
    key, address = there(city)
    as_person(city, client, OFFICE)
    assert (await send(client, address, "assign", to_other="没有这个单位")).status_code == 400
    answer = await send(client, address, "assign", to_other="自贡市市场监督管理局", assisting="D-CGJ", severity="S2")
    issue = read(city, key)
    assert answer.status_code == 303
    assert (issue.lead_unit, issue.assisting_units, issue.severity) == ("D-SCJGJ", ["D-CGJ"], "S2")


async def test_a_unit_that_is_not_there_cannot_assist(city: Session, client: httpx.AsyncClient):
    key, address = there(city)
    as_person(city, client, OFFICE)
    answer = await send(client, address, "assign", to="D-CGJ", assisting="D-NONE", reason="请配合")
    assert answer.status_code == 400
    assert ">请配合</textarea>" in answer.text
    assert read(city, key).state == "found"


async def test_an_issue_is_merged_into_one_that_its_reader_may_see(city: Session, client: httpx.AsyncClient):
    key, address = there(city)
    other, elsewhere = an_issue(city), an_issue(city, point="P-0003", standard=None)
    city.commit()
    as_person(city, client, "R00010")
    assert (await send(client, address, "merge", into=number_of(city, elsewhere))).status_code == 400
    assert (await send(client, address, "merge", into=number_of(city, key))).status_code == 400
    assert (await send(client, address, "merge", into=number_of(city, other).lower())).status_code == 303
    assert read(city, key).merged_into == other


async def test_a_call_back_and_a_sweep_are_checked_field_by_field(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="verified")
    as_person(city, client, OFFICE)
    assert (await send(client, address, "call_back", answer="perhaps")).status_code == 400
    assert (await send(client, address, "call_back", answer="dissatisfied")).status_code == 400
    assert (await send(client, address, "call_back", answer="satisfied")).status_code == 303
    as_person(city, client, HANDLER)
    for wrong in ({"checked": "-1"}, {"checked": "1e3"}, {"checked": "2", "found": "3"}, {"checked": "٣"}, {}):
        assert (await send(client, address, "report_sweep", **wrong)).status_code == 400
    assert (await send(client, address, "report_sweep", checked="3", found="1")).status_code == 303
    assert (read(city, key).satisfaction, read(city, key).sweep_found) == ("satisfied", 1)


async def test_an_order_is_answered_on_the_page(city: Session, client: httpx.AsyncClient, engine):
    key, address = there(city, state="rectifying")
    order = SupervisionOrder(number="督1", issue_id=key, cycle=1, degree=1, unit_code="D-CGJ", issued_at=MONDAY)
    city.add(order)
    city.get_one(type(read(city, key)), key).orders_unanswered = 1
    city.commit()
    as_person(city, client, HANDLER)
    assert (await send(client, address, "reply_order", reply="马上整改")).status_code == 303
    replied = city.exec(select(SupervisionOrder).where(col(SupervisionOrder.issue_id) == key)).one()
    city.refresh(replied)
    assert replied.reply == "马上整改"


async def test_a_text_that_is_too_long_is_kept_and_told(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="rectifying")
    as_person(city, client, HANDLER)
    answer = await send(client, address, "comment", text="长" * 2001)
    assert answer.status_code == 400
    assert "长" * 2001 in answer.text
