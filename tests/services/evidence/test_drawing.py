"""What is drawn anew holds nothing but the dots."""

from io import BytesIO

import pytest
from PIL import Image

from services.documents import media_type_of
from services.photos import Fault, Unusable, draw, jpeg, look_at
from tests.services.evidence.pictures import HEIC, notes, photo, saved, scene


def test_a_photo_that_lies_on_its_side_is_turned() -> None:
    data = saved(scene(1, (640, 480)), exif=notes(turned=6))
    drawn = draw(data)
    assert (drawn.upright.size, drawn.width, drawn.height) == ((480, 640), 480, 640)


def test_what_hangs_behind_a_photo_is_not_in_what_people_see() -> None:
    hidden = b"<script>alert(1)</script>" + b"PK\x03\x04 a whole archive"
    data = photo(1, taken="2026:11:02 09:30:00", lat=29.3, lng=104.7) + hidden
    shown = jpeg(draw(data).upright, most=2560, quality=85)
    assert hidden[:20] not in shown
    with Image.open(BytesIO(shown)) as copy:
        assert dict(copy.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(copy.info)


def test_what_is_see_through_lies_on_white() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert draw(saved(clear, "PNG")).upright.getpixel((5, 5)) == (255, 255, 255)


def test_a_photo_with_a_second_picture_behind_it_is_a_jpeg() -> None:
    data = saved(scene(1), "MPO", save_all=True, append_images=[scene(2)])
    assert look_at(data).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA"])
def test_every_kind_of_colours_is_drawn(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert draw(saved(scene(1).convert(mode), kind)).upright.mode == "RGB"


def test_a_photo_of_a_phone_that_makes_heic_is_drawn() -> None:
    drawn = draw(HEIC.read_bytes())
    assert (drawn.photo.media_type, drawn.upright.size) == ("image/heic", (160, 120))


@pytest.mark.parametrize("share", [0.02, 0.4, 0.9])
def test_a_heic_that_was_cut_off_is_not_taken(share: float) -> None:
    data = HEIC.read_bytes()
    with pytest.raises(Unusable):
        draw(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\0" * 100,
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 200,
        b"\xff\xd8\xff\xe0" + b"A" * 500,
        b"\0\0\0\x18ftypheic" + b"\xff" * 300,
    ],
)
def test_what_is_no_photo_is_not_taken(data: bytes) -> None:
    with pytest.raises(Unusable) as caught:
        media_type_of(data)
    assert caught.value.fault in (Fault.NOT_A_PHOTO, Fault.BROKEN)


def test_a_picture_that_says_it_is_huge_is_not_decoded() -> None:
    data = bytearray(photo(1))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(Unusable, match="too_large"):
        draw(bytes(data))
