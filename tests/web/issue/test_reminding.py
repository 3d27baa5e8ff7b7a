"""Reminding the unit from the issue's page: offered where the ladder came to it, to the office alone, once a day."""

import httpx
import pytest
from sqlmodel import Session

from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, VERIFIER, at, trail
from tests.web.issue.desk import as_person, there
from tests.web.link_desk import set_clock

LATE = at("2026-11-06 17:30")


@pytest.fixture
def late(city: Session, tick) -> tuple[int, str]:
    """An issue whose ladder has come to the reminder."""
    found = there(city, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-06 17:01"):
        tick(at(day))
    set_clock(city, LATE)
    city.commit()
    return found


@pytest.mark.parametrize("person", [OFFICE, DISTRICT_OFFICE])
async def test_the_office_reminds_by_one_tap_and_the_notice_lies_with_the_papers(city, client, late, person):
    key, address = late
    as_person(city, client, person)
    assert f'action="{address}/remind"' in (await client.get(address)).text
    answer = await client.post(f"{address}/remind")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=remind#papers")
    page = (await client.get(answer.headers["location"])).text
    assert "催办通知书" in page
    assert trail(city, key).count("remind") == 1


async def test_twice_on_a_day_is_once(city: Session, client: httpx.AsyncClient, late):
    key, address = late
    as_person(city, client, OFFICE)
    for _ in range(2):
        assert (await client.post(f"{address}/remind")).status_code == 303
    assert trail(city, key).count("remind") == 1


@pytest.mark.parametrize(("person", "status"), [(HANDLER, 409), (VERIFIER, 409), (OUTSIDER, 404)])
async def test_nobody_else_is_offered_it_or_may(city, client, late, person, status):
    key, address = late
    as_person(city, client, person)
    assert f"{address}/remind" not in (await client.get(address)).text
    assert (await client.post(f"{address}/remind")).status_code == status
    assert "remind" not in trail(city, key)


async def test_before_the_ladder_has_come_to_it_it_is_refused_with_why(city: Session, client: httpx.AsyncClient):
    key, address = there(city, state="rectifying")
    as_person(city, client, OFFICE)
    assert f"{address}/remind" not in (await client.get(address)).text
    answer = await client.post(f"{address}/remind")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "remind" not in trail(city, key)
