"""Webhooks as the API takes and gives them. Secrets are given once, when they are made."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from models.hook import DeliveryState, HookState, Pause
from models.hook import Told as Outcome
from web.api.schemas.base import Code, Given, Told

Kinds = Annotated[
    tuple[Code, ...],
    Field(
        min_length=1, max_length=100, description="issue.*, issue.assign, request.*, audit.*, message.*, or * for all"
    ),
]


class NewHook(Given):
    """To which address what is told: of an area with all below it, of a unit, of severities (none: all)."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["cockpit"])]
    url: Annotated[str, Field(min_length=1, max_length=500, examples=["https://hooks.example.org/duban"])]
    kinds: Kinds = ("*",)
    area: Code | None = None
    unit: Code | None = None
    severities: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


class Hook(Told):
    """A webhook. It tells what `owner` may see. `failing_since`: nothing was taken since then."""

    id: int
    version: int
    name: str
    url: str
    kinds: list[str]
    area_code: str | None
    unit_code: str | None
    severities: list[str]
    owner: str
    state: HookState
    pause: Pause | None
    created_at: datetime
    changed_at: datetime
    failing_since: datetime | None
    not_before: datetime | None
    last_ok_at: datetime | None
    old_until: datetime | None


class HookMade(Told):
    """The webhook and its secret, which is given this once."""

    hook: Hook
    secret: str


class Rotation(Given):
    """For how many hours the secret before signs too."""

    hours: Annotated[int, Field(ge=0, le=168)] = 24


class Delivery(Told):
    """One event for a webhook. `key` is the header webhook-id."""

    id: int
    key: str
    kind: str
    subject: str
    at: datetime
    state: DeliveryState
    tries: int
    not_before: datetime
    finished_at: datetime | None


class Try(Told):
    """One try. `ms`: milliseconds; `said`: the first characters of the answer."""

    id: int
    at: datetime
    key: str
    kind: str
    subject: str
    told: Outcome
    status: int | None
    ms: int
    said: str


class Pinged(Told):
    """What came of a test."""

    told: Outcome
    status: int | None
    ms: int
    said: str


class Replay(Given):
    """From when on; time of the city, with its offset."""

    since: AwareDatetime


class Replayed(Told):
    """How many events will be told again."""

    events: int
