"""Whom an instruction may be from or to: those who lead, with the post they lead by."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

MOST = 2000
_LEADERS = text("""
SELECT DISTINCT ON (p.code) p.code, p.name, o.title FROM person p
  JOIN tenure t ON t.person_code = p.code AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)
  JOIN post o ON o.code = t.post_code
 WHERE o.kind IN ('headquarters', 'principal_leader', 'deputy_leader', 'direct_leader', 'office', 'sponsor_leader',
                  'performance_office', 'street_chief')
 ORDER BY p.code, o.code LIMIT :most
""")


def leaders(session: Session, *, today: date) -> Sequence[tuple[str, str, str]]:
    """Code, name and title of each, at most 2000."""
    return [tuple(row) for row in session.connection().execute(_LEADERS, {"today": today, "most": MOST})]


def code_of(typed: str, among: Sequence[tuple[str, str, str]]) -> str:
    """The code of somebody who was typed by code or by a name that only one of them has; else what was typed."""
    found = [code for code, name, _ in among if name == typed]
    return found[0] if len(found) == 1 else typed
