"""Photo pairs, before and after: what was put right in the period, for all to see.

Only what people are shown of a photo, redacted where somebody redacted it; never an issue with a photo that looked
wrong and was not cleared. An office takes out of the draft what it does not want to show.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

MOST = 6
"""Pairs that are offered, of as many units."""


def pairs(session: Session, bound: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The most severe first, of each unit one. `before` and `after` are evidence."""
    rows = session.connection().execute(text(_PAIRS), {**bound, "most": MOST}).mappings()
    return [{**row, "closed_on": row["closed_on"].isoformat(), "shown": True} for row in rows]


def shown(content: Mapping[str, Any], key: int, *, drafts: bool) -> bool:
    """Whether a piece of evidence is shown in a bulletin; in a draft also one that was left out."""
    return any(key in (pair["before"], pair["after"]) for pair in content["pairs"] if pair["shown"] or drafts)


_PAIRS = """
WITH photo_of AS NOT MATERIALIZED (
SELECT e.id, e.issue_id, e.kind, e.cycle FROM evidence e JOIN photo f ON f.sha256 = e.sha256
 WHERE f.small IS NOT NULL AND f.fault = ''),
closed AS (
SELECT i.*, row_number() OVER (PARTITION BY i.lead_unit ORDER BY i.severity, i.closed_at DESC, i.id) AS nth,
       b.id AS before, a.id AS after
  FROM issue i
  JOIN LATERAL (SELECT id FROM photo_of WHERE issue_id = i.id AND kind = 'before' ORDER BY id LIMIT 1) b ON true
  JOIN LATERAL (SELECT id FROM photo_of WHERE issue_id = i.id AND kind = 'after' AND cycle = i.cycle
                 ORDER BY id DESC LIMIT 1) a ON true
 WHERE i.closed_at >= :start AND i.closed_at < :end AND i.state = 'closed'
   AND starts_with(i.area_path || '/', :below)
   AND NOT EXISTS (SELECT FROM evidence_flag g LEFT JOIN evidence_flag_decision d ON d.flag_id = g.id
                    WHERE g.issue_id = i.id AND d.decision IS DISTINCT FROM 'dismissed'))
SELECT c.number, coalesce(p.name, nullif(c.address, ''), '') AS place, left(c.description, 60) AS what,
       u.name AS unit, c.before, c.after,
       CAST(timezone((SELECT timezone FROM city LIMIT 1), c.closed_at) AS date) AS closed_on
  FROM closed c JOIN unit u ON u.code = c.lead_unit LEFT JOIN point p ON p.code = c.point_code
 WHERE c.nth = 1 ORDER BY c.severity, c.closed_at DESC, c.id LIMIT :most
"""
