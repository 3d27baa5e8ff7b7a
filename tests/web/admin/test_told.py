"""What pages of administration say in words of its reader: names, not codes; their file, not our key for it."""

import httpx
from sqlmodel import Session

from tests.web.admin.desk import confirmed, proposed
from tests.web.admin.test_packs import UNITS, uploaded


async def test_the_way_from_a_table_to_its_upload_keeps_the_table(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/admin/upload?table=units")
    assert '<option value="units" selected>' in page.text


async def test_a_table_file_without_its_table_asks_which_it_is(loaded: Session, desk: httpx.AsyncClient) -> None:
    page = await uploaded(desk, "单位.csv", UNITS.encode())
    assert (page.status_code, "“上传”还需要：选择是哪个表。" in page.text) == (400, True)


async def test_bad_rows_name_the_file_of_the_table(loaded: Session, desk: httpx.AsyncClient) -> None:
    page = await uploaded(desk, "单位.csv", b"nonsense\n1\n", table="units")
    assert "units.csv 中有" in page.text


async def test_an_archive_that_is_none_goes_by_the_name_its_owner_gave_it(
    loaded: Session, desk: httpx.AsyncClient
) -> None:
    page = await uploaded(desk, "城市包.zip", b"no archive")
    assert "城市包.zip 无法" in page.text


async def test_a_refused_row_still_shows_its_code(city: Session, browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "points", "P-0001", lat="abc")
    assert page.status_code == 400
    assert '<div class="form-control-plaintext">P-0001</div>' in page.text


async def test_the_first_page_names_who_changed_something(city: Session, browser: httpx.AsyncClient) -> None:
    await confirmed(browser, await proposed(browser, "units", "D-CGJ", name="自贡市综合执法局"))
    page = await browser.get("/admin")
    assert "· 韩书白 ·" in page.text


async def test_a_post_that_changes_hands_goes_by_names(city: Session, browser: httpx.AsyncClient) -> None:
    form = {"person": "R00099", "first": "2026-12-01", "ending": "R00006"}
    page = await browser.post("/admin/post?code=D-CGJ:handler", data=form)
    assert "何景行 · 2024-01-01" in page.text
