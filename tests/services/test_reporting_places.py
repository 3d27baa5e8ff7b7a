"""Where a problem is: near a position, by name, by code."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.point import Point
from services import bulk, reporting_places
from services.reporting_places import METRE, located, named, near

P1 = {"lat": 29.35137, "lng": 104.78583}


def names(places) -> list[str]:
    return [place.point or place.area for place in places]


def test_points_within_so_many_metres_are_found_the_nearest_first(city: Session):
    found = near(city, **P1, within=500)
    assert [(one.point, one.metres) for one in found] == [("P-0001", 0), ("P-0002", 490)]
    assert names(near(city, **P1, within=480)) == ["P-0001"]


def test_a_point_that_is_closed_is_not_offered(city: Session):
    city.get(Point, "P-0001").closed = True
    city.flush()
    assert names(near(city, **P1)) == ["P-0002"]
    assert names(named(city, "高山井社区大道")) == []
    assert located(city, point="P-0001") is None


def test_distance_is_right_to_a_percent_also_across(city: Session):
    east = P1["lng"] + 400 * METRE / 0.8716  # cosine of 29.35 degrees
    (first, *_) = near(city, lat=P1["lat"], lng=east)
    assert first.metres == pytest.approx(400, abs=4)


def test_points_and_areas_are_found_by_a_part_of_their_name(city: Session):
    assert names(named(city, "五星街")) == ["P-0002", "510302001"]


def test_the_code_on_a_sign_is_found_in_any_capitals_and_first(city: Session):
    assert names(named(city, " p-0002 "))[:1] == ["P-0002"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "' OR 1=1 --", "  "])
def test_signs_of_a_query_are_only_letters(city: Session, words: str):
    assert names(named(city, words)) == []


def test_a_position_beside_the_point_is_more_exact_than_the_point(city: Session):
    found = located(city, point="P-0001", lat=29.3520, lng=104.7860)
    assert (found.point, found.lat, found.lng) == ("P-0001", 29.3520, 104.7860)


def test_a_position_far_from_the_point_is_where_it_was_written_down(city: Session):
    found = located(city, point="P-0001", lat=29.40, lng=104.70)
    assert (found.point, found.lat) == ("P-0001", P1["lat"])


def test_a_position_alone_lies_in_the_area_of_the_nearest_point(city: Session):
    found = located(city, lat=29.3482, lng=104.7828)
    assert (found.point, found.area, found.lat) == (None, "510302001002", 29.3482)


def test_a_position_far_from_everything_tells_no_area(city: Session):
    assert located(city, lat=39.9, lng=116.4) is None


@pytest.mark.parametrize("position", [{"lat": 91.0, "lng": 0.0}, {"lat": float("nan"), "lng": 0.0}, {}])
def test_what_is_no_position_is_none(city: Session, position):
    assert located(city, **position) is None


def test_an_area_is_said_from_the_district_down(city: Session):
    assert located(city, area="510302001002").area_names == "自流井区 · 五星街街道 · 高山井社区"


def test_thirty_thousand_points_are_searched_by_the_index(city: Session):
    points = [
        {**_point(n), "lat": 29.2 + n % 200 / 500, "lng": 104.6 + n // 200 / 500}  # every 200 metres
        for n in range(30_000)
    ]
    bulk.insert(city, Point, points)
    city.connection().execute(text("ANALYZE point"))
    assert len(near(city, **P1, within=500)) == 20
    query = "SELECT p.code FROM point p WHERE NOT p.closed" + reporting_places.BOX
    plan = city.connection().execute(text(f"EXPLAIN {query}"), dict(reporting_places.box(**P1, metres=500))).all()
    assert "point_by_place" in str(plan)


def _point(n: int) -> dict:
    about = {"category_code": "01", "area_code": "510302001002", "lead_unit": "D-CGJ", "address": ""}
    return {"code": f"X-{n:05d}", "name": f"大道{n}", **about, "closed": False, "sample": True}
