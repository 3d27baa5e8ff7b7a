"""One tap into a demo city, and into no other."""

import httpx
import pytest
from sqlmodel import Session, select

from models.account import LoginSession
from models.city import City
from tests.cast import HANDLER, OFFICE
from web.accounts.going import own_path

ROLES = ("handler", "unit_leader", "dispatcher", "inspector", "verifier", "supervisor", "leader", "administrator")


def no_demo(city: Session) -> None:
    city.exec(select(City)).one().demo = False
    city.commit()


@pytest.mark.parametrize("role", ROLES)
async def test_every_role_is_one_tap_away(city: Session, client: httpx.AsyncClient, role: str) -> None:
    assert f'name="role" value="{role}"' in (await client.get("/login")).text
    answer = await client.post("/login/demo", data={"role": role, "next": "/more"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/more")
    assert (await client.get("/more")).status_code == 200


async def test_the_office_goes_in_as_the_office(city: Session, client: httpx.AsyncClient) -> None:
    await client.post("/login/demo", data={"role": "dispatcher"})
    row = city.exec(select(LoginSession)).one()
    assert (row.person_code, row.method) == (OFFICE, "demo")


async def test_the_busiest_unit_plays_the_handler(city: Session, client: httpx.AsyncClient) -> None:
    from tests.cast import an_issue

    an_issue(city, state="assigned")
    city.commit()
    await client.post("/login/demo", data={"role": "handler"})
    assert city.exec(select(LoginSession)).one().person_code == HANDLER


async def test_a_real_city_offers_nobody(city: Session, client: httpx.AsyncClient) -> None:
    no_demo(city)
    assert "/login/demo" not in (await client.get("/login")).text
    assert "/login/demo" not in (await client.get("/")).text


async def test_a_real_city_refuses(city: Session, client: httpx.AsyncClient) -> None:
    no_demo(city)
    answer = await client.post("/login/demo", data={"role": "administrator"})
    assert answer.status_code == 409
    assert "set-cookie" not in answer.headers
    assert city.exec(select(LoginSession)).all() == []


async def test_a_demo_session_ends_when_the_city_becomes_a_real_one(city: Session, client: httpx.AsyncClient) -> None:
    await client.post("/login/demo", data={"role": "administrator"})
    no_demo(city)
    assert (await client.get("/more")).status_code == 303


async def test_a_role_that_is_none_is_not_found(city: Session, client: httpx.AsyncClient) -> None:
    assert (await client.post("/login/demo", data={"role": "R00001"})).status_code == 404


async def test_another_sites_form_logs_nobody_in(city: Session, client: httpx.AsyncClient) -> None:
    answer = await client.post("/login/demo", data={"role": "handler"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", ""),
        *("/\t/evil.example", "/ /evil", "/logout", "/login?next=/login", "evil.example", "/\n/evil"),
    ],
)
def test_nobody_is_led_to_another_site(wanted: str) -> None:
    assert own_path(wanted) == "/desk"


def test_the_page_that_was_wanted_follows() -> None:
    assert own_path("/issues?q=%E5%9E%83&area=5103") == "/issues?q=%E5%9E%83&area=5103"
