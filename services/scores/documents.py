"""The figures of a round as the document that a publication freezes, and back: everything a reader may ask about.

Points hold their whole explanation down to the observations, which stand there too; what is made of points (categories,
districts, units, the city) goes down to the points. So an auditor computes all of it again from the document alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from models.audit import Result
from models.scoring.document import from_document, to_document
from models.scoring.measure import Observed
from models.scoring.number import How, Number, Term
from models.scoring.on_site import PointScore
from models.scoring.rules import Scoring
from services.scores.round import RoundFigures

POINT = "point"
ROW = ("id", "point", "category", "standard", "marks", "result", "found", "required", "faults", "minutes")


def leaf(number: Number) -> Number:
    """A number without what it was made from, where that is shown elsewhere."""
    return replace(number, how=How.COUNTED, terms=(), low=None, high=None)


def down_to(number: Number, name: str) -> Number:
    """A number whose parts of this name are leaves."""
    if number.name == name:
        return leaf(number)
    return replace(number, terms=tuple(Term(down_to(term.number, name), term.weight) for term in number.terms))


def round_document(figures: RoundFigures) -> dict[str, Any]:
    """What is frozen of a round."""
    return {
        "round": figures.number,
        "kind": figures.kind,
        "area": figures.area_code,
        "on": figures.on_date.isoformat(),
        "edition": figures.edition,
        "sheets": list(figures.sheets),
        "score": to_document(down_to(figures.score, POINT)),
        "compliance": to_document(figures.compliance),
        "points": {code: _point(one) for code, one in figures.points.items()},
        "areas": {code: to_document(down_to(one, POINT)) for code, one in figures.areas.items()},
        "units": {code: to_document(down_to(one, POINT)) for code, one in figures.units.items()},
        "names": {key: list(names) for key, names in figures.names.items()},
        "rows": [_row(one) for one in figures.rows],
    }


def _point(one: PointScore) -> dict[str, Any]:
    return {
        "category": one.category,
        "score": to_document(one.score),
        "met": list(one.met),
        "not_met": list(one.not_met),
    }


def _row(one: Observed) -> list[Any]:
    values = (getattr(one, name) for name in ROW)
    return [str(value) if isinstance(value, Decimal) else value for value in values]


def round_of(content: Mapping[str, Any], *, rules: Scoring) -> RoundFigures:
    """The figures that were frozen. `rules`: those they were made by. Raises KeyError for what is no such document."""
    score = from_document(content["score"])
    return RoundFigures(
        number=content["round"],
        kind=content["kind"],
        area_code=content["area"],
        on_date=date.fromisoformat(content["on"]),
        finished=True,
        formula=rules,
        score=score,
        compliance=from_document(content["compliance"]),
        points={code: _point_of(code, one) for code, one in sorted(content["points"].items())},
        categories={term.number.of: term.number for term in score.terms},
        areas={code: from_document(one) for code, one in sorted(content["areas"].items())},
        units={code: from_document(one) for code, one in sorted(content["units"].items())},
        names={key: (zh, en) for key, (zh, en) in content["names"].items()},
        sheets=(content["sheets"][0], content["sheets"][1]),
        rows=tuple(_row_of(one) for one in content["rows"]),
        edition=content["edition"],
    )


def _point_of(code: str, one: Mapping[str, Any]) -> PointScore:
    return PointScore(code, one["category"], from_document(one["score"]), tuple(one["met"]), tuple(one["not_met"]))


def _row_of(written: list[Any]) -> Observed:
    given = dict(zip(ROW, written, strict=True))
    minutes = given["minutes"]
    given |= {"marks": Decimal(given["marks"]), "result": Result(given["result"])}
    return Observed(**{**given, "minutes": None if minutes is None else Decimal(minutes)})
