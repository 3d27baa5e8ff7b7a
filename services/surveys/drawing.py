"""The draw of a survey: which communities, and at which door an interviewer begins. Pure: the seed repeats it.

Where the domain is silent: each community is as likely as any other, in proportion to the communities of each district
(services/drawing.py); households are not in the data, so the door to begin at is drawn, and every tenth follows.
"""

from collections.abc import Mapping, Sequence
from random import Random

from services.drawing import draw

DOORS = 10
"""Every so many doors a household is asked; it begins at one of the first so many."""


def drawn_places(there: Mapping[str, Sequence[str]], *, wanted: int, seed: int) -> list[tuple[str, int]]:
    """So many communities, by district, in the order of their codes, each with the door to begin at (1 to 10)."""
    chance = Random(seed + 1)  # not the same numbers as the draw itself
    return [(code, int(chance.random() * DOORS) + 1) for code in sorted(draw(there, wanted=wanted, seed=seed))]
