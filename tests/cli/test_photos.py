"""Photos and papers from the command line: looked at like uploads, and by a round."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.evidence import Photo
from models.issue import Evidence
from tests.cast import HANDLER
from tests.services.evidence.pictures import HEIC, photo, saved, scene


def attach(run, number: str, path: Path, data: bytes, **options):
    path.write_bytes(data)
    kind = options.get("kind", "other")
    return run("issue", "attach", number, "--photo", str(path), "--kind", kind, "--as", HANDLER)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.heic", HEIC.read_bytes(), "image/heic"),
        ("a.jpg", photo(1), "image/jpeg"),
        ("a.pdf", b"%PDF-1.7\n%%EOF", "application/pdf"),
    ],
)
def test_photos_and_papers_are_taken(
    run, rectifying: str, session: Session, tmp_path: Path, name: str, data: bytes, media_type: str
) -> None:
    assert attach(run, rectifying, tmp_path / name, data).code == 0
    assert session.exec(select(Evidence.media_type)).one() == media_type


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (saved(scene(1), "GIF"), "other"),
        (photo(1)[:3000], "other"),
        (b"\x89PNG\r\n\x1a\nnot really", "other"),
        (b"<svg onload=alert(1)>", "other"),
        (b"%PDF-1.7\n%%EOF", "after"),
    ],
)
def test_what_is_none_is_refused_before_anything_happens(
    run, rectifying: str, session: Session, tmp_path: Path, data: bytes, kind: str
) -> None:
    ended = attach(run, rectifying, tmp_path / "a.jpg", data, kind=kind)

    assert (ended.code, "a.jpg is not a photo, a video" in ended.err) == (2, True)
    assert session.exec(select(Evidence)).all() == []


def test_a_round_by_hand_looks_at_them(run, rectifying: str, session: Session, tmp_path: Path) -> None:
    attach(run, rectifying, tmp_path / "a.jpg", photo(1, taken="2026:11:02 09:30:00"))
    assert session.exec(select(Photo)).all() == []

    run("tick", "--no-send")

    assert session.exec(select(Photo.width)).one() == 640
    session.expire_all()
    assert session.exec(select(Evidence.looked_at)).one() is not None
