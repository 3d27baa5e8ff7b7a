"""The table taken out, edited and taken in again: first what would change, nothing done that was not shown."""

import io
import re

import httpx
import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session, select

from models.administration import CityChange
from models.point import Task
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE
from tests.services.tasks.desk import a_task, task_of
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

IMPORT = "/tasks/import"
HEADINGS = ("年度", "类别", "点位编号", "主责单位", "责任人", "攻坚行动")
ROWS = (
    (2026, "01", "P-0001", "D-CGJ", "何景行", "环境卫生"),
    (2026, "12", "P-0002", "D-CGJ", None, "环境卫生"),
)


@pytest.fixture
def town(city: Session, client: httpx.AsyncClient) -> Session:
    set_clock(city)
    log_in(city, client, OFFICE)
    return city


def a_file(*rows: tuple, name: str = "2026.xlsx") -> dict[str, tuple]:
    book, made = Workbook(), io.BytesIO()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    book.save(made)
    return {"file": (name, made.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


async def upload(client: httpx.AsyncClient, *rows: tuple) -> str:
    return (await client.post(f"{IMPORT}?lang=en", files=a_file(*rows))).text


def units(city: Session) -> dict[str, tuple[str, str | None]]:
    city.expire_all()
    return {task.point_code: (task.unit_code, task.person_code) for task in city.exec(select(Task))}


async def test_first_it_is_shown_and_nothing_is_written(town, client):
    before = units(town)
    page = await upload(client, *ROWS)
    for words in ('<del class="was">nothing</del>', '<ins class="becomes">R00006</ins>', "2026 01 P-0003"):
        assert words in page
    assert units(town) == before


async def test_then_it_is_done_and_stays_on_record_with_the_files_name(town, client):
    page = await upload(client, *ROWS)
    answer = await client.post(IMPORT, data=hidden(page))
    assert answer.headers["location"] == "/tasks/import?done=1&new=0&changed=2&gone=0"
    assert units(town) == {
        "P-0001": ("D-CGJ", "R00006"),
        "P-0002": ("D-CGJ", None),
        "P-0003": ("T510303001", None),
    }
    told = {(one.place, one.key) for one in town.exec(select(CityChange))}
    assert told == {("tasks", "2026~01~P-0001"), ("tasks", "2026~12~P-0002")}


async def test_what_the_file_leaves_out_goes_only_when_it_is_said(town, client):
    page = await upload(client, *ROWS)
    answer = await client.post(IMPORT, data={**hidden(page), "whole": "1"})
    assert answer.headers["location"].endswith("gone=1")
    assert sorted(units(town)) == ["P-0001", "P-0002"]


async def test_another_year_stays_untouched_by_a_whole_table(town, client):
    a_task(town, "P-0003", year=2025)
    page = await upload(client, *ROWS)
    await client.post(IMPORT, data={**hidden(page), "whole": "1"})
    assert sorted(units(town)) == ["P-0001", "P-0002", "P-0003"]


async def test_what_changed_meanwhile_is_shown_again_and_not_done(town, client):
    page = await upload(client, *ROWS)
    task_of(town, "P-0001").person_code = "R00007"
    town.commit()
    answer = await client.post(f"{IMPORT}?lang=en", data=hidden(page))
    assert "The table has changed meanwhile" in answer.text
    assert '<del class="was">R00007</del>' in answer.text
    assert units(town)["P-0001"] == ("D-CGJ", "R00007")
    assert (await client.post(IMPORT, data=hidden(answer.text))).status_code == 303


async def test_bad_rows_are_told_by_row_and_column(town, client):
    page = await upload(client, (2026, "99", "P-0001", "D-CGJ", None, ""), (2026, "01", "P-0003", "nobody", None, ""))
    assert ("类别" in page, "99" in page, "nobody" in page) == (True, True, True)
    assert "2026.xlsx" in page


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"file": ("a.csv", b"x", "text/csv")},
        {"file": ("a.xlsx", b"no workbook", "text/plain")},
        {"file": ("", b"", "text/plain")},
    ],
)
async def test_what_is_no_table_is_refused_with_a_sentence(town, client, files):
    answer = await client.post(IMPORT, files=files or None, data={} if files else {"x": "y"})
    assert answer.status_code == 400
    assert 'class="alarm"' in answer.text


async def test_what_somebody_else_uploaded_is_not_there(town, client):
    page = await upload(client, *ROWS)
    log_in(town, client, "R00005")
    assert (await client.post(IMPORT, data=hidden(page))).status_code == 404


@pytest.mark.parametrize("who", [HANDLER, DISTRICT_OFFICE])
async def test_only_the_city_takes_a_table_in(town, client, who):
    log_in(town, client, who)
    assert (await client.get(IMPORT)).status_code == 403
    assert (await client.post(IMPORT, files=a_file(*ROWS))).status_code == 403


async def test_what_is_taken_out_reads_in_again_without_a_change(town, client):
    body = (await client.get("/tasks/table.xlsx", params={"year": "2026"})).content
    assert load_workbook(io.BytesIO(body)).active.max_row == 4
    sent = {"file": ("2026.xlsx", body, "application/octet-stream")}
    page = (await client.post(f"{IMPORT}?lang=en", files=sent)).text
    assert "Everything is as the file says already." in page


async def test_a_district_does_not_take_the_whole_table_out(town, client):
    log_in(town, client, DISTRICT_OFFICE)
    assert (await client.get("/tasks/table.xlsx")).status_code == 409
