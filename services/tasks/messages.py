"""Word about task letters: to the unit when one is issued, again when it is late, then to those above it.

Who hears is found in one statement, however many letters there are; a post that a unit does not have is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import text
from sqlmodel import Session

from models.message import Message
from models.task_letter import TaskLetter
from models.unit import ChannelClass, PostKind
from notifications.outbox import wake
from services import bulk
from services.message_rows import message_row
from services.tasks.letter_content import ToWrite

ISSUED, LATE, UNSIGNED = "task_letter_issued", "task_letter_late", "task_letter_unsigned"
CHANNELS = (ChannelClass.APP, ChannelClass.CHAT, ChannelClass.MAIL)
PRESSING = (*CHANNELS, ChannelClass.SMS)
AT_FIRST = (PostKind.DIRECT_LEADER, PostKind.HANDLER)
REMINDED = (PostKind.DEPUTY_LEADER, PostKind.DIRECT_LEADER, PostKind.HANDLER)
LEADERS = (PostKind.PRINCIPAL_LEADER, PostKind.DEPUTY_LEADER)
OFFICES = (PostKind.OFFICE, PostKind.HEADQUARTERS)


def first_told(unit: str) -> list[str]:
    """The posts that hear of a letter when it is issued, best first."""
    return [f"{unit}:{kind}" for kind in AT_FIRST]


def reminded(unit: str) -> list[str]:
    """The posts that are reminded of it."""
    return [f"{unit}:{kind}" for kind in REMINDED]


def above(unit: str, *, area_path: str, territorial: bool, office: str) -> list[str]:
    """The posts that hear when it is still not signed for: the head of the unit, the level above it, the office.

    Above the government of a place is that of the place it lies in; above a department, the area's own leaders.
    """
    areas = area_path.split("/")
    superior = areas[-2] if territorial and len(areas) > 1 else areas[-1]
    codes = [f"{unit}:{PostKind.PRINCIPAL_LEADER}"]
    codes += [f"T{superior}:{kind}" for kind in LEADERS]
    codes += [f"{superior}:{kind}" for kind in OFFICES]
    return list(dict.fromkeys([*codes, office]))


def tell_issued(session: Session, letters: Sequence[TaskLetter], new: Sequence[ToWrite], *, now: datetime) -> int:
    """Tell each unit of its letter; returns how many messages that are."""
    facts = {
        letter.id or 0: {
            **letter_facts(letter, one.unit.name),
            "changes": len(one.since.added) + len(one.since.gone) + len(one.since.changed),
        }
        for letter, one in zip(letters, new, strict=True)
    }
    told = [(letter, one.area_path, first_told(letter.unit_code)) for letter, one in zip(letters, new, strict=True)]
    return tell(session, ISSUED, told, facts=facts, channels=CHANNELS, now=now)


def letter_facts(letter: TaskLetter, unit: str) -> dict[str, Any]:
    """What every message about a letter says."""
    return {
        "letter": letter.number,
        "year": letter.year,
        "unit": unit,
        "count": letter.row_count,
        "edition": letter.edition,
        "letter_due_at": letter.sign_due_at.isoformat(),
        "page": f"/tasks/letters/{quote(letter.number, safe='')}",
    }


def tell(
    session: Session,
    kind: str,
    told: Iterable[tuple[TaskLetter, str, Sequence[str]]],
    *,
    facts: Mapping[int, Mapping[str, Any]],
    channels: Sequence[ChannelClass],
    now: datetime,
) -> int:
    """One message for each letter and post; those posts only that there are. Returns how many were new."""
    wanted = list(told)
    there = _there(session, {post for _, _, posts in wanted for post in posts})
    rows = [
        message_row(
            key=f"{kind.replace('_', '-')}-{letter.id}-{post}",
            kind=kind,
            post=post,
            area_path=path,
            unit=letter.unit_code,
            why=WHY[kind],
            channels=channels,
            now=now,
            facts=facts[letter.id or 0],
        )
        for letter, path, posts in wanted
        for post in posts
        if post in there
    ]
    written = bulk.insert(session, Message, rows, or_skip=True) if rows else 0
    if written:
        wake(session)
    return written


WHY = {ISSUED: "task_letter", LATE: "task_letter", UNSIGNED: "task_letter_above"}


def _there(session: Session, posts: set[str]) -> set[str]:
    query = text("SELECT code FROM post WHERE code = ANY(:codes)")
    return set(session.connection().execute(query, {"codes": sorted(posts)}).scalars())
