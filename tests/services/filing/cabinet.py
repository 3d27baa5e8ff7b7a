"""Shorthand for material: an item of the list, a file that was uploaded, how an item and its issue stand."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.evidence import Upload
from models.filing import FilingEvent, FilingItem
from models.issue import Issue
from services import bulk
from services.filing import handing_in
from services.filing.sweeping import Raised, raise_missing
from tests.cast import HANDLER, MONDAY, VERIFIER, at, who

PDF = b"%PDF-1.4\n" + b"x" * 64 + b"\n%%EOF"
VERSION = "CC-2026"
DUE = "2026-11-20 17:00"
HASH = "cd" * 32


def an_item(session: Session, code: str = "F-01", **given: Any) -> int:
    """An item of the list, of D-CGJ, due in eighteen days; the warning comes ten days before."""
    columns = {
        "version_code": VERSION,
        "year": 2026,
        "code": code,
        "standard_code": "II-3",
        "title": "道路保洁作业台账",
        "marks": Decimal(2),
        "unit_code": "D-CGJ",
        "due_on": date(2026, 11, 20),
        "due_at": at(DUE),
        **given,
    }
    item = FilingItem(**columns)
    session.add(item)
    session.flush()
    assert item.id is not None
    return item.id


def an_upload(session: Session, key: str = "upload-0123456789abcdef", *, by: str = HANDLER, sha256: str = HASH) -> str:
    """A paper that is there, without its bytes."""
    row = {"key": key, "person_code": by, "name": "台账.pdf", "size": 80, "sha256": sha256}
    times = {"began_at": MONDAY, "finished_at": MONDAY, "media_type": "application/pdf"}
    more = {"taken_at": None, "lat": None, "lng": None, "used_at": None}
    bulk.insert(session, Upload, [{**row, **times, **more}], or_skip=True)
    return key


def hand_in(session: Session, item: int, *, now: datetime = MONDAY, by: str = HANDLER, **how: Any) -> FilingItem:
    keys = how.pop("keys", None) or [an_upload(session, f"upload-{now:%d%H%M}-{by}-0123456789", by=by)]
    return handing_in.submit(session, item, keys=keys, by=who(session, by, now=now), now=now, **how)


def accept(session: Session, item: int, *, now: datetime = MONDAY, by: str = VERIFIER) -> FilingItem:
    return handing_in.accept(session, item, by=who(session, by, now=now), now=now)


def give_back(session: Session, item: int, *, now: datetime = MONDAY, by: str = VERIFIER, why="缺章") -> FilingItem:
    return handing_in.give_back(session, item, why=why, by=who(session, by, now=now), now=now)


def sweep(session: Session, sessions: Any, when: str) -> Raised:
    session.commit()
    return raise_missing(sessions, now=at(when))


def item_of(session: Session, key: int) -> FilingItem:
    session.expire_all()
    return session.get_one(FilingItem, key)


def issue_of(session: Session, key: int) -> Issue | None:
    item = item_of(session, key)
    return session.get(Issue, item.issue_id) if item.issue_id else None


def acts(session: Session, key: int) -> list[tuple[str, str]]:
    """What is on record of an item: act and by whom, in order."""
    query = select(FilingEvent).where(FilingEvent.item_id == key).order_by(col(FilingEvent.id))
    return [(one.act.value, one.who) for one in session.exec(query)]
