"""Shorthand for tests: who acts, an issue in a wanted state, what is on record. Times are city time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.issue import Issue, IssueEvent
from models.message import Message
from models.rights import Actor
from services import issues, people
from services.findings import Finding

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE, INSPECTOR, VERIFIER, DUTY = "R00001", "R00002", "R00003", "R00004"
HANDLER, DIRECT, DEPUTY, PRINCIPAL = "R00006", "R00007", "R00008", "R00009"
DISTRICT_OFFICE, DISTRICT_VERIFIER, OUTSIDER, STRANGER = "R00010", "R00011", "R00030", "R00099"
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=ZONE).astimezone(UTC)
PHOTO: Mapping[str, Any] = {"kind": "after", "sha256": "ab" * 32}


def at(written: str) -> datetime:
    """City time such as `2026-11-02 10:00`, as an instant."""
    return datetime.fromisoformat(written).replace(tzinfo=ZONE).astimezone(UTC)


def shown(instant: datetime | None) -> str | None:
    """An instant as city time, to the minute."""
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if instant else None


def who(session: Session, code: str, *, now: datetime = MONDAY) -> Actor:
    return people.actor(session, code, now=now)


def an_issue(session: Session, *, state: str = "found", now: datetime = MONDAY, **finding: Any) -> int:
    """An issue brought to a state by the people whose work it is, all at one time. Returns its id."""
    given = {"description": "垃圾桶满溢", "point": "P-0001", "standard": "01-01", **finding}
    (outcome,) = issues.find(session, findings=[Finding(**given)], by=who(session, INSPECTOR, now=now), now=now)
    key = outcome.issue_id
    for reached, step in STEPS:
        if state == "found":
            break
        step(session, key, now)
        if reached == state:
            break
    return key


def _assign(session: Session, key: int, now: datetime) -> None:
    issues.assign(session, issue_ids=[key], by=who(session, OFFICE, now=now), now=now, to="D-CGJ")


def _sign_in(session: Session, key: int, now: datetime) -> None:
    issues.sign_in(session, issue_ids=[key], by=who(session, HANDLER, now=now), now=now)


def _submit(session: Session, key: int, now: datetime) -> None:
    by = who(session, HANDLER, now=now)
    issues.submit(session, issue_ids=[key], by=by, now=now, result="已清理", evidence=[PHOTO])


def _pass(session: Session, key: int, now: datetime) -> None:
    issues.pass_verification(session, issue_ids=[key], by=who(session, VERIFIER, now=now), now=now)


def _close(session: Session, key: int, now: datetime) -> None:
    issues.close_out(session, issue_ids=[key], by=who(session, OFFICE, now=now), now=now)


STEPS = (
    ("assigned", _assign),
    ("rectifying", _sign_in),
    ("rectified", _submit),
    ("verified", _pass),
    ("closed", _close),
)


def read(session: Session, key: int) -> Issue:
    """The issue as the database has it now."""
    session.expire_all()
    issue = session.get(Issue, key)
    assert issue is not None
    return issue


def trail(session: Session, key: int) -> list[str]:
    """The actions on record, with the step where there is one."""
    query = select(IssueEvent).where(IssueEvent.issue_id == key).order_by(col(IssueEvent.seq))
    return [e.action.value + (f" {e.step}" if e.step else "") for e in session.exec(query)]


def messages(session: Session, key: int) -> list[tuple[str, str]]:
    """What is told to whom about the issue: kind and post or person, in order."""
    query = select(Message).where(Message.issue_id == key).order_by(col(Message.id))
    return [(m.kind, m.post_code or m.person_code or "") for m in session.exec(query)]
