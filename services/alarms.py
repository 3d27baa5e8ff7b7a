"""An alarm about the system itself: for the duty officer and the administrator, through every door.

Each cause has a mark: when it was last told, negative once it was told that it is over. So an alarm is raised once,
repeated every hour while it lasts, a trouble that comes and goes is not told each time, and its end is told once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from models.message import Message
from models.unit import PostKind
from notifications.outbox import wake
from services import bulk, cursors, rulebook
from services.message_rows import message_row

TOLD = (PostKind.DUTY_OFFICER, PostKind.ADMINISTRATOR)
AGAIN_AFTER = timedelta(hours=1)
NO_ROUNDS = "no_rounds"
AT_NIGHT = frozenset({NO_ROUNDS})
"""Causes that pass quiet hours, as an urgent issue does: nothing climbs meanwhile, not even what is urgent."""
AT_ONCE, BY_DAY = 0, 1


def raise_alarm(session: Session, *, causes: Sequence[str], problems: Sequence[str], now: datetime) -> int:
    """Tell, unless every cause was told within the hour; how many messages were written. The caller commits."""
    _one_at_a_time(session)
    seconds = int(now.timestamp())
    if not any(_is_due(cursors.position(session, _mark(cause)), seconds) for cause in causes):
        return 0
    for cause in causes:
        cursors.put(session, _mark(cause), position=seconds)
    facts = {"problems": list(problems), "at": now}
    return _tell(session, f"{causes[0]}-{seconds}", facts, urgency=_urgency(causes), now=now)


def all_clear(session: Session, *, causes: Sequence[str], line: str, now: datetime) -> int:
    """Tell that it is over, if one of the causes was told; how many messages were written. The caller commits."""
    told = {cause: at for cause in causes if (at := cursors.position(session, _mark(cause)) or 0) > 0}
    if not told:
        return 0
    _one_at_a_time(session)
    for cause, at in told.items():
        cursors.put(session, _mark(cause), position=-at)
    facts = {"problems": [line], "well": True, "at": now}
    return _tell(session, f"{next(iter(told))}-well-{int(now.timestamp())}", facts, urgency=_urgency(told), now=now)


def standing(session: Session, *, prefix: str = "") -> frozenset[str]:
    """The causes that were told and are not over yet."""
    query = text("SELECT name FROM cursor WHERE starts_with(name, :start) AND position > 0")
    names = session.connection().execute(query, {"start": _mark(prefix)})
    return frozenset(name.removeprefix(_mark("")) for (name,) in names)


def _is_due(mark: int | None, seconds: int) -> bool:
    return mark is None or seconds - abs(mark) > AGAIN_AFTER.total_seconds()


def _urgency(causes: Iterable[str]) -> int:
    return BY_DAY if AT_NIGHT.isdisjoint(causes) else AT_ONCE


def _mark(cause: str) -> str:
    return f"alarm_{cause}"


def _one_at_a_time(session: Session) -> None:
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext('alarms'))"))


def _tell(session: Session, key: str, facts: dict[str, object], *, urgency: int, now: datetime) -> int:
    city = rulebook.the_city(session).code
    rows = [
        message_row(
            key=f"{key}-{kind}",
            kind="watchdog",
            post=f"{city}:{kind}",
            area_path=city,
            why=f"L1.{kind}",
            channels=("app", "chat", "sms", "mail"),
            urgency=urgency,
            facts=facts,
            now=now,
        )
        for kind in TOLD
    ]
    written = bulk.insert(session, Message, rows, or_skip=True)
    wake(session)
    return written
