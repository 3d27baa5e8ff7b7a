"""What inspectors saw in a round, as models/scoring/measure.py wants it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.audit import Result
from models.scoring.measure import Observed

# The category is that of the draw: a point may have gone into another one since. Most observations have no counts, and
# to read that from a document takes as long as all the rest of the row.
ROWS = text(
    "SELECT o.id, s.point_code AS point, coalesce(f.category_code, p.category_code) AS category,"
    " o.standard_code AS standard, t.deduction AS marks, o.result, CASE WHEN o.facts <> '{}' THEN o.facts END"
    " FROM sheet s JOIN observation o ON o.sheet_id = s.id JOIN round r ON r.id = s.round_id"
    " JOIN point p ON p.code = s.point_code"
    " JOIN standard t ON t.version_code = r.version_code AND t.code = o.standard_code"
    " LEFT JOIN round_frame f ON f.round_id = r.id AND f.point_code = s.point_code"
    " WHERE s.round_id = :round AND o.counted ORDER BY o.id"
)


RESULTS = {result.value: result for result in Result}


def observed(session: Session, round_id: int) -> list[Observed]:
    """Every observation of a round that counts, in its order."""
    rows = session.connection().execute(ROWS, {"round": round_id}).all()
    return [
        Observed(key, point, category, standard, marks, RESULTS[result], *(_counts(facts) if facts else ()))
        for key, point, category, standard, marks, result, facts in rows
    ]


def _counts(facts: Mapping[str, Any]) -> tuple[int | None, int | None, int | None, Decimal | None]:
    """Found, required, faults, minutes."""
    return _whole(facts, "found"), _whole(facts, "required"), _whole(facts, "faults"), _decimal(facts, "minutes")


def _whole(facts: Mapping[str, Any], name: str) -> int | None:
    """A count; what is none, as a sheet of an older kind may hold, is not there."""
    value = facts.get(name)
    return int(value) if value is not None and str(value).isdecimal() else None


def _decimal(facts: Mapping[str, Any], name: str) -> Decimal | None:
    try:
        value = Decimal(str(facts[name]))
    except (KeyError, InvalidOperation):
        return None
    return value if value.is_finite() and value >= 0 else None


def points_of(session: Session, codes: Sequence[str]) -> dict[str, Any]:
    """Points by code: name, category, area, the path of the area, lead unit."""
    query = text(
        "SELECT p.code, p.name, p.category_code AS category, p.area_code AS area, a.path, p.lead_unit AS unit"
        " FROM point p JOIN area a ON a.code = p.area_code WHERE p.code = ANY(:codes)"
    )
    return {row.code: row for row in session.connection().execute(query, {"codes": list(codes)})}
