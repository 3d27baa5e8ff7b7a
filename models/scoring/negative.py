"""The negative list (负面清单) and the preconditions: what costs points, and what costs the right to take part.

An entry with a veto (一票否决) takes the right, not the points: the score stays visible, it counts for nothing. A case
counts from its day until the same day so many months later, that day included (the Civil Code counts months like that,
art. 201 and 202: the first day does not count; without such a day, the month's last). Source: domain 1 [P16]–[P18].

A precondition compares what is published: nobody can print 85.00 and be told that it is below 85. A module that was not
measured neither holds nor fails.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.errors import WrongValue
from models.scoring.number import ONE, ZERO, Number, Term, counted, summed
from models.scoring.rules import Effect, Precondition, Scoring


class Standing(StrEnum):
    """Whether somebody may take part. The worst that applies."""

    ELIGIBLE = "eligible"
    UNKNOWN = "unknown"
    BELOW = "below_precondition"
    VETOED = "vetoed"


@dataclass(frozen=True, slots=True)
class Hit:
    """One case on the negative list: its entry, and the day it was established."""

    id: int
    code: str
    on: date


@dataclass(frozen=True, slots=True)
class Gate:
    """A precondition and what was reached. `holds` is None where the module was not measured."""

    rule: Precondition
    value: Number | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A score after the negative list, and whether it counts. `counted_until`: hit → the last day it counts."""

    score: Number
    standing: Standing
    gates: tuple[Gate, ...]
    vetoes: tuple[Hit, ...]
    counted_until: Mapping[int, date]


def judged(score: Number, *, modules: Mapping[str, Number], hits: Iterable[Hit], on: date, rules: Scoring) -> Judged:
    """What remains of a score on a day. Raises WrongValue for an entry that the list does not have."""
    counting = sorted((hit for hit in hits if counts(hit, on=on, rules=rules)), key=lambda hit: hit.id)
    vetoes = tuple(hit for hit in counting if rules.negative[hit.code].effect is Effect.VETO)
    gates = tuple(_gate(rule, modules.get(rule.module), rules) for rule in rules.preconditions)
    left = summed("after_negative", (Term(score), Term(_taken(counting, rules), -ONE)), of=score.of, low=ZERO)
    until = {hit.id: last_day(hit, rules=rules) for hit in counting}
    return Judged(left, _standing(vetoes, gates), gates, vetoes, until)


def counts(hit: Hit, *, on: date, rules: Scoring) -> bool:
    """Whether a case still counts on a day. Raises WrongValue."""
    if hit.code not in rules.negative:
        raise WrongValue(field="negative", value=hit.code, expected=f"one of: {', '.join(rules.negative)}")
    return hit.on <= on <= last_day(hit, rules=rules)


def last_day(hit: Hit, *, rules: Scoring) -> date:
    """The last day on which a case counts."""
    month = hit.on.year * 12 + hit.on.month - 1 + rules.look_back_months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(hit.on.day, calendar.monthrange(year, month)[1]))


def _taken(hits: Iterable[Hit], rules: Scoring) -> Number:
    by_code: dict[str, list[int]] = defaultdict(list)
    for hit in hits:
        if rules.negative[hit.code].effect is Effect.DEDUCT:
            by_code[hit.code].append(hit.id)
    return summed("negative_list", (Term(_entry(code, by_code[code], rules)) for code in sorted(by_code)))


def _entry(code: str, rows: list[int], rules: Scoring) -> Number:
    entry = rules.negative[code]
    return summed("entry", (Term(counted("cases", len(rows), rows), entry.points),), of=code, high=entry.most)


def _gate(rule: Precondition, value: Number | None, rules: Scoring) -> Gate:
    reached = rules.rounding.score(value.exact) if value is not None else None
    return Gate(rule, value, None if reached is None else reached >= rule.least)


def _standing(vetoes: tuple[Hit, ...], gates: tuple[Gate, ...]) -> Standing:
    if vetoes:
        return Standing.VETOED
    if any(gate.holds is False for gate in gates):
        return Standing.BELOW
    return Standing.UNKNOWN if any(gate.holds is None for gate in gates) else Standing.ELIGIBLE
