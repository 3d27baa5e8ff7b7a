"""Evidence handed in, the short way: stored, on record, looked at."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from models.issue import Evidence, EvidenceKind, Issue
from services import developing, evidence, issues
from services.evidence_flags import Flag, flags_of
from tests.cast import HANDLER, INSPECTOR, MONDAY, an_issue, who


def an_issue_with(session: Session, folder: Path, data: bytes, *, now: datetime = MONDAY, **finding) -> int:
    """Found with a photo of how it looks before."""
    piece = {"kind": "before", "sha256": evidence.store(folder, data), "media_type": "image/jpeg"}
    return an_issue(session, state="rectifying", now=now, evidence=(piece,), **finding)


def hand_in(
    session: Session, folder: Path, issue: int, data: bytes, *, now: datetime = MONDAY, media_type="image/jpeg", **said
) -> None:
    """Proof of the unit."""
    piece = {"kind": "after", "sha256": evidence.store(folder, data), "media_type": media_type, **said}
    issues.submit(
        session, issue_ids=[issue], by=who(session, HANDLER, now=now), now=now, result="已清理", evidence=[piece]
    )


def attach(
    session: Session, folder: Path, issue: int, data: bytes, *, kind: str = "other", media_type: str = ""
) -> None:
    piece = {"kind": kind, "sha256": evidence.store(folder, data), "media_type": media_type, "file_name": "a.bin"}
    issues.attach(session, issue_ids=[issue], by=who(session, INSPECTOR), now=MONDAY, evidence=[piece])


def looked(session: Session, folder: Path, issue: int, *, now: datetime = MONDAY) -> list[Flag]:
    """What is flagged on an issue once everything was looked at."""
    while developing.something_waits(session):
        developing.look(session, folder, now=now)
    session.flush()
    return flags_of(session, issue)


def kinds(flags: list[Flag]) -> list[str]:
    return [flag.kind.value for flag in flags]


def pieces(session: Session, issue: int, kind: EvidenceKind = EvidenceKind.AFTER) -> list[Evidence]:
    query = select(Evidence).where(Evidence.issue_id == issue, Evidence.kind == kind).order_by(col(Evidence.id))
    return list(session.exec(query))


def number_of(session: Session, issue: int) -> str:
    return session.get_one(Issue, issue).number
