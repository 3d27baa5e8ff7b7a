"""Surveys by program: begun, entered, read; each for whom it is."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from models.survey import SurveyReply
from runtime import clock
from tests.cast import HANDLER, OFFICE
from tests.services.surveys.field import GOOD, INTERVIEWER, a_field
from tests.web.api.conftest import Calls

API = "/api/v1/surveys"


def wanted(city: Session) -> dict[str, Any]:
    today = clock.now(city).date()
    days = {"opens_on": str(today), "closes_on": str(today + timedelta(days=7))}
    counts = {"places": 2, "per_place": 20, "raters": 5, "seed": 42}
    return {
        "form": "residents",
        "title": "第四季度",
        "area": "510302",
        **days,
        **counts,
        "interviewers": [INTERVIEWER],
    }


async def test_from_the_draw_to_the_figures(city: Session, calls: Calls):
    a_field(city)
    client = calls(OFFICE)
    made = await client.post(API, json=wanted(city), headers={"Idempotency-Key": "one"})
    assert made.status_code == 201
    code = made.json()["code"]
    place = (await client.get(f"{API}/{code}")).json()["places"][0]["id"]
    for n in range(6):
        interview = {"answers": GOOD, "key": f"interview-{n}"}
        kept = await client.post(f"{API}/{code}/places/{place}/replies", json=interview)
        assert kept.status_code == 201
    slip = {"answers": {**GOOD, "satisfaction": "dissatisfied"}, "key": "interview-x", "why": "勾错了"}
    corrected = await client.post(f"{API}/{code}/replies/{kept.json()['id']}/correction", json=slip)
    assert corrected.json()["corrects"] == kept.json()["id"]

    found = (await client.get(f"{API}/{code}/results")).json()

    figure = found["sampled"]["figures"]["satisfaction"]
    assert (figure["n"], figure["rate"], figure["too_small"]) == (6, "83.33", False)
    assert found["public"]["figures"]["satisfaction"]["n"] == 0
    assert len(city.exec(select(SurveyReply)).all()) == 7


async def test_signs_and_an_end_are_for_who_runs_it(city: Session, calls: Calls):
    a_field(city)
    client = calls(OFFICE)
    code = (await client.post(API, json=wanted(city))).json()["code"]

    signs = await client.post(f"{API}/{code}/signs", json={"areas": ["510302001"]})
    assert "/s/" in signs.json()[0]["opens"]
    assert (await client.post(f"{API}/{code}/end", json={"why": "够了"})).json()["open"] is False
    client = calls(INTERVIEWER)
    assert (await client.get(f"{API}/{code}")).json()["areas"] == []
    assert (await client.get(f"{API}/{code}/signs")).status_code == 404
    assert (await client.get(f"{API}/{code}/results")).status_code == 404


async def test_who_may_not_is_refused(city: Session, calls: Calls):
    a_field(city)
    client = calls(HANDLER)

    assert (await client.post(API, json=wanted(city))).status_code == 403
    assert (await client.get(API)).json() == []
    assert (await client.post(API, json={**wanted(city), "places": 0})).status_code == 422
