"""Handing in photos, struck anywhere: never a row without its file, and files without a row are swept up."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlmodel import Session, col, select

from models.audit import Observation, Result, Sheet
from models.issue import Evidence, Issue
from models.lifecycle import State
from services import evidence
from services.cities.sample_photo import sample_photo
from tests.cast import HANDLER, an_issue, at, trail
from tests.crash.deaths import dies
from tests.crash.test_audit import a_round
from tests.crash.works import Job, command

NOW = at("2026-11-03 10:00")
MONTHS = timedelta(days=31)
CASES = [
    ("before a photo is kept", 1),
    ("bytes written under another name", 1),
    ("before the name", 1),
    ("named", 1),
    ("a photo is kept", 1),
    ("bytes written under another name", 4),
    ("before the name", 2),
    ("a photo is kept", 2),
    ("before a commit", 1),
    ("after a commit", 1),
]


def rectifying(session: Session) -> None:
    an_issue(session, state="rectifying")


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one.png", tmp_path / "two.png"]
    for path in paths:
        path.write_bytes(sample_photo(path.stem))
    return paths


def handing_in(here, tmp_path: Path, photos: Sequence[Path]) -> Job:
    with here.session() as session:
        number = session.exec(select(Issue.number)).one()
    shown = [word for path in photos for word in ("--photo", str(path))]
    typed = ("issue", "submit", number, "--result", "已清理", *shown, "--as", HANDLER)
    (tmp_path / "home").mkdir()
    return here.job(NOW, home=tmp_path / "home", typed=typed)


def files(job: Job) -> dict[str, bytes]:
    """What lies in the store, by name."""
    return {path.name: path.read_bytes() for path in job.home.glob("evidence/*/*") if path.is_file()}


def hashes(photos: Sequence[Path]) -> set[str]:
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in photos}


def named(here) -> set[str]:
    with here.session() as session:
        return set(session.exec(select(col(Evidence.sha256))))


def sweep(here, job: Job, *, after: timedelta = MONTHS) -> evidence.Swept:
    """As it would be done so long after the last change of a file."""
    folder = job.home / "evidence"
    newest = max((path.stat().st_ctime for path in folder.glob("*/*")), default=0.0)
    with here.session() as session:
        return evidence.sweep_up(session, folder, at=datetime.fromtimestamp(newest, UTC) + after)


def swept(here, job: Job, aside: Path) -> set[str]:
    """What is left when the store, as it lies there now, is swept months later."""
    copytree(job.home, aside)
    sweep(here, replace(job, home=aside))
    return set(files(replace(job, home=aside)))


@pytest.mark.parametrize(("point", "nth"), CASES)
def test_no_row_without_its_file_no_file_without_a_row_and_handed_in_again_all_is_there(
    place, tmp_path: Path, photos: list[Path], point: str, nth: int
) -> None:
    here = place(rectifying)
    job = handing_in(here, tmp_path, photos)
    dies("command", job, point=point, nth=nth)

    rows, lying = named(here), files(job)
    assert rows in (set(), hashes(photos))
    assert {name: hashlib.sha256(lying[name]).hexdigest() for name in rows} == {name: name for name in rows}
    assert swept(here, job, tmp_path / "aside") == rows

    command(job)
    with here.session() as session:
        issue = session.exec(select(Issue)).one()
        assert (issue.state, trail(session, issue.id).count("submit")) == (State.RECTIFIED, 1)
    sweep(here, job)
    assert {hashlib.sha256(data).hexdigest() for data in files(job).values()} == named(here) == hashes(photos)


def test_what_is_young_waits_for_its_row(place, tmp_path: Path, photos: list[Path]) -> None:
    here = place(rectifying)
    job = handing_in(here, tmp_path, photos)
    dies("command", job, point="before a commit")

    swept = sweep(here, job, after=timedelta(days=29))

    assert (swept, len(files(job))) == (evidence.Swept(0, 0), 2)


def test_an_old_file_that_is_handed_in_again_counts_as_new(place, tmp_path: Path, photos: list[Path]) -> None:
    here = place(rectifying)
    job = handing_in(here, tmp_path, photos)
    dies("command", job, point="before a commit")
    lies = next(job.home.glob("evidence/*/*"))
    before = lies.stat().st_ctime_ns

    evidence.store(job.home / "evidence", lies.read_bytes())

    assert lies.stat().st_ctime_ns > before


def test_a_photo_of_an_observation_is_named(place, tmp_path: Path) -> None:
    here = place(a_round)
    folder = tmp_path / "evidence"
    sha256 = evidence.store(folder, b"seen")
    with here.session() as session:
        (sheet,) = session.exec(select(Sheet.id)).all()
        session.add(
            Observation(sheet_id=sheet, standard_code="01-01", result=Result.MET, photo=sha256, observed_at=NOW)
        )
        session.commit()

    sweep(here, here.job(NOW, home=tmp_path))

    assert evidence.path_of(folder, sha256).exists()
