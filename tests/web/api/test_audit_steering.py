"""Steering an audit by the API: counts, the draw repeated, the quality re-check, publishing, handing over."""

import pytest
from sqlmodel import Session, select

from models.audit import Observation, Round, RoundKind, Sheet
from models.issue import Issue
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, OFFICE, VERIFIER
from tests.services.audits.rounds import GOOD, fill, filled, started
from tests.services.audits.test_rechecks import FINE
from tests.web.api.conftest import Calls

V1 = "/api/v1"


@pytest.fixture
def round_(city: Session) -> Round:
    made = started(city, kind=RoundKind.COVERT)
    filled(city, made)
    city.commit()
    return made


async def test_the_draw_is_repeated(calls: Calls, city: Session, round_: Round) -> None:
    answer = (await calls(OFFICE).get(f"{V1}/audits/{round_.number}/draw")).json()
    assert (answer["outcome"], answer["drawn"]) == ("same", ["P-0001", "P-0002", "P-0003"])
    assert answer["frame"][0] == {"point": "P-0001", "category": "01", "area": "510302"}


async def test_a_share_is_looked_at_again_decided_published_and_handed_over(
    calls: Calls, city: Session, round_: Round
) -> None:
    office, root = calls(OFFICE), f"{V1}/audits/{round_.number}"
    given = {"share": 100, "inspectors": [VERIFIER], "seed": 3}
    drawn = await office.post(f"{root}/recheck", json=given)
    assert (drawn.status_code, drawn.json()["sheets"]) == (201, 3), drawn.text
    fill(city, round_, "P-0001", GOOD, FINE, again=True)
    city.commit()
    (one,) = (await office.get(f"{root}/recheck")).json()["differences"]
    refused = await office.post(f"{root}/publish", json={"why": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "recheck_undecided")
    way = f"{root}/recheck/{one['first_id']}"
    assert (await office.post(way, json={"look": "second", "why": "照片"})).status_code == 200
    published = await office.post(f"{root}/publish", json={"why": "其余不再复核"})
    assert len(published.json()["issues"]) == 2
    handed = (await office.post(f"{root}/dispatch")).json()
    assert (handed["assigned"], len(handed["notices"]), handed["left"]) == (2, 2, [])


@pytest.mark.parametrize("person", [HANDLER, DISTRICT_OFFICE])
@pytest.mark.parametrize(
    ("method", "way", "body"),
    [
        ("GET", "", None),
        ("GET", "/draw", None),
        ("GET", "/recheck", None),
        ("POST", "/publish", {}),
        ("POST", "/dispatch", None),
        ("POST", "/end", {"why": "x"}),
        ("POST", "/recheck", {"share": 10, "inspectors": [VERIFIER]}),
        ("POST", "/recheck/1", {"look": "first", "why": "x"}),
    ],
)
async def test_a_covert_round_is_not_there_for_those_it_goes_to(
    calls: Calls, city: Session, round_: Round, person: str, method: str, way: str, body: dict | None
) -> None:
    answer = await calls(person).request(method, f"{V1}/audits/{round_.number}{way}", json=body)
    assert answer.status_code == 404 or (answer.status_code == 403 and person == HANDLER)
    assert city.exec(select(Issue)).all() == []


async def test_counts_say_the_result(calls: Calls, city: Session) -> None:
    made = started(city)
    city.commit()
    sheet = city.exec(select(Sheet).where(Sheet.round_id == made.id, Sheet.point_code == "P-0001")).one()
    way = f"{V1}/audits/{made.number}/sheets/{sheet.id}"
    asked = (await calls(INSPECTOR).get(way)).json()["standards"][0]
    assert (asked["measure"], asked["counts"]) == ("per_fault", ["found", "required"])
    seen = [{"standard": "01-01", "found": 1, "required": 3, "note": "少"}]
    taken = await calls(INSPECTOR).post(f"{way}/observations", json={"observations": seen})
    assert taken.status_code == 201, taken.text
    row = city.exec(select(Observation)).one()
    assert (row.result, row.facts) == ("not_met", {"found": 1, "required": 3})
    unsaid = await calls(INSPECTOR).post(f"{way}/observations", json={"observations": [{"standard": "01-02"}]})
    assert unsaid.status_code in (400, 422)
