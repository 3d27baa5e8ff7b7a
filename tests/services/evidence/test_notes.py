"""What a camera noted, read with distrust."""

from datetime import UTC, datetime

import pytest
from PIL import Image

from services.photo_notes import Claim, notes_of, place
from services.photos import draw
from tests.services.evidence.pictures import HEIC, notes, photo

ZONE = "Asia/Shanghai"


def read(data: bytes) -> Claim:
    return notes_of(draw(data).exif, zone=ZONE)


def test_a_time_without_a_zone_is_the_citys() -> None:
    assert read(photo(taken="2026:11:02 09:30:00")).taken_at == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


def test_a_time_with_a_zone_is_taken_as_it_says() -> None:
    assert read(photo(taken="2026:11:02 09:30:00", offset="+03:00")).taken_at == datetime(
        2026, 11, 2, 6, 30, tzinfo=UTC
    )


def test_the_place_is_read_in_degrees() -> None:
    said = read(photo(lat=29.34, lng=-104.77))
    assert (said.lat, said.lng) == (pytest.approx(29.34, abs=1e-5), pytest.approx(-104.77, abs=1e-5))


def test_a_photo_of_a_phone_that_makes_heic_is_read() -> None:
    said = read(HEIC.read_bytes())
    assert said.taken_at == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    assert (said.lat, said.lng) == (pytest.approx(29.34), pytest.approx(104.77))


def test_the_time_of_the_satellites_serves_where_the_camera_has_none() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({29: "2026:11:02", 7: (1.0, 30.0, 0.0)})
    assert notes_of(exif, zone=ZONE).taken_at == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "taken",
    ["", "0000:00:00 00:00:00", "1980:01:01 00:00:00", "2026:13:40 99:99:99", "yesterday", "9999:12:31 23:59:59"],
)
def test_a_time_that_is_none_says_nothing(taken: str) -> None:
    assert read(photo(taken=taken)).taken_at is None


@pytest.mark.parametrize(
    "gps",
    [
        {2: (91.0, 0.0, 0.0), 4: (10.0, 0.0, 0.0)},
        {2: (float("nan"), 0.0, 0.0), 4: (10.0, 0.0, 0.0)},
        {2: ("x", "y", "z"), 4: (10.0, 0.0, 0.0)},
        {2: 5, 4: (10.0, 0.0, 0.0)},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        {2: (10.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_is_none_says_nothing(gps: dict) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(gps)
    assert notes_of(exif, zone=ZONE) == Claim()


def test_notes_of_nothing_at_all_say_nothing() -> None:
    assert notes_of(notes(), zone=ZONE) == Claim()


def test_what_the_photo_says_goes_before_what_the_phone_says() -> None:
    known, other = Claim(datetime(2026, 1, 1, tzinfo=UTC)), Claim(datetime(2025, 1, 1, tzinfo=UTC), 1.0, 2.0)
    assert known.or_else(other) == Claim(known.taken_at, 1.0, 2.0)


def test_half_a_place_is_none() -> None:
    assert place(29.3, None) == (None, None)
