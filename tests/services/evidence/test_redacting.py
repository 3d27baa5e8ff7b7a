"""Faces and plates made unseen: burnt in, for everybody but those with the right, and on record."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from sqlmodel import Session

from models.errors import ActionNotAllowed, NotFound, SomebodyWasFaster, WrongValue
from models.evidence import Photo
from services import evidence_view, link_view, redacting
from services.evidence_view import Size
from services.redacting import Area
from tests.cast import DUTY, HANDLER, MONDAY, OFFICE, OUTSIDER, VERIFIER, an_issue, read, who
from tests.services.evidence.handed import hand_in, looked, pieces
from tests.services.evidence.pictures import photo

FACE = Area(250, 250, 500, 500)


@pytest.fixture
def key(city: Session, tmp_path: Path) -> int:
    """A photo of proof that was looked at."""
    issue = an_issue(city, state="rectifying")
    hand_in(city, tmp_path, issue, photo(1))
    looked(city, tmp_path, issue)
    return pieces(city, issue)[0].id or 0


def redact(session: Session, folder: Path, key: int, *areas: Area, by: str = OFFICE, seen: int = 0):
    return redacting.redact(
        session, folder, key, areas=areas, reason="人脸", seen=seen, by=who(session, by), city="5103", now=MONDAY
    )


def picture(session: Session, folder: Path, key: int, *, size: Size = Size.FULL, by: str = HANDLER) -> Image.Image:
    session.expire_all()
    copy = evidence_view.copy_of(session, folder, key, reader=who(session, by), city="5103", size=size)
    return Image.open(BytesIO(copy.read()))


@pytest.mark.parametrize("size", [Size.FULL, Size.SMALL])
def test_what_lies_under_an_area_is_gone_from_what_people_see(
    city: Session, tmp_path: Path, key: int, size: Size
) -> None:
    before = picture(city, tmp_path, key, size=size)
    redact(city, tmp_path, key, FACE)
    after = picture(city, tmp_path, key, size=size)

    across, down = after.size
    inside = after.crop((across * 28 // 100, down * 28 // 100, across * 72 // 100, down * 72 // 100))
    assert all(high <= 40 for _low, high in inside.getextrema())
    edge = (0, 0, across // 5, down // 5)
    changed = ImageChops.difference(before.crop(edge), after.crop(edge)).getextrema()
    assert all(high <= 40 for _low, high in changed)  # saved as JPEG once more


def test_who_has_the_right_still_sees_all(city: Session, tmp_path: Path, key: int) -> None:
    before = picture(city, tmp_path, key).tobytes()
    redact(city, tmp_path, key, FACE)

    assert picture(city, tmp_path, key, size=Size.PLAIN, by=DUTY).tobytes() == before


@pytest.mark.parametrize("size", [Size.PLAIN, Size.ORIGINAL])
@pytest.mark.parametrize("person", [HANDLER, VERIFIER, OUTSIDER])
def test_who_has_not_sees_none_of_it(city: Session, tmp_path: Path, key: int, person: str, size: Size) -> None:
    with pytest.raises(NotFound):
        evidence_view.copy_of(city, tmp_path, key, reader=who(city, person), city="5103", size=size)


@pytest.mark.parametrize(
    ("person", "error"), [(HANDLER, ActionNotAllowed), (VERIFIER, ActionNotAllowed), (OUTSIDER, NotFound)]
)
def test_who_has_not_does_not_redact(city: Session, tmp_path: Path, key: int, person: str, error) -> None:
    with pytest.raises(error):
        redact(city, tmp_path, key, FACE, by=person)


def test_no_areas_show_the_whole_photo_again_and_all_is_on_record(city: Session, tmp_path: Path, key: int) -> None:
    before = picture(city, tmp_path, key).tobytes()
    first = redact(city, tmp_path, key, FACE)
    redact(city, tmp_path, key, seen=first.id or 0, by=DUTY)

    assert picture(city, tmp_path, key).tobytes() == before
    history = redacting.sheet(city, key, by=who(city, OFFICE), city="5103").history
    assert [(one.redacted_by, one.areas) for one in history] == [(OFFICE, [[250, 250, 500, 500]]), (DUTY, [])]


def test_two_at_once_are_told(city: Session, tmp_path: Path, key: int) -> None:
    redact(city, tmp_path, key, FACE)

    with pytest.raises(SomebodyWasFaster):
        redact(city, tmp_path, key, Area(0, 0, 10, 10), by=DUTY)


@pytest.mark.parametrize(
    "area", [Area(-1, 0, 10, 10), Area(0, 0, 0, 10), Area(995, 0, 10, 10), Area(0, 0, 10, 1001), Area(0, 2000, 1, 1)]
)
def test_an_area_lies_in_the_picture(city: Session, tmp_path: Path, key: int, area: Area) -> None:
    with pytest.raises(WrongValue):
        redact(city, tmp_path, key, area)


def test_there_are_bounds_to_the_areas(city: Session, tmp_path: Path, key: int) -> None:
    with pytest.raises(WrongValue):
        redact(city, tmp_path, key, *[FACE] * 51)


def test_the_photo_is_redacted_wherever_it_serves(city: Session, tmp_path: Path, key: int) -> None:
    other = an_issue(city, state="rectifying")
    hand_in(city, tmp_path, other, photo(1))
    looked(city, tmp_path, other)
    redact(city, tmp_path, key, FACE)

    assert picture(city, tmp_path, pieces(city, other)[0].id or 0).getpixel((320, 240)) <= (40, 40, 40)


def test_links_in_messages_show_no_more(city: Session, tmp_path: Path, key: int) -> None:
    redact(city, tmp_path, key, FACE)
    city.expire_all()

    shown = link_view.photo(city, read(city, 1), key, folder=tmp_path)

    with Image.open(BytesIO(shown)) as picture:
        assert max(picture.getpixel((picture.width // 2, picture.height // 2))) <= 40


@pytest.mark.parametrize("size", [(640, 480), (7, 5), (1, 1), (999, 1)])
def test_an_area_covers_at_least_what_was_drawn(size: tuple[int, int]) -> None:
    left, top, right, bottom = Area(333, 333, 1, 334).in_dots(size)

    assert 0 <= left <= right < size[0]
    assert 0 <= top <= bottom < size[1]
    assert (right + 1) * 1000 >= 334 * size[0] or right == size[0] - 1


def test_the_small_copy_is_small(city: Session, tmp_path: Path, key: int) -> None:
    assert max(picture(city, tmp_path, key, size=Size.SMALL).size) == 480
    assert city.get_one(Photo, pieces(city, 1)[0].sha256).width == 640
