"""One's own work, views and contacts as the API takes and gives them."""

from datetime import date, datetime, time
from typing import Annotated

from pydantic import Field

from models.audit import RoundKind
from models.errand import ErrandKind
from models.lifecycle import State
from models.unit import ChannelClass, Proof
from services.contacts import Standing
from services.work_piles import Pile
from web.api.schemas.base import SAFE, Code, Given, Told
from web.api.schemas.issues import Asked, Open


class Clock(Told):
    """The clock that runs: for what, until when; `late` once that is past."""

    what: State
    due_at: datetime
    late: bool


class Card(Told):
    """An issue that waits for you. `before` and `after`: photos, at /evidence/{id}."""

    number: str
    version: int
    state: State
    severity: str
    description: str
    place: str
    unit: str
    suggested: str
    clock: Clock | None
    requests: list[Asked]
    actions: list[Open]
    before: list[int]
    after: list[int]


class Heap(Told):
    """A pile of what waits. `count` stops at 1000; `more`: there is a next page."""

    pile: Pile
    count: int
    more: bool
    cards: list[Card]


class SheetToDo(Told):
    """A sheet of an audit that you are to fill."""

    id: int
    round: str
    kind: RoundKind
    point: str
    on_date: date


class Errand(Told):
    """Something that waits for you beside issues. `ref`: the number by which people call it; `page`: where it is done.

    `due_at` is null where nobody has set a time; `since`: it waits.
    """

    kind: ErrandKind
    key: str
    ref: str
    name: str
    detail: str
    due_at: datetime | None
    since: datetime | None
    late: bool
    page: str


class Work(Told):
    """All that waits for you: the first of each pile, sheets, and what waits beside issues, most urgent first."""

    heaps: list[Heap]
    sheets: list[SheetToDo]
    errands: list[Errand]


class NewView(Given):
    """Filters of the list under a name: `query` as in an address, such as `open=1&unit=D-CGJ`."""

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
    query: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["open=1&overdue=1"])]


class View(Told):
    """A view that you keep."""

    id: int
    name: str
    query: str
    saved_at: datetime


class Contact(Told):
    """How you are reached, in the order in which it is tried. The address is masked."""

    id: int
    channel: ChannelClass
    address: str
    place: int
    standing: Standing
    proof: Proof | None
    verified_at: datetime | None
    off_at: datetime | None
    off_why: str | None
    quiet_from: time | None
    quiet_to: time | None


class ContactOrder(Given):
    """The ids of all contacts in use, the first one first."""

    ids: Annotated[list[Annotated[int, Field(ge=1, le=SAFE)]], Field(min_length=1, max_length=50)]


class Quiet(Given):
    """Between these times only what is urgent; both null: as the city does."""

    start: time | None = None
    end: time | None = None


class Person(Told):
    """Somebody with one post; without a post for who holds none."""

    person: str
    name: str
    post: str | None
    title: str | None
    valid_from: date | None
    valid_to: date | None
    deputy: str | None


class OneOfMany(Given):
    """An issue with the version that was read."""

    number: Code
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Fate(Told):
    """What became of one issue; `code` and `detail`: why nothing was done to it."""

    number: str
    done: bool
    repeated: bool = False
    code: str | None = None
    detail: str | None = None


class Fates(Told):
    """What became of each; `missing`: numbers that are not there, or not for you to see."""

    fates: list[Fate]
    missing: list[str]
