"""What the API takes and gives. Field by field: a table is never handed out, and nothing is taken that is not named."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.audit import Result, RoundKind
from models.issue import EvidenceKind, FoundLevel, RequestKind, RequestState, Source
from models.lifecycle import Action, State

T = TypeVar("T")
LONGEST_TEXT = 2000


UNSEEN = r"\x00-\x08\x0b-\x1f\x7f"
"""Characters that nobody sees and the database does not keep."""
BLANK = rf"\s{UNSEEN}\x09-\x20\x80-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000"
Code = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=rf"^[^{UNSEEN}]*$")]
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=rf"^[^{UNSEEN}]*[^{BLANK}][^{UNSEEN}]*$"),
]
"""Text that must say something."""


class Given(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(from_attributes=True)


class Listed(Told, Generic[T]):
    """A stretch of a list. `next` is the cursor of the stretch that follows; null at the end."""

    items: list[T]
    next: str | None = None


class Named(Told):
    """A code with its name."""

    code: str
    name: str


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


class Issue(Told):
    """One issue, with the rules that hold for it and where it stands."""

    number: str
    version: int
    state: State
    cycle: int
    overdue: bool
    source: Source
    found_level: FoundLevel
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


class Area(Told):
    """A place of the five-level tree: 1 city, 2 district, 3 street, 4 community, 5 residents' group."""

    code: str
    name: str
    level: int
    parent_code: str | None
    path: str


class Unit(Told):
    """A body that answers for issues."""

    code: str
    name: str
    kind: str
    area_code: str


class Point(Told):
    """A place that is inspected."""

    code: str
    name: str
    category_code: str
    area_code: str
    lead_unit: str
    address: str
    lat: float | None
    lng: float | None
    closed: bool


class Category(Told):
    """A kind of place that is inspected."""

    code: str
    system_code: str
    name: str
    name_en: str


class Standard(Told):
    """One thing to be met at points of a category."""

    version_code: str
    code: str
    category_code: str
    text: str
    text_en: str
    deduction: Decimal
    severity: str
    evidence: str
    negative_list: bool


class Standing(Told):
    """Where the issues of an area or a unit stand."""

    code: str | None
    name: str
    open: int
    total: int
    due_soon: int
    overdue: int
    late: int
    by_state: Mapping[State, int]


class BoardOf(Told):
    """An area or the city, and its parts."""

    all: Standing
    parts: list[Standing]


class Post(Told):
    """A post that the caller holds today."""

    kind: str
    owner_kind: str
    owner_code: str


class Me(Told):
    """Whose token this is, and what it may do."""

    code: str
    posts: list[Post]
    scopes: list[str]
    rights: list[str]


class Round(Told):
    """An audit in a list."""

    number: str
    kind: RoundKind
    area: str
    on_date: date
    sheets: int
    filled: int
    finished_at: datetime | None


class Sheet(Told):
    """A sheet of an audit."""

    id: int
    inspector: str
    point: str
    point_name: str
    filled_at: datetime | None
    met: int
    not_met: int
    not_applicable: int


class RoundOf(Told):
    """One audit with its sheets and what came of it."""

    number: str
    kind: RoundKind
    area_code: str
    on_date: date
    seed: int
    wanted: int
    finished_at: datetime | None
    compliance_rate: float | None
    draw_repeats: bool
    sheets: list[Sheet]
    issues: list[str]


class NewRound(Given):
    """An audit to be started. No categories: all of them; no seed: one is drawn."""

    kind: RoundKind
    area: Code
    points: Annotated[int, Field(ge=1, le=100_000)]
    inspectors: Annotated[list[Code], Field(min_length=1, max_length=500)]
    on_date: date | None = None
    categories: Annotated[tuple[Code, ...], Field(max_length=200)] = ()
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    version: Code | None = None


class Started(Told):
    """What the draw gave. `repeated`: this key has started it before."""

    number: str
    drawn: int
    available: int
    repeated: bool


class SeenOn(Given):
    """What was seen of one standard."""

    standard: Code
    result: Result
    note: Text = ""


class Seen(Given):
    """What was seen on one sheet."""

    observations: Annotated[list[SeenOn], Field(min_length=1, max_length=500)]


class Recorded(Told):
    """What came of it: numbers of new issues, and whether the sheet is full now."""

    written: int
    repeated: int
    issues: list[str]
    filled: bool


class Message(Told):
    """A message to the caller."""

    id: int
    kind: str
    title: str
    body: str
    created_at: datetime
    read_at: datetime | None


def one_of(model: type[T], row: Any) -> T:
    """The table's row as what is handed out."""
    return model.model_validate(row)  # type: ignore[attr-defined, no-any-return]
