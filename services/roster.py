"""Who holds which post on a day, as a list for people. Nothing here writes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

HELD = """
SELECT p.code AS person, p.name, p.lang, o.code AS post, o.title, t.valid_from, t.valid_to,
       (SELECT string_agg(d.deputy_code, ', ' ORDER BY d.id) FROM deputy d
         WHERE d.person_code = p.code AND d.valid_from <= :today AND d.valid_to >= :today) AS deputy
  FROM person p
  LEFT JOIN tenure t ON t.person_code = p.code AND t.valid_from <= :today
       AND (t.valid_to IS NULL OR t.valid_to >= :today)
  LEFT JOIN post o ON o.code = t.post_code
 WHERE (:words = '' OR p.code = :exact OR p.name LIKE :words ESCAPE '\\' OR o.title LIKE :words ESCAPE '\\'
        OR o.code LIKE :words ESCAPE '\\')
   AND (:owner = '' OR o.owner_code = :owner)
 ORDER BY p.code, o.code
 LIMIT :limit
"""


@dataclass(frozen=True)
class Holding:
    """One person with one post; without a post for who holds none. `deputy` fills in for the person today."""

    person: str
    name: str
    lang: str
    post: str | None
    title: str | None
    valid_from: date | None
    valid_to: date | None
    deputy: str | None


def roster(session: Session, *, today: date, words: str = "", owner: str = "", limit: int = 50) -> list[Holding]:
    """Persons and the posts they hold on a day. `words` in name, title or code; `owner` is a unit, area or point."""
    literal = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    given = {"words": f"%{literal}%" if literal else "", "exact": words.strip(), "owner": owner}
    rows = session.connection().execute(text(HELD), {**given, "today": today, "limit": limit}).mappings()
    return [Holding(**row) for row in rows]
