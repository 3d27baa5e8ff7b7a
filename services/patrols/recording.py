"""Recording a patrol on the spot, in ten seconds: where, and whether anything was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import ActionNotAllowed, WrongValue
from models.patrol import CHIEFS, Patrol
from models.permissions import Right
from models.rights import Actor, HeldPost
from models.unit import OwnerKind
from services.commands import check_text
from services.people import city_day

LONGEST = 200
_DONE = """
UPDATE patrol_duty SET done_at = :now WHERE id =
  (SELECT id FROM patrol_duty WHERE post_code = :post AND starts <= :today AND ends >= :today AND done_at IS NULL
    ORDER BY ends LIMIT 1 FOR UPDATE)
RETURNING id
"""


@dataclass(frozen=True)
class Seen:
    """What a chief says: by which post, where, whether something was found. `key` makes a repeated form harmless."""

    post: str
    place: str
    found: bool
    key: str
    note: str = ""


def chief_posts(by: Actor) -> Sequence[HeldPost]:
    """The posts by which somebody patrols."""
    found = (post for post in by.all_posts if post.kind in CHIEFS and post.owner_kind is OwnerKind.AREA)
    return list(dict.fromkeys(found))


def record(session: Session, seen: Seen, *, by: Actor, now: datetime) -> Patrol:
    """Put a patrol on record; the duty of these days is done with it. The caller commits.

    Raises ActionNotAllowed for a post that is not held, WrongValue.
    """
    post = next((one for one in chief_posts(by) if f"{one.owner_code}:{one.kind}" == seen.post), None)
    if post is None:
        raise ActionNotAllowed(action=Right.RECORD_PATROL, who="inspector")
    key = f"{by.code}/{seen.key}"
    known = session.exec(select(Patrol).where(col(Patrol.key) == key)).first()
    if known is not None:
        return known
    for name, value in (("place", seen.place), ("note", seen.note)):
        check_text(value, name)
        if len(value) > LONGEST:
            raise WrongValue(field=name, value=f"{value[:20]}…", expected=f"at most {LONGEST} characters")
    area = session.get_one(Area, post.owner_code)
    patrol = Patrol(
        key=key,
        duty_id=_done(session, seen.post, now=now),
        post_code=seen.post,
        person_code=by.code,
        area_path=area.path,
        place=seen.place.strip() or area.name,
        found=seen.found,
        note=seen.note.strip(),
        at=now,
    )
    session.add(patrol)
    session.flush()
    return patrol


def _done(session: Session, post: str, *, now: datetime) -> int | None:
    values = {"post": post, "now": now, "today": city_day(session, now)}
    return session.connection().execute(text(_DONE), values).scalar_one_or_none()
