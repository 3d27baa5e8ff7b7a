"""Looking at photos, struck anywhere: nothing on record by halves, and done again all is there, once."""

import hashlib
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from models.evidence import EvidenceFlag, Photo
from models.issue import Evidence
from services import evidence, issues
from tests.cast import HANDLER, an_issue, at, who
from tests.crash.deaths import dies
from tests.crash.test_evidence import sweep
from tests.crash.works import Job, look
from tests.services.evidence.pictures import photo

NOW = at("2026-11-03 10:00")
SAME = photo(1)
NAME = hashlib.sha256(SAME).hexdigest()
CASES = [
    ("bytes written under another name", 1),
    ("a photo is kept", 1),
    ("a photo is kept", 2),
    ("a photo drawn", 1),
    ("flags raised", 1),
    ("before a commit", 1),
    ("after a commit", 1),
]


def two_with_one_photo(session: Session) -> None:
    for _ in range(2):
        issue = an_issue(session, state="rectifying")
        piece = {"kind": "after", "sha256": NAME, "media_type": "image/jpeg"}
        by = who(session, HANDLER)
        issues.submit(session, issue_ids=[issue], by=by, now=NOW, result="已清理", evidence=[piece])


def on_record(here) -> tuple[int, int, int]:
    """Photos, flags, pieces that were looked at."""
    with here.session() as session:
        looked = select(func.count()).select_from(Evidence).where(col(Evidence.looked_at).is_not(None))
        counts = [select(func.count()).select_from(model) for model in (Photo, EvidenceFlag)]
        return tuple(session.exec(query).one() for query in (*counts, looked))


def copies(here) -> set[str]:
    with here.session() as session:
        return {name for row in session.exec(select(Photo)) for name in (row.plain, row.small) if name}


@pytest.mark.parametrize(("point", "nth"), CASES)
def test_it_is_on_record_whole_or_not_at_all_and_done_again_once(place, tmp_path: Path, point: str, nth: int) -> None:
    here = place(two_with_one_photo)
    evidence.store(tmp_path / "evidence", SAME)
    job: Job = here.job(NOW, home=tmp_path)
    dies("look", job, point=point, nth=nth)

    assert on_record(here) in ((0, 0, 0), (1, 1, 2))
    for name in copies(here):
        evidence.read(tmp_path / "evidence", name)

    look(job)
    assert on_record(here) == (1, 1, 2)
    sweep(here, job)
    lying = {path.name for path in (tmp_path / "evidence").glob("*/*") if path.is_file()}
    assert lying == copies(here) | {NAME}
