"""Patrols on a phone: two buttons, and the chiefs of a place below."""

import pytest
from sqlmodel import Session, select

from models.patrol import Patrol
from services.patrols.planning import plan
from tests.cast import DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, STRANGER
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

GRID = "510302001002001:grid_chief"


@pytest.fixture
def planned(city: Session) -> Session:
    set_clock(city)
    plan(city, now=MONDAY)
    city.commit()
    return city


async def test_one_tap_records_that_nothing_was_found(planned, client):
    log_in(planned, client, "R00018")
    page = await client.get("/patrols", params={"lang": "en"})
    assert "by 2026-11-08" in page.text
    sent = {"post": GRID, "place": "大道", "what": "nothing", "key": "a-key-1"}
    answer = await client.post("/patrols", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/patrols?done=1")
    await client.post("/patrols", data=sent)
    (one,) = planned.exec(select(Patrol)).all()
    assert (one.place, one.found, one.person_code) == ("大道", False, "R00018")
    assert "Your patrol is on record" in (await client.get("/patrols?done=1&lang=en")).text


async def test_what_was_found_goes_on_to_a_report(planned, client):
    log_in(planned, client, "R00018")
    answer = await client.post("/patrols", data={"post": GRID, "what": "found", "key": "a-key-2"})
    assert answer.headers["location"] == "/report"
    assert planned.exec(select(Patrol)).one().found


async def test_a_refusal_keeps_what_was_typed(planned, client):
    log_in(planned, client, "R00018")
    place = "<b>" + "大" * 200
    answer = await client.post("/patrols", data={"post": GRID, "place": place, "what": "nothing", "key": "k"})
    assert answer.status_code == 400
    assert "&lt;b&gt;大大" in answer.text


@pytest.mark.parametrize("somebody", [OFFICE, HANDLER, STRANGER, "R00002"])
async def test_who_is_no_chief_records_none(planned, client, somebody):
    log_in(planned, client, somebody)
    answer = await client.post("/patrols", data={"post": GRID, "what": "nothing", "key": "k"})
    assert answer.status_code in (303, 403)
    assert planned.exec(select(Patrol)).all() == []


async def test_an_office_sees_its_chiefs_and_no_others(planned, client):
    log_in(planned, client, DISTRICT_OFFICE)
    page = await client.get("/patrols", params={"lang": "en"})
    assert "潘子衿" in page.text
    assert (await client.get("/patrols?area=510303")).status_code == 404
