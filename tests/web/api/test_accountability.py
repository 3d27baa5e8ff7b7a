"""Measures, the leaders' view and patrols for programs; instructions are in no part of the API."""

import pytest
from sqlmodel import Session, select

from models.accountability import MeasureKind
from models.issue import Issue
from models.patrol import Patrol
from services.accountability.rounds import every_night
from services.patrols.planning import plan
from tests.cast import HANDLER, OFFICE, OUTSIDER, PRINCIPAL, an_issue, at
from tests.services.accountability.shorthand import measures
from tests.services.instructions.office import SECRET, an_instruction
from tests.web.api.conftest import Calls
from tests.web.link_desk import set_clock

API = "/api/v1"
NIGHT = at("2026-11-06 02:00")


@pytest.fixture
def key(city: Session) -> int:
    for n in range(5):
        an_issue(city, state="rectifying", description=f"垃圾桶满溢{n}")
    every_night(city, now=NIGHT)
    plan(city, now=NIGHT)
    an_instruction(city)
    set_clock(city, NIGHT)
    city.commit()
    return measures(city, MeasureKind.YELLOW_CARD)[0].id or 0


async def test_a_card_is_listed_read_decided_and_printed(city: Session, calls: Calls, key: int):
    client = calls(OFFICE)
    listed = (await client.get(f"{API}/measures", params={"kind": "yellow_card"})).json()
    assert [(one["id"], one["because"]["count"]) for one in listed["items"]] == [(key, 5)]
    read = (await client.get(f"{API}/measures/{key}")).json()
    assert read["may"] == ["approve", "reject"]

    done = await client.post(f"{API}/measures/{key}/approve", json={"version": read["line"]["version"]})
    assert (done.status_code, done.json()["line"]["paper"]) == (200, "自黄〔2026〕1号")
    assert "黄牌" in (await client.get(f"{API}/measures/{key}/paper")).text
    assert (await client.get(f"{API}/measures/{key}/paper/word")).content[:2] == b"PK"
    again = await client.post(f"{API}/measures/{key}/approve", json={"version": read["line"]["version"]})
    assert (again.status_code, again.json()["code"]) == (409, "measure_not_possible")


async def test_what_rules_and_time_do_no_program_does(city: Session, calls: Calls, key: int):
    answer = await calls(OFFICE).post(f"{API}/measures/{key}/climb", json={"version": 1})
    assert answer.status_code == 404


@pytest.mark.parametrize("somebody", [HANDLER, PRINCIPAL, OUTSIDER])
async def test_a_proposal_is_not_told_to_its_unit_or_to_others(city: Session, calls: Calls, key: int, somebody: str):
    client = calls(somebody)
    assert (await client.get(f"{API}/measures")).json()["items"] == []
    assert (await client.get(f"{API}/measures/{key}")).status_code == 404
    assert (await client.post(f"{API}/measures/{key}/approve", json={"version": 1})).status_code == 404


async def test_a_leader_reads_their_own(city: Session, calls: Calls, key: int):
    found = (await calls(PRINCIPAL).get(f"{API}/leaders/me")).json()
    assert [(one["code"], one["overdue"], one["tier"]) for one in found["units"]] == [("D-CGJ", 5, "principal_leader")]
    assert (await calls(HANDLER).get(f"{API}/leaders/me")).status_code == 403


async def test_a_chief_records_a_patrol_once_per_key(city: Session, calls: Calls, key: int):
    client, given = calls("R00018"), {"post": "510302001002001:grid_chief", "place": "大道"}
    for _ in range(2):
        answer = await client.post(f"{API}/patrols", json=given, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 201
    assert len(city.exec(select(Patrol)).all()) == 1
    assert (await calls(OFFICE).get(f"{API}/patrols")).json()["whole"]["done"] == 1


async def test_no_word_of_an_instruction_is_in_the_api(city: Session, calls: Calls, key: int):
    client = calls(OFFICE)
    assert (await client.get(f"{API}/instructions")).status_code == 404
    assert "instruction" not in str((await client.get(f"{API}/openapi.json")).json()["paths"])
    for address in ("/me", "/me/work", "/issues", "/leaders/me", "/changes", "/measures"):
        assert SECRET[:6] not in (await client.get(API + address)).text


async def test_a_program_proposes_for_a_person_and_somebody_else_decides(city: Session, calls: Calls, key: int):
    number = city.get_one(Issue, an_issue(city, state="rectifying")).number
    city.commit()
    given = {"kind": "interview", "unit": "D-CGJ", "why": "多次督促未果", "issues": [number]}
    client = calls(OFFICE)
    for _ in range(2):
        made = await client.post(f"{API}/measures", json=given, headers={"Idempotency-Key": "k1"})
        assert made.status_code == 201
    line = made.json()["line"]
    assert (line["because"]["when"], line["because"]["said"]) == ("by_hand", "多次督促未果")
    assert made.json()["may"] == []
    own = await client.post(f"{API}/measures/{line['id']}/approve", json={"version": 1})
    assert (own.status_code, own.json()["code"]) == (409, "own_proposal")
    other = await calls("R00020").post(f"{API}/measures/{line['id']}/approve", json={"version": 1})
    assert other.json()["line"]["state"] == "issued"
    assert len((await client.get(f"{API}/measures?kind=interview")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"kind": "supervision_order"}, 400),
        ({"issues": []}, 422),
        ({"why": ""}, 422),
        ({"issues": ["ZG-2026-999999"]}, 404),
        ({"unit": "D-NONE"}, 404),
        ({"unit": "D-SCJGJ"}, 400),
    ],
)
async def test_what_a_program_proposes_wrongly_is_told(city: Session, calls: Calls, key: int, changed, status: int):
    number = city.get_one(Issue, an_issue(city, state="rectifying")).number
    city.commit()
    given = {"kind": "interview", "unit": "D-CGJ", "why": "多次督促未果", "issues": [number], **changed}
    assert (await calls(OFFICE).post(f"{API}/measures", json=given)).status_code == status
    assert (await calls(HANDLER).post(f"{API}/measures", json=given)).status_code in (403, 404, 422)
