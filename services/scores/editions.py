"""The rules of scoring for an edition of an evaluation system: what it states goes before what the city says."""

from collections.abc import Mapping

from sqlmodel import Session, select

from models.publication import Publication
from models.scoring.rules import Scoring
from models.standard import NegativeListEntry
from services.scores.formula import by_code, in_force
from services.systems.reading import frame_of
from services.systems.scoring import in_scoring

BESIDE = "+"
"""In the version of a formula: that of the city's rules, and after it that of what the edition states."""


def by_edition(session: Session, edition: str | None, *, rules: Scoring | None = None) -> Scoring:
    """The rules for an edition: those in force unless others are given. Raises NotFound."""
    given = rules or in_force(session)
    if edition is None or BESIDE in given.version:
        return given
    return in_scoring(given, frame_of(session, edition))


def of_publication(session: Session, row: Publication, *, edition: str | None) -> Scoring:
    """The rules that a publication was made by. Raises NotFound.

    An edition that figures rest on is never changed in place, so what it states now is what it stated then.
    """
    base, beside, _ = row.formula.partition(BESIDE)
    return by_edition(session, edition if beside else None, rules=by_code(session, base))


def negative_entries(session: Session) -> Mapping[str, tuple[str, str]]:
    """Every entry of the negative lists that figures may rest on, the city's and the editions': code → its words."""
    rules = in_force(session)
    found = {one.code: (one.text, one.text_en or one.text) for one in session.exec(select(NegativeListEntry))}
    return {**found, **{code: rules.names.get(code, (code, code)) for code in rules.negative}}
