"""Word about material that is no issue yet; where it is one, the issue's own messages tell the same people."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.filing import FilingItem
from models.message import Message
from models.unit import ChannelClass, PostKind, Unit, UnitKind
from notifications.outbox import wake
from services import bulk
from services.message_rows import message_row

SUBMITTED, RETURNED = "material_submitted", "material_returned"
CHANNELS = (ChannelClass.APP, ChannelClass.CHAT)


def tell_reviewer(session: Session, item: FilingItem, *, area_path: str, now: datetime) -> None:
    """Something waits for its review: the person that the list names, else the verifier over the unit."""
    unit = session.get_one(Unit, item.unit_code)
    whom = {"person": item.reviewer} if item.reviewer else {"post": verifier_post(unit, area_path)}
    _write(session, item, SUBMITTED, why="verifiers", area_path=area_path, now=now, facts={"unit": unit.name}, **whom)


def tell_unit(session: Session, item: FilingItem, *, why: str, area_path: str, now: datetime) -> None:
    """It was returned: whoever handed it in hears why, and by when it is wanted."""
    facts = {"reason": why, "material_due_at": item.due_at.isoformat(), "late": item.due_at <= now}
    _write(session, item, RETURNED, why="filed", area_path=area_path, now=now, facts=facts, person=item.submitted_by)


def verifier_post(unit: Unit, area_path: str) -> str:
    """One level above a territorial unit; the district, or the city, for a department. As for issues."""
    codes = area_path.split("/")
    level = max(1, len(codes) - 1) if unit.kind is UnitKind.TERRITORIAL else min(2, len(codes))
    return f"{codes[level - 1]}:{PostKind.VERIFIER}"


def _write(
    session: Session, item: FilingItem, kind: str, *, why: str, area_path: str, now: datetime, facts: Any, **whom: Any
) -> None:
    row = message_row(
        key=f"{kind.replace('_', '-')}-{item.id}-{item.version}",
        kind=kind,
        why=why,
        channels=CHANNELS,
        facts={"material": f"{item.code} {item.title}", "page": f"/filing/{item.id}", **facts},
        now=now,
        area_path=area_path,
        unit=item.unit_code,
        **whom,
    )
    if bulk.insert(session, Message, [row], or_skip=True):
        wake(session)
