"""Filters that somebody keeps under a name. Nobody else sees them; what they show is asked for anew each time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.errors import Refused, WrongValue
from models.view import SavedView
from services.commands import check_text

MOST = 30
LONGEST_NAME = 40
LONGEST_QUERY = 2000
"""Characters."""


class TooManyViews(Refused):
    code = "too_many_views"
    template = "{most} views are kept at most; delete one first."


def views_of(session: Session, person: str) -> Sequence[SavedView]:
    """Somebody's views, by name."""
    return session.exec(select(SavedView).where(SavedView.person_code == person).order_by(col(SavedView.name))).all()


def save_view(session: Session, person: str, *, name: str, query: str, now: datetime) -> None:
    """Keep it; one of the same name is replaced. The caller has checked the query, and commits.

    Raises WrongValue for a name that is empty or too long, TooManyViews.
    """
    name = " ".join(name.split())
    check_text(name, "name")
    if not 0 < len(name) <= LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise WrongValue(field="name", value=name[:LONGEST_NAME], expected=f"1–{LONGEST_NAME}")
    _check_room(session, person, name)
    row = {"person_code": person, "name": name, "query": query, "saved_at": now}
    put = insert(SavedView).values(row)
    session.connection().execute(
        put.on_conflict_do_update(index_elements=["person_code", "name"], set_={"query": query, "saved_at": now})
    )


def _check_room(session: Session, person: str, name: str) -> None:
    """Two who save at once for one person may end up with one more: nothing breaks."""
    others = select(func.count()).where(SavedView.person_code == person, SavedView.name != name)
    if session.exec(others).one() >= MOST:
        raise TooManyViews(most=MOST)


def forget_view(session: Session, person: str, view_id: int) -> None:
    """Delete one of their own; another's, or none, is left as it is. The caller commits."""
    session.connection().execute(
        delete(SavedView).where(col(SavedView.id) == view_id, col(SavedView.person_code) == person)
    )
