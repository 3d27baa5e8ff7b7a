"""This period against the last."""

from decimal import Decimal

import pytest

from models.scoring.changes import Change, changes
from models.scoring.ranking import Entry, Place


def place(code: str, rank: int | None, score: str, group: str = "g") -> Place:
    return Place(Entry(code, group, {"score": Decimal(score)}, 5), rank, 9)


def change(now: Place | None, before: Place | None, version_before: str = "v1") -> Change:
    (only,) = changes(
        [now] if now else [], before=[before] if before else [], version="v1", version_before=version_before
    )
    return only


def test_places_and_points_are_taken_from_what_was_published() -> None:
    found = changes(
        [place("A", 1, "94.12"), place("B", 3, "80.00")],
        before=[place("B", 1, "90.05"), place("A", 4, "88.50")],
        version="v1",
        version_before="v1",
    )

    assert [Change("A", 1, 4, 3, Decimal("5.62")), Change("B", 3, 1, -2, Decimal("-10.05"))] == found


@pytest.mark.parametrize(
    ("now", "before", "version", "why"),
    [
        (place("A", 1, "90"), None, "v1", "new"),
        (None, place("A", 1, "90"), "v1", "gone"),
        (place("A", 1, "90"), place("A", 1, "90", "h"), "v1", "other_group"),
        (place("A", 1, "90"), place("A", 1, "90"), "v0", "other_formula"),
        (place("A", None, "90"), place("A", 1, "90"), "v1", "no_place"),
        (place("A", 1, "90"), place("A", None, "90"), "v1", "no_place"),
    ],
)
def test_what_cannot_be_compared_says_why(now: Place | None, before: Place | None, version: str, why: str) -> None:
    found = change(now, before, version)

    assert (why, None, None) == (found.why, found.moved, found.points)
    assert (now.rank if now else None, before.rank if before else None) == (found.rank, found.rank_before)
