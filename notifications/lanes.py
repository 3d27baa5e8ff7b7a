"""Which tries may begin now. Urgent ones first; one at a time to a door, so that its messages keep their order.

A house is what stands behind addresses: the mail server, the SMS gateway, the host of a URL. A house is tried with one
letter first, and with more only after it answered: a dead one costs one try, not one of each message. No house gets
every place, so that a slow one does not hold up the others. Pure.
"""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from notifications.claiming import Work
from notifications.pacing import Key, lane_of
from notifications.planning import URGENT, Door
from notifications.variables import Reader

PLACES = 96
"""How many calls are under way at once. Between the start and the record of a call a crash leaves it unknown."""
PLACES_OF_A_HOUSE = 64


@dataclass(frozen=True, eq=False)
class Try:
    """One letter to one address. `place` is its message's place in the queue: urgency, then the order of claiming."""

    place: tuple[int, int]
    work: Work
    reader: Reader
    door: Door

    @cached_property
    def lane(self) -> Key:
        """What takes one letter at a time: a robot, whoever it is to mention."""
        return lane_of(self.door)

    @cached_property
    def house(self) -> str:
        """What stands behind its address."""
        return house_of(self.door)

    @property
    def urgent(self) -> bool:
        """Whether it waits for nothing that can be helped."""
        return self.work.message.urgency == URGENT


def house_of(door: Door) -> str:
    """A URL's scheme, with its host where it names one: in `wecombot://key` a token stands in that place."""
    if "://" not in door.address:
        return door.channel
    scheme, rest = door.address.split("://", 1)
    host = rest.split("/", 1)[0].split("?", 1)[0].rsplit("@", 1)[-1].lower()
    return f"{scheme}://{host}" if "." in host or ":" in host or host == "localhost" else scheme


class Lanes:
    """The tries that wait and those under way."""

    def __init__(self, width: Callable[[Door], int | None] = lambda _: None) -> None:
        """`width`: how many letters at once the channel of a door takes, where it says so."""
        self.waiting: list[Try] = []
        self._width = width
        self._lanes: set[Key] = set()
        self._houses: Counter[str] = Counter()
        self._proven: dict[str, int] = {}
        """Houses that have answered, and how many letters each takes at once."""

    @property
    def under_way(self) -> int:
        """How many have been taken and are not done."""
        return len(self._lanes)

    def add(self, tries: Iterable[Try]) -> None:
        """Queue up, by place."""
        for one in tries:
            insort(self.waiting, one, key=lambda queued: queued.place)

    def take(self) -> list[Try]:
        """Those that may begin now, in order. A lane whose first try must wait lets none of its others pass."""
        taken, left, held = [], [], set(self._lanes)
        for one in self.waiting:
            if one.lane in held or len(self._lanes) >= PLACES or self._houses[one.house] >= self._most(one.house):
                left.append(one)
            else:
                taken.append(one)
                self._lanes.add(one.lane)
                self._houses[one.house] += 1
            held.add(one.lane)
        self.waiting = left
        return taken

    def _most(self, house: str) -> int:
        return self._proven.get(house, 1)

    def done(self, one: Try, *, answered: bool) -> None:
        """The try is over, or did not begin. `answered`: somebody was there."""
        self._lanes.discard(one.lane)
        self._houses[one.house] -= 1
        if answered:
            self._proven[one.house] = min(PLACES_OF_A_HOUSE, self._width(one.door) or PLACES_OF_A_HOUSE)

    def leave(self, gone: Iterable[Try]) -> None:
        """These travel in the letter of another try: out of the queue, and no call of their own."""
        out = {id(one) for one in gone}
        self.waiting = [one for one in self.waiting if id(one) not in out] if out else self.waiting

    def drop(self, useless: Callable[[Try], bool]) -> list[Try]:
        """Take tries out of the queue."""
        gone = [one for one in self.waiting if useless(one)]
        self.waiting = [one for one in self.waiting if not useless(one)]
        return gone

    def forget(self, message: int | None) -> None:
        """Take everything of this message out of the queue."""
        self.waiting = [one for one in self.waiting if one.work.message.id != message]

    def under_way_of(self, work: Work) -> bool:
        """Whether a call of this message is under way."""
        queued = {one.lane for one in self.waiting if one.work is work}
        return bool(work.open - queued)
