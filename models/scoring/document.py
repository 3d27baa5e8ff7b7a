"""A number as a document and back: how its whole explanation is frozen into a publication.

Fractions are written as they are (`2/3`), so what is read back is the same number and can be checked to the last place.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from models.scoring.number import How, Number, Term


def to_document(number: Number) -> dict[str, Any]:
    """What JSON can hold; what is empty is left out."""
    written: dict[str, Any] = {
        "name": number.name,
        "of": number.of,
        "how": number.how.value,
        "exact": _written(number.exact),
        "low": _written(number.low),
        "high": _written(number.high),
        "rows": list(number.rows),
        "notes": list(number.notes),
        "terms": [{"weight": str(term.weight), "number": to_document(term.number)} for term in number.terms],
    }
    return {key: value for key, value in written.items() if value not in (None, "", [])}


def from_document(written: Mapping[str, Any]) -> Number:
    """The number that was written. Raises KeyError or ValueError for what `to_document` did not write."""
    return Number(
        name=written["name"],
        exact=_read(written.get("exact")),
        how=How(written["how"]),
        of=written.get("of", ""),
        terms=tuple(Term(from_document(one["number"]), Fraction(one["weight"])) for one in written.get("terms", ())),
        rows=tuple(written.get("rows", ())),
        low=_read(written.get("low")),
        high=_read(written.get("high")),
        notes=tuple(written.get("notes", ())),
    )


def _written(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _read(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)
