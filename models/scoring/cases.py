"""What one issue adds to its unit's figures of a period.

A case belongs to the period in which it is due; checks, returns and look-backs to the one in which they happened (as in
services/figures.py). Where the domain is silent or can be read in two ways:

- Cases that leaders assigned or the media reported count double wherever they are counted: above and below the line of
  every rate, and in deductions. Two such reasons are one. Source: domain 2 [P29].
- A finding costs once, at its heaviest: found again, else late, else found. (“About × 3, × 6” in 9f multiplies; P46.)
- What comes back after close-out (`again`) costs twice; that is another reason, so it multiplies. Source: domain 4.
- What a unit found itself costs nothing while it is in time and earns the bonus once closed in time (P65: found by the
  chief counts for the unit). Late, it costs what its finder's level says.
- What was validly shelved costs nothing until it runs again. What an appeal took out (`left_out`) counts nowhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from operator import attrgetter

from models.errors import WrongValue
from models.scoring.number import Number, counted
from models.scoring.parsing_units import LEADER_ASSIGNED
from models.scoring.rules import UnitAppraisal

Key = tuple[str, str]
"""The name of a figure, and of what: ("closed", ""), ("deduction_late", "city")."""
Amount = Fraction | int
Adds = tuple[tuple[Key, Amount], ...]


class CaseState(StrEnum):
    """Where a case stands at the end of the period. Verified: passed its check, waits for close-out."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    VERIFIED = "verified"
    CLOSED = "closed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Case:
    """One issue of one unit in one period.

    `due`: in this period; `late`: handed in after the deadline, or not at all and the deadline is past. `finder` is a
    models.issue.FoundLevel, `source` a models.issue.Source. `repeated`: the same fault in two bulletins. `left_out`:
    why an appeal took it out. The counts are events of the period.
    """

    id: int
    unit: str
    finder: str
    source: str
    state: CaseState
    late: bool = False
    due: bool = True
    extended: bool = False
    leader_assigned: bool = False
    repeated: bool = False
    again: bool = False
    checks: int = 0
    failed_checks: int = 0
    received: int = 0
    returned: int = 0
    looked_back: int = 0
    relapsed: int = 0
    left_out: str = ""

    @property
    def to_close(self) -> bool:
        """Whether it stands in the denominator of both rectification rates."""
        return self.due and self.state is not CaseState.SUSPENDED

    @property
    def closed(self) -> bool:
        return self.to_close and self.state is CaseState.CLOSED

    @property
    def overdue_open(self) -> bool:
        return self.due and self.late and self.state is CaseState.OPEN


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of a unit: their sums, and the cases behind each.

    Weighted, but for `cases` and `overdue_cases`, which say how many there are; `squares`: Σ weight² of those to close.
    """

    sums: Mapping[Key, Amount]
    rows: Mapping[Key, tuple[int, ...]]
    left_out: tuple[int, ...] = ()

    def number(self, name: str, of: str = "") -> Number:
        """One figure with its rows."""
        key = (name, of)
        return counted(name, self.sums[key], self.rows.get(key, ()), of=of) if key in self.sums else none_of(name, of)

    def changed(self, before: Case, *, after: Case, rules: UnitAppraisal) -> "Tally":
        """The sums with one case as it would be. The rows stay: this is for asking “what if”."""
        sums = dict(self.sums)
        for key, amount in contributions(before, rules):
            sums[key] = sums.get(key, 0) - amount
        for key, amount in contributions(after, rules):
            sums[key] = sums.get(key, 0) + amount
        return Tally(sums, self.rows, self.left_out)


@cache
def none_of(name: str, of: str = "") -> Number:
    """The figure of a unit that has none of it, as most have of most figures: the same for all of them."""
    return counted(name, 0, of=of)


def tally(cases: Iterable[Case], *, rules: UnitAppraisal) -> Tally:
    """The figures of one unit's cases. Raises WrongValue for a case that cannot be, or one that stands there twice."""
    return _tally(cases, _Kinds(rules))


def tallies(cases: Mapping[str, Iterable[Case]], *, rules: UnitAppraisal) -> dict[str, Tally]:
    """The figures of every unit, from its cases. Raises as `tally` does."""
    kinds = _Kinds(rules)
    return {unit: _tally(several, kinds) for unit, several in cases.items()}


def _tally(cases: Iterable[Case], kinds: "_Kinds") -> Tally:
    sums: dict[Key, Amount] = {}
    rows: dict[Key, list[int]] = {}
    left_out: list[int] = []
    seen: set[int] = set()
    for case in cases:
        if case.id in seen:
            raise WrongValue(field=case.unit, value=case.id, expected="each row once")
        seen.add(case.id)
        if case.left_out:
            left_out.append(case.id)
        for key, amount in kinds.adds(case):
            if key in sums:
                sums[key] += amount
                rows[key].append(case.id)
            else:
                sums[key], rows[key] = amount, [case.id]
    return Tally(sums, {key: tuple(ids) for key, ids in rows.items()}, tuple(sorted(left_out)))


class _Kinds:
    """What each kind of case adds, worked out once: thousands differ in nothing but their number and their unit."""

    def __init__(self, rules: UnitAppraisal) -> None:
        self._rules = rules
        self._known: dict[object, Adds] = {}

    def adds(self, case: Case) -> Adds:
        kind = _KIND(case)
        if kind not in self._known:
            _check(case, self._rules)
            self._known[kind] = tuple((key, _plain(amount)) for key, amount in contributions(case, self._rules))
        return self._known[kind]


_KIND = attrgetter(*(name for name in Case.__slots__ if name not in ("id", "unit")))


def _plain(amount: Amount) -> Amount:
    """A whole number as one: they are added up faster."""
    return amount.numerator if amount.denominator == 1 else amount


def _check(case: Case, rules: UnitAppraisal) -> None:
    if case.finder not in rules.by_finder:
        raise WrongValue(field="finder", value=case.finder, expected=f"one of: {', '.join(rules.by_finder)}")
    if not 0 <= case.failed_checks <= case.checks:
        raise WrongValue(field=f"{case.id}", value=case.failed_checks, expected="0 ≤ failed checks ≤ checks")
    if min(case.received, case.returned, case.looked_back, case.relapsed) < 0:
        raise WrongValue(field=f"{case.id}", value=-1, expected="a number, 0 or more")


def weight(case: Case, rules: UnitAppraisal) -> Amount:
    """How often a case counts: once, or more where leaders assigned it or its source draws attention."""
    by_source = rules.double.get(case.source, 1)
    return max(by_source, rules.double.get(LEADER_ASSIGNED, 1)) if case.leader_assigned else by_source


def contributions(case: Case, rules: UnitAppraisal) -> Iterator[tuple[Key, Amount]]:
    """What a case adds to which figure; nothing for one that an appeal took out."""
    if case.left_out:
        return
    times = weight(case, rules)
    for name, count in _counts(case):
        if count:
            yield (name, ""), times * count
    if case.to_close:
        yield ("cases", ""), 1
        yield ("squares", ""), times * times
        yield from _costs(case, times, rules)
    if case.overdue_open:
        yield ("overdue_cases", ""), 1


def _counts(case: Case) -> Iterator[tuple[str, int]]:
    yield "to_close", case.to_close
    yield "closed", case.closed
    yield "closed_on_time", case.closed and not case.late
    yield "due", case.due
    yield "overdue_open", case.overdue_open
    yield "extended", case.due and case.extended
    yield "checks", case.checks
    yield "failed_checks", case.failed_checks
    yield "received", case.received
    yield "returned", case.returned
    yield "looked_back", case.looked_back
    yield "relapsed", case.relapsed


def _costs(case: Case, times: Amount, rules: UnitAppraisal) -> Iterator[tuple[Key, Amount]]:
    price, in_time = rules.by_finder[case.finder], not case.late and not case.repeated
    if in_time and case.source in rules.self_sources:
        if case.closed:
            yield ("self_found", ""), 1
        return
    if case.repeated:
        name, points = "deduction_repeated", price.repeated
    else:
        name, points = ("deduction_late", price.late) if case.late else ("deduction_found", price.found)
    yield (name, case.finder), points * times * (rules.relapse_factor if case.again else 1)
