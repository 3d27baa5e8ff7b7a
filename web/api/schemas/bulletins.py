"""Bulletins as the API takes and gives them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from models.publication import PublicationAct, PublicationKind, PublicationState
from services.bulletins.editing import LONGEST
from web.api.schemas.base import Code, Given, Listed, Told, Words

Text = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class Line(Told):
    """One bulletin in a list. The period holds both days."""

    id: int
    kind: PublicationKind
    area_code: str
    period_from: date
    period_to: date
    edition: int
    state: PublicationState
    formula: str
    published_at: datetime | None


class Past(Told):
    """Something that was done to it."""

    act: PublicationAct
    who: str
    at: datetime
    why: str


class Bulletin(Line):
    """One with all that it says; `may`: what the caller may do with it as it stands."""

    content: Mapping[str, Any]
    content_sha256: str
    may: Sequence[PublicationAct]
    history: Sequence[Past]


class Wanted(Given):
    """The period of this kind that ended last before `on`, else before today; of the whole city unless `area` is named.

    `corrects`: another edition of one that is published.
    """

    kind: PublicationKind
    on: date | None = None
    area: Code | None = None
    corrects: bool = False


class Worded(Given):
    """What is not given stays. `pairs`: numbers of the issues whose photos are shown."""

    lead: Text | None = None
    requirements: Text | None = None
    praised: Text | None = None
    criticised: Text | None = None
    pairs: Annotated[tuple[Code, ...], Field(max_length=20)] | None = None


class Why(Given):
    """A reason, which stays on record."""

    why: Words


class Row(Told):
    """An issue as it counted for one unit: `counts` by name."""

    number: str
    unit: str
    place: str
    state: str
    due_at: datetime | None
    closed_at: datetime | None
    counts: Mapping[str, int]


class Rows(Listed[Row]):
    """`total`: how many there are, `seen`: of those that the caller may see."""

    total: int
    seen: int
