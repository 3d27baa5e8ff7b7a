"""Files of a list: the filtered issues of those who may, formula-safe, a few at a time."""

import csv
import io

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from models.issue import Issue
from models.permissions import Right
from services import sight
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, OFFICE, PRINCIPAL, STRANGER, VERIFIER, who
from tests.services.crowd import CITY, a_crowd
from tests.web.lists.test_page import named
from tests.web.visitor import log_in
from web.lists import files

EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://evil.example")')


@pytest.fixture
def crowd(city: Session) -> Session:
    a_crowd(city)
    city.commit()
    return city


def read_csv(answer: httpx.Response) -> list[list[str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def read_excel(answer: httpx.Response) -> list[tuple]:
    book = load_workbook(io.BytesIO(answer.content))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows(min_row=2)]


@pytest.mark.parametrize("person", [OFFICE, DISTRICT_OFFICE, PRINCIPAL, VERIFIER])
async def test_a_file_holds_what_one_may_export_of_the_list(crowd: Session, client: httpx.AsyncClient, person) -> None:
    log_in(crowd, client, person)
    scope = sight.scope_of(who(crowd, person), city=CITY, right=Right.EXPORT)
    rows = read_csv(await client.get("/issues.csv?open=1&q=垃圾"))
    excel = read_excel(await client.get("/issues.xlsx?open=1&q=垃圾"))
    expected = named(
        crowd,
        lambda one: (
            one.state not in ("closed", "void")
            and "垃圾" in one.description
            and (
                scope is None
                or one.lead_unit in scope.units
                or scope.areas & set(one.area_path.split("/"))
                or scope.units & set(one.assisting_units)
            )
        ),
    )
    assert expected
    assert sorted(row[0] for row in rows) == sorted(expected)
    assert sorted(row[0] for row in excel) == sorted(expected)


@pytest.mark.parametrize("person", [HANDLER, INSPECTOR, STRANGER])
async def test_who_may_not_export_gets_no_file(crowd: Session, client, person: str) -> None:
    log_in(crowd, client, person)
    for name in ("/issues.csv", "/issues.xlsx"):
        assert (await client.get(name)).status_code == 403
    if person != STRANGER:
        assert ".csv" not in (await client.get("/issues")).text


async def test_no_cell_is_a_formula(city: Session, client) -> None:
    a_crowd(city, many=len(EVIL))
    for words, one in zip(EVIL, city.exec(select(Issue).order_by(Issue.id)), strict=True):
        one.description = words
    city.commit()
    log_in(city, client, OFFICE)
    rows = read_csv(await client.get("/issues.csv"))
    assert [row[18] for row in rows] == [f"'{words}" for words in EVIL]
    book = load_workbook(io.BytesIO((await client.get("/issues.xlsx")).content))
    cells = [row[18] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}


async def test_a_file_is_named_and_not_kept(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.get("/issues.csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="issues-')
    assert "%E9%97%AE%E9%A2%98%E5%8F%B0%E8%B4%A6" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


async def test_filters_that_cannot_be_used_give_no_file_of_everything(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    for name in ("/issues.csv", "/issues.xlsx"):
        assert (await client.get(f"{name}?unit=zz")).status_code == 400
        assert (await client.get(f"{name}?sort=zz")).status_code == 400


async def test_too_many_for_a_workbook_is_said_before_it_is_written(crowd: Session, client, monkeypatch) -> None:
    monkeypatch.setattr(files, "MOST", 10)
    log_in(crowd, client, OFFICE)
    answer = await client.get("/issues.xlsx?lang=en")
    assert answer.status_code == 409
    assert "take the CSV file" in answer.text
    assert (await client.get("/issues.csv")).status_code == 200


async def test_a_full_disk_is_said_and_leaves_nothing_behind(crowd: Session, client, monkeypatch, tmp_path) -> None:
    def full(*_arguments, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(files, "export_ledger", full)
    log_in(crowd, client, OFFICE)
    answer = await client.get("/issues.xlsx")
    assert answer.status_code == 503
    assert "磁盘已满" in answer.text
    assert list(tmp_path.glob("duban-*")) == []


async def test_a_few_files_are_written_at_a_time_and_the_turn_is_given_back(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    for _ in range(3):
        for name in ("/issues.csv", "/issues.xlsx"):
            assert (await client.get(f"{name}?state=found")).status_code == 200
    turns = [files.Turn(), files.Turn()]
    assert all(turns)
    for name in ("/issues.csv", "/issues.xlsx"):
        assert (await client.get(name)).status_code == 503
    turns.clear()  # as when a reader is gone before the first row
    assert (await client.get("/issues.csv")).status_code == 200
