"""Rows of the pack in the browser: found, changed after a look, ended, brought back."""

from datetime import date

import httpx
import pytest
from sqlmodel import Session, col, select

from models.administration import CityChangeSet
from models.area import Area
from models.point import Point
from models.unit import Unit
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE
from tests.web.admin.desk import confirmed, pressed, proposed
from tests.web.visitor import log_in


def fresh(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


async def test_a_name_is_changed_after_a_look(city: Session, browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "units", "D-CGJ", name="自贡市综合执法局")
    assert "自贡市综合执法局" in page.text
    assert fresh(city).get_one(Unit, "D-CGJ").name == "自贡市城市管理局"
    done = await confirmed(browser, page)
    assert done.status_code == 303
    assert fresh(city).get_one(Unit, "D-CGJ").name == "自贡市综合执法局"
    told = (await browser.get(done.headers["location"])).text
    assert "按通知调整" in told
    assert "自贡市综合执法局" in told


async def test_a_double_tap_changes_once(city: Session, browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "units", "D-CGJ", name="自贡市综合执法局")
    answers = [await confirmed(browser, page) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [answers[0].headers["location"]] * 2
    assert len(fresh(city).exec(select(CityChangeSet)).all()) == 1


async def test_a_change_without_a_reason_is_shown_again_with_all_that_was_typed(browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "units", "D-CGJ", name="自贡市综合执法局")
    again = await confirmed(browser, page, why=" ")
    assert again.status_code == 400
    assert 'role="alert"' in again.text
    assert (await confirmed(browser, again)).status_code == 303


async def test_a_new_row_is_added(city: Session, browser: httpx.AsyncClient) -> None:
    new = {"code": "P-0009", "name": "釜溪河步道", "category_code": "01", "area_code": "510302001002"}
    page = await proposed(browser, "points", None, **new, lead_unit="D-CGJ")
    assert (await confirmed(browser, page)).status_code == 303
    assert fresh(city).get_one(Point, "P-0009").name == "釜溪河步道"


async def test_a_cell_that_cannot_be_read_is_told_beside_its_field(city: Session, browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "points", "P-0001", lat="north", name="新名字")
    assert page.status_code == 400
    assert 'id="cell-lat" name="cell-lat" aria-invalid="true"' in page.text
    assert 'value="north"' in page.text
    assert 'value="新名字"' in page.text


async def test_a_cell_longer_than_any_is_refused(browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "units", "D-CGJ", name="长" * 4001)
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text


async def test_what_the_check_forbids_is_told_and_can_be_corrected(browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "points", "P-0001", lead_unit="D-NOPE")
    assert "D-NOPE" in page.text
    assert 'name="fingerprint"' not in page.text
    form = await pressed(browser, page, "again:0")
    assert 'value="D-NOPE"' in form.text
    assert 'name="was-lead_unit" value="D-CGJ"' in form.text


async def test_an_error_cannot_be_forced_through(city: Session, browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "points", "P-0001", lead_unit="D-NOPE")
    answer = await pressed(browser, page, "apply", fingerprint="x", why="x")
    assert answer.status_code in (400, 409)
    assert fresh(city).get_one(Point, "P-0001").lead_unit == "D-CGJ"


async def test_a_point_is_closed_found_again_and_brought_back(city: Session, browser: httpx.AsyncClient) -> None:
    page = await browser.post("/admin/t/points/end", params={"key": "P-0003"}, data={})
    assert (await confirmed(browser, page)).status_code == 303
    assert fresh(city).get_one(Point, "P-0003").closed
    assert "长征大道" not in (await browser.get("/admin/t/points")).text
    assert "长征大道" in (await browser.get("/admin/t/points?gone=1")).text
    back = await browser.post("/admin/t/points/end", params={"key": "P-0003"}, data={"back": "1"})
    assert (await confirmed(browser, back)).status_code == 303
    assert not fresh(city).get_one(Point, "P-0003").closed


async def test_an_area_ends_on_a_day(city: Session, browser: httpx.AsyncClient) -> None:
    key = "510302001002001"
    page = await browser.post("/admin/t/areas/end", params={"key": key}, data={"last_day": "2027-03-31"})
    assert (await confirmed(browser, page)).status_code == 303
    assert fresh(city).get_one(Area, key).valid_to == date(2027, 3, 31)


@pytest.mark.parametrize("day", ["", "soon", "2027-02-30"])
async def test_a_day_that_is_none_is_refused(city: Session, browser: httpx.AsyncClient, day: str) -> None:
    page = await browser.post("/admin/t/areas/end", params={"key": "510303"}, data={"last_day": day})
    assert 'name="fingerprint"' not in page.text
    assert fresh(city).get_one(Area, "510303").valid_to is None


async def test_nothing_changed_is_said(browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "units", "D-CGJ")
    assert 'class="done"' in page.text
    assert 'name="fingerprint"' not in page.text


async def test_rows_are_found_by_words_and_read_page_by_page(browser: httpx.AsyncClient) -> None:
    assert "农贸市场" in (await browser.get("/admin/t/points", params={"q": "农贸"})).text
    assert "农贸市场" not in (await browser.get("/admin/t/points", params={"q": "长征"})).text
    assert "P-0003" in (await browser.get("/admin/t/points", params={"after": "P-0002"})).text


async def test_a_row_shows_what_refers_to_it(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/admin/t/units/row?key=D-CGJ")).text
    assert "/admin/t/points/row?key=P-0001" in page
    assert "/admin/t/posts/row?key=D-CGJ%3Ahandler" in page


async def test_what_ended_is_not_suggested(city: Session, browser: httpx.AsyncClient) -> None:
    assert "P-0003" in (await browser.get("/admin/t/points/suggest?cell-point_code=长征")).text
    city.get_one(Point, "P-0003").closed = True
    city.commit()
    assert "P-0003" not in (await browser.get("/admin/t/points/suggest?cell-point_code=长征")).text


@pytest.mark.parametrize(
    "address",
    ["/admin/t/nope", "/admin/t/nope/row", "/admin/t/units/row?key=nope", "/admin/t/person", "/admin/t/units/row?key="],
)
async def test_what_is_not_there_is_not_found(browser: httpx.AsyncClient, address: str) -> None:
    assert (await browser.get(address)).status_code == 404


async def test_addresses_of_persons_are_for_the_administrator_alone(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    for address in ("/admin/t/contacts", "/admin/t/contacts/row", "/admin/t/contacts/suggest"):
        assert (await client.get(address)).status_code == 404
    assert "contacts" not in (await client.get("/admin")).text
    assert (await client.get("/admin/export.zip")).status_code == 409


@pytest.mark.parametrize("person", [HANDLER, DISTRICT_OFFICE])
async def test_the_city_is_for_who_manages_it(city: Session, client: httpx.AsyncClient, person: str) -> None:
    log_in(city, client, person)
    for address in ("t/units", "t/units/row", "rules", "templates", "history", "check", "upload", "export.zip"):
        assert (await client.get(f"/admin/{address}")).status_code == 403, address
    forged = '[{"table": "units", "key": "D-CGJ", "cells": {"name": "x"}, "mark": ""}]'
    answer = await client.post("/admin/change", data={"carried": forged, "do": "apply", "why": "x", "fingerprint": "x"})
    assert answer.status_code in (403, 409)
    assert fresh(city).exec(select(Unit.name).where(col(Unit.code) == "D-CGJ")).one() == "自贡市城市管理局"
