"""Issues in every state, with everything a ledger can say of them; and files to import."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from sqlmodel import Session

from models.audit import Round, RoundKind
from models.issue import RequestKind, Source
from models.lifecycle import State
from services import issues, requests, sweeps
from services.findings import Finding
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, MONDAY, OFFICE, PHOTO, VERIFIER, an_issue, at, who

NOW = at("2026-11-20 10:00")
LATER = at("2026-11-20 11:00")
FORMULA = '=HYPERLINK("http://example.invalid","点我")'
ODD = "  两端有空格、\n换行、\t制表和_x0041_  "


def some_lives(session: Session) -> list[int]:
    """One or more issues in each of the eight states; escalated, extended, returned, failed, replied. Commits."""
    states = ["found", "assigned", "rectifying", "rectified", "verified", "closed"]
    keys = [an_issue(session, state=state, description=f"{state}：{FORMULA}") for state in states]
    keys += [_void(session), _shelved(session), _extended(session), _returned(session), _failed(session)]
    keys += [_with_round(session), _far_up(session)]
    session.commit()
    return keys


def _void(session: Session) -> int:
    key = an_issue(session, description="+1 不是问题")
    issues.void(session, issue_ids=[key], by=who(session, OFFICE), now=MONDAY, reason="重复")
    return key


def _shelved(session: Session) -> int:
    key = an_issue(session, state="rectifying", description="-需要资金", severity="S5", standard=None)
    later, by = at("2026-11-03 10:00"), who(session, HANDLER)
    milestone = at("2026-12-01 10:00")
    requests.ask_shelving(session, issue_ids=[key], by=by, now=later, reason="待预算", milestone=milestone)
    office = who(session, DISTRICT_OFFICE)
    requests.grant(session, issue_ids=[key], by=office, now=later, kind=RequestKind.SHELVING)
    return key


def _extended(session: Session) -> int:
    key = an_issue(session, state="rectifying", description="@延期", point="P-0002", standard="12-01")
    later, by = at("2026-11-03 10:00"), who(session, HANDLER)
    requests.ask_extension(session, issue_ids=[key], by=by, now=later, reason="缺料", amount="3 working_days")
    requests.grant(session, issue_ids=[key], by=who(session, DISTRICT_OFFICE), now=later, kind=RequestKind.EXTENSION)
    return key


def _returned(session: Session) -> int:
    key = an_issue(session, state="assigned", description=ODD)
    issues.give_back(session, issue_ids=[key], by=who(session, HANDLER), now=at("2026-11-02 11:00"), reason="不属我局")
    issues.comment(session, issue_ids=[key], by=who(session, OFFICE), now=at("2026-11-02 11:30"), text="=备注")
    return key


def _failed(session: Session) -> int:
    key = an_issue(session, state="rectified", description="复核不合格", address="12号楼", lat=29.35137, lng=104.78583)
    issues.fail_verification(
        session, issue_ids=[key], by=who(session, VERIFIER), now=at("2026-11-03 10:00"), reason="仍有积水"
    )
    issues.report_sweep(
        session, issue_ids=[key], by=who(session, HANDLER), now=at("2026-11-03 11:00"), checked=7, found=2
    )
    issues.mark_leader(session, issue_ids=[key], by=who(session, OFFICE), now=at("2026-11-03 11:00"))
    return key


def _with_round(session: Session) -> int:
    round_ = Round(
        number="2026-暗访-07",
        kind=RoundKind.COVERT,
        area_code="5103",
        version_code="CC-2026",
        seed=1,
        wanted=3,
        on_date=date(2026, 11, 2),
        requested_by=INSPECTOR,
        created_at=MONDAY,
    )
    session.add(round_)
    session.flush()
    return an_issue(session, state="closed", round_id=round_.id, source=Source.COVERT, description="#N/A")


def _far_up(session: Session) -> int:
    """Long overdue, with a supervision order that was answered."""
    key = an_issue(session, state="rectifying", description="逾期", evidence=(dict(PHOTO, kind="before"),))
    session.commit()
    sweeps.sweep(lambda: Session(session.get_bind()), State.RECTIFYING, now=at("2026-11-11 10:00"))
    session.expire_all()
    issues.reply_order(session, issue_ids=[key], by=who(session, HANDLER), now=at("2026-11-11 11:00"), reply="已安排")
    return key


def a_workbook(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, above: int = 0) -> Path:
    """A workbook as a clerk makes one; `above` puts title rows before the header."""
    book = Workbook()
    sheet = book.active
    sheet.title = "台账"
    for _ in range(above):
        sheet.append(["某某市问题台账"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def table_of(path: Path) -> list[Mapping[str, Any]]:
    """The rows of a workbook by heading."""
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def a_finding(session: Session, **finding: Any) -> None:
    """One new issue."""
    issues.find(session, findings=[Finding(**finding)], by=who(session, INSPECTOR), now=MONDAY)
