"""This period against the last (环比): who moved, by how many places and points, and where that says nothing.

Points are taken from what was published, so the difference is what anybody computes from both tables. A formula of
another version, or another group, makes places incomparable: no difference is given. Source: domain 1 [P5], 9f.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from models.scoring.ranking import Figure, Place

NEW, GONE, OTHER_GROUP, OTHER_FORMULA, NO_PLACE = "new", "gone", "other_group", "other_formula", "no_place"


@dataclass(frozen=True, slots=True)
class Change:
    """`moved`: places up (more than 0) or down; `points`: of the score. None where `why` says why not."""

    code: str
    rank: int | None
    rank_before: int | None
    moved: int | None
    points: Decimal | None
    why: str = ""


def changes(now: Iterable[Place], *, before: Iterable[Place], version: str, version_before: str) -> list[Change]:
    """One line for everybody who is in either table, by code."""
    here, there = ({place.entry.code: place for place in places} for places in (now, before))
    same = version == version_before
    return [_change(code, here.get(code), there.get(code), same) for code in sorted({*here, *there})]


def _change(code: str, now: Place | None, before: Place | None, same: bool) -> Change:
    ranks = (now.rank if now else None, before.rank if before else None)
    why = _why_not(now, before, same)
    if why or now is None or before is None or ranks[0] is None or ranks[1] is None:
        return Change(code, *ranks, None, None, why)
    return Change(
        code, *ranks, ranks[1] - ranks[0], _difference(*(p.entry.figures.get("score") for p in (now, before)))
    )


def _why_not(now: Place | None, before: Place | None, same: bool) -> str:
    if now is None or before is None:
        return GONE if now is None else NEW
    if not same:
        return OTHER_FORMULA
    if now.entry.group != before.entry.group:
        return OTHER_GROUP
    return NO_PLACE if now.rank is None or before.rank is None else ""


def _difference(now: Figure, before: Figure) -> Decimal | None:
    return None if now is None or before is None else Decimal(now) - Decimal(before)
