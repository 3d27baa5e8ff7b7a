"""Tags and the mark of what a leader assigned, for programs: filters, actions, fields."""

import pytest
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE, an_issue, read
from tests.services.tasks.desk import task_of
from tests.services.tasks.in_force import tags_in_force
from tests.web.api.conftest import Calls
from tests.web.link_desk import set_clock


@pytest.fixture
def town(city: Session) -> tuple[str, str]:
    set_clock(city)
    tags_in_force(city)
    task_of(city, "P-0002").campaign = "交通秩序"
    keys = [
        an_issue(city, point=point, standard=standard, state=state)
        for point, standard, state in (("P-0001", "01-01", "rectifying"), ("P-0002", "12-02", "found"))
    ]
    city.commit()
    first, second = (read(city, key).number for key in keys)
    return first, second


async def found(calls: Calls, person: str, query: str) -> set[str]:
    answer = await calls(person).get(f"/api/v1/issues?{query}")
    assert answer.status_code == 200, answer.text
    return {one["number"] for one in answer.json()["items"]}


async def test_tags_filter_within_what_the_caller_sees(town, calls: Calls) -> None:
    first, second = town
    assert await found(calls, OFFICE, "tag=road") == {first, second}
    assert await found(calls, OFFICE, "tag=traffic&year=2026") == {second}
    assert await found(calls, HANDLER, "tag=road") == {first}


@pytest.mark.parametrize(("query", "status"), [("tag=nothing", 404), ("tag=road&year=1", 422), ("leader=perhaps", 422)])
async def test_what_cannot_be_used_is_refused(town, calls: Calls, query: str, status: int) -> None:
    answer = await calls(OFFICE).get(f"/api/v1/issues?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_a_program_marks_what_a_leader_assigned_and_takes_it_off(town, calls: Calls) -> None:
    first, _ = town
    office = calls(OFFICE)
    done = await office.post(f"/api/v1/issues/{first}/actions/mark_leader", json={})
    assert done.status_code == 200, done.text
    assert await found(calls, OFFICE, "leader=true") == {first}
    assert (await office.get(f"/api/v1/issues/{first}")).json()["leader_assigned"] is True
    again = await office.post(f"/api/v1/issues/{first}/actions/mark_leader", json={})
    assert (again.status_code, again.json()["code"]) == (409, "marked_already")
    assert (await office.post(f"/api/v1/issues/{first}/actions/unmark_leader", json={})).status_code == 422
    await office.post(f"/api/v1/issues/{first}/actions/unmark_leader", json={"reason": "标错"})
    assert await found(calls, OFFICE, "leader=true") == set()


async def test_a_handler_may_not_mark(town, calls: Calls) -> None:
    first, _ = town
    answer = await calls(HANDLER).post(f"/api/v1/issues/{first}/actions/mark_leader", json={})
    assert answer.status_code == 403
