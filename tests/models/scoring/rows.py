"""Short ways to write down rows and rules."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from models.audit import Result
from models.scoring.cases import Case, CaseState
from models.scoring.measure import Observed
from models.scoring.parsing import parse_scoring
from models.scoring.rules import Scoring

MET, NOT_MET, NOT_APPLICABLE = Result
OPEN, HANDED_IN, VERIFIED, CLOSED, SUSPENDED = CaseState
ZIGONG = Path(__file__).resolve().parents[3] / "cities" / "zigong"
_ids = count(1)


@cache
def _document() -> Mapping[str, Any]:
    return tomllib.loads((ZIGONG / "rules" / "scoring.toml").read_text("utf-8"))


def document() -> dict[str, Any]:
    """The proposal for Zigong, to be changed at will."""
    return deepcopy(dict(_document()))


@cache
def rules() -> Scoring:
    return parse_scoring(_document())


def rules_with(part: str, **changed: Any) -> Scoring:
    """The rules with some settings of one part changed."""
    return replace(rules(), **{part: replace(getattr(rules(), part), **changed)})


def seen(point: str, standard: str, marks: str, result: Result = MET, **counts: Any) -> Observed:
    """An observation; the category is the first half of the standard's code."""
    given = {"id": next(_ids), "category": standard[:2], "marks": Decimal(marks)} | counts
    return Observed(point=point, standard=standard, result=result, **given)


def case(unit: str = "A", state: CaseState = CLOSED, **facts: Any) -> Case:
    """A case of a unit, found by the city's covert inspectors, due in the period and in time."""
    given = {"id": next(_ids), "finder": "city", "source": "covert"} | facts
    return Case(unit=unit, state=state, **given)
