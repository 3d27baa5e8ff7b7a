"""Points that somebody sponsors (包点): what is open there, and what the last look at them found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from services import sponsored


@dataclass(frozen=True)
class SponsoredPoint:
    """One point. `met` of `looked_at` standards held at the last inspection, `seen_at`; none where there was none.

    A covert round that is not published yet is not told.
    """

    code: str
    name: str
    open: int
    overdue: int
    seen_at: datetime | None
    met: int
    looked_at: int


_LAST = """
SELECT DISTINCT ON (s.point_code) s.point_code, s.filled_at,
       (SELECT count(*) FROM observation o WHERE o.sheet_id = s.id AND o.counted AND o.result = 'met') AS met,
       (SELECT count(*) FROM observation o
         WHERE o.sheet_id = s.id AND o.counted AND o.result <> 'not_applicable') AS looked_at
  FROM sheet s JOIN round r ON r.id = s.round_id
 WHERE s.point_code = ANY(:codes) AND s.filled_at IS NOT NULL
   AND NOT (r.kind = 'covert' AND r.published_at IS NULL)
 ORDER BY s.point_code, s.filled_at DESC
"""


def points(session: Session, codes: Collection[str], *, now: datetime) -> Sequence[SponsoredPoint]:
    """These points, the worst first."""
    rows = session.connection().execute(text(_LAST), {"codes": sorted(codes)})
    seen = {row.point_code: row for row in rows}
    return [
        SponsoredPoint(
            one.code,
            one.name,
            one.open,
            one.overdue,
            *((last.filled_at, last.met, last.looked_at) if (last := seen.get(one.code)) else (None, 0, 0)),
        )
        for one in sponsored.points(session, codes, now=now)
    ]
