"""Tasks for programs: the table, its holes, progress, letters and signing."""

import httpx
import pytest
from sqlmodel import Session

from tests.cast import DIRECT, DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, an_issue
from tests.services.tasks.desk import acts, issued, letter_of, task_of
from tests.web.api.conftest import Calls
from tests.web.link_desk import set_clock

API = "/api/v1/tasks"


@pytest.fixture
def town(city: Session) -> Session:
    set_clock(city)
    city.delete(task_of(city, "P-0002"))
    city.commit()
    return city


def letter(city: Session, rest: str = "") -> str:
    return f"{API}/letters/{letter_of(city, 'D-CGJ').number}{rest}"


async def test_the_years_and_the_rows_of_a_unit(town: Session, calls: Calls):
    assert (await calls(OFFICE).get(f"{API}/years")).json()[0]["tasks"] == 2
    (row,) = (await calls(HANDLER).get(API, params={"unit": "D-CGJ"})).json()
    assert (row["point_code"], row["campaign"]) == ("P-0001", "环境卫生")
    assert (await calls(HANDLER).get(API, params={"unit": "T510303001"})).status_code == 404


async def test_holes_come_in_stretches(town: Session, calls: Calls):
    client = calls(OFFICE)
    found = (await client.get(f"{API}/coverage")).json()
    assert (found["all"]["no_unit"], found["all"]["standard"], found["all"]["is_whole"]) == (1, 2, False)
    first = (await client.get(f"{API}/coverage/standard", params={"limit": 1})).json()
    assert [one["code"] for one in first["items"]] == ["12-01"]
    second = (await client.get(f"{API}/coverage/standard", params={"limit": 1, "after": first["next"]})).json()
    assert ([one["code"] for one in second["items"]], second["next"]) == (["12-02"], None)


async def test_progress_by_class(town: Session, calls: Calls):
    an_issue(town, state="rectifying")
    town.commit()
    rows = (await calls(OFFICE).get(f"{API}/progress", params={"from": "2026-11-01", "to": "2026-11-30"})).json()
    assert [(one["code"], one["open"]) for one in rows] == [("01", 1)]
    wrong = await calls(OFFICE).get(f"{API}/progress", params={"from": "2026-12-01", "to": "2026-11-30"})
    assert wrong.status_code == 400


async def test_letters_are_issued_listed_and_signed_for(town: Session, calls: Calls):
    made = await calls(OFFICE).post(f"{API}/letters", json={"year": 2026})
    assert (made.status_code, [one["issued"] for one in made.json()]) == (201, [True, True])
    listed = (await calls(OFFICE).get(f"{API}/letters", params={"limit": 1})).json()
    assert (listed["items"][0]["unit"], listed["next"]) == ("D-CGJ", "D-CGJ 1")

    signed = (await calls(DIRECT).post(letter(town, "/signature"))).json()
    assert (signed["state"], signed["signed_by"]) == ("signed", "胡思齐")
    assert [one["act"] for one in signed["history"]] == ["issued", "signed"]
    assert acts(town, signed["number"]) == ["issued", "signed"]


async def test_who_has_it_as_it_is_gets_no_body_and_who_has_not_signs_nothing(town: Session, calls: Calls):
    issued(town, "D-CGJ")
    client = calls(DIRECT)
    tag = (await client.get(letter(town))).headers["etag"]
    assert (await client.get(letter(town), headers={"If-None-Match": tag})).status_code == 304
    late = await client.post(letter(town, "/signature"), headers={"If-Match": '"1-9-told"'})
    assert late.status_code == 412
    assert letter_of(town, "D-CGJ").signed_at is None
    assert (await client.post(letter(town, "/signature"), headers={"If-Match": tag})).status_code == 200


async def test_the_files_are_those_of_the_pages(town: Session, calls: Calls):
    issued(town, "D-CGJ")
    client: httpx.AsyncClient = calls(HANDLER)
    assert "任务书" in (await client.get(letter(town, "/page"))).text
    assert (await client.get(letter(town, "/word"))).content[:2] == b"PK"


@pytest.mark.parametrize("who", [OUTSIDER, DISTRICT_OFFICE])
async def test_a_letter_of_others_is_none(town: Session, calls: Calls, who: str):
    issued(town, "D-CGJ")
    client = calls(who)
    for answer in (await client.get(letter(town)), await client.post(letter(town, "/signature"))):
        assert answer.status_code == 404


async def test_who_sees_no_boards_gets_none(town: Session, calls: Calls):
    for path in ("/years", "/coverage", "/coverage/no_unit", "/progress"):
        assert (await calls(HANDLER).get(f"{API}{path}")).status_code == 403


async def test_a_program_that_may_not_issue_is_refused(town: Session, calls: Calls):
    answer = await calls(DIRECT).post(f"{API}/letters", json={"year": 2026})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
