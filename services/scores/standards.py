"""What a page says beside figures: the words of standards, the notes and issues of observations."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.issue import Issue
from models.rights import Actor
from models.standard import Standard
from services.sight import sees

_ABOUT = text("SELECT o.id, o.note, o.issue_id FROM observation o WHERE o.id = ANY(:ids)")


def standards_of(session: Session, edition: str, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Code → text in Chinese and English, of an edition."""
    query = select(Standard).where(Standard.version_code == edition, col(Standard.code).in_(codes))
    return {one.code: (one.text, one.text_en or one.text) for one in session.exec(query)}


def about(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Observation → its note, and the number of its issue where the actor may see that."""
    rows = session.connection().execute(_ABOUT, {"ids": list(ids)}).all()
    issues = select(Issue).where(col(Issue.id).in_([row.issue_id for row in rows if row.issue_id]))
    numbers = {one.id: one.number for one in session.exec(issues) if sees(actor, one)}
    return {row.id: {"note": row.note, "issue": numbers.get(row.issue_id, "")} for row in rows}


def issue_numbers(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, str]:
    """Issue → its number, of those that the actor may see."""
    query = select(Issue).where(col(Issue.id).in_(ids))
    return {one.id or 0: one.number for one in session.exec(query) if sees(actor, one)}
