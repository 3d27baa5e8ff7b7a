"""Issues as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from models.issue import EvidenceKind, FoundLevel, RequestKind, RequestState, Source
from models.lifecycle import Action, State
from web.api.schemas.base import Code, Given, Text, Told, Words


class IssueLine(Told):
    """An issue in a list."""

    number: str
    version: int
    state: State
    severity: str
    description: str
    address: str
    point: str | None
    point_name: str | None
    area: str
    area_name: str
    unit: str | None
    unit_name: str | None
    found_at: datetime
    due_at: datetime | None
    due_provisional: bool
    stage_due_at: datetime | None
    overdue: bool
    step: Annotated[int, Field(description="highest step of the ladder taken in this cycle, -1 for none")]
    next_step: str | None
    next_step_at: datetime | None
    leader_assigned: bool


class Issue(Told):
    """One issue, with the rules that hold for it and where it stands."""

    number: str
    version: int
    state: State
    cycle: int
    overdue: bool
    source: Source
    found_level: FoundLevel
    leader_assigned: Annotated[bool, Field(description="assigned by a leader: it counts double")]
    found_by: str | None
    found_at: datetime
    external_ref: str | None
    version_code: str | None
    standard_code: str | None
    category_code: str | None
    point_code: str | None
    area_code: str
    lat: float | None
    lng: float | None
    address: str
    description: str
    severity: str
    deduction: Decimal
    lead_unit: str | None
    assisting_units: list[str]
    suggested_unit: str | None
    handler: str | None
    assigned_at: datetime | None
    sign_in_due_at: datetime | None
    signed_in_at: datetime | None
    limit: str | None
    due_at: datetime | None
    original_due_at: datetime | None
    due_provisional: bool
    stage_due_at: datetime | None
    extensions: int
    rework: int
    returns: int
    measure: str
    result: str
    submitted_at: datetime | None
    submitted_by: str | None
    verified_at: datetime | None
    verified_by: str | None
    verdict: str
    closed_at: datetime | None
    milestone_at: datetime | None
    satisfaction: str | None
    step: int
    next_step: str | None
    next_step_at: datetime | None


class Event(Told):
    """One thing that happened to an issue; the record is append-only and sealed."""

    seq: int
    cycle: int
    action: Action
    step: str | None
    from_state: State | None
    to_state: State
    actor: str
    on_behalf_of: str | None
    at: datetime
    reason: str
    hash: str


class Piece(Told):
    """A photo or a paper; its bytes are at /evidence/{id}."""

    id: int
    kind: EvidenceKind
    cycle: int
    media_type: str
    size: int
    added_at: datetime


class Asked(Told):
    """What a unit asked for, and what was decided."""

    kind: RequestKind
    state: RequestState
    asked_by: str
    asked_at: datetime
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    decision: str


class Order(Told):
    """A supervision order, and the reply to it."""

    number: str
    cycle: int
    degree: int
    unit_code: str
    issued_at: datetime
    reply_due_at: datetime | None
    reply: str
    replied_at: datetime | None


class Open(Told):
    """An action that the caller may do now. `hindrance`: why it would be refused at the moment."""

    action: Action
    needs: list[str]
    hindrance: str | None = None


class Step(Told):
    """A step of the ladder that time alone will bring."""

    step: str
    name: str
    at: datetime
    provisional: bool
    level: int
    paper: str
    told: bool


class Done(Told):
    """What became of an action. `repeated`: it was done before with the same key."""

    number: str
    state: State
    version: int
    repeated: bool = False


class NewIssue(Given):
    """A report. A point, or an area, or a place on the map says where; a standard or a category says what."""

    description: Words
    point: Code | None = None
    area: Code | None = None
    address: Text = ""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None
    category: Code | None = None
    standard: Code | None = None
    severity: Code | None = None
    source: Source | None = None
    uploads: Annotated[tuple[Code, ...], Field(max_length=9)] = ()
    anew: Annotated[bool, Field(description="like open ones nearby, and yet another one")] = False


class Similar(Told):
    """An open issue that a report may be the same as."""

    number: str
    description: str


class Reported(Told):
    """What became of a report: a number; or those it may be the same as, and then nothing was written."""

    number: str | None
    repeated: bool = False
    known: tuple[Similar, ...] = ()
