"""Tags as filters: the boards lead to lists of as many rows, and list, files, views, map and API know them."""

import csv
import io
import re
from html import unescape

import pytest
from sqlmodel import Session, select

from models.view import SavedView
from tests.cast import DISTRICT_OFFICE, OFFICE, an_issue, at
from tests.services.tasks.desk import task_of
from tests.services.tasks.in_force import tags_in_force
from tests.web.link_desk import set_clock
from tests.web.lists.reader import listed, numbers
from tests.web.visitor import log_in

ROW = re.compile(r'<tr><th scope="row">.*?</tr>', re.DOTALL)
NUMBER = re.compile(r'<a href="(/issues\?[^"]*)">(\d+)</a>')


@pytest.fixture
def town(city: Session) -> Session:
    """Issues that are open, overdue and closed at each of three points; “traffic” is said of P-0003."""
    set_clock(city)
    tags_in_force(city)
    task_of(city, "P-0003").campaign = "交通秩序"
    for point, standard in (("P-0001", "01-01"), ("P-0002", "12-02"), ("P-0003", "01-01")):
        an_issue(city, point=point, standard=standard, state="found")
    an_issue(city, point="P-0001", state="rectifying", now=at("2026-10-08 10:00"))
    an_issue(city, point="P-0001", state="closed", now=at("2026-10-20 10:00"))
    city.commit()
    return city


@pytest.mark.parametrize("person", [OFFICE, DISTRICT_OFFICE])
@pytest.mark.parametrize(
    "by", ["by=tag", "by=class&tag=road", "by=unit&tag=road", "by=unit&tag=sanitation&area=510302"]
)
async def test_every_number_of_a_board_by_tag_is_a_list_of_as_many(town, client, person: str, by: str) -> None:
    log_in(town, client, person)
    page = (await client.get(f"/tasks/progress?{by}&lang=en")).text
    links = [(unescape(link), int(n)) for link, n in NUMBER.findall(page)]
    assert {len(await listed(client, link)) - n for link, n in links} == {0}
    assert all("tag=" in link and "year=2026" in link for link, _ in links)


async def test_a_tag_that_lists_do_not_know_leads_nowhere(city: Session, client) -> None:
    set_clock(city)
    an_issue(city, state="found")
    city.commit()
    log_in(city, client, OFFICE)
    page = (await client.get("/tasks/progress?by=tag&lang=en")).text
    assert ROW.search(page)
    assert NUMBER.findall(page) == []


async def test_the_form_offers_the_tags_and_shows_those_in_use(town, client) -> None:
    log_in(town, client, OFFICE)
    page = (await client.get("/issues?tag=traffic&tag=road&lang=en")).text
    for words in ("六大攻坚", 'name="tag" value="traffic" checked', 'name="tag" value="sanitation">'):
        assert words in page
    without = re.search(r'<a class="chip" href="([^"]*)" aria-current="true" title="六大攻坚">', page)
    assert without
    assert unescape(without[1]) == "/issues?tag=road"


async def test_an_unknown_tag_and_an_odd_year_are_said_and_nothing_is_lost(town, client) -> None:
    log_in(town, client, OFFICE)
    for query in ("tag=nothing&tag=road", "tag=road&year=abc", "tag=road&year=99999"):
        answer = await client.get(f"/issues?{query}")
        assert answer.status_code == 400
        assert 'name="tag" value="road" checked' in answer.text


async def test_files_views_and_map_know_tags(town, client) -> None:
    log_in(town, client, OFFICE)
    wanted = set(numbers((await client.get("/issues?tag=traffic")).text))
    body = (await client.get("/issues.csv?tag=traffic")).text
    rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    assert {row["编号"] for row in rows} == wanted
    assert {row["领导交办"] for row in rows} == {"否"}
    await client.post("/views", data={"query": "tag=traffic&year=2026", "name": "交通"})
    assert town.exec(select(SavedView.query)).all() == ["tag=traffic&year=2026"]
    assert (await client.get("/issues.xlsx?tag=traffic")).status_code == 200
    shown = (await client.get("/map/points.json?tag=traffic&bbox=100,20,110,40&zoom=18")).json()
    assert shown["total"] <= len(wanted)
