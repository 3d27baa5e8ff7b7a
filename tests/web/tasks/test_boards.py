"""The first page, coverage and progress: numbers that are links, in both languages, as much as each reader's boards."""

import io

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, an_issue
from tests.services.tasks.desk import a_task, task_of
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in


@pytest.fixture
def town(city: Session) -> Session:
    set_clock(city)
    city.delete(task_of(city, "P-0002"))
    task_of(city, "P-0001").person_code = "R00006"
    city.commit()
    return city


async def shown(city: Session, client: httpx.AsyncClient, address: str, *, who: str = OFFICE) -> str:
    log_in(city, client, who)
    answer = await client.get(f"{address}{'&' if '?' in address else '?'}lang=en")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_years_stand_side_by_side(town, client):
    a_task(town, "P-0001", year=2025)
    a_task(town, "P-0002", year=2025, category_code="12")
    page = await shown(town, client, "/tasks")
    for words in ("Tasks of 2025", "Tasks of 2026", "12 Farmers&#39; markets", "Task decomposition of 2026"):
        assert words in page


async def test_every_number_of_the_coverage_leads_to_its_list(town, client):
    page = await shown(town, client, "/tasks/coverage")
    address = "/tasks/coverage/list?year=2026&gap=no_unit&category=12"
    assert address.replace("&", "&amp;") in page
    listed = await shown(town, client, address)
    assert ("五星街农贸市场" in listed, "高山井社区大道" in listed) == (True, False)
    assert "自贡市市场监督管理局" in listed  # who would answer


async def test_a_place_is_followed_down(town, client):
    page = await shown(town, client, "/tasks/coverage?area=510302")
    assert "area=510302001" in page
    assert "Standards without a unit" not in page


async def test_a_district_sees_its_own_points_alone(town, client):
    page = await shown(town, client, "/tasks/coverage", who=DISTRICT_OFFICE)
    assert "贡井区" not in page
    assert "<span>Open points</span><strong>2</strong>" in page


async def test_a_whole_table_is_said_to_be_whole(town, client):
    a_task(town, "P-0002", category_code="12", unit_code="D-SCJGJ", person_code="R00023")
    task_of(town, "P-0003").person_code = "R00031"
    town.commit()
    assert "The table is complete" in await shown(town, client, "/tasks/coverage")


async def test_the_holes_come_as_a_workbook(town, client):
    log_in(town, client, OFFICE)
    answer = await client.get("/tasks/coverage.xlsx", params={"lang": "en"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0][:2] == ("Missing", "Code")
    assert {row[:2] for row in rows[1:]} == {
        ("Points without a row", "P-0002"),
        ("Points without a person", "P-0003"),
        ("Standards without a unit", "12-01"),
        ("Standards without a unit", "12-02"),
    }


async def test_progress_counts_issues_and_leads_to_them(town, client):
    an_issue(town, state="rectifying")
    town.commit()
    page = await shown(town, client, "/tasks/progress")
    assert "/issues?open=1&amp;category=01" in page
    by_unit = await shown(town, client, "/tasks/progress?by=unit")
    assert "/issues?open=1&amp;unit=D-CGJ" in by_unit


async def test_progress_by_campaign_shows_each_set(town, client):
    page = await shown(town, client, "/tasks/progress?by=tag")
    for words in ("Six campaigns", "Eight environments", "Sanitation", "Civilised dining"):
        assert words in page


@pytest.mark.parametrize(
    "asked", [{"by": "moon"}, {"from": "2026-02-30"}, {"to": "1999-01-01"}, {"tag": "x"}, {"round": "x"}, {"area": "x"}]
)
async def test_what_cannot_be_used_is_said(town, client, asked):
    log_in(town, client, OFFICE)
    assert (await client.get("/tasks/progress", params=asked)).status_code in (400, 404)


@pytest.mark.parametrize("path", ["/tasks/coverage", "/tasks/progress", "/tasks/coverage.xlsx", "/tasks/coverage/list"])
async def test_handlers_have_no_boards(town, client, path):
    log_in(town, client, HANDLER)
    assert (await client.get(path)).status_code == 403


@pytest.mark.parametrize("path", ["/tasks", "/tasks/coverage", "/tasks/letters"])
async def test_a_year_that_is_none_is_refused(town, client, path):
    log_in(town, client, OFFICE)
    for year in ("0", "abc", "99999", "２０２６"):
        assert (await client.get(path, params={"year": year})).status_code == 400
