"""Signs for points: whose points, which address, what is printed; and who may."""

import html
import re

import httpx
import pytest
from sqlmodel import Session, col, select

from models.point import Point
from services.exports.sign_sheet import picture
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE
from tests.web.visitor import log_in


def codes(page: str) -> list[str]:
    return re.findall(r'alt="([^"]+)"', page)


async def test_all_open_points_of_an_area_get_a_sign(city: Session, client: httpx.AsyncClient) -> None:
    city.get_one(Point, "P-0002").closed = True
    city.commit()
    log_in(city, client, OFFICE)
    page = (await client.get("/points/signs", params={"area": "510302"})).text
    wanted = [one for one in codes_below(city, "510302") if one != "P-0002"]
    assert sorted(codes(page)) == sorted(wanted)
    assert page.count("扫码上报问题") == len(wanted)
    assert "Scan to report a problem here" in page


def codes_below(session: Session, area: str) -> list[str]:
    return list(session.exec(select(Point.code).where(col(Point.area_code).startswith(area))))


async def test_chosen_points_by_code_however_they_are_written(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    answer = await client.get("/points/signs", params={"point": "p-0003，P-0001", "size": "one"})
    assert codes(answer.text) == ["P-0001", "P-0003"]
    assert 'class="sheet one"' in answer.text
    assert "script" not in answer.headers["content-security-policy"]


async def test_a_sign_opens_the_report_at_its_point(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    page = (await client.get("/points/signs", params={"point": "P-0001"})).text
    assert html.escape(picture("http://127.0.0.1:8400/p/P-0001")) in page.replace("&#39;", "&#x27;")
    assert (await client.get("/p/P-0001")).headers["location"] == "/report?point=P-0001"


async def test_a_district_prints_for_its_own_places_only(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, DISTRICT_OFFICE)
    page = (await client.get("/points/signs", params={"area": "5103"})).text
    assert sorted(codes(page)) == sorted(codes_below(city, "510302"))
    answer = await client.get("/points/signs", params={"area": "510303"})
    assert answer.status_code == 400
    assert "您所辖、且有该类别在用点位的区域" in answer.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"area": "999"}, 404),
        ({"point": "P-9999 <script>"}, 404),
        ({"area": "5103", "category": "no"}, 400),
        ({"point": "P-0001", "size": "huge"}, 400),
        ({"point": " ".join(f"X{n}" for n in range(400))}, 400),
        ({"area": "5103\x00"}, 200),
    ],
)
async def test_what_cannot_be_printed_comes_back_with_what_was_typed(
    city: Session, client: httpx.AsyncClient, asked: dict[str, str], status: int
) -> None:
    log_in(city, client, OFFICE)
    answer = await client.get("/points/signs", params=asked)
    assert answer.status_code == status
    assert ('role="alert"' in answer.text) == (status != 200)
    assert "<script>" not in answer.text


async def test_a_name_that_acts_is_only_a_name(city: Session, client: httpx.AsyncClient) -> None:
    city.get_one(Point, "P-0001").name = "<script>alert(1)</script>"
    city.commit()
    log_in(city, client, OFFICE)
    page = (await client.get("/points/signs", params={"point": "P-0001"})).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


async def test_who_has_no_office_prints_none(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, HANDLER)
    for address in ("/points", "/points/signs?area=5103"):
        assert (await client.get(address)).status_code == 403


async def test_where_no_phone_would_reach_it_the_form_says_so(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    assert "DUBAN_PUBLIC_URL" in (await client.get("/points")).text
