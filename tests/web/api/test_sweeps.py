"""Sweeps, relapses and what gathers, for programs."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from tests.cast import HANDLER, MONDAY, OFFICE, OUTSIDER, VERIFIER, an_issue, read, trail
from tests.services.same_fault.town import NOT_MET, fill, issue_at, more_points
from tests.web.api.conftest import Calls
from tests.web.link_desk import set_clock

API = "/api/v1"


@pytest.fixture
def key(city: Session) -> int:
    set_clock(city)
    more_points(city)
    key = an_issue(city, state="rectifying")
    city.commit()
    return key


def of(city: Session, key: int, rest: str = "") -> str:
    return f"{API}/issues/{read(city, key).number}{rest}"


async def test_first_one_asks_what_would_be_looked_at(city: Session, calls: Calls, key: int):
    found = (await calls(HANDLER).post(of(city, key, "/sweeps/prospect"), json={})).json()
    assert {one["code"] for one in found["points"]} == {"P-0011", "P-0012", "P-0013"}
    assert (found["standard"], found["checkers"], found["left_out"]) == ("01-01", {HANDLER: 3}, 0)
    assert trail(city, key)[-1] == "sign_in"


async def test_a_sweep_is_started_once_per_key_and_told_of_on_both_issues(city: Session, calls: Calls, key: int):
    client = calls(HANDLER)
    begun = [
        await client.post(of(city, key, "/sweeps"), json={"due_on": "2026-11-09"}, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert [one.status_code for one in begun] == [201, 201]
    fill(city, "P-0012", NOT_MET)
    city.commit()
    told = (await client.get(of(city, key, "/sweeps"))).json()
    born = issue_at(city, "P-0012").number

    assert [(one["number"], one["not_met"]) for one in told["sweeps"]] == [(begun[0].json()["number"], 1)]
    assert [one["number"] for one in told["sweeps"][0]["issues"]] == [born]
    first = (await calls(OFFICE).get(f"{API}/issues/{born}/sweeps")).json()
    assert first["first"] == read(city, key).number


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"among": "area", "area": "510302"}, 403),
        ({"inspectors": ["R00002"]}, 403),
        ({"most": 0}, 422),
        ({"most": 101}, 400),
        ({"among": "everywhere"}, 422),
        ({"due_on": "2020-01-01"}, 400),
        ({"requested_by": "R00001"}, 422),
    ],
)
async def test_what_is_not_allowed_or_makes_no_sense_is_refused(city: Session, calls: Calls, key: int, given, status):
    assert (await calls(HANDLER).post(of(city, key, "/sweeps"), json=given)).status_code == status


@pytest.mark.parametrize(("person", "status"), [(VERIFIER, 403), (OUTSIDER, 404)])
async def test_others_start_none(city: Session, calls: Calls, key: int, person: str, status: int):
    assert (await calls(person).post(of(city, key, "/sweeps"), json={})).status_code == status


async def test_a_token_that_may_only_read_starts_none(city: Session, calls: Calls, key: int):
    assert (await calls(HANDLER, "read").post(of(city, key, "/sweeps"), json={})).status_code == 403


async def test_a_new_issue_is_taken_as_a_relapse(city: Session, calls: Calls, key: int):
    old = an_issue(city, state="closed", now=MONDAY - timedelta(days=4), point="P-0011")
    new = an_issue(city, point="P-0011")
    city.commit()
    client = calls(OFFICE)
    found = (await client.get(of(city, new, "/recurrence"))).json()
    assert (found["times"], found["came_back"]["number"]) == (2, read(city, old).number)

    given = {"of": read(city, old).number, "reason": "又出现"}
    for _ in range(2):
        done = await client.post(of(city, new, "/came-back"), json=given, headers={"Idempotency-Key": "k2"})
        assert (done.status_code, done.json()["state"]) == (200, "rectifying")
    assert (read(city, old).relapses, read(city, new).state) == (1, "void")


async def test_the_lists_under_the_boards_are_those_of_the_pages(city: Session, calls: Calls, key: int):
    an_issue(city)
    closed = an_issue(city, state="closed", severity="S1", point="P-0012")
    city.commit()
    client = calls(OFFICE)
    assert [(one["kind"], one["point"]) for one in (await client.get(f"{API}/boards/gatherings")).json()] == [
        ("fault", "P-0001")
    ]
    assert [one["number"] for one in (await client.get(f"{API}/boards/look-backs")).json()] == [
        read(city, closed).number
    ]
    assert (await calls(HANDLER).get(f"{API}/boards/gatherings")).status_code == 403


async def test_a_waiver_is_an_action_like_any_other(city: Session, calls: Calls):
    key = an_issue(city, state="verified", source="superior_feedback")
    city.commit()
    done = await calls(OFFICE).post(of(city, key, "/actions/waive_sweep"), json={"reason": "仅此一处"})
    assert done.status_code == 200
    assert not read(city, key).sweep_required
