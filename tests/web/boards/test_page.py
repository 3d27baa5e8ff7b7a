"""Boards: for whom, what they count, and that every number leads to exactly those issues."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlmodel import Session, select

from models.issue import Issue
from runtime import clock
from services import standings
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, PRINCIPAL, STRANGER
from tests.services.crowd import LATER, a_crowd
from tests.web.lists.reader import listed
from tests.web.visitor import log_in

LINK = re.compile(
    r'<a (?:class="[^"]*" )?href="(/issues\?[^"]+)"[^>]*>(?:<span>[^<]*</span><strong>)?\D{0,4}(\d+)\D{0,4}<'
)
READERS = (OFFICE, DISTRICT_OFFICE, PRINCIPAL, "R00017", "R00014")


@pytest.fixture
def crowd(city: Session) -> Session:
    """Its clocks lie around now; what was counted was settled some hours ago, and something has moved since."""
    a_crowd(city)
    now = clock.now(city)
    for one in city.exec(select(Issue)):
        one.due_at = one.due_at and now + (one.due_at - LATER)
        one.stage_due_at = now + (one.stage_due_at - LATER)
        one.found_at = now - (LATER - one.found_at) / 2
        one.closed_at = one.closed_at and now - (LATER - one.closed_at)
    city.flush()
    standings.settle(city, now=now - timedelta(hours=9))
    for one in city.exec(select(Issue).where(Issue.state == "found").limit(3)):
        one.state = "assigned"
    city.commit()
    return city


def links(page: str) -> list[tuple[str, int]]:
    return list(dict.fromkeys((unescape(address), int(n)) for address, n in LINK.findall(page)))


@pytest.mark.parametrize("person", READERS)
async def test_every_number_leads_to_exactly_those(crowd: Session, client: httpx.AsyncClient, person: str) -> None:
    log_in(crowd, client, person)
    found = links((await client.get("/boards")).text)
    assert found
    assert [(one, len(await listed(client, one))) for one, _ in found] == found


@pytest.mark.parametrize(
    "address", ["/boards?area=510302", "/boards?unit=D-CGJ", "/boards?area=510303001&unit=D-SCJGJ"]
)
async def test_numbers_further_down_lead_to_theirs(crowd: Session, client, address: str) -> None:
    log_in(crowd, client, OFFICE)
    found = links((await client.get(address)).text)
    assert len(found) > 5
    assert [(one, len(await listed(client, one))) for one, _ in found] == found


async def test_the_way_leads_from_the_city_down_to_a_group_and_back(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    at, seen = "/boards", []
    while True:
        page = (await client.get(at)).text
        below = re.findall(r'<th scope="row"><a href="(/boards\?area=\d+)">', page)
        seen.append(at)
        if not below:
            break
        at = below[0]
    assert seen == [
        "/boards",
        *(f"/boards?area={code}" for code in ("510302", "510302001", "510302001002", "510302001002001")),
    ]
    assert 'href="/boards?area=5103"' in page


async def test_who_may_not_see_boards_sees_none(crowd: Session, client) -> None:
    for person in (HANDLER, STRANGER):
        log_in(crowd, client, person)
        for page in ("/boards", "/boards/wall"):
            assert (await client.get(page)).status_code == 403


async def test_a_district_sees_its_own_and_nothing_of_the_other(crowd: Session, client) -> None:
    log_in(crowd, client, DISTRICT_OFFICE)
    page = (await client.get("/boards?area=510303")).text
    assert [n for _, n in links(page) if n] == []
    own = await listed(client, "/issues?open=1&counted=1")
    wall = (await client.get("/boards/wall?lang=en")).text
    assert f"<dt>Open issues</dt><dd>{len(own)}</dd>" in wall


@pytest.mark.parametrize("query", ["area=zz", "unit=zz", "area='; drop table issue", "area=%00zz", "area=" + "x" * 90])
@pytest.mark.parametrize("page", ["/boards", "/boards/wall"])
async def test_a_place_that_is_not_there_is_said(crowd: Session, client, page: str, query: str) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.get(f"{page}?{query}")
    assert answer.status_code == (200 if page.endswith("wall") and query.startswith("unit") else 404)


async def test_a_sponsor_sees_their_points(crowd: Session, client) -> None:
    log_in(crowd, client, "R00019")
    page = (await client.get("/boards")).text
    found = [(unescape(one), int(n)) for one, n in re.findall(r'href="(/issues\?[^"]*point=P-0001[^"]*)">(\d+)<', page)]
    assert found
    assert [(one, len(await listed(client, one))) for one, _ in found] == found


async def test_the_wall_refreshes_itself_with_and_without_scripts(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    page = (await client.get("/boards/wall?area=510302")).text
    assert 'hx-get="/boards/wall?area=510302" hx-trigger="every 60s" hx-select="#wall"' in page
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page


async def test_pictures_are_loaded_on_boards_alone(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    assert "vendor/echarts.js" in (await client.get("/boards")).text
    for page in ("/issues", "/map", "/boards/wall", "/more"):
        assert "echarts" not in (await client.get(page)).text


async def test_every_picture_has_its_table(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    page = (await client.get("/boards")).text
    tables = re.findall(r'data-of="([^"]+)"', page)
    assert len(tables) == 4
    for table in tables:
        assert re.search(rf'id="{table}".*?data-chart=', page, re.DOTALL)
