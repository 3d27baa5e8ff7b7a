"""Scores for programs: the same figures as on the pages, each with what it was made from, and their publication."""

import pytest
from sqlmodel import Session

from models.audit import RoundKind
from models.scoring.document import from_document
from models.scoring.number import unexplained
from tests.cast import HANDLER, OFFICE, PRINCIPAL
from tests.services.scores.facts import a_round, three_cases
from tests.web.api.conftest import Calls

API, HEADQUARTERS, OTHER_DISTRICT = "/api/v1/scores", "R00020", "R00030"


@pytest.fixture
def number(city: Session) -> str:
    found = a_round(city)
    three_cases(city)
    city.commit()
    return found


async def test_a_round_is_carried_to_its_publication(calls: Calls, number: str):
    draft = (await calls(OFFICE).post(f"{API}/rounds/{number}/draft")).json()
    publication, seen = f"{API}/publications/{draft['id']}", {"seen": draft["content_sha256"]}
    assert (await calls(OFFICE).post(f"{publication}/approve", json=seen)).status_code == 409
    assert (await calls(PRINCIPAL).get(publication)).status_code == 404
    looked_at = (await calls(HEADQUARTERS).get(publication)).json()
    assert from_document(looked_at["content"]["score"]).of == "5103"
    assert (await calls(HEADQUARTERS).post(f"{publication}/approve", json=seen)).json()["state"] == "approved"
    assert (await calls(OFFICE).post(f"{publication}/publish", json=seen)).json()["state"] == "published"

    read = (await calls(PRINCIPAL).get(f"{API}/rounds/{number}")).json()
    assert (read["score"], read["published_at"] is None, read["areas"]["510303"]) == ("83.33", False, "88.89")


async def test_a_number_comes_with_all_that_it_was_made_from(calls: Calls, number: str):
    point = (await calls(OFFICE).get(f"{API}/rounds/{number}/points/P-0001?live=true")).json()
    unit = (await calls(OFFICE).get(f"{API}/months/2026-11/units/D-CGJ")).json()

    assert (point["score"], unit["score"]) == ("11.11", "67.70")
    assert unexplained(from_document(unit["made"])) == []
    assert len(from_document(unit["made"]).all_rows()) == 3


async def test_a_year_and_what_there_is(calls: Calls, number: str):
    year = (await calls(OFFICE).get(f"{API}/years/2026")).json()
    home = (await calls(OFFICE).get(API)).json()

    assert (year["score"], year["figures"]["modules"]["on_site"]["name"]) == (None, "on_site_year")
    assert [one["number"] for one in home["rounds"]] == [number]
    assert (await calls(OFFICE).get(f"{API}/formulae/{home['formula']}")).json()["in_force"] is True


async def test_entries_are_recorded_and_withdrawn(calls: Calls, number: str):
    given = {"code": "faking", "unit": "D-CGJ", "on": "2026-11-02", "evidence": "照片", "why": "摆拍"}
    made = (await calls(OFFICE).post(f"{API}/records/incidents", json=given)).json()
    gone = await calls(OFFICE).post(f"{API}/records/incidents/{made['id']}/withdraw", json={"why": "误记"})
    (entry,) = (await calls(PRINCIPAL).get(f"{API}/records")).json()["incidents"]

    assert gone.status_code == 201
    assert (entry["code"], entry["withdrawn_at"] is None) == ("faking", False)
    assert (await calls(PRINCIPAL).post(f"{API}/records/incidents", json=given)).status_code == 403


async def test_nobody_gets_more_than_on_the_pages(city: Session, calls: Calls, number: str):
    covert = a_round(city, kind=RoundKind.COVERT, seed=9)
    city.commit()
    assert (await calls(HANDLER).get(API)).status_code == 403
    for address in (f"rounds/{number}", f"rounds/{covert}", "months/2026-11/units/T510303001"):
        assert (await calls(PRINCIPAL).get(f"{API}/{address}")).status_code == 404
    mine = (await calls(PRINCIPAL).get(f"{API}/months/2026-11")).json()["units"]
    assert [one["unit"] for one in mine] == ["D-CGJ"]
    assert (await calls(OTHER_DISTRICT).get(f"{API}/months/2026-11")).json()["units"] == []


@pytest.mark.parametrize(
    "address", ["rounds/none", "years/1999", "years/2026?system=x", "formulae/x", "months/2026-13"]
)
async def test_what_is_not_there_is_told(calls: Calls, number: str, address: str):
    answer = await calls(OFFICE).get(f"{API}/{address}")

    assert answer.status_code in (400, 404, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")
