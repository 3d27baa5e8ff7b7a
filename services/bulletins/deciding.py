"""Approving, sending back, publishing, withdrawing a bulletin. Publishing makes its files and sends word in one go."""

from datetime import datetime

from sqlmodel import Session

from models.area import Area
from models.publication import Publication, PublicationAct
from models.rights import Actor
from services import publications
from services.bulletins.files import Press, keep_all
from services.bulletins.telling import tell_next, tell_published


def approve(session: Session, key: int, *, by: Actor, seen: str, now: datetime, why: str = "") -> Publication:
    """Say that it may be published as it stands; the office is told. Raises as `publications.approve` does."""
    row = publications.approve(session, key, by=by, seen=seen, now=now, why=why)
    tell_next(session, row, PublicationAct.APPROVED, area=_area(session, row), why=why, now=now)
    return row


def send_back(session: Session, key: int, *, by: Actor, seen: str, now: datetime, why: str) -> Publication:
    """Back to a draft, with a reason that the office is told. Raises as `publications.send_back` does."""
    row = publications.send_back(session, key, by=by, seen=seen, now=now, why=why)
    tell_next(session, row, PublicationAct.SENT_BACK, area=_area(session, row), why=why, now=now)
    return row


def publish(session: Session, key: int, *, by: Actor, seen: str, now: datetime, press: Press) -> Publication:
    """Freeze it for ever with its files, and tell all whom it is about; the caller commits.

    Raises as `publications.publish` does; UnreadableFile for the city's template, NotReadable for the photos' store.
    """
    row = publications.publish(session, key, by=by, seen=seen, now=now)
    keep_all(session, row, press=press)
    tell_published(session, row, area=_area(session, row), now=now)
    return row


def withdraw(session: Session, key: int, *, by: Actor, seen: str, now: datetime, why: str) -> Publication:
    """Give up what is not published; the period may be drafted anew. Raises as `publications.withdraw` does."""
    return publications.withdraw(session, key, by=by, seen=seen, now=now, why=why)


def _area(session: Session, row: Publication) -> Area:
    return session.get_one(Area, row.area_code)
