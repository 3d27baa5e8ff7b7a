"""What one observation takes away: a standard met or not met, counted (found ÷ required), or watched for some minutes.

Source: domain 1 (deduct 2 or 4 per missing item, or found ÷ required × points [P15]; timed observation [P3][P18]) and
9f (not applicable leaves the denominator). Where the domain is silent:

- Counts decide where there are any; without them what the inspector ticked does.
- Nothing required (no lamp in the lane) is not applicable.
- A timed observation counts the faults as if it had lasted its window exactly: 3 faults in 15 minutes are 2 in 10. One
  that was shorter than its least time is none, so not applicable.
- No standard costs more than it is worth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models.audit import Result
from models.errors import WrongValue
from models.scoring.exact import whole
from models.scoring.number import ONE, ZERO
from models.scoring.rules import Measure, MeasureKind


@dataclass(frozen=True, slots=True)
class Observed:
    """One standard seen at one point. `marks`: its deduction in the checklist.

    `found`, `required`: items; `faults`: how often it was broken; `minutes`: how long that was watched. Rows that a
    quality re-check replaced are left out by whoever reads them. Several inspectors at one point count together.
    """

    id: int
    point: str
    category: str
    standard: str
    marks: Decimal
    result: Result
    found: int | None = None
    required: int | None = None
    faults: int | None = None
    minutes: Decimal | None = None


def worth(seen: Observed, measure: Measure) -> Fraction:
    """The full marks of the standard. Raises WrongValue below 0."""
    return measure.full_marks if measure.full_marks is not None else _sound("marks", seen.marks)


def lost(seen: Observed, measure: Measure) -> Fraction | None:
    """Points lost, from 0 to what the standard is worth; None where it is not applicable. Raises WrongValue."""
    if seen.result is Result.NOT_APPLICABLE:
        return None
    share = SHARES[measure.kind](seen, measure)
    if share is None:
        return None
    full = worth(seen, measure)
    return full if share is ONE else share * full if share else ZERO


def _ticked(seen: Observed, _: Measure) -> Fraction | None:
    return ZERO if seen.result is Result.MET else ONE


def _share(seen: Observed, measure: Measure) -> Fraction | None:
    """1 − found ÷ what is enough of the required."""
    if seen.found is None or seen.required is None:
        return _ticked(seen, measure)
    wanted = _sound("required", seen.required) * measure.enough
    return ONE - min(ONE, _sound("found", seen.found) / wanted) if wanted else None


def _per_fault(seen: Observed, measure: Measure) -> Fraction | None:
    """Each fault, or each item missing of the required."""
    if seen.faults is not None:
        return _cost(_sound("faults", seen.faults), seen, measure)
    if seen.found is None or seen.required is None:
        return _ticked(seen, measure)
    required = _sound("required", seen.required)
    return _cost(max(ZERO, required - _sound("found", seen.found)), seen, measure) if required else None


def _timed(seen: Observed, measure: Measure) -> Fraction | None:
    if seen.minutes is not None and _sound("minutes", seen.minutes) < measure.least:
        return None
    if seen.faults is None:
        return _ticked(seen, measure)
    minutes = measure.window if seen.minutes is None else Fraction(seen.minutes)
    if not minutes:
        return None
    return _cost(_sound("faults", seen.faults) * measure.window / minutes, seen, measure)


def _cost(faults: Fraction, seen: Observed, measure: Measure) -> Fraction:
    full = worth(seen, measure)
    return min(ONE, faults * measure.per_fault / full) if full else ZERO


def _sound(field: str, value: int | Decimal) -> Fraction:
    if not Decimal(value).is_finite() or value < 0:
        raise WrongValue(field=field, value=value, expected="a number, 0 or more")
    return whole(value)


SHARES: Mapping[MeasureKind, Callable[[Observed, Measure], Fraction | None]] = {
    MeasureKind.YES_NO: _ticked,
    MeasureKind.SHARE: _share,
    MeasureKind.PER_FAULT: _per_fault,
    MeasureKind.TIMED: _timed,
}
"""The share of its worth that a standard loses, by how it is measured."""
