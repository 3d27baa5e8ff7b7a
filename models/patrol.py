"""Patrols (巡查) of the four chiefs: planned by a rhythm per kind of post, done, missed. Source: domain 0 and 5."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.append_only import append_only
from models.columns import kind_of, reference, row_reference, serial_key, text
from models.unit import PostKind

CHIEFS = (PostKind.STREET_CHIEF, PostKind.AREA_CHIEF, PostKind.GRID_CHIEF, PostKind.BUILDING_CHIEF)
RHYTHM: Mapping[PostKind, int] = {
    PostKind.STREET_CHIEF: 30,
    PostKind.AREA_CHIEF: 7,
    PostKind.GRID_CHIEF: 7,
    PostKind.BUILDING_CHIEF: 7,
}
"""Once in so many days, where policy.toml [patrol] says nothing. A proposal: no duty text was public."""


def rhythm(policy: Mapping[str, Any]) -> Mapping[PostKind, int]:
    """Once in how many days each chief goes; a kind with 0 is not planned."""
    said = policy.get("patrol", {})
    found = {kind: int(said.get(kind.value, RHYTHM[kind])) for kind in CHIEFS}
    return {kind: days for kind, days in found.items() if days > 0}


class Duty(SQLModel, table=True):
    """A patrol that the holder of a chief's post is to make between two days of the city, both included.

    `missed_at`: when it was seen that these days had passed without one.
    """

    __tablename__ = "patrol_duty"
    __table_args__ = (
        Index("one_duty_from_a_day", "post_code", "starts", unique=True),
        Index("duty_running", "ends", postgresql_where=sql("done_at IS NULL AND missed_at IS NULL")),
        Index("duty_ended", "ends"),
    )
    id: int | None = serial_key()
    post_code: str = reference("post.code")
    person_code: str = reference("person.code", index=True)
    kind: PostKind = kind_of(PostKind)
    area_path: str = text()
    starts: date
    ends: date
    done_at: datetime | None = None
    missed_at: datetime | None = None


class Patrol(SQLModel, table=True):
    """One patrol that was made: where, by whom, and whether something was found. Append-only.

    `place` is what the chief wrote, or the point's name. What was found is reported as an issue of its own.
    """

    __table_args__ = (Index("patrol_of_person", "person_code", "at"),)
    id: int | None = serial_key()
    key: str = text(unique=True)
    duty_id: int | None = row_reference("patrol_duty.id", default=None, nullable=True)
    post_code: str = reference("post.code")
    person_code: str = reference("person.code")
    area_path: str = text()
    place: str = text()
    found: bool = False
    note: str = text(default="")
    at: datetime


append_only(Patrol.__table__)  # type: ignore[attr-defined]
