"""How far a round has come, counted. Sheets of a quality re-check stand apart: the round's own do not include them."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Round, RoundKind
from models.errors import NotFound
from services.audit_redraw import redraw

_COUNTS = text(
    "SELECT (SELECT count(*) FROM sheet WHERE round_id = :id AND again_of IS NULL) AS sheets,"
    " (SELECT count(*) FROM sheet WHERE round_id = :id AND again_of IS NULL AND filled_at IS NOT NULL) AS filled,"
    " (SELECT count(*) FROM sheet WHERE round_id = :id AND again_of IS NOT NULL) AS again,"
    " (SELECT count(filled_at) FROM sheet WHERE round_id = :id AND again_of IS NOT NULL) AS again_filled,"
    " count(*) FILTER (WHERE o.result = 'met') AS met, count(*) FILTER (WHERE o.result = 'not_met') AS not_met,"
    " count(*) FILTER (WHERE o.result = 'not_applicable') AS not_applicable, count(DISTINCT o.issue_id) AS issues"
    " FROM observation o JOIN sheet s ON s.id = o.sheet_id WHERE s.round_id = :id AND o.counted"
)


@dataclass(frozen=True)
class RoundProgress:
    """How far a round has come. `compliance_rate` is met ÷ (met + not met), None without either. Source: domain 9f.

    `again` and `again_filled` count the sheets of its quality re-check.
    """

    number: str
    kind: RoundKind
    sheets: int
    filled: int
    again: int
    again_filled: int
    met: int
    not_met: int
    not_applicable: int
    issues: int
    draw_repeats: bool

    @property
    def observed(self) -> int:
        return self.met + self.not_met + self.not_applicable

    @property
    def compliance_rate(self) -> float | None:
        judged = self.met + self.not_met
        return self.met / judged if judged else None


def progress(session: Session, round_number: str) -> RoundProgress:
    """How far a round has come, and whether its draw can be repeated. Raises NotFound."""
    round_ = round_by_number(session, round_number)
    counts = session.connection().execute(_COUNTS, {"id": round_.id}).mappings().one()
    repeats = redraw(session, round_).is_same
    return RoundProgress(number=round_.number, kind=round_.kind, draw_repeats=repeats, **counts)


def round_by_number(session: Session, number: str) -> Round:
    """Raises NotFound."""
    round_ = session.exec(select(Round).where(col(Round.number) == number)).first() if "\x00" not in number else None
    if round_ is None:
        raise NotFound(what="round", code=number)
    return round_
