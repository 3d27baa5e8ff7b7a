"""What a subscriber gets of an event: as the API shows it, and less.

Never who reported (found_by; the actor of an event where that is the same; inspectors of a sheet), never what somebody
wrote by hand as a comment or into a paper, no address, no text of a message, no seal (who knows all else could try
names until it fits). The issue is as it stands when this is sent.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.hook import HookDelivery
from models.issue import Issue, IssueEvent
from models.lifecycle import Action
from services.lines import line_columns, line_of

WITHHELD = frozenset({Action.COMMENT, Action.ISSUE_PAPER, Action.FIND, Action.CALL_BACK, Action.UNMARK_LEADER})
"""What is written with these may be a leader's instruction, or tell who reported."""
EVENT = ("seq", "cycle", "action", "step", "from_state", "to_state", "actor", "on_behalf_of", "at", "reason")
_AUDITS = text(
    "SELECT r.id, r.number, r.kind, r.area_code, r.on_date, r.wanted, r.finished_at, count(s.id) AS sheets,"
    " count(s.filled_at) AS filled FROM round r LEFT JOIN sheet s ON s.round_id = r.id"
    " WHERE r.id = ANY(:ids) GROUP BY r.id"
)
_SHEETS = text(
    "SELECT s.id, r.number, r.kind, s.point_code AS point, p.name AS point_name, s.filled_at,"
    " count(o.id) FILTER (WHERE o.result = 'met') AS met, count(o.id) FILTER (WHERE o.result = 'not_met') AS not_met,"
    " count(o.id) FILTER (WHERE o.result = 'not_applicable') AS not_applicable,"
    " coalesce(array_agg(i.number ORDER BY i.id) FILTER (WHERE i.id IS NOT NULL), '{}') AS issues"
    " FROM sheet s JOIN round r ON r.id = s.round_id JOIN point p ON p.code = s.point_code"
    " LEFT JOIN observation o ON o.sheet_id = s.id LEFT JOIN issue i ON i.id = o.issue_id"
    " WHERE s.id = ANY(:ids) GROUP BY s.id, r.id, p.code"
)
_MESSAGES = text(
    "SELECT m.id, m.kind, i.number AS issue, m.post_code AS post, m.state, m.failure, m.created_at, m.finished_at"
    " FROM message m LEFT JOIN issue i ON i.id = m.issue_id WHERE m.id = ANY(:ids)"
)
INNER = frozenset({"id", "event_count"})
"""What a line has for our own pages."""
Data = Mapping[str, Any]


def bodies(session: Session, deliveries: Sequence[HookDelivery], *, now: datetime) -> dict[int, bytes]:
    """The JSON document for each delivery, by its id; a few statements for all of them. `now` is city time."""
    found: dict[tuple[str, int], Data] = {}
    for source, read in _READERS.items():
        refs = sorted({one.ref for one in deliveries if one.source == source})
        if refs:
            found |= {(source, ref): data for ref, data in read(session, refs, now)}
    return {one.id or 0: body_of(one, found.get((one.source, one.ref), {})) for one in deliveries}


def body_of(delivery: HookDelivery, data: Data) -> bytes:
    """The document around it."""
    whole = {"id": delivery.key, "type": delivery.kind, "timestamp": delivery.at, "data": data}
    return written(whole)


def written(document: Mapping[str, Any]) -> bytes:
    """As JSON, times in UTC as the API writes them."""
    return json.dumps(document, ensure_ascii=False, default=_plain, separators=(",", ":")).encode()


def _issues(session: Session, refs: Sequence[int], now: datetime) -> Iterable[tuple[int, Data]]:
    events = session.exec(select(IssueEvent).where(col(IssueEvent.id).in_(refs))).all()
    wanted = sorted({one.issue_id for one in events})
    rows = session.connection().execute(line_columns().where(col(Issue.id).in_(wanted))).mappings()
    lines = {row["id"]: {k: v for k, v in vars(line_of(row, now=now)).items() if k not in INNER} for row in rows}
    finders = dict(session.exec(select(Issue.id, Issue.found_by).where(col(Issue.id).in_(wanted))).all())
    for one in events:
        yield one.id or 0, {"event": _event(one, finders.get(one.issue_id)), "issue": lines[one.issue_id]}


def _event(event: IssueEvent, finder: str | None) -> Data:
    """As in the API, without what is not told."""
    told = {name: getattr(event, name) for name in EVENT}
    for name in ("actor", "on_behalf_of"):
        if told[name] == finder:
            told[name] = None
    return {**told, "reason": "" if event.action in WITHHELD or event.actor == finder else event.reason}


def _audits(session: Session, refs: Sequence[int], _now: datetime) -> Iterable[tuple[int, Data]]:
    for row in session.connection().execute(_AUDITS, {"ids": refs}).mappings():
        yield row["id"], {"audit": {name: value for name, value in row.items() if name != "id"}}


def _sheets(session: Session, refs: Sequence[int], _now: datetime) -> Iterable[tuple[int, Data]]:
    for row in session.connection().execute(_SHEETS, {"ids": refs}).mappings():
        sheet = dict(row)
        yield row["id"], {"audit": {"number": sheet.pop("number"), "kind": sheet.pop("kind")}, "sheet": sheet}


def _messages(session: Session, refs: Sequence[int], _now: datetime) -> Iterable[tuple[int, Data]]:
    for row in session.connection().execute(_MESSAGES, {"ids": refs}).mappings():
        yield row["id"], {"message": dict(row)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value.isoformat()


_READERS: Mapping[str, Callable[[Session, Sequence[int], datetime], Iterable[tuple[int, Data]]]] = {
    "issue": _issues,
    "audit": _audits,
    "sheet": _sheets,
    "message": _messages,
}
