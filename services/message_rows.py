"""Message rows that do not come from an event of an issue: sheets, digests, bulletins, alarms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.message import MessageState


def message_row(
    *,
    key: str,
    kind: str,
    why: str,
    channels: Sequence[str],
    facts: Mapping[str, Any],
    now: datetime,
    post: str | None = None,
    person: str | None = None,
    area_path: str = "",
    unit: str | None = None,
    urgency: int = 5,
) -> dict[str, Any]:
    """One row for a post or a person; the key makes a second one impossible."""
    return {
        "key": key,
        "kind": kind,
        "issue_id": None,
        "post_code": post,
        "person_code": person,
        "area_path": area_path,
        "unit_code": unit,
        "why": why,
        "channels": [str(channel) for channel in channels],
        "urgency": urgency,
        "facts": facts,
        "state": MessageState.PENDING,
        "not_before": now,
        "created_at": now,
        "tries": 0,
    }
