"""What is flagged, and what is not: a flag refuses nothing and stays on record."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from models.lifecycle import State
from services import developing, evidence_flags, issues
from services.flag_rules import Thresholds
from tests.cast import HANDLER, MONDAY, OUTSIDER, VERIFIER, an_issue, at, read, who
from tests.services.evidence.handed import an_issue_with, attach, hand_in, kinds, looked, number_of, pieces
from tests.services.evidence.pictures import photo, saved, scene


@pytest.fixture
def rectifying(city: Session) -> int:
    return an_issue(city, state="rectifying")


def shrunk(seed: int) -> bytes:
    return saved(scene(seed, (320, 240)), quality=45)


def test_honest_proof_raises_no_flag(city: Session, tmp_path: Path) -> None:
    issue = an_issue_with(city, tmp_path, photo(1))
    hand_in(city, tmp_path, issue, photo(2, taken="2026:11:02 10:30:00", lat=29.35137, lng=104.78583))

    assert looked(city, tmp_path, issue) == []


def test_a_file_that_proved_another_issue_is_flagged(city: Session, tmp_path: Path, rectifying: int) -> None:
    other = an_issue(city, state="rectifying")
    hand_in(city, tmp_path, other, photo(1))
    hand_in(city, tmp_path, rectifying, photo(1))

    (flag,) = looked(city, tmp_path, rectifying)

    assert (flag.kind, flag.other_number, flag.facts) == ("same_file", number_of(city, other), {"issues": 1})
    assert looked(city, tmp_path, other) == []


def test_a_copy_without_the_cameras_notes_is_the_same_file(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, an_issue(city, state="rectifying"), photo(1, taken="2026:11:02 10:30:00"))
    hand_in(city, tmp_path, rectifying, photo(1))

    assert kinds(looked(city, tmp_path, rectifying)) == ["same_file"]


def test_a_copy_made_smaller_is_the_same_picture(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, an_issue(city, state="rectifying"), photo(1))
    hand_in(city, tmp_path, rectifying, shrunk(1))

    (flag,) = looked(city, tmp_path, rectifying)

    assert flag.kind == "same_picture"
    assert 0 <= flag.facts["bits"] <= 5


def test_files_that_nobody_can_look_at_are_still_compared(city: Session, tmp_path: Path, rectifying: int) -> None:
    piece = {"kind": "after", "sha256": "cd" * 32}
    for issue in (an_issue(city, state="rectifying"), rectifying):
        by = who(city, HANDLER)
        issues.submit(city, issue_ids=[issue], by=by, now=MONDAY, result="好", evidence=[piece])

    assert kinds(looked(city, tmp_path, rectifying)) == ["same_file"]


def test_two_that_come_at_the_same_time_see_one_another_once(city: Session, tmp_path: Path, rectifying: int) -> None:
    later = an_issue(city, state="rectifying")
    for issue in (rectifying, later):
        hand_in(city, tmp_path, issue, photo(1))

    assert developing.look(city, tmp_path, now=MONDAY).flags == 1
    assert kinds(looked(city, tmp_path, later)) == ["same_file"]


def test_one_photo_of_two_faults_at_one_place_is_nothing_wrong(city: Session, tmp_path: Path) -> None:
    an_issue_with(city, tmp_path, photo(1))
    issue = an_issue_with(city, tmp_path, photo(1), standard="01-02")

    assert looked(city, tmp_path, issue) == []


def test_the_photo_of_one_place_does_not_serve_for_another(city: Session, tmp_path: Path) -> None:
    an_issue_with(city, tmp_path, photo(1))
    issue = an_issue_with(city, tmp_path, photo(1), point=None, standard=None, area="510302001002")

    assert kinds(looked(city, tmp_path, issue)) == ["same_file"]


def test_the_photo_of_last_month_does_not_serve_again(city: Session, tmp_path: Path) -> None:
    an_issue_with(city, tmp_path, photo(1))
    issue = an_issue_with(city, tmp_path, photo(1), now=MONDAY + timedelta(days=30))

    assert kinds(looked(city, tmp_path, issue)) == ["same_file"]


@pytest.mark.parametrize(
    "proof", [photo(1), photo(1, taken="2026:11:02 10:30:00"), shrunk(1)], ids=["file", "dots", "small"]
)
def test_the_photo_of_before_proves_nothing_after(city: Session, tmp_path: Path, proof: bytes) -> None:
    issue = an_issue_with(city, tmp_path, photo(1))
    hand_in(city, tmp_path, issue, proof)

    assert kinds(looked(city, tmp_path, issue)) == ["before_is_after"]


def test_proof_older_than_the_problem_is_flagged(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, rectifying, photo(1, taken="2026:11:02 09:49:00"))

    (flag,) = looked(city, tmp_path, rectifying)

    assert flag.kind == "taken_before"
    assert flag.facts["taken_at"].startswith("2026-11-02T01:49")


def test_a_camera_clock_that_is_some_minutes_off_is_nothing(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, rectifying, photo(1, taken="2026:11:02 09:51:00"))

    assert looked(city, tmp_path, rectifying) == []


def test_a_demo_clock_that_was_moved_forward_makes_no_photo_too_old(
    city: Session, tmp_path: Path, rectifying: int
) -> None:
    city.connection().execute(text("UPDATE city SET demo = true, clock_offset_seconds = 3 * 86400"))
    hand_in(city, tmp_path, rectifying, photo(1, taken="2026:10:30 10:30:00"))  # by the camera, three days behind

    assert looked(city, tmp_path, rectifying) == []

    other = an_issue(city, state="rectifying")
    hand_in(city, tmp_path, other, photo(2, taken="2026:10:29 10:30:00"))

    assert kinds(looked(city, tmp_path, other)) == ["taken_before"]


def test_what_the_phone_says_counts_where_the_photo_says_nothing(
    city: Session, tmp_path: Path, rectifying: int
) -> None:
    hand_in(city, tmp_path, rectifying, photo(1), taken_at=at("2026-11-01 10:00"), lat=29.40, lng=104.78)

    assert kinds(looked(city, tmp_path, rectifying)) == ["taken_before", "too_far"]


def test_proof_of_the_first_time_is_too_old_once_the_problem_is_back(city: Session, tmp_path: Path) -> None:
    issue = an_issue(city, state="closed")
    later = MONDAY + timedelta(days=2)
    issues.relapse(city, issue_ids=[issue], by=who(city, VERIFIER, now=later), now=later, reason="又来了")
    hand_in(city, tmp_path, issue, photo(1, taken="2026:11:03 10:00:00"), now=later + timedelta(hours=1))

    assert "taken_before" in kinds(looked(city, tmp_path, issue))


@pytest.mark.parametrize(
    ("lat", "flags"), [(29.35137, []), (29.3539, []), (29.3542, ["too_far"]), (-29.35, ["too_far"])]
)
def test_proof_from_far_away_is_flagged(city: Session, tmp_path: Path, lat: float, flags: list[str]) -> None:
    issue = an_issue(city, state="rectifying", lat=29.35137, lng=104.78583)
    hand_in(city, tmp_path, issue, photo(1, lat=lat, lng=104.78583))

    assert kinds(looked(city, tmp_path, issue)) == flags


def test_how_far_is_too_far_is_the_citys_to_say() -> None:
    assert Thresholds.of({"evidence": {"far_metres": 50}}).far_metres == 50
    with pytest.raises(ValueError, match="far_metres"):
        Thresholds.of({"evidence": {"similar_bits": 20}})


def test_a_paper_is_looked_at_and_nothing_comes_of_it(city: Session, tmp_path: Path, rectifying: int) -> None:
    attach(city, tmp_path, rectifying, b"%PDF-1.7\n%%EOF", media_type="application/pdf")

    assert looked(city, tmp_path, rectifying) == []


def test_what_kind_of_file_it_is_is_noted_where_nobody_said(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, rectifying, photo(1), media_type="")
    looked(city, tmp_path, rectifying)
    city.expire_all()

    assert pieces(city, rectifying)[0].media_type == "image/jpeg"


def test_a_flag_refuses_nothing(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, rectifying, photo(1, taken="2026:01:01 09:00:00"))
    looked(city, tmp_path, rectifying)
    issues.pass_verification(city, issue_ids=[rectifying], by=who(city, VERIFIER), now=MONDAY)

    assert read(city, rectifying).state is State.VERIFIED


def test_looking_twice_changes_nothing(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, rectifying, photo(1, taken="2026:01:01 09:00:00"))
    before = looked(city, tmp_path, rectifying)
    city.connection().execute(text("UPDATE evidence SET looked_at = NULL"))

    assert looked(city, tmp_path, rectifying) == before


@pytest.mark.parametrize("statement", ["DELETE FROM evidence_flag", "UPDATE evidence_flag SET kind = 'too_far'"])
def test_a_flag_stays_on_record(city: Session, tmp_path: Path, rectifying: int, statement: str) -> None:
    hand_in(city, tmp_path, rectifying, photo(1, taken="2026:01:01 09:00:00"))
    looked(city, tmp_path, rectifying)

    with pytest.raises(DBAPIError, match="append-only"):
        city.connection().execute(text(statement))


def test_flags_are_counted_by_kind_and_decision(city: Session, tmp_path: Path, rectifying: int) -> None:
    hand_in(city, tmp_path, rectifying, photo(1, taken="2026:01:01 09:00:00", lat=30.0, lng=104.0))
    first, _ = looked(city, tmp_path, rectifying)
    evidence_flags.decide(
        city, first.id, decision="kept", reason="旧照片", by=who(city, VERIFIER), city="5103", now=MONDAY
    )

    within = {"since": MONDAY, "until": MONDAY + timedelta(days=1)}
    found = evidence_flags.counts(city, reader=who(city, VERIFIER), city="5103", **within)

    assert found == {("taken_before", "kept"): 1, ("too_far", "open"): 1}
    assert evidence_flags.counts(city, reader=who(city, OUTSIDER), city="5103", **within) == {}
