"""Writing what was decided: a few statements for a whole batch, all in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from models.appraisal import Survey
from models.errors import SomebodyWasFaster
from models.issue import Evidence, Issue, IssueEvent, Request, SupervisionOrder
from models.lifecycle import Action
from models.message import Message
from models.seal import event_hash
from notifications.audience import audience
from notifications.outbox import message_rows, wake
from services import bulk, rulebook
from services.commands import Decision, Row
from services.papers.filing import PAPER, file_papers

if TYPE_CHECKING:
    from services.situations import Situation
    from services.transition import Worked

ORDER_FORM = "督〔{year}〕{n}号"
"""The document number of a supervision order, where a city says none."""


@dataclass
class Written:
    """One event with the decision it came from."""

    event: dict[str, Any]
    decision: Decision


SIDE_TABLES: Mapping[str, type[SQLModel]] = {
    "evidence": Evidence,
    "request": Request,
    "supervision_order": SupervisionOrder,
    "survey": Survey,
}
SIDE_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "evidence": {"file_name": "", "media_type": "", "size": 0, "taken_at": None},
    "request": {"state": "asked", "decision": ""},
    "supervision_order": {"reply": ""},
}


def write(session: Session, worked: Sequence[Worked], *, situation: Situation, not_before: datetime) -> None:
    """Papers, issues, events, what hangs on them, messages. Raises SomebodyWasFaster when a version does not match."""
    busy = [work for work in worked if work.changed]
    if not busy:
        return
    file_papers(session, busy, now=situation.now)  # before the seal, which covers their numbers
    _seal(busy, situation.now)
    _write_issues(session, busy)
    events = [one.event for work in busy for one in work.written]
    bulk.insert(session, IssueEvent, [_event_row(event) for event in events])
    _write_side_rows(session, busy, situation)
    _settle_requests(session, busy, situation.now)
    _write_messages(session, busy, situation, not_before)


def _seal(worked: Iterable[Worked], now: datetime) -> None:
    for work in worked:
        for one in work.written:
            one.event["at"] = now
            one.event["previous_hash"] = work.issue.seal
            one.event["hash"] = work.issue.seal = event_hash(work.issue.seal, one.event)
        work.changed["seal"] = work.issue.seal


def _write_issues(session: Session, worked: Sequence[Worked]) -> None:
    new = [{**vars(work.issue), "version": 1} for work in worked if work.is_new]
    bulk.insert(session, Issue, new)
    old = [work for work in worked if not work.is_new]
    rows = [{**work.changed, "id": work.issue.id, "version": work.version + 1} for work in old]
    if bulk.update(session, Issue, rows, key=("id",)) != len(rows):  # the rows are locked: this is the belt
        raise SomebodyWasFaster(number=old[0].issue.number)


def _event_row(event: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in event.items() if name != "number"}
    return {**columns, "facts": bulk.document(event["facts"])}


def _write_side_rows(session: Session, worked: Sequence[Worked], situation: Situation) -> None:
    by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for work in worked:
        for row in (row for one in work.written for row in one.decision.rows if row.table != PAPER):
            by_table[row.table].append({**SIDE_DEFAULTS.get(row.table, {}), **row.values, "issue_id": work.issue.id})
            if row.table in ("supervision_order", "order_reply"):
                by_table[row.table][-1]["cycle"] = work.issue.cycle
    for reply in by_table.pop("order_reply", []):
        _reply(session, reply)
    for review in by_table.pop("order_review", []):
        _review(session, review)
    _number_orders(session, by_table.get("supervision_order", []), situation)
    for table, rows in by_table.items():
        bulk.insert(session, SIDE_TABLES[table], _same_columns(rows), or_skip=table == "evidence")


def _same_columns(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = sorted({name for row in rows for name in row})
    return [{name: row.get(name) for name in names} for row in rows]


def _reply(session: Session, reply: Mapping[str, Any]) -> None:
    session.connection().execute(
        text(
            "UPDATE supervision_order SET reply = :reply, replied_by = :replied_by, replied_at = :replied_at"
            " WHERE issue_id = :issue_id AND cycle = :cycle AND replied_at IS NULL AND withdrawn_at IS NULL"
        ),
        dict(reply),
    )


REVIEWED: Mapping[str, str] = {
    "accepted": "accepted_at = :at",
    "returned": "reply = '', replied_by = NULL, replied_at = NULL",
    "withdrawn": "withdrawn_at = :at",
}


def _review(session: Session, review: Mapping[str, Any]) -> None:
    statement = f"UPDATE supervision_order SET {REVIEWED[review['verdict']]} WHERE number = :number"
    session.connection().execute(text(f"{statement} AND issue_id = :issue_id"), dict(review))


def _number_orders(session: Session, orders: Sequence[dict[str, Any]], situation: Situation) -> None:
    """Document numbers (文号) without gaps: taken in the transaction that issues the orders."""
    if not orders:
        return
    city = rulebook.the_city(session)
    year = situation.base.current_calendar.local(situation.now).year
    form = city.pack.get("order_number", ORDER_FORM)
    for order, n in zip(orders, bulk.take_numbers(session, f"order/{year}", len(orders)), strict=True):
        order["number"] = form.format(year=year, n=n)


def _settle_requests(session: Session, worked: Sequence[Worked], now: datetime) -> None:
    """Close the request that was decided; let the others lapse when the issue has moved on without them."""
    settled = [
        {
            "issue_id": work.issue.id,
            "kind": one.decision.settles[0],
            "state": one.decision.settles[1],
            "decided_by": one.event["actor"],
            "decided_at": now,
            "decision": one.event["reason"],
        }
        for work in worked
        for one in work.written
        if one.decision.settles
    ]
    bulk.update(session, Request, settled, key=("issue_id", "kind"), where="t.state = 'asked'")
    moved = [work.issue.id for work in worked if _has_moved_on(work)]
    if moved:
        statement = (
            "UPDATE request SET state = 'lapsed', decided_at = :now WHERE issue_id = ANY(:ids) AND state = 'asked'"
        )
        session.connection().execute(text(statement), {"ids": moved, "now": now})


def _has_moved_on(work: Worked) -> bool:
    return not work.is_new and any(
        one.event["from_state"] != one.event["to_state"] and one.event["action"] is not Action.SIGN_IN
        for one in work.written
    )


def _write_messages(session: Session, worked: Sequence[Worked], situation: Situation, not_before: datetime) -> None:
    rows = [row for work in worked for one in work.written for row in _messages(work, one, situation, not_before)]
    if bulk.insert(session, Message, rows):
        wake(session)


def _messages(work: Worked, one: Written, situation: Situation, not_before: datetime) -> list[dict[str, Any]]:
    if one.decision.quiet:
        return []
    issue, event = work.issue, one.event
    rules, _ = situation.rules_and_calendar(issue)
    recipients = audience(
        event["action"],
        issue=issue,
        step=event["step"],
        facts={**event["facts"], **one.decision.facts},
        rules=rules,
        told=situation.told.get(issue.id or 0, ()),
    )
    if not recipients:
        return []
    facts = bulk.document(_what_happened(one))
    return message_rows(
        recipients, issue=issue, seq=event["seq"], facts=facts, now=situation.now, not_before=not_before
    )


def _what_happened(one: Written) -> dict[str, Any]:
    event = one.event
    shown = ("action", "step", "actor", "on_behalf_of", "reason", "from_state", "to_state")
    return {**event["facts"], **{name: event[name] for name in shown}}


__all__ = ["Row", "Written", "write"]
