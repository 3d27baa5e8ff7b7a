"""Committed events, handed on in order to whoever wants to hang something on them.

A hint, not a guarantee: who needs every event reads the record. It begins with what happens after the first call, so a
freshly loaded city tells nobody its past.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from services import cursors

RELAY = "relay"
BATCH = 200
_NEWEST = text("SELECT coalesce(max(id), 0) FROM issue_event")
# The keys of events are given before they are committed. An event is read only when no older transaction of this
# database is open any more that could still bring a smaller key; `age` counts transactions, however their numbers wrap.
_NEXT = text(
    "SELECT e.id, e.seq, e.action, e.step, e.from_state, e.to_state, e.actor, e.at, e.cycle,"
    " i.number, i.severity, i.area_code, i.lead_unit, i.point_code"
    " FROM issue_event e JOIN issue i ON i.id = e.issue_id"
    " WHERE e.id > :position AND age(e.xmin) > coalesce((SELECT max(age(backend_xid)) FROM pg_stat_activity"
    "  WHERE datname = current_database() AND pid <> pg_backend_pid()), -1)"
    " ORDER BY e.id LIMIT :batch"
)


@dataclass(frozen=True)
class Happened:
    """One committed event, without anything personal beside the actor's code."""

    id: int
    seq: int
    action: str
    step: str | None
    from_state: str | None
    to_state: str
    actor: str
    at: datetime
    cycle: int
    number: str
    severity: str
    area_code: str
    lead_unit: str | None
    point_code: str | None

    def facts(self) -> Mapping[str, Any]:
        """For a document: the time as ISO text."""
        return {**self.__dict__, "at": self.at.isoformat()}


def next_events(session: Session, *, batch: int = BATCH) -> list[Happened]:
    """The events not handed on yet, oldest first; none when another worker is at it. They count as handed on with the
    caller's commit."""
    newest = session.connection().execute(_NEWEST).scalar_one()
    position = cursors.take(session, RELAY, start=newest)
    if position is None:
        return []
    rows = session.connection().execute(_NEXT, {"position": position, "batch": batch}).mappings()
    events = [Happened(**row) for row in rows]
    if events:
        cursors.put(session, RELAY, position=events[-1].id)
    return events
