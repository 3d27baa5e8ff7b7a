"""The issue with its frozen rules, its sealed events, its evidence and what was asked about it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import codes, document, kind_of, reference, row_reference, serial_key, text
from models.issue_indexes import indexes
from models.lifecycle import Action, State


class Source(StrEnum):
    """How the problem came to light. Source: domain 9d."""

    ANNOUNCED = "announced"
    COVERT = "covert"
    MOCK = "mock_evaluation"
    SUPERIOR = "superior_feedback"
    THIRD_PARTY = "third_party"
    HOTLINE = "hotline_12345"
    SNAPSHOT = "snapshot"
    MEDIA = "media"
    SELF_CHECK = "self_check"
    LOOK_BACK = "look_back"
    FILING = "online_filing"


class FoundLevel(StrEnum):
    """At which level somebody found it. Source: domain 9d."""

    CENTRAL = "central"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Issue(SQLModel, table=True):
    """One problem at one place. Written by services/transition.py alone.

    `next_step_at` is the one time at which anything is due; a tick looks at nothing else.
    `steps_taken` has bit n set when step En of the ladder was decided in this cycle. `relapses`: how often it came back
    after it was closed out; `deduction` has been doubled for each of them already. `leader_assigned`: a leader assigned
    it, so that it counts double (decision 0025); set by people of the office, never by an instruction on its own.
    """

    __table_args__ = (
        ForeignKeyConstraint(["version_code", "standard_code"], ["standard.version_code", "standard.code"]),
        *indexes(),
    )
    id: int | None = serial_key()
    number: str = text(unique=True)
    version: int = 1
    state: State = kind_of(State)
    cycle: int = 1

    source: Source = kind_of(Source)
    found_level: FoundLevel = kind_of(FoundLevel, default=FoundLevel.CITY)
    found_by: str | None = reference("person.code", default=None, nullable=True)
    found_at: datetime
    external_ref: str | None = text(default=None, nullable=True, unique=True)
    round_id: int | None = row_reference("round.id", default=None, nullable=True, index=True)
    version_code: str | None = text(default=None, nullable=True)
    standard_code: str | None = text(default=None, nullable=True)
    category_code: str | None = reference("category.code", default=None, nullable=True)
    point_code: str | None = reference("point.code", default=None, nullable=True)
    area_code: str = reference("area.code")
    area_path: str = text()
    lat: float | None = None
    lng: float | None = None
    address: str = text(default="")
    description: str = text()
    severity: str = text()
    deduction: Decimal = Decimal(0)

    lead_unit: str | None = reference("unit.code", default=None, nullable=True)
    assisting_units: list[str] = codes()
    suggested_unit: str | None = reference("unit.code", default=None, nullable=True)
    handler: str | None = reference("person.code", default=None, nullable=True)
    designated: bool = False

    rule_set_code: str | None = reference("rule_set.code", default=None, nullable=True)
    calendar_version: int | None = Field(default=None, foreign_key="calendar_version.version")
    assigned_at: datetime | None = None
    sign_in_due_at: datetime | None = None
    signed_in_at: datetime | None = None
    clock_started_at: datetime | None = None
    limit: str | None = text(default=None, nullable=True)
    granted_minutes: float = 0
    due_at: datetime | None = None
    original_due_at: datetime | None = None
    due_provisional: bool = False
    stage_due_at: datetime | None = None
    extensions: int = 0
    rework: int = 0
    returns: int = 0

    measure: str = text(default="")
    result: str = text(default="")
    submitted_at: datetime | None = None
    submitted_by: str | None = reference("person.code", default=None, nullable=True)
    verified_at: datetime | None = None
    verified_by: str | None = reference("person.code", default=None, nullable=True)
    verdict: str = text(default="")
    closed_at: datetime | None = None
    closed_by: str | None = text(default=None, nullable=True)
    shelved_at: datetime | None = None
    milestone_at: datetime | None = None
    remaining_minutes: float | None = None
    satisfaction: str | None = text(default=None, nullable=True)
    called_back_at: datetime | None = None
    sweep_required: bool = False
    sweep_checked: int | None = None
    sweep_found: int | None = None
    orders_unanswered: int = 0
    look_back_at: datetime | None = None
    look_back_result: str | None = text(default=None, nullable=True)
    relapses: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    leader_assigned: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    merged_into: int | None = row_reference("issue.id", default=None, nullable=True)

    steps_taken: int = 0
    step: int = -1
    step_at: datetime | None = None
    next_step: str | None = text(default=None, nullable=True)
    next_step_at: datetime | None = None
    set_aside: int = 0
    set_aside_why: str | None = text(default=None, nullable=True)

    event_count: int = 0
    seal: str = text(default="")


class IssueEvent(SQLModel, table=True):
    """One accepted action. Append-only: the database refuses UPDATE, DELETE and TRUNCATE.

    `hash` seals the event and everything before it on this issue. `key` makes a repeated command harmless.
    """

    __tablename__ = "issue_event"
    __table_args__ = (
        UniqueConstraint("issue_id", "seq"),
        Index(
            "one_decision_per_step", "issue_id", "cycle", "step", unique=True, postgresql_where=sql("step IS NOT NULL")
        ),
        Index("one_event_per_key", "issue_id", "key", unique=True, postgresql_where=sql("key IS NOT NULL")),
        Index("issue_event_at", "at"),
    )
    id: int | None = serial_key()
    issue_id: int = row_reference("issue.id")
    seq: int
    cycle: int
    action: Action = kind_of(Action)
    step: str | None = text(default=None, nullable=True)
    from_state: State | None = kind_of(State, default=None, nullable=True)
    to_state: State = kind_of(State)
    actor: str = text()
    on_behalf_of: str | None = text(default=None, nullable=True)
    at: datetime
    reason: str = text(default="")
    facts: dict[str, Any] = document(default_factory=dict)
    key: str | None = text(default=None, nullable=True)
    previous_hash: str = text()
    hash: str = text()


class DaySeal(SQLModel, table=True):
    """One hash over all events of a day, chained to the day before: a whole issue cannot vanish unseen."""

    __tablename__ = "day_seal"
    day: str = text(primary_key=True)
    events: int
    last_event_id: int
    previous_hash: str = text()
    hash: str = text()
    sealed_at: datetime


class EvidenceKind(StrEnum):
    """What a piece of evidence shows."""

    BEFORE = "before"
    AFTER = "after"
    OTHER = "other"


class Evidence(SQLModel, table=True):
    """A photo or paper. The bytes lie in the evidence store under their SHA-256, never in the database.

    `looked_at` is when it was compared with what is known already; what a photo itself is stands in models/evidence.py.
    """

    __table_args__ = (
        UniqueConstraint("issue_id", "cycle", "kind", "sha256"),
        Index("evidence_to_look_at", "id", postgresql_where=sql("looked_at IS NULL")),
    )
    id: int | None = serial_key()
    issue_id: int = row_reference("issue.id", index=True)
    cycle: int
    kind: EvidenceKind = kind_of(EvidenceKind)
    sha256: str = text(index=True)
    file_name: str = text(default="")
    media_type: str = text(default="")
    size: int = 0
    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    added_by: str = text()
    added_at: datetime
    looked_at: datetime | None = None


class RequestKind(StrEnum):
    """What a unit may ask for."""

    EXTENSION = "extension"
    RETURN = "return"
    SHELVING = "shelving"


class RequestState(StrEnum):
    """Where a request stands. It lapses when the issue moves on without a decision."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Request(SQLModel, table=True):
    """Who asked for what, and who decided."""

    __table_args__ = (
        Index("one_open_request", "issue_id", "kind", unique=True, postgresql_where=sql("state = 'asked'")),
    )
    id: int | None = serial_key()
    issue_id: int = row_reference("issue.id", index=True)
    kind: RequestKind = kind_of(RequestKind)
    state: RequestState = kind_of(RequestState, default=RequestState.ASKED)
    asked_by: str = text()
    asked_at: datetime
    reason: str = text()
    facts: dict[str, Any] = document(default_factory=dict)
    decided_by: str | None = text(default=None, nullable=True)
    decided_at: datetime | None = None
    decision: str = text(default="")


class SupervisionOrder(SQLModel, table=True):
    """A supervision order (督办单): issued by a step of the ladder, answered by the unit, its reply reviewed.

    A reply that was returned is taken off again; every reply and review stands in the events. `withdrawn_at`: somebody
    decided against the order, so that no reply is asked for.
    """

    __tablename__ = "supervision_order"
    __table_args__ = (
        UniqueConstraint("issue_id", "cycle", "degree"),
        Index("order_unanswered", "issue_id", postgresql_where=sql("replied_at IS NULL")),
        Index("order_by_time", "issued_at"),
    )
    id: int | None = serial_key()
    number: str = text(unique=True)
    issue_id: int = row_reference("issue.id", index=True)
    cycle: int
    degree: int
    unit_code: str = reference("unit.code")
    issued_at: datetime
    reply_due_at: datetime | None = None
    reply: str = text(default="")
    replied_by: str | None = text(default=None, nullable=True)
    replied_at: datetime | None = None
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None


append_only(IssueEvent.__table__)  # type: ignore[attr-defined]
append_only(DaySeal.__table__)  # type: ignore[attr-defined]
