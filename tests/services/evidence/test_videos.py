"""Videos as evidence: taken in, put on record, compared, withheld."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.errors import ActionNotAllowed, MissingInput, NotFound, NotReadable, SomebodyWasFaster
from models.evidence import Upload, Video, Withholding
from models.issue import EvidenceKind
from services import developing, evidence, evidence_view, reporting_similar, uploads, withholding
from services.evidence_view import Size
from services.photos import LARGEST, Fault, Unusable
from tests.cast import HANDLER, MONDAY, OFFICE, VERIFIER, ZONE, who
from tests.services.evidence.films import box, mp4, webm
from tests.services.evidence.handed import an_issue_with, hand_in, kinds, looked, pieces
from tests.services.evidence.pictures import photo

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
TAKEN = int((NOW - timedelta(minutes=30)).timestamp())
CITY = "5103"


def take(session: Session, folder: Path, data: bytes) -> Upload:
    return uploads.take(session, data=data, name="现场.mp4", by=HANDLER, store=folder, zone=ZONE.key, now=NOW)


def proof(session: Session, folder: Path, data: bytes) -> int:
    """An issue that was handed in with this video."""
    issue = an_issue_with(session, folder, photo(1))
    hand_in(session, folder, issue, data, media_type="video/mp4", file_name="整改.mov")
    return issue


def shown(session: Session, folder: Path, key: int, person: str, size: Size = Size.FULL) -> evidence_view.Copy:
    return evidence_view.copy_of(session, folder, key, reader=who(session, person), city=CITY, size=size)


def test_a_finished_upload_is_evidence_of_after(city: Session, tmp_path: Path) -> None:
    row = take(city, tmp_path, mp4(taken=TAKEN, place="+29.35+104.78/"))

    (piece,) = uploads.pieces(city, [row.key], by=HANDLER, kind=EvidenceKind.AFTER, now=NOW)

    film = city.get_one(Video, row.sha256)
    assert (piece["media_type"], film.milliseconds, film.width, film.lat) == ("video/mp4", 5000, 640, 29.35)
    assert evidence.read(tmp_path, row.sha256 or "") == mp4(taken=TAKEN, place="+29.35+104.78/")


def test_one_larger_than_a_photo_may_be_is_taken(city: Session, tmp_path: Path) -> None:
    row = take(city, tmp_path, mp4(data=b"\0" * (LARGEST + 1)))
    assert evidence.length(tmp_path, row.sha256 or "") > LARGEST


def test_anything_else_so_large_is_told_by_its_beginning(city: Session, tmp_path: Path) -> None:
    with pytest.raises(Unusable) as refused:
        take(city, tmp_path, photo(1) + bytes(LARGEST))
    assert refused.value.fault is Fault.TOO_LARGE
    with pytest.raises(Unusable):
        uploads.check_beginning(BytesIO(photo(1)), size=LARGEST + 1)
    uploads.check_beginning(BytesIO(mp4()), size=LARGEST + 1)


def test_a_round_looks_at_one_that_came_another_way(city: Session, tmp_path: Path) -> None:
    issue = an_issue_with(city, tmp_path, photo(1))
    hand_in(city, tmp_path, issue, webm(), media_type="")

    looked(city, tmp_path, issue)

    assert pieces(city, issue)[0].media_type == "video/webm"
    assert city.exec(select(Video.milliseconds)).one() == 5000


def test_one_that_pretends_is_noted_and_shown_to_nobody(city: Session, tmp_path: Path) -> None:
    issue = proof(city, tmp_path, mp4()[:60])
    looked(city, tmp_path, issue)

    assert city.exec(select(Video.fault)).one() == "broken"
    with pytest.raises(NotFound):
        shown(city, tmp_path, pieces(city, issue)[0].id or 0, HANDLER)


def test_the_same_file_again_an_old_one_and_one_from_elsewhere_are_flagged(city: Session, tmp_path: Path) -> None:
    old = mp4(taken=int((MONDAY - timedelta(days=3)).timestamp()), place="+30.10+104.20/")
    first, second = proof(city, tmp_path, old), proof(city, tmp_path, old)

    looked(city, tmp_path, second)

    assert kinds(looked(city, tmp_path, first)) == ["taken_before", "too_far"]
    assert kinds(looked(city, tmp_path, second)) == ["same_file", "taken_before", "too_far"]


def test_the_same_before_and_after_is_flagged(city: Session, tmp_path: Path) -> None:
    issue = an_issue_with(city, tmp_path, mp4())
    hand_in(city, tmp_path, issue, mp4(), media_type="video/mp4")
    assert kinds(looked(city, tmp_path, issue)) == ["before_is_after"]


def test_people_see_it_without_its_notes_and_who_may_redact_as_it_came(city: Session, tmp_path: Path) -> None:
    data = mp4(place="+29.3514+104.7858/", behind=[box(b"free", b"<script>")])
    key = pieces(city, proof(city, tmp_path, data))[0].id or 0
    developing.look(city, tmp_path, now=MONDAY)

    seen, original = shown(city, tmp_path, key, HANDLER), shown(city, tmp_path, key, OFFICE, Size.ORIGINAL)

    assert (seen.media_type, seen.name, seen.inline) == ("video/mp4", "整改.mp4", True)
    assert seen.parts is not None
    assert (len(seen.parts.whole()), b"104.7858" in seen.parts.whole(), b"<script>" in seen.read()) == (
        len(data),
        False,
        False,
    )
    assert (original.read(), original.inline) == (data, False)


def test_just_handed_in_it_is_seen_without_its_notes_too(city: Session, tmp_path: Path) -> None:
    key = pieces(city, proof(city, tmp_path, mp4(place="+29.3514+104.7858/")))[0].id or 0
    assert b"104.7858" not in shown(city, tmp_path, key, HANDLER).read()


def test_a_video_has_no_small_copy(city: Session, tmp_path: Path) -> None:
    key = pieces(city, proof(city, tmp_path, mp4()))[0].id or 0
    with pytest.raises(NotFound):
        shown(city, tmp_path, key, HANDLER, Size.SMALL)


def withhold(session: Session, key: int, *, withheld: bool = True, reason: str = "有人脸", seen: int = 0, by=OFFICE):
    how = {"withheld": withheld, "reason": reason, "seen": seen}
    return withholding.decide(session, key, **how, by=who(session, by), city=CITY, now=MONDAY)


@pytest.fixture
def key(city: Session, tmp_path: Path) -> int:
    """A video that was looked at."""
    issue = proof(city, tmp_path, mp4())
    looked(city, tmp_path, issue)
    return pieces(city, issue)[0].id or 0


def test_who_may_redact_withholds_it_and_others_do_not_see_it(city: Session, tmp_path: Path, key: int) -> None:
    row = withhold(city, key)

    with pytest.raises(NotFound):
        shown(city, tmp_path, key, VERIFIER)
    assert shown(city, tmp_path, key, OFFICE, Size.PLAIN).inline
    withhold(city, key, withheld=False, seen=row.id or 0)
    assert shown(city, tmp_path, key, VERIFIER).inline
    assert [one.withheld for one in city.exec(select(Withholding))] == [True, False]


def test_withholding_wants_the_right_a_reason_and_the_latest_state(city: Session, key: int) -> None:
    with pytest.raises(ActionNotAllowed):
        withhold(city, key, by=HANDLER)
    with pytest.raises(MissingInput):
        withhold(city, key, reason=" ")
    withhold(city, key)
    with pytest.raises(SomebodyWasFaster):
        withhold(city, key, withheld=False)


def test_a_damaged_video_is_not_handed_out(city: Session, tmp_path: Path, key: int) -> None:
    copy = shown(city, tmp_path, key, HANDLER)
    assert copy.parts is not None
    copy.parts.length()
    path = evidence.path_of(tmp_path, copy.parts.sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(NotReadable, match="damaged"):
        copy.parts.length()


def test_what_no_form_named_is_forgotten_with_its_file(city: Session, tmp_path: Path) -> None:
    row = take(city, tmp_path, mp4())
    uploads.drop(city, tmp_path, row.key, by=HANDLER)

    assert developing.forget_unused(city, before=NOW + timedelta(days=60)) == 1
    path = evidence.path_of(tmp_path, row.sha256 or "")
    at = datetime.fromtimestamp(path.stat().st_ctime, UTC) + timedelta(days=31)
    assert evidence.sweep_up(city, tmp_path, at=at).unnamed == 1


def test_a_video_is_no_picture_of_a_similar_issue(city: Session, tmp_path: Path) -> None:
    issue = an_issue_with(city, tmp_path, photo(1))
    piece = pieces(city, issue, EvidenceKind.BEFORE)[0]
    piece.media_type = "video/mp4"
    city.flush()
    assert reporting_similar._photos(city, [issue]) == {}
