"""Files on their way in: whose they are, how many, what becomes of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from models.errors import NotFound, WrongValue
from models.evidence import Photo, Upload
from models.issue import EvidenceKind
from services import developing, evidence, upload_parts, uploads
from services.photo_notes import Claim
from services.photos import LARGEST, Fault, Unusable
from services.uploads import TooManyUploads, Wanted
from tests.cast import HANDLER, INSPECTOR, ZONE
from tests.services.evidence.pictures import photo

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
KEY = "draft-0123456789abcdef"
AFTER = EvidenceKind.AFTER


def begin(
    session: Session, *, size: int = 100, key: str | None = None, by: str = HANDLER, name: str = "a.jpg"
) -> Upload:
    return uploads.begin(session, Wanted(size, name, key=key), by=by, now=NOW)


def take(session: Session, folder: Path, data: bytes, *, name: str = "a.jpg", by: str = HANDLER, claim=None) -> Upload:
    return uploads.take(
        session, data=data, name=name, by=by, store=folder, zone=ZONE.key, now=NOW, claim=claim or Claim()
    )


def test_a_finished_upload_is_evidence(city: Session, tmp_path: Path) -> None:
    said = Claim(NOW, 29.35, 104.78)
    row = take(city, tmp_path, photo(1), name="现场.jpg", claim=said)

    (piece,) = uploads.pieces(city, [row.key], by=HANDLER, kind=AFTER, now=NOW)

    assert piece == {
        "kind": "after",
        "sha256": row.sha256,
        "file_name": "现场.jpg",
        "media_type": "image/jpeg",
        "size": len(photo(1)),
        "taken_at": NOW,
        "lat": 29.35,
        "lng": 104.78,
    }
    assert evidence.read(tmp_path, piece["sha256"]) == photo(1)


def test_it_was_looked_at_when_it_came(city: Session, tmp_path: Path) -> None:
    row = take(city, tmp_path, photo(1, taken="2026:11:02 09:30:00"))

    seen = city.get_one(Photo, row.sha256)

    assert (seen.width, seen.height, seen.taken_at) == (640, 480, datetime(2026, 11, 2, 1, 30, tzinfo=UTC))


def test_the_same_key_is_the_same_upload(city: Session) -> None:
    assert begin(city, key=KEY).key == begin(city, key=KEY).key == KEY


def test_somebody_elses_upload_is_not_there(city: Session, tmp_path: Path) -> None:
    row = take(city, tmp_path, photo(1))

    with pytest.raises(NotFound):
        uploads.find(city, row.key, by=INSPECTOR)
    with pytest.raises(NotFound):
        uploads.pieces(city, [row.key], by=INSPECTOR, kind=AFTER, now=NOW)
    with pytest.raises(NotFound):
        begin(city, key=row.key, by=INSPECTOR)


def test_an_unfinished_one_is_no_evidence(city: Session) -> None:
    with pytest.raises(NotFound):
        uploads.pieces(city, [begin(city).key], by=HANDLER, kind=AFTER, now=NOW)


def test_a_paper_is_no_photo_of_after(city: Session, tmp_path: Path) -> None:
    row = take(city, tmp_path, b"%PDF-1.7\n%%EOF", name="证明.pdf")

    with pytest.raises(WrongValue):
        uploads.pieces(city, [row.key], by=HANDLER, kind=AFTER, now=NOW)
    (piece,) = uploads.pieces(city, [row.key], by=HANDLER, kind=EvidenceKind.OTHER, now=NOW)
    assert piece["media_type"] == "application/pdf"


def test_each_is_taken_once_and_in_order(city: Session, tmp_path: Path) -> None:
    first, second = take(city, tmp_path, photo(1)), take(city, tmp_path, photo(2))
    keys = [second.key, first.key, second.key, ""]

    found = uploads.pieces(city, keys, by=HANDLER, kind=AFTER, now=NOW)

    assert [one["sha256"] for one in found] == [second.sha256, first.sha256]


def test_there_are_at_most_nine_to_a_form(city: Session) -> None:
    with pytest.raises(WrongValue):
        uploads.pieces(city, [f"key-{n:020d}" for n in range(10)], by=HANDLER, kind=AFTER, now=NOW)


@pytest.mark.parametrize("key", ["short", "../../../etc/passwd0", "a" * 65, "a/b/c/d/e/f/g/h/i/j", "ключключключключ"])
def test_a_key_is_letters_and_digits(city: Session, key: str) -> None:
    with pytest.raises(WrongValue):
        begin(city, key=key)
    with pytest.raises(NotFound):
        uploads.find(city, key, by=HANDLER)


@pytest.mark.parametrize(("size", "fault"), [(0, Fault.EMPTY), (-5, Fault.EMPTY), (100 * 2**20 + 1, Fault.VIDEO_LARGE)])
def test_a_size_that_is_none_is_refused(city: Session, size: int, fault: Fault) -> None:
    with pytest.raises(Unusable, match=fault.value):
        begin(city, size=size)


def test_nobody_fills_the_disk(city: Session) -> None:
    for _ in range(20):
        begin(city, size=LARGEST)

    with pytest.raises(TooManyUploads):
        begin(city, size=LARGEST)
    begin(city, by=INSPECTOR)


def test_nobody_begins_without_end(city: Session) -> None:
    for _ in range(60):
        begin(city)

    with pytest.raises(TooManyUploads):
        begin(city)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\x\\a.jpg", "a.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("gpj\u202e.exe", "gpj.exe"),
        ("", "photo"),
        ("x" * 300 + ".jpg", "x" * 76 + ".jpg"),
    ],
)
def test_names_are_harmless(given: str, kept: str) -> None:
    assert uploads.clean_name(given) == kept


def test_what_nobody_finished_or_used_goes(city: Session, tmp_path: Path) -> None:
    unfinished, unused, used = begin(city), take(city, tmp_path, photo(1)), take(city, tmp_path, photo(2))
    uploads.pieces(city, [used.key], by=HANDLER, kind=AFTER, now=NOW)
    keys = [unfinished.key, unused.key, used.key]

    gone = [uploads.forget(city, tmp_path, now=NOW + timedelta(days=days)) for days in (1, 3, 15)]

    assert gone == [0, 1, 2]
    city.expire_all()
    assert [city.get(Upload, key) for key in keys] == [None] * 3


def test_parts_that_nobody_went_on_with_go(city: Session, tmp_path: Path) -> None:
    with upload_parts.open_part(tmp_path, KEY, offset=0, size=10) as part:
        part.write(b"12345")
    at = datetime.fromtimestamp((tmp_path / f"{KEY}.part").stat().st_mtime, UTC)

    uploads.forget(city, tmp_path, now=at + timedelta(days=1))
    assert upload_parts.offset(tmp_path, KEY) == 5
    uploads.forget(city, tmp_path, now=at + timedelta(days=3))
    assert upload_parts.offset(tmp_path, KEY) == 0


def test_photos_that_nothing_names_go_and_their_files_too(city: Session, tmp_path: Path) -> None:
    row = take(city, tmp_path, photo(1))
    city.connection()
    assert developing.forget_unused(city, before=NOW + timedelta(days=60)) == 0

    uploads.drop(city, tmp_path, row.key, by=HANDLER)
    assert developing.forget_unused(city, before=NOW + timedelta(days=60)) == 1

    files = [path for path in tmp_path.glob("*/*") if path.is_file()]
    newest = max(path.stat().st_ctime for path in files)
    swept = evidence.sweep_up(city, tmp_path, at=datetime.fromtimestamp(newest, UTC) + timedelta(days=31))
    assert (len(files), swept.unnamed) == (3, 3)
