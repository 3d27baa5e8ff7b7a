"""A draw by strata, category × area, that an auditor repeats from its seed and the points.

Every point is as likely as any other; every category, every area and every pair of them gets its share, rounded up or
down by chance, all three at once (controlled rounding, Cox 1987). Laying the strata in a row and taking every n-th
point does not do: where n falls in step with the areas of a category, a district may get twice its share. Source of the
sizes: domain 1 [P7], 44 classes and 316 points; the field names no method.

Only Random.random() is used: it gives the same numbers in every version of Python.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from random import Random

from models.errors import WrongValue

Stratum = tuple[str, str]
"""Category and area."""
Table = dict[Stratum, Fraction]
Lines = dict[tuple[int, str], dict[Stratum, None]]
REST = ""
"""The row and the column that make every sum a whole number; no category or area has an empty code."""


def drawn(there: Mapping[Stratum, Sequence[str]], *, wanted: int, seed: int) -> list[str]:
    """So many points, by stratum; all of them where there are no more. Raises WrongValue for an empty code."""
    chance = Random(seed)
    counts = allocated({stratum: len(points) for stratum, points in there.items()}, wanted=wanted, chance=chance)
    chosen: list[str] = []
    for stratum in sorted(counts):
        mixed = sorted(sorted(there[stratum]), key=lambda _: chance.random())
        chosen += mixed[: counts[stratum]]
    return chosen


def allocated(sizes: Mapping[Stratum, int], *, wanted: int, chance: Random) -> dict[Stratum, int]:
    """How many points of each stratum: its share of what is wanted, rounded so that all sums are rounded shares too."""
    if any(REST in stratum for stratum in sizes):
        raise WrongValue(field="stratum", value=REST, expected="a text that is not empty")
    total = sum(sizes.values())
    if wanted >= total:
        return dict(sizes)
    table = _with_rest({stratum: Fraction(max(0, wanted) * sizes[stratum], total) for stratum in sorted(sizes)})
    lines = _lines(table)
    while lines:
        cycle = _cycle(lines)
        _turn(table, cycle, chance)
        _leave_out(lines, [cell for cell in cycle if _is_whole(table[cell])])
    return {stratum: int(table[stratum]) for stratum in sizes}


def _with_rest(table: Table) -> Table:
    """With what each category and each area lacks to the next whole number."""
    rows: dict[str, Fraction] = {}
    columns: dict[str, Fraction] = {}
    for (category, area), share in table.items():
        rows[category] = rows.get(category, Fraction(0)) + share
        columns[area] = columns.get(area, Fraction(0)) + share
    lacking = {(category, REST): ceil(share) - share for category, share in rows.items()}
    return table | lacking | {(REST, area): ceil(share) - share for area, share in columns.items()}


def _lines(table: Table) -> Lines:
    """The cells that are not whole, by row (0) and by column (1)."""
    lines: Lines = {}
    for cell in (cell for cell, share in table.items() if not _is_whole(share)):
        for side in (0, 1):
            lines.setdefault((side, cell[side]), {})[cell] = None
    return lines


def _cycle(lines: Lines) -> list[Stratum]:
    """A way round over cells that are not whole, along a row and along a column in turn.

    Every row and column adds up to a whole number, so none holds just one such cell: the way always goes on.
    """
    side, start = next(iter(lines))
    path, entered = [next(iter(lines[side, start]))], dict[tuple[int, str], int]()
    while (line := (side, path[-1][side])) not in entered:
        entered[line] = len(path) - 1
        path.append(next(cell for cell in lines[line] if cell != path[-1]))
        side = 1 - side
    return path[entered[line] + 1 :]


def _leave_out(lines: Lines, whole: list[Stratum]) -> None:
    for cell in whole:
        for line in ((0, cell[0]), (1, cell[1])):
            del lines[line][cell]
            if not lines[line]:
                del lines[line]


def _is_whole(share: Fraction) -> bool:
    return share.denominator == 1


def _turn(table: Table, cycle: list[Stratum], chance: Random) -> None:
    """Move as much as makes one cell whole, one way or the other, so that nobody's share changes on average."""
    up, down = cycle[::2], cycle[1::2]
    forth = min(*(_room(table[cell]) for cell in up), *(table[cell] % 1 for cell in down))
    back = min(*(table[cell] % 1 for cell in up), *(_room(table[cell]) for cell in down))
    step = forth if Fraction(chance.random()) * (forth + back) < back else -back
    for cell in up:
        table[cell] += step
    for cell in down:
        table[cell] -= step


def _room(share: Fraction) -> Fraction:
    return floor(share) + 1 - share
