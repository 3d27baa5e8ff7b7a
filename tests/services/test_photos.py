"""Is it really a photo? And a small copy that tells nothing but what is to be seen."""

from io import BytesIO

import pytest
from PIL import Image

from services.photos import Fault, Photo, Unusable, look_at, preview


def written(kind: str = "JPEG", size=(640, 480), **options) -> bytes:
    made = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(made, kind, **options)
    return made.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_photo_is_known_by_what_is_in_it(kind: str, media_type: str) -> None:
    assert look_at(written(kind)) == Photo(media_type, 640, 480)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_photo_that_was_cut_off_is_not_taken(kind: str, share: float) -> None:
    data = written(kind)

    with pytest.raises(Unusable) as caught:
        look_at(data[: int(len(data) * share)])

    assert caught.value.fault in (Fault.BROKEN, Fault.NOT_A_PHOTO)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM", "ICO", "PDF"])
def test_other_formats_are_not_even_tried(kind: str) -> None:
    with pytest.raises(Unusable, match="not_a_photo"):
        look_at(written(kind))


def test_a_picture_of_too_many_dots_is_not_decoded() -> None:
    made = BytesIO()
    Image.new("1", (8000, 5001)).save(made, "PNG")

    with pytest.raises(Unusable, match="too_large"):
        look_at(made.getvalue())


def test_a_small_copy_is_upright_and_without_the_cameras_notes() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # lies on its side
    notes[0x010E] = "taken at home"
    data = written(size=(1600, 1200), exif=notes)

    with Image.open(BytesIO(preview(data))) as copy:
        assert (copy.format, copy.size, dict(copy.getexif())) == ("JPEG", (768, 1024), {})
