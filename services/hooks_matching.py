"""What happened becomes deliveries: each event once for every subscription that wants it, in the order it happened.

One worker at a time does it, in one transaction with the deletion of the events: after a crash they are there again.
Who subscribes sees what the owner may see today. A covert audit goes out only when it is published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session, col, select

from models.hook import Hook, HookState, Pause
from models.hook_terms import REQUESTS
from models.permissions import Right, held
from models.rights import Actor
from services import people, rulebook
from services.hooks_alarms import tell_lost_right
from services.hooks_errors import TooMuchToReplay
from services.sight import scope_of

BATCH = 1000
MOST_REPLAYED = 100_000
"""Events of one replay."""
_ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(hashtext('hook_matching'))")
_NEXT = text("SELECT id FROM hook_event ORDER BY id LIMIT :batch")
_DONE = text("DELETE FROM hook_event WHERE id = ANY(:ids)")
_FRESH = "SELECT id AS nr, source, ref, what FROM hook_event WHERE id = ANY(:ids)"
_SINCE = """
SELECT row_number() OVER (ORDER BY at, source, ref) AS nr, source, ref, what FROM (
  SELECT at, 'issue' AS source, id AS ref, action AS what FROM issue_event WHERE at >= :since
  UNION ALL SELECT created_at, 'audit', id, 'started' FROM round WHERE created_at >= :since
  UNION ALL SELECT CASE kind WHEN 'covert' THEN published_at ELSE finished_at END, 'audit', id, 'finished' FROM round
             WHERE CASE kind WHEN 'covert' THEN published_at ELSE finished_at END >= :since
  UNION ALL SELECT filled_at, 'sheet', id, 'sheet_filled' FROM sheet WHERE filled_at >= :since
  UNION ALL SELECT finished_at, 'message', id, state FROM message
             WHERE state IN ('failed', 'unknown') AND finished_at >= :since
) AS past
"""
_FACTS = """
facts AS (
  SELECT f.nr, f.source, f.ref, f.what, 'issue-' || e.id AS key, i.number AS subject, e.at,
         CASE WHEN e.action = ANY(:requests) THEN 'request' ELSE 'issue' END AS family,
         i.area_path, i.lead_unit, i.assisting_units, i.severity, i.point_code
    FROM fresh f JOIN issue_event e ON e.id = f.ref JOIN issue i ON i.id = e.issue_id WHERE f.source = 'issue'
  UNION ALL
  SELECT f.nr, f.source, f.ref, f.what, 'audit-' || r.id || '-' || f.what, r.number,
         CASE f.what WHEN 'finished' THEN coalesce(r.published_at, r.finished_at) ELSE r.created_at END,
         'audit', a.path, NULL, '{}', NULL, NULL
    FROM fresh f JOIN round r ON r.id = f.ref JOIN area a ON a.code = r.area_code
   WHERE f.source = 'audit' AND (r.kind <> 'covert' OR (f.what = 'finished' AND r.published_at IS NOT NULL))
  UNION ALL
  SELECT f.nr, f.source, f.ref, f.what, 'sheet-' || s.id, r.number, s.filled_at, 'audit', a.path, p.lead_unit, '{}',
         NULL, p.code
    FROM fresh f JOIN sheet s ON s.id = f.ref JOIN round r ON r.id = s.round_id JOIN point p ON p.code = s.point_code
    JOIN area a ON a.code = p.area_code WHERE f.source = 'sheet' AND s.again_of IS NULL
     AND (r.kind <> 'covert' OR r.published_at IS NOT NULL)
  UNION ALL
  SELECT f.nr, f.source, f.ref, f.what, 'message-' || m.id || '-' || f.what, 'message-' || m.id,
         coalesce(m.finished_at, m.created_at), 'message', coalesce(i.area_path, m.area_path),
         coalesce(i.lead_unit, m.unit_code), coalesce(i.assisting_units, '{}'), i.severity, i.point_code
    FROM fresh f JOIN message m ON m.id = f.ref LEFT JOIN issue i ON i.id = m.issue_id WHERE f.source = 'message'
)
INSERT INTO hook_delivery (hook_id, key, kind, subject, source, ref, what, at, made_at, state, not_before, tries)
SELECT :hook, key, family || '.' || what, subject, source, ref, what, at, :now, 'waiting', :now, 0 FROM facts
 WHERE CAST(:kinds AS text[]) && ARRAY['*', family || '.*', family || '.' || what]
   AND (CAST(:area AS text) IS NULL OR :area = ANY(string_to_array(area_path, '/')))
   AND (CAST(:unit AS text) IS NULL OR lead_unit = :unit OR :unit = ANY(assisting_units))
   AND (CAST(:severities AS text[]) = '{}' OR severity = ANY(:severities))
   AND (:all_places OR string_to_array(area_path, '/') && CAST(:areas AS text[]) OR lead_unit = ANY(:units)
        OR assisting_units && CAST(:units AS text[]) OR point_code = ANY(:points))
 ORDER BY nr ON CONFLICT (hook_id, key) DO NOTHING
"""
_FORGET = text("DELETE FROM hook_delivery WHERE hook_id = :hook AND at >= :since AND state <> 'sending'")
_MANY = text(f"SELECT count(*) FROM (SELECT 1 FROM ({_SINCE}) AS past LIMIT :most) AS counted")


def _statement(fresh: str) -> TextClause:
    return text(f"WITH fresh AS ({fresh}), {_FACTS}")


_MATCH, _REPLAY = _statement(_FRESH), _statement(_SINCE)


@dataclass(frozen=True)
class Matched:
    """What one look did. `seen`: events looked at."""

    seen: int = 0
    made: int = 0


def match(session: Session, *, now: datetime, batch: int = BATCH) -> Matched:
    """Make deliveries of what happened since the last time; none when another worker is at it. The caller commits."""
    if not session.connection().execute(_ONE_AT_A_TIME).scalar_one():
        return Matched()
    ids = list(session.connection().execute(_NEXT, {"batch": batch}).scalars())
    if not ids:
        return Matched()
    made = 0
    for hook in session.exec(select(Hook).where(col(Hook.state) != HookState.ENDED).order_by(col(Hook.id))).all():
        reader = _reader(session, hook, now=now)
        if reader is not None:
            values = {**_wanted(hook), **reader, "ids": ids, "now": now}
            made += session.connection().execute(_MATCH, values).rowcount
    session.connection().execute(_DONE, {"ids": ids})
    return Matched(len(ids), made)


def replay(session: Session, hook: Hook, *, since: datetime, now: datetime) -> int:
    """Tell again, in order, all that happened from a time on (city time), what was told already too; how many.

    The keys are the same as the first time. What is on its way just now is left as it is. The caller commits.
    Raises TooMuchToReplay.
    """
    many = session.connection().execute(_MANY, {"since": since, "most": MOST_REPLAYED + 1}).scalar_one()
    if many > MOST_REPLAYED:
        raise TooMuchToReplay(most=MOST_REPLAYED)
    reader = _reader(session, hook, now=now)
    if reader is None:
        return 0
    session.connection().execute(_FORGET, {"hook": hook.id, "since": since})
    values = {**_wanted(hook), **reader, "since": since, "now": now}
    return int(session.connection().execute(_REPLAY, values).rowcount)


def _wanted(hook: Hook) -> Mapping[str, Any]:
    return {
        "hook": hook.id,
        "requests": sorted(REQUESTS),
        "kinds": hook.kinds,
        "area": hook.area_code,
        "unit": hook.unit_code,
        "severities": hook.severities,
    }


def _reader(session: Session, hook: Hook, *, now: datetime) -> Mapping[str, Any] | None:
    """What the owner may see, as values of the statement; None, and the subscription rests, without the right."""
    if hook.pause is Pause.RIGHT:
        return None
    city = rulebook.the_city(session)
    city_now = now + timedelta(seconds=city.clock_offset_seconds)
    actor = people.actor(session, hook.owner, now=city_now)
    if not held(actor, Right.MANAGE_HOOKS, city=city.code):
        hook.state, hook.pause = HookState.PAUSED, Pause.RIGHT
        session.flush()
        tell_lost_right(session, hook, now=city_now)
        return None
    return _places(actor, city.code)


def _places(actor: Actor, city: str) -> Mapping[str, Any]:
    scope = scope_of(actor, city=city)
    sets: Mapping[str, Sequence[str]] = {
        "areas": sorted(scope.areas) if scope else [],
        "units": sorted(scope.units) if scope else [],
        "points": sorted(scope.points) if scope else [],
    }
    return {"all_places": scope is None, **sets}
