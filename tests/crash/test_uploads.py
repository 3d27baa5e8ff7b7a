"""Uploads and redactions struck anywhere: what has come stays, what is on record is there, done again it is whole."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import col, select

from models.evidence import Photo, Redaction, Upload
from services import evidence, uploads
from tests.crash.deaths import dies
from tests.crash.test_developing import NAME, NOW, SAME, two_with_one_photo
from tests.crash.test_evidence import sweep
from tests.crash.test_imports import nothing
from tests.crash.works import Job, look, redact, upload

KEY = "one-key-of-a-phone"
UPLOADING = [
    ("registered", 1),
    ("after a commit", 1),
    ("a piece written", 1),
    ("a piece written", 2),
    ("bytes written under another name", 1),
    ("a photo is kept", 1),
    ("a photo is kept", 3),
    ("finished", 1),
    ("before a commit", 2),
    ("after a commit", 2),
    ("before the parts go", 1),
]


def uploading(here, home: Path) -> Job:
    home.mkdir(exist_ok=True)
    (home / "photo.jpg").write_bytes(SAME)
    return here.job(NOW, home=home, typed=(KEY,))


@pytest.mark.parametrize(("point", "nth"), UPLOADING)
def test_what_has_come_stays_and_the_rest_follows(place, tmp_path: Path, point: str, nth: int) -> None:
    here = place(nothing)
    job = uploading(here, tmp_path / "home")
    dies("upload", job, point=point, nth=nth)

    come = sum(path.stat().st_size for path in job.home.glob("uploads/*"))
    with here.session() as session:
        rows = session.exec(select(Upload)).all()
        for row in rows:
            assert (row.finished_at is None) == (row.sha256 is None)
            assert row.sha256 is None or evidence.read(job.home / "evidence", row.sha256) == SAME
    assert come in (0, len(SAME) // 2 + 1, len(SAME))
    assert come or len(rows) < 2

    upload(job)
    with here.session() as session:
        assert session.exec(select(Upload.key, Upload.sha256)).all() == [(KEY, NAME)]
        assert session.exec(select(Photo.sha256)).all() == [NAME]
        uploads.forget(session, job.home / "uploads", now=NOW + timedelta(days=365 * 10))
    assert list(job.home.glob("uploads/*")) == []


REDACTING = [("a photo is kept", 1), ("a photo is kept", 2), ("made unseen", 1), ("before a commit", 1)]


@pytest.mark.parametrize(("point", "nth"), [*REDACTING, ("after a commit", 1)])
def test_a_photo_is_made_unseen_with_its_record_or_neither(place, tmp_path: Path, point: str, nth: int) -> None:
    here = place(two_with_one_photo)
    evidence.store(tmp_path / "evidence", SAME)
    job: Job = here.job(NOW, home=tmp_path)
    look(job)
    dies("redact", job, point=point, nth=nth)

    for _ in range(2):
        with here.session() as session:
            photo, made = session.exec(select(Photo)).one(), session.exec(select(Redaction)).all()
            assert [(one.shown, one.small) for one in made] == [(photo.shown, photo.small)] * len(made)
            assert is_dark_inside(tmp_path, photo.shown or photo.plain or "") == bool(made)
        redact(job)

    with here.session() as session:
        (made,) = session.exec(select(Redaction)).all()
        kept = set(session.exec(select(col(Photo.plain))).all()) | {NAME, made.shown, made.small}
    sweep(here, job)
    assert kept <= {path.name for path in (tmp_path / "evidence").glob("*/*")}


def is_dark_inside(home: Path, name: str) -> bool:
    with Image.open(BytesIO(evidence.read(home / "evidence", name))) as image:
        across, down = image.size
        middle = image.crop((across // 3, down // 3, 2 * across // 3, 2 * down // 3))
        return max(high for _low, high in middle.getextrema()) <= 40
