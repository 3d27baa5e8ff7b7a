"""What was counted or timed at a point: found of required, faults within minutes; and whether that is met.

How a standard is measured stands in rules/scoring.toml, `[on_site.measures]`; models/scoring/measure.py says what it
costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from models.audit import Result
from models.errors import WrongValue
from models.scoring.measure import Observed, lost
from models.scoring.rules import Measure, MeasureKind
from models.standard import Standard

MOST = 1_000_000
LONGEST_MINUTES = 24 * 60
ASKED: Mapping[MeasureKind, tuple[str, ...]] = {
    MeasureKind.YES_NO: (),
    MeasureKind.SHARE: ("found", "required"),
    MeasureKind.PER_FAULT: ("found", "required"),
    MeasureKind.TIMED: ("minutes", "faults"),
}
"""What an inspector is asked for, by how a standard is measured."""
FIELDS = ("found", "required", "faults", "minutes")


@dataclass(frozen=True)
class Facts:
    """Items found and required, faults seen, and minutes that somebody watched; None where nobody counted."""

    found: int | None = None
    required: int | None = None
    faults: int | None = None
    minutes: Decimal | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, name) is not None for name in FIELDS)

    def written(self) -> dict[str, Any]:
        """As an observation keeps them: minutes as text, so that they stay exact."""
        values = {name: getattr(self, name) for name in FIELDS}
        kept = {name: value for name, value in values.items() if value is not None}
        return kept | ({"minutes": f"{self.minutes:f}"} if self.minutes is not None else {})


NO_FACTS = Facts()


def read(given: Mapping[str, Any], *, standard: str = "") -> Facts:
    """From what somebody typed, a file held or an observation keeps. Empty is nothing. Raises WrongValue.

    Counts are whole numbers up to a million, minutes up to a day with two decimals at most.
    """
    return Facts(
        found=_whole(given, "found", standard),
        required=_whole(given, "required", standard),
        faults=_whole(given, "faults", standard),
        minutes=_minutes(given.get("minutes"), standard),
    )


def _whole(given: Mapping[str, Any], name: str, standard: str) -> int | None:
    value = given.get(name)
    if value is None or value == "":
        return None
    written = str(value).strip()
    if not (written.isascii() and written.isdecimal()) or int(written[:20]) > MOST:
        raise WrongValue(field=f"{standard} {name}".strip(), value=written[:40], expected=f"a whole number, 0–{MOST}")
    return int(written)


def _minutes(value: Any, standard: str) -> Decimal | None:
    if value is None or value == "":
        return None
    written = str(value).strip()
    try:
        found = Decimal(written[:20])
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or not 0 <= found <= LONGEST_MINUTES or found != round(found, 2):
        expected = f"minutes, 0–{LONGEST_MINUTES}, such as 7.5"
        raise WrongValue(field=f"{standard} minutes".strip(), value=written[:40], expected=expected)
    return found


def verdict(facts: Facts, standard: Standard, measure: Measure) -> Result | None:
    """What the counts say; None where they say nothing, since nothing that this standard asks for was counted."""
    if not _decides(facts, measure):
        return None
    seen = Observed(
        id=0,
        point="",
        category=standard.category_code,
        standard=standard.code,
        marks=standard.deduction,
        result=Result.MET,
        **{name: getattr(facts, name) for name in FIELDS},
    )
    points = lost(seen, measure)
    if points is None:
        return Result.NOT_APPLICABLE
    return Result.NOT_MET if points else Result.MET


def _decides(facts: Facts, measure: Measure) -> bool:
    counted = facts.found is not None and facts.required is not None
    if measure.kind is MeasureKind.TIMED:
        return facts.faults is not None or (facts.minutes is not None and facts.minutes < measure.least)
    return measure.kind is not MeasureKind.YES_NO and (
        counted or (measure.kind is MeasureKind.PER_FAULT and facts.faults is not None)
    )


def check(result: Result, facts: Facts, standard: Standard, measure: Measure) -> None:
    """Raises WrongValue where the counts say something else than what was ticked."""
    said = verdict(facts, standard, measure)
    if said is not None and result not in (said, Result.NOT_APPLICABLE):
        counted = ", ".join(f"{name} {value}" for name, value in facts.written().items())
        raise WrongValue(field=standard.code, value=result.value, expected=f"{said.value} ({counted})")
