"""Message rows for the transaction that decides them. Nothing is sent here (promise 2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.issue import Issue
from models.message import MessageState
from notifications.audience import Told

WAKE = "duban_outbox"
STANDS_DOWN_FROM = frozenset(
    {
        "sign_in_reminder",
        "overdue_notice",
        "reminder_notice",
        "supervision_order_1",
        "supervision_order_2",
        "supervision_order_3",
        "accountability_proposal",
        "level_jump",
    }
)


def message_rows(
    recipients: Sequence[Told], *, issue: Issue, seq: int, facts: object, now: datetime, not_before: datetime
) -> list[dict[str, Any]]:
    """One row for each recipient of one event; the key makes a second row for the same one impossible.

    `facts` is one document for all of them, in whatever form the caller writes its rows.
    """
    return [
        {
            "key": f"{issue.id}-{seq}-{one.post or one.person}",
            "kind": one.kind,
            "issue_id": issue.id,
            "post_code": one.post,
            "person_code": one.person,
            "area_path": issue.area_path,
            "unit_code": issue.lead_unit,
            "why": one.why,
            "channels": list(one.channels),
            "urgency": one.urgency,
            "facts": facts,
            "state": MessageState.PENDING,
            "not_before": not_before,
            "created_at": now,
            "tries": 0,
        }
        for one in recipients
    ]


def wake(session: Session) -> None:
    """Wake whoever delivers, as soon as this transaction commits."""
    session.connection().execute(text(f"NOTIFY {WAKE}"))
