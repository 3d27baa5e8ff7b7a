"""Holding to account (督查问责): orders, interviews, cards, proposals. Rules propose, a person decides.

The life of a measure is a table that one can read aloud, as that of an issue is (models/lifecycle.py).
Source: domain 4, 9c (E5 to E8), 9e.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.append_only import append_only
from models.columns import document, kind_of, reference, row_reference, serial_key, text


class MeasureKind(StrEnum):
    """What is done about a unit that lags. The order of the list is that of their weight."""

    ORDER = "supervision_order"
    INTERVIEW = "interview"
    YELLOW_CARD = "yellow_card"
    RED_CARD = "red_card"
    PROPOSAL = "transfer_proposal"


class MeasureState(StrEnum):
    """Where a measure stands. A card stays issued: it counts for as long as the rules say.

    An order lapses when its issue begins another cycle: what was asked in the one before is over with it.
    """

    PROPOSED = "proposed"
    SECONDING = "seconding"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    ISSUED = "issued"
    REPLIED = "replied"
    DONE = "done"


class MeasureAct(StrEnum):
    """What may happen to a measure. Each is one event."""

    PROPOSE = "propose"
    APPROVE = "approve"
    SECOND = "second"
    REJECT = "reject"
    REPLY = "reply"
    RETURN = "return"
    ACCEPT = "accept"
    HOLD = "hold"
    CONCLUDE = "conclude"
    CLIMB = "climb"
    LAPSE = "lapse"


@dataclass(frozen=True)
class MeasureLine:
    """One line of the table: which kinds, from which states, to which; whether it must be said why."""

    act: MeasureAct
    kinds: frozenset[MeasureKind]
    come_from: frozenset[MeasureState]
    to: MeasureState
    says_why: bool = False


K, S, A = MeasureKind, MeasureState, MeasureAct
EVERY = frozenset(K)
PROPOSALS = frozenset({K.PROPOSAL})
ORDERS = frozenset({K.ORDER})


def _line(
    act: MeasureAct, kinds: frozenset[MeasureKind], come_from: MeasureState, to: MeasureState, *, why: bool = False
) -> MeasureLine:
    return MeasureLine(act, kinds, frozenset({come_from}), to, why)


MEASURES: tuple[MeasureLine, ...] = (
    _line(A.APPROVE, EVERY - PROPOSALS, S.PROPOSED, S.ISSUED),
    _line(A.APPROVE, PROPOSALS, S.PROPOSED, S.SECONDING),
    _line(A.SECOND, PROPOSALS, S.SECONDING, S.ISSUED),
    _line(A.REJECT, EVERY, S.PROPOSED, S.REJECTED, why=True),
    _line(A.REJECT, PROPOSALS, S.SECONDING, S.REJECTED, why=True),
    _line(A.REPLY, ORDERS, S.ISSUED, S.REPLIED, why=True),
    _line(A.ACCEPT, ORDERS, S.REPLIED, S.DONE),
    _line(A.RETURN, ORDERS, S.REPLIED, S.ISSUED, why=True),
    _line(A.HOLD, frozenset({K.INTERVIEW}), S.ISSUED, S.DONE, why=True),
    _line(A.CONCLUDE, PROPOSALS, S.ISSUED, S.DONE, why=True),
    _line(A.CLIMB, ORDERS, S.ISSUED, S.ISSUED),
    _line(A.LAPSE, ORDERS, S.PROPOSED, S.LAPSED),
    _line(A.LAPSE, ORDERS, S.ISSUED, S.LAPSED),
)
"""Everything but the proposing, which makes the measure. What is not listed is refused."""
OPEN = frozenset({S.PROPOSED, S.SECONDING, S.ISSUED, S.REPLIED})
TOLD = frozenset({S.ISSUED, S.REPLIED, S.DONE, S.LAPSED})
"""The unit hears of a measure when a person has decided it, never of what a rule proposed."""


BY_HAND = "by_hand"
"""In the place of what a rule looks at, where a person proposed it."""
HAND_KINDS = (K.INTERVIEW, K.YELLOW_CARD, K.RED_CARD, K.PROPOSAL)
"""What a person may propose. An order is the ladder's: it has a number there (models/ladder.py)."""
DECISIONS = frozenset({A.APPROVE, A.SECOND, A.REJECT})
"""Not for whoever proposed it."""


def line_for(act: MeasureAct, *, kind: MeasureKind, state: MeasureState) -> MeasureLine | None:
    """The line of the table; None where it is not possible."""
    fitting = (line for line in MEASURES if line.act is act and kind in line.kinds and state in line.come_from)
    return next(fitting, None)


class Measure(SQLModel, table=True):
    """One measure about one unit: because of one issue, or of several things together.

    `key` makes a second proposal for the same cause impossible. `rule` is the code of the rule that proposed it, empty
    where a person did: `proposed_by`, who decides nothing about it. `because` holds the facts as they were then.
    `climbed`: how often its late reply has climbed.
    """

    __table_args__ = (
        Index("measure_open", "state", "id", postgresql_where=sql("state NOT IN ('rejected', 'lapsed', 'done')")),
        Index("measure_of_unit", "unit_code", "kind", "decided_at"),
    )
    id: int | None = serial_key()
    key: str = text(unique=True)
    kind: MeasureKind = kind_of(MeasureKind)
    state: MeasureState = kind_of(MeasureState, default=MeasureState.PROPOSED)
    version: int = 1
    rule: str = text(default="")
    unit_code: str = reference("unit.code")
    area_path: str = text()
    issue_id: int | None = row_reference("issue.id", default=None, nullable=True, index=True)
    order_id: int | None = row_reference("supervision_order.id", default=None, nullable=True, unique=True)
    because: dict[str, Any] = document(default_factory=dict)
    paper: str = text(default="")
    proposed_at: datetime
    decided_at: datetime | None = None
    reply_due_at: datetime | None = None
    replied_at: datetime | None = None
    climbed: int = 0
    proposed_by: str | None = reference("person.code", default=None, nullable=True)


class MeasureEvent(SQLModel, table=True):
    """One act on a measure: by whom, in whose place, when, why. Append-only. `who` is a person's code, or `system`."""

    __tablename__ = "measure_event"
    id: int | None = serial_key()
    measure_id: int = row_reference("measure.id", index=True)
    act: MeasureAct = kind_of(MeasureAct)
    who: str = text()
    on_behalf_of: str | None = text(default=None, nullable=True)
    at: datetime
    why: str = text(default="")
    facts: dict[str, Any] = document(default_factory=dict)


append_only(MeasureEvent.__table__)  # type: ignore[attr-defined]
