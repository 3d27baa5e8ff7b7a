"""A post is handed over in one go; each office in its own area."""

from datetime import date

import httpx
import pytest
from sqlmodel import Session, col, select

from models.administration import CityChange
from models.unit import Tenure
from tests.cast import DISTRICT_OFFICE, HANDLER, OUTSIDER
from tests.web.admin.desk import confirmed
from tests.web.visitor import log_in

POST = "D-CGJ:handler"
STREET = "510302001:street_chief"


def holders(session: Session, post: str) -> list[tuple[str, date, date | None]]:
    session.rollback()
    found = session.exec(select(Tenure).where(Tenure.post_code == post).order_by(col(Tenure.valid_from))).all()
    return [(one.person_code, one.valid_from, one.valid_to) for one in found]


async def handed(client: httpx.AsyncClient, post: str, **form: object) -> httpx.Response:
    return await client.post("/admin/post", params={"code": post}, data=form)


async def test_one_ends_and_the_next_begins_in_one_change(city: Session, browser: httpx.AsyncClient) -> None:
    page = await handed(browser, POST, person="R00099", first="2026-12-01", ending="R00006")
    assert "吴闲云" in page.text
    assert (await confirmed(browser, page)).status_code == 303
    began = date(2024, 1, 1)
    assert holders(city, POST) == [("R00006", began, date(2026, 11, 30)), ("R00099", date(2026, 12, 1), None)]
    assert len(set(city.exec(select(CityChange.set_number)).all())) == 1


async def test_a_double_tap_hands_over_once(city: Session, browser: httpx.AsyncClient) -> None:
    page = await handed(browser, POST, person="R00099", first="2026-12-01", ending="R00006")
    assert [(await confirmed(browser, page)).status_code for _ in range(2)] == [303, 303]
    assert len(holders(city, POST)) == 2


async def test_a_post_may_become_vacant(city: Session, browser: httpx.AsyncClient) -> None:
    page = await handed(browser, POST, person="", first="2026-12-01", ending="R00006")
    assert (await confirmed(browser, page)).status_code == 303
    assert holders(city, POST) == [("R00006", date(2024, 1, 1), date(2026, 11, 30))]


async def test_a_second_holder_beside_the_first(city: Session, browser: httpx.AsyncClient) -> None:
    page = await handed(browser, POST, person="R00099", first="2026-12-01")
    assert (await confirmed(browser, page)).status_code == 303
    assert [last for _, _, last in holders(city, POST)] == [None, None]


@pytest.mark.parametrize(
    "form",
    [
        {"person": "", "first": "2026-12-01"},
        {"person": "R00099", "first": "soon", "ending": "R00006"},
        {"person": "R00099", "first": ""},
        {"person": "R00099", "first": "2026-12-01", "ending": "R00007"},
        {"person": "R00099", "first": "2024-01-01", "ending": "R00006"},
        {"person": "R00099", "first": "2023-01-01", "ending": "R00006"},
        {"person": "R77777", "first": "2026-12-01", "ending": "R00006"},
        {"person": "R00006", "first": "2024-01-01"},
        {"person": "x" * 300, "first": "2026-12-01"},
    ],
)
async def test_what_cannot_be_is_told_and_nothing_changes(
    city: Session, browser: httpx.AsyncClient, form: dict[str, str]
) -> None:
    page = await handed(browser, POST, **form)
    assert page.status_code < 500
    assert 'name="fingerprint"' not in page.text
    assert holders(city, POST) == [("R00006", date(2024, 1, 1), None)]


async def test_a_district_hands_over_its_own_posts(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, DISTRICT_OFFICE)
    assert (await client.get("/admin")).headers["location"] == "/admin/posts"
    page = await handed(client, STREET, person="R00099", first="2026-12-01", ending="R00014")
    done = await confirmed(client, page)
    assert done.status_code == 303
    assert (await client.get(done.headers["location"])).status_code == 200
    assert [person for person, _, _ in holders(city, STREET)] == ["R00014", "R00099"]


async def test_posts_elsewhere_are_not_there(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, DISTRICT_OFFICE)
    listed = (await client.get("/admin/posts")).text
    assert "五星街街长" in listed
    assert "城管局承办人" not in listed
    assert "贡井区创建办" not in listed
    for post in (POST, "510303:office", "5103:office", "nope", "", "a/../b", "岗 位"):
        assert (await client.get("/admin/post", params={"code": post})).status_code == 404, post
        assert (await handed(client, post, person="R00099", first="2026-12-01")).status_code == 404, post


async def test_a_forged_edit_of_another_districts_post_is_refused(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OUTSIDER)
    forged = '[{"table": "tenures", "key": null, "cells": {"post_code": "%s", "person_code": "R00030",'
    forged = (forged + ' "valid_from": "2026-12-01"}, "mark": ""}]') % STREET
    for do in ("apply", "show"):
        answer = await client.post("/admin/change", data={"carried": forged, "do": do, "why": "x", "fingerprint": "x"})
        assert answer.status_code in (403, 404, 409)
    assert len(holders(city, STREET)) == 1


async def test_a_handler_appoints_nobody(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, HANDLER)
    for address in ("/admin", "/admin/posts", f"/admin/post?code={POST}", "/admin/post/persons?person=a"):
        assert (await client.get(address)).status_code == 403


async def test_posts_are_found_by_holder_and_by_vacancy(browser: httpx.AsyncClient) -> None:
    assert "城管局承办人" in (await browser.get("/admin/posts", params={"q": "何景行"})).text
    vacant = (await browser.get("/admin/posts?vacant=1")).text
    assert "市场监管局分管领导" in vacant
    assert "城管局承办人" not in vacant
    assert "城管局承办人" not in (await browser.get("/admin/posts", params={"q": "%_\\"})).text
