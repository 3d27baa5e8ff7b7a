"""The draw of an audit and its sharing out. Pure: anybody can repeat it from the seed and the points."""

from collections.abc import Mapping, Sequence
from random import Random


def draw(there: Mapping[str, Sequence[str]], *, wanted: int, seed: int) -> list[str]:
    """So many points, each as likely as any other, each category in proportion (rounded up or down by chance).

    The categories are laid in a row, each shuffled, and every n-th point is taken from a random start. Only
    Random.random() is used: it gives the same numbers in every version of Python, so a draw can be repeated years on.
    """
    chance = Random(seed)
    row = [
        code for category in sorted(there) for code in sorted(sorted(there[category]), key=lambda _: chance.random())
    ]
    if wanted >= len(row):
        return row
    first = chance.random()
    return [row[int((first + step) * len(row) / wanted)] for step in range(wanted)]


def shared_out(route: Sequence[str], *, inspectors: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """One stretch of the route for each inspector, none longer than another by more than one point."""
    ends = [len(route) * position // len(inspectors) for position in range(len(inspectors) + 1)]
    return {who: tuple(route[ends[i] : ends[i + 1]]) for i, who in enumerate(inspectors) if ends[i] < ends[i + 1]}
