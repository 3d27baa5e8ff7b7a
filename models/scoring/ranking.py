"""Places within a group and a period.

Order: score, then on-time rate, then fewer overdue, then volume (data: `ranking.order`). What is published decides:
two scores that print alike are alike, so anybody can check a table with nothing but the table. Equal in all of it is
the same place, all listed, and the next place is skipped (1, 1, 3). Without cases, or with fewer than the least,
there is no place; nor with a veto. Source: domain 9f, 4 [P41].
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.scoring.appraisal import UnitScore
from models.scoring.interval import Interval
from models.scoring.rules import Ranking, Scoring

Figure = Decimal | int | None
OrderKey = tuple[tuple[bool, Decimal | int], ...]

NO_CASES, TOO_FEW, NO_SCORE = "no_cases", "too_few_cases", "no_score"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody to be ranked: a unit, a district, a street. `figures` as published: scores in points, rates in per cent.

    `barred`: why there is no place whatever the score, such as `vetoed`.
    """

    code: str
    group: str
    figures: Mapping[str, Figure]
    cases: int
    barred: str = ""
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place among `of` ranked in their group; `rank` is None with the reason in `why`."""

    entry: Entry
    rank: int | None
    of: int
    why: str = ""


def unit_entry(unit: UnitScore, *, group: str, rules: Scoring, barred: str = "") -> Entry:
    """A unit's month as it is published."""
    rounding = rules.rounding
    figures: dict[str, Figure] = {name: rounding.percent(rate.exact) for name, rate in unit.rates.items()}
    figures |= {"score": rounding.score(unit.score.exact), "overdue_open": unit.overdue, "cases": unit.cases}
    return Entry(unit.unit, group, figures, unit.cases, barred, unit.interval)


def order_key(entry: Entry, *, rules: Ranking) -> OrderKey:
    """What places are decided by; the least comes first. What is missing comes after whatever is there."""
    key: list[tuple[bool, Decimal | int]] = []
    for one in rules.order:
        value = entry.figures.get(one.by)
        key.append((True, 0) if value is None else (False, -value if one.higher_is_better else value))
    return tuple(key)


def no_place(entry: Entry, *, rules: Ranking) -> str:
    """Why somebody has no place; empty for whoever has one."""
    if entry.barred:
        return entry.barred
    if entry.figures.get("score") is None:
        return NO_CASES if not entry.cases else NO_SCORE
    if not entry.cases:
        return NO_CASES
    return TOO_FEW if entry.cases < rules.least_cases else ""


def ranked(entries: Iterable[Entry], *, rules: Ranking) -> list[Place]:
    """Everybody's place: by group, by place, by code; those without one at the end of their group."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.group].append(entry)
    return [place for group in sorted(groups) for place in _group(groups[group], rules)]


def _group(entries: list[Entry], rules: Ranking) -> list[Place]:
    without = {entry.code: no_place(entry, rules=rules) for entry in entries}
    keys = {entry.code: order_key(entry, rules=rules) for entry in entries}
    order = sorted((one for one in entries if not without[one.code]), key=lambda one: (keys[one.code], one.code))
    first: dict[OrderKey, int] = {}
    for position, entry in enumerate(order, start=1):
        first.setdefault(keys[entry.code], position)
    places = [Place(entry, first[keys[entry.code]], len(order)) for entry in order]
    rest = sorted((one for one in entries if without[one.code]), key=lambda one: one.code)
    return places + [Place(entry, None, len(order), without[entry.code]) for entry in rest]
