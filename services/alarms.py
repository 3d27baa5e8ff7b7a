"""An alarm about the system itself: for the duty officer and the administrator, through every door."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from models.message import Message
from models.unit import PostKind
from notifications.outbox import wake
from services import bulk, rulebook
from services.message_rows import message_row

TOLD = (PostKind.DUTY_OFFICER, PostKind.ADMINISTRATOR)


def raise_alarm(session: Session, *, name: str, problems: Sequence[str], now: datetime) -> int:
    """Write the messages; how many are told. `name` tells one cause of alarm from another. The caller commits."""
    city = rulebook.the_city(session).code
    rows = [
        message_row(
            key=f"{name}-{now:%Y%m%d%H%M%S}-{kind}",
            kind="watchdog",
            post=f"{city}:{kind}",
            area_path=city,
            why=f"L1.{kind}",
            channels=("app", "chat", "sms", "mail"),
            urgency=1,
            facts={"problems": list(problems), "at": now},
            now=now,
        )
        for kind in TOLD
    ]
    written = bulk.insert(session, Message, rows, or_skip=True)
    wake(session)
    return written
