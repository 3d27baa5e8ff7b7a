"""Planning patrols: every night the days that passed without one are missed, and each chief without a duty gets one.

Three statements and one per kind of post, whatever the number of chiefs. A vacant post has no duty: nobody misses it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from models.patrol import rhythm
from models.unit import PostKind
from services import rulebook
from services.people import city_day


@dataclass(frozen=True)
class Planned:
    """What one night did."""

    missed: int
    planned: int


_MISSED = "UPDATE patrol_duty SET missed_at = :now WHERE done_at IS NULL AND missed_at IS NULL AND ends < :today"
_PLAN = """
INSERT INTO patrol_duty (post_code, person_code, kind, area_path, starts, ends)
SELECT o.code, min(t.person_code), o.kind, a.path, :today, :ends
  FROM post o JOIN area a ON a.code = o.owner_code
  JOIN tenure t ON t.post_code = o.code AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)
 WHERE o.owner_kind = 'area' AND o.kind = :kind
   AND NOT EXISTS (SELECT FROM patrol_duty d WHERE d.post_code = o.code AND d.ends >= :today)
 GROUP BY o.code, o.kind, a.path
    ON CONFLICT DO NOTHING
"""


def plan(session: Session, *, now: datetime) -> Planned:
    """Bring the duties up to the day of the city. Twice in a day changes nothing. The caller commits."""
    today = city_day(session, now)
    missed = session.connection().execute(text(_MISSED), {"now": now, "today": today}).rowcount
    city = rulebook.the_city(session)
    every = rhythm(rulebook.rules(session, city.rule_set_code or "").policy)
    return Planned(missed, sum(_plan(session, kind, days, today) for kind, days in every.items()))


def _plan(session: Session, kind: PostKind, days: int, today: date) -> int:
    ends = today + timedelta(days=days - 1)
    values = {"kind": kind.value, "today": today, "ends": ends}
    return session.connection().execute(text(_PLAN), values).rowcount
