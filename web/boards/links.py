"""Each number of a board leads to the list that shows exactly those."""

from dataclasses import dataclass
from typing import Any

from models.lifecycle import State
from services.boards import Standing
from web.lists.asked import address

CLIMBED = 5
"""From E5 on, the city's leaders have been told."""


@dataclass(frozen=True)
class Cell:
    """A number and where it leads."""

    n: int
    address: str


@dataclass(frozen=True)
class Place:
    """What a row of a board is about, as filters of a list; `counted`: the reader sees more than boards count."""

    area: str = ""
    unit: str = ""
    here: bool = False
    counted: bool = False

    def link(self, **filters: Any) -> str:
        """The list of this row's issues, narrowed."""
        return address("/issues", area=self.area, unit=self.unit, here=self.here, counted=self.counted, **filters)


@dataclass(frozen=True)
class Row:
    """One row: a name, where it leads further down, and its numbers."""

    name: str
    below: str
    open: Cell
    soon: Cell
    overdue: Cell
    late: Cell
    states: tuple[tuple[str, Cell], ...]


SHOWN = (State.FOUND, State.ASSIGNED, State.RECTIFYING, State.RECTIFIED, State.VERIFIED, State.SHELVED, State.CLOSED)


def row(one: Standing, place: Place, *, name: str = "", below: str = "") -> Row:
    """The row of a place."""
    states = ((state.value, one.by_state.get(state, 0), place.link(state=[state.value])) for state in SHOWN)
    return Row(
        name=name or one.name,
        below=below,
        open=Cell(one.open, place.link(open=True)),
        soon=Cell(one.due_soon, place.link(soon=True)),
        overdue=Cell(one.overdue, place.link(overdue=True)),
        late=Cell(one.late, place.link(late=True)),
        states=tuple((state, Cell(n, link)) for state, n, link in states),
    )


def steps(one: Standing, place: Place) -> list[tuple[str, Cell]]:
    """The open ones by the highest step taken; the empty code for none."""
    names = {-1: "none"} | {rank: f"E{rank}" for rank in range(9)}
    return [
        ("" if rank < 0 else name, Cell(one.by_step.get(rank, 0), place.link(open=True, step=name)))
        for rank, name in names.items()
    ]


def climbed(one: Standing, place: Place) -> Cell:
    """How many have climbed to E5 or higher."""
    return Cell(
        sum(n for rank, n in one.by_step.items() if rank >= CLIMBED), place.link(open=True, min_step=f"E{CLIMBED}")
    )
