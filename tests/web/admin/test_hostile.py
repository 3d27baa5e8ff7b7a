"""Hostile words in the pack, in addresses and in filters: they stay words."""

import httpx
import pytest
from sqlmodel import Session

from tests.web.admin.desk import confirmed, pressed, proposed

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 91283*2 }}"
ODD = ["D/甲 乙", "a?b=c&d", "..", "%2e%2e", "100%", "#top", "甲~乙", "=1+1", "'; DROP TABLE unit; --", "a\tb"]


def clean(answer: httpx.Response) -> httpx.Response:
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "182566" not in answer.text
    return answer


@pytest.mark.parametrize(
    ("table", "key", "columns"),
    [
        ("units", "D-CGJ", ("name", "ranking_group")),
        ("persons", "R00099", ("name",)),
        ("posts", "D-CGJ:handler", ("title",)),
        ("points", "P-0001", ("name", "address")),
        ("categories", "01", ("name", "name_en")),
        ("systems", "civilised_city", ("name", "name_en")),
        ("areas", "510303", ("name",)),
    ],
)
async def test_what_is_written_into_a_cell_is_shown_as_it_was_written(
    city: Session, browser: httpx.AsyncClient, table: str, key: str, columns: tuple[str, ...]
) -> None:
    page = clean(await proposed(browser, table, key, **dict.fromkeys(columns, EVIL)))
    clean(await pressed(browser, page, "again:0"))
    done = await confirmed(browser, page, why=EVIL)
    assert done.status_code == 303
    for address in (done.headers["location"], "/admin", f"/admin/t/{table}", "/admin/check", "/admin/posts"):
        clean(await browser.get(address))
    shown = clean(await browser.get(f"/admin/t/{table}/row", params={"key": key}))
    assert "&lt;script&gt;" in shown.text


async def test_every_text_of_a_refused_form_comes_back_as_text(browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "points", "P-0001", lat=EVIL, lng=EVIL, lead_unit=EVIL, area_code=EVIL, name=EVIL)
    assert page.status_code == 400
    clean(page)


@pytest.mark.parametrize("key", ODD)
async def test_a_row_with_an_odd_code_is_found_by_its_link(city: Session, browser: httpx.AsyncClient, key: str) -> None:
    page = await proposed(browser, "persons", None, code=key, name="怪码")
    assert (await confirmed(browser, page)).status_code == 303
    listed = (await browser.get("/admin/t/persons", params={"q": "怪码"})).text
    link = listed[listed.index("/admin/t/persons/row?key=") :].partition('"')[0].replace("&amp;", "&")
    opened = await browser.get(link)
    assert opened.status_code == 200
    assert "怪码" in opened.text
    renamed = await browser.post(link, data={"cell-name": "正名", "was-name": "怪码", "mark": ""})
    assert (await confirmed(browser, renamed)).status_code == 303
    assert "正名" in (await browser.get(link)).text


@pytest.mark.parametrize(
    "odd", [EVIL, "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "'", "9" * 40]
)
async def test_odd_filters_answer_with_a_page(browser: httpx.AsyncClient, odd: str) -> None:
    for address, names in (
        ("/admin/t/units", ("q", "after", "gone")),
        ("/admin/t/units/row", ("name", "code")),
        ("/admin/t/units/suggest", ("cell-x",)),
        ("/admin/posts", ("q", "after", "vacant")),
        ("/admin/history", ("table", "key", "who", "change", "after")),
        ("/admin/calendar", ("year",)),
        ("/admin/rules/versions", ("old", "new")),
        ("/admin/calendar/versions", ("old", "new")),
        ("/admin/history/file", ("file", "before", "after")),
    ):
        answer = clean(await browser.get(address, params=dict.fromkeys(names, odd)))
        assert answer.status_code in (200, 400, 404), (address, answer.status_code)


async def test_what_the_history_says_can_be_narrowed(browser: httpx.AsyncClient) -> None:
    await confirmed(browser, await proposed(browser, "units", "D-CGJ", name="甲局"))
    await confirmed(browser, await proposed(browser, "persons", "R00099", name="乙人"))
    both = (await browser.get("/admin/history")).text
    assert "甲局" in both
    assert "乙人" in both
    one = (await browser.get("/admin/history?table=units")).text
    assert "甲局" in one
    assert "乙人" not in one
    assert "甲局" not in (await browser.get("/admin/history?who=R00001")).text
    assert "甲局" not in (await browser.get("/admin/history?key=R00099")).text
