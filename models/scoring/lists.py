"""Red and black lists (红黑榜), and how often in a row somebody was on the black one.

Source: domain 4: the first and last so many of each group, ties all listed, units without problems not listed [P41];
or red from 90 %, black below 85 % [P42]; 1st time, 2 and 3 in a row have their consequences [P41]. Where it is silent:

- Both a number and a threshold: both must hold. The last three of a good group are not black.
- A list never takes more than half of a group (ties beyond it are taken all the same), and who would be on both, since
  all are equal, is on none.
- Who has closed everything is not black.
- A period without a place does not break a row (`gap`): else a month without work would wipe the slate clean.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.scoring.ranking import Place
from models.scoring.rules import Gap, ListRule, Lists

ALL = 100
"""Per cent."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Both lists of a period: codes, best first on the red one, worst first on the black one."""

    red: tuple[str, ...]
    black: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """What one period was for somebody: whether they had a place at all, and were on the black list."""

    had_place: bool
    black: bool


def listed(places: Iterable[Place], *, rules: Lists) -> Listed:
    """The lists of all groups, group by group."""
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.rank is not None:
            groups[place.entry.group].append(place)
    red: list[str] = []
    black: list[str] = []
    for group in sorted(groups):
        best = sorted(groups[group], key=lambda place: (place.rank or 0, place.entry.code))
        first, last = _first(best, rules.red), _last(best, rules.black)
        red += [code for code in first if code not in last]
        black += [code for code in last if code not in first]
    return Listed(tuple(red), tuple(black))


def _first(best: Sequence[Place], rule: ListRule) -> list[str]:
    most = _most(best, rule)
    within = (place for place in best if most is None or (place.rank or 0) <= most)
    return [place.entry.code for place in within if rule.threshold is None or _reaches(place, rule.threshold, rule)]


def _last(best: Sequence[Place], rule: ListRule) -> list[str]:
    """Whoever has fewer than so many behind them; a figure that is missing falls below nothing."""
    most, ranks = _most(best, rule), [place.rank or 0 for place in best]
    near = (
        place for place in reversed(best) if most is None or len(best) - bisect_right(ranks, place.rank or 0) < most
    )
    below = (place for place in near if rule.threshold is None or _reaches(place, rule.threshold, rule) is False)
    return [place.entry.code for place in below if place.entry.figures.get("disposal") != ALL]


def _most(best: Sequence[Place], rule: ListRule) -> int | None:
    count = rule.places(best[0].entry.group)
    return None if count is None else min(count, len(best) // 2)


def _reaches(place: Place, threshold: Fraction, rule: ListRule) -> bool | None:
    value = place.entry.figures.get(rule.measure)
    return None if value is None else value >= threshold


def in_a_row(periods: Sequence[Period], *, gap: Gap) -> int:
    """How many times running somebody was on the black list, oldest period first, up to the last one."""
    times = 0
    for period in periods:
        if period.black:
            times += 1
        elif period.had_place or gap is Gap.BREAKS:
            times = 0
    return times


def consequence(times: int, *, rules: Lists) -> str | None:
    """What is proposed after so many in a row: the heaviest reached. A person decides (domain 9c, E8)."""
    reached = [count for count in rules.consequences if count <= times]
    return rules.consequences[max(reached)] if reached else None
