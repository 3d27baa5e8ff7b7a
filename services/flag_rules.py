"""What looks wrong about evidence: a photo used before, the same one before and after, taken too early, or elsewhere.

Nothing is refused for it. A flag stays on record, is shown to whoever verifies, and a person decides what it means.
Thresholds are the city's: `[evidence]` in rules/policy.toml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from services import rulebook
from services.likeness import SURELY_FOUND, neighbours

ONE_AT_A_TIME = 0x6475_6261_6E10
"""The key of the lock under which flags are raised: two photos that come at the same time see one another."""
FRESH = """
SELECT e.id, e.issue_id, e.kind, e.sha256, p.pixels, p.likeness, i.point_code, i.found_at, i.merged_into,
       coalesce(p.taken_at, v.taken_at, e.taken_at) AS taken_at,
       CASE WHEN p.lat IS NOT NULL THEN p.lat WHEN v.lat IS NOT NULL THEN v.lat ELSE e.lat END AS lat,
       CASE WHEN p.lat IS NOT NULL THEN p.lng WHEN v.lat IS NOT NULL THEN v.lng ELSE e.lng END AS lng,
       i.lat AS wanted_lat, i.lng AS wanted_lng,
       CASE WHEN e.cycle = 1 THEN i.found_at
            ELSE (SELECT min(at) FROM issue_event t WHERE t.issue_id = e.issue_id AND t.cycle = e.cycle) END AS since
  FROM evidence e JOIN issue i ON i.id = e.issue_id LEFT JOIN photo p ON p.sha256 = e.sha256
  LEFT JOIN video v ON v.sha256 = e.sha256
 WHERE e.id = ANY(:ids)
"""
KNOWN = "(o.looked_at IS NOT NULL OR (o.id = ANY(:ids) AND o.id < f.id))"
ONE_LOOK = (
    "(f.kind = 'before' AND o.kind = 'before' AND f.point_code = oi.point_code"
    " AND f.found_at BETWEEN oi.found_at - interval '1 day' AND oi.found_at + interval '1 day')"
)
"""One photo of one place shows two faults, each an issue of its own: nothing wrong with that."""
ELSEWHERE = (
    f"o.issue_id <> f.issue_id AND {KNOWN} AND NOT coalesce({ONE_LOOK}, false)"
    " AND f.merged_into IS DISTINCT FROM o.issue_id AND oi.merged_into IS DISTINCT FROM f.issue_id"
)
ENOUGH = 100
"""A picture that stands for "no photo" may be in a great many issues: so many are counted."""
INSERT = "INSERT INTO evidence_flag (kind, evidence_id, other_id, issue_id, facts, at)"
SAME_FILE = f"""
WITH f AS ({FRESH}) {INSERT}
SELECT 'same_file', f.id, found.id, f.issue_id, jsonb_build_object('issues', found.issues), :now
  FROM f CROSS JOIN LATERAL (
    SELECT min(id) AS id, count(DISTINCT issue_id) AS issues FROM (
      SELECT o.id, o.issue_id
        FROM (SELECT sha256 FROM photo WHERE pixels = f.pixels UNION SELECT f.sha256) AS copy
        JOIN evidence o ON o.sha256 = copy.sha256 JOIN issue oi ON oi.id = o.issue_id WHERE {ELSEWHERE}
       LIMIT {ENOUGH}) AS such) AS found
 WHERE found.id IS NOT NULL ON CONFLICT DO NOTHING
"""
SAME_PICTURE = f"""
WITH f AS ({FRESH} AND e.id = :one) {INSERT}
SELECT 'same_picture', f.id, found.id, f.issue_id, jsonb_build_object('bits', found.bits), :now
  FROM f CROSS JOIN LATERAL (
    SELECT o.id, bit_count((p.likeness # f.likeness)::bit(64)) AS bits
      FROM photo p JOIN evidence o ON o.sha256 = p.sha256 JOIN issue oi ON oi.id = o.issue_id
     WHERE p.bands && CAST(:near AS integer[]) AND bit_count((p.likeness # f.likeness)::bit(64)) <= :bits
       AND {ELSEWHERE}
     ORDER BY bits, o.id LIMIT 1) AS found
 WHERE NOT EXISTS (SELECT 1 FROM evidence_flag g WHERE g.evidence_id = f.id AND g.kind = 'same_file')
ON CONFLICT DO NOTHING
"""
BEFORE_IS_AFTER = f"""
WITH f AS ({FRESH}) {INSERT}
SELECT 'before_is_after', f.id, found.id, f.issue_id, '{{}}', :now
  FROM f CROSS JOIN LATERAL (
    SELECT o.id FROM evidence o LEFT JOIN photo p ON p.sha256 = o.sha256
     WHERE o.issue_id = f.issue_id AND (o.kind, f.kind) IN (('before', 'after'), ('after', 'before')) AND {KNOWN}
       AND (o.sha256 = f.sha256 OR p.pixels = f.pixels OR bit_count((p.likeness # f.likeness)::bit(64)) <= :bits)
     ORDER BY o.id LIMIT 1) AS found
ON CONFLICT DO NOTHING
"""
TAKEN_BEFORE = f"""
WITH f AS ({FRESH}) {INSERT}
SELECT 'taken_before', id, NULL, issue_id, jsonb_build_object('taken_at', taken_at, 'since', since), :now
  FROM f WHERE kind = 'after'
   AND taken_at + (SELECT coalesce(max(clock_offset_seconds), 0) FROM city) * interval '1 second'
       < since - make_interval(mins => :minutes)
ON CONFLICT DO NOTHING
"""
"""No camera knows of a demo city's clock that was moved forward: it is moved as far before they are compared."""
APART = (
    "12742000 * asin(least(1, sqrt(sin(radians(lat - wanted_lat) / 2) ^ 2"
    " + cos(radians(lat)) * cos(radians(wanted_lat)) * sin(radians(lng - wanted_lng) / 2) ^ 2)))"
)
"""Metres between two places: haversine, on a ball with the mean radius of the earth. `least` would skip a null."""
PLACED = "num_nulls(lat, lng, wanted_lat, wanted_lng) = 0"
TOO_FAR = f"""
WITH f AS ({FRESH}) {INSERT}
SELECT 'too_far', id, NULL, issue_id, jsonb_build_object('metres', round(({APART})::numeric), 'most', :metres), :now
  FROM f WHERE kind IN ('before', 'after') AND {PLACED} AND {APART} > :metres
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Thresholds:
    """From when on something is flagged. `similar_bits`: in how many of 64 bits two pictures of different issues may
    differ; `same_view_bits`: those of one issue, which are taken from the same spot and look alike anyhow."""

    far_metres: float = 300.0
    similar_bits: int = 5
    same_view_bits: int = 2
    early_minutes: int = 10

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> "Thresholds":
        """Those of a city. Raises ValueError for what cannot be one."""
        given = policy.get("evidence") or {}
        found = cls(**{name: type(getattr(cls, name))(value) for name, value in given.items() if hasattr(cls, name)})
        if not 0 <= found.same_view_bits <= found.similar_bits <= SURELY_FOUND or found.far_metres <= 0:
            expected = f"far_metres > 0, 0 ≤ same_view_bits ≤ similar_bits ≤ {SURELY_FOUND}"
            raise ValueError(f"policy.evidence: {expected}")
        return found


def raise_flags(session: Session, ids: Sequence[int], *, now: datetime) -> int:
    """Compare these pieces with all that were looked at before, and with one another. Returns the number of flags."""
    if not ids:
        return 0
    connection = session.connection()
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    most, given = thresholds(session), {"ids": list(ids), "now": now}
    done = [
        connection.execute(text(SAME_FILE), given),
        *(connection.execute(text(SAME_PICTURE), one) for one in _likely(session, given, most)),
        connection.execute(text(BEFORE_IS_AFTER), {**given, "bits": most.same_view_bits}),
        connection.execute(text(TAKEN_BEFORE), {**given, "minutes": most.early_minutes}),
        connection.execute(text(TOO_FAR), {**given, "metres": most.far_metres}),
    ]
    return sum(int(one.rowcount) for one in done)


def thresholds(session: Session) -> Thresholds:
    """Those in force in the city today."""
    city = rulebook.the_city(session)
    return Thresholds.of(rulebook.rules(session, city.rule_set_code).policy) if city.rule_set_code else Thresholds()


def _likely(session: Session, given: Mapping[str, Any], most: Thresholds) -> list[dict[str, Any]]:
    """One search each: an index is asked for the neighbours of one picture."""
    query = text(
        "SELECT e.id, p.likeness FROM evidence e JOIN photo p ON p.sha256 = e.sha256"
        " WHERE e.id = ANY(:ids) AND p.likeness IS NOT NULL ORDER BY e.id"
    )
    rows = session.connection().execute(query, {"ids": given["ids"]}).all()
    return [{**given, "one": key, "near": list(neighbours(bits)), "bits": most.similar_bits} for key, bits in rows]
