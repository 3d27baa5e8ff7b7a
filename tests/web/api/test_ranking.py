"""Places and appeals for programs."""

import io

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from tests.cast import DEPUTY, HANDLER, OFFICE, an_issue
from tests.services.ranking.desk import (
    AFTER,
    DRAFTED,
    FOUND,
    HEADQUARTERS,
    WITHIN,
    appealed,
    drafted,
    number_of,
    october,
)
from tests.web.api.conftest import Calls
from tests.web.link_desk import set_clock

API, MONTH = "/api/v1", "/api/v1/ranking/2026-10"


@pytest.fixture
def cases(city: Session) -> list[int]:
    set_clock(city, DRAFTED)
    found = october(city)
    an_issue(city, state="closed", now=FOUND, point="P-0003")
    city.commit()
    return found


async def test_a_month_is_carried_to_its_publication(city: Session, calls: Calls, cases: list[int]):
    drafted_ = (await calls(OFFICE).post(f"{MONTH}/draft", json={})).json()
    assert (drafted_["standing"], drafted_["may"]) == ("draft", ["again", "withdraw"])
    assert (await calls(OFFICE).post(f"{MONTH}/approve", json={"seen": drafted_["seen"]})).status_code == 409
    set_clock(city, AFTER)
    approved = await calls(HEADQUARTERS).post(f"{MONTH}/approve", json={"seen": drafted_["seen"]})
    assert approved.json()["standing"] == "approved"
    done = await calls(OFFICE).post(f"{MONTH}/publish", json={"seen": drafted_["seen"]})
    assert done.json()["standing"] == "published"
    read = await calls(DEPUTY).get(MONTH)
    assert (read.json()["whole"], read.headers["etag"]) == (True, f'"{drafted_["seen"]}"')


async def test_figures_are_decimals_with_both_sides_of_each_rate(city: Session, calls: Calls, cases: list[int]):
    found = (await calls(OFFICE).get(MONTH)).json()
    row = next(one for one in found["units"] if one["code"] == "D-CGJ")
    assert (row["rates"]["disposal"], row["sides"]["disposal"], row["cases"]) == ("75.00", ["3", "4"], 4)


async def test_before_publication_a_caller_gets_the_units_of_their_boards(city: Session, calls: Calls, cases):
    found = (await calls(DEPUTY).get(MONTH)).json()
    assert ([one["code"] for one in found["units"]], found["whole"]) == (["D-CGJ"], False)
    assert (await calls(HANDLER).get(MONTH)).status_code == 403


async def test_an_appeal_is_made_and_decided(city: Session, calls: Calls, cases: list[int]):
    drafted(city)
    set_clock(city, WITHIN)
    number = number_of(city, cases[2])
    given = {"month": "2026-10", "number": number, "unit": "D-CGJ", "ground": "force_majeure", "reason": "暴雨"}
    made = await calls(DEPUTY).post(f"{API}/appeals", json=given, headers={"Idempotency-Key": "k1"})
    again = await calls(DEPUTY).post(f"{API}/appeals", json=given)
    assert (made.status_code, again.status_code) == (201, 409)
    key = made.json()["id"]
    waiting = (await calls(HEADQUARTERS).get(f"{API}/appeals?pile=to_decide")).json()
    assert [one["id"] for one in waiting["items"]] == [key]

    verdict = {"outcome": "partly", "reason": "雨天顺延"}
    assert (await calls(DEPUTY).post(f"{API}/appeals/{key}/decision", json=verdict)).status_code == 403
    done = (await calls(HEADQUARTERS).post(f"{API}/appeals/{key}/decision", json=verdict)).json()
    assert (done["decision"]["outcome"], done["decision"]["decided_by"]) == ("partly", HEADQUARTERS)
    unit = (await calls(DEPUTY).get(f"{MONTH}/units/D-CGJ")).json()
    assert [(one["number"], one["outcome"], one["late"]) for one in unit["cases"] if one["outcome"]] == [
        (number, "partly", False)
    ]


async def test_piles_are_read_in_stretches(city: Session, calls: Calls, cases: list[int]):
    drafted(city)
    ids = [appealed(city, key).id for key in cases]
    first = (await calls(DEPUTY).get(f"{API}/appeals?limit=2")).json()
    rest = (await calls(DEPUTY).get(f"{API}/appeals?limit=2&after={first['next']}")).json()
    assert ([one["id"] for one in first["items"] + rest["items"]], rest["next"]) == (ids[::-1], None)


async def test_others_get_neither_the_appeal_nor_the_unit(city: Session, calls: Calls, cases: list[int]):
    drafted(city)
    key = appealed(city, cases[2]).id
    client = calls("R00024")
    assert (await client.get(f"{API}/appeals/{key}")).status_code == 404
    assert (await client.get(f"{MONTH}/units/D-CGJ")).status_code == 404
    decision = {"outcome": "upheld", "reason": "x"}
    assert (await client.post(f"{API}/appeals/{key}/decision", json=decision)).status_code == 404


@pytest.mark.parametrize(
    ("address", "given", "status"),
    [
        ("/ranking/2026-13/draft", {}, 400),
        ("/ranking/2026-10/burn", {}, 422),
        ("/ranking/2026-11/draft", {}, 409),
        ("/ranking/2026-10/draft", {"area": "999"}, 404),
        ("/ranking/2026-10/publish", {}, 404),
        ("/appeals", {"month": "2026-10"}, 422),
        ("/appeals/0/decision", {"outcome": "upheld", "reason": "x"}, 422),
        ("/appeals/9/decision", {"outcome": "upheld", "reason": "x"}, 404),
    ],
)
async def test_what_makes_no_sense_is_refused(city: Session, calls: Calls, cases: list[int], address, given, status):
    assert (await calls(OFFICE).post(f"{API}{address}", json=given)).status_code == status


async def test_a_token_that_may_only_read_does_nothing(city: Session, calls: Calls, cases: list[int]):
    assert (await calls(OFFICE, "read").post(f"{MONTH}/draft", json={})).status_code == 403


async def test_a_month_comes_as_a_workbook(city: Session, calls: Calls, cases: list[int]):
    answer = await calls(OFFICE).get(f"{API}/exports/ranking/2026-10.xlsx", headers={"Accept-Language": "en"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    heading, *rows = ([cell.value for cell in row] for row in sheet.rows)
    lines = [dict(zip(heading, row, strict=True)) for row in rows]
    first = next(line for line in lines if line["Unit code"] == "D-CGJ")
    names = ("rectification rate (%)", "rectification rate: cases", "Place", "Of")
    assert [first[name] for name in names] == [75, "3/4", 1, 1]
    assert (await calls(HANDLER).get(f"{API}/exports/ranking/2026-10.xlsx")).status_code == 403
