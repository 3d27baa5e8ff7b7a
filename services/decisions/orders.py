"""Supervision orders (督办单) while they are answered: the unit replies in writing, an office reviews what it says."""

from collections.abc import Mapping
from typing import Any

from models.errors import ActionNotPossible, MissingInput, NoOpenOrder, WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, Action, State
from services.commands import Command, Decision, Known, Row, need

ACCEPTED, RETURNED, WITHDRAWN = "accepted", "returned", "withdrawn"
VERDICTS = (ACCEPTED, RETURNED, WITHDRAWN)
"""A reply is taken or goes back to the unit; an order that nobody stands behind is withdrawn."""


def reply_order(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Answer every supervision order that is open on this issue, in writing. Raises NoOpenOrder where none is."""
    need(issue.orders_unanswered > 0, NoOpenOrder(number=issue.number))
    row = Row("order_reply", {"reply": command.data["reply"], "replied_by": command.by.code, "replied_at": known.now})
    facts = {"reply": command.data["reply"]}
    return [Decision(Action.REPLY_ORDER, {"orders_unanswered": 0}, facts, rows=(row,), check_at=_check(issue, known))]


def review_order(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """What becomes of one order: its reply accepted or returned, or the order withdrawn. services/accountability asks.

    An order is open again while its reply is with the unit, so that the issue is not closed out without one.
    Raises MissingInput without a reason, WrongValue, ActionNotPossible where the issue has gone on.
    """
    verdict, reason = str(command.data["verdict"]), str(command.data.get("reason") or "")
    need(verdict in VERDICTS, WrongValue(field="verdict", value=verdict, expected=", ".join(VERDICTS)))
    need(reason or verdict == ACCEPTED, MissingInput(action=Action.REVIEW_ORDER.value, missing="reason"))
    goes_on = issue.state in OPEN and int(command.data["cycle"]) == issue.cycle
    need(goes_on or verdict != RETURNED, ActionNotPossible(action=Action.REVIEW_ORDER.value, state=issue.state.value))
    facts = {"order": command.data["order"], "verdict": verdict}
    row = Row("order_review", {"number": command.data["order"], "verdict": verdict, "at": known.now})
    changes = _open_orders(issue, verdict) if goes_on else {}
    check_at = _check(issue, known) if verdict == WITHDRAWN else None
    return [Decision(Action.REVIEW_ORDER, changes, facts, rows=(row,), reason=reason, quiet=True, check_at=check_at)]


def _open_orders(issue: Issue, verdict: str) -> Mapping[str, Any]:
    change = {ACCEPTED: 0, RETURNED: 1, WITHDRAWN: -1}[verdict]
    return {"orders_unanswered": max(0, issue.orders_unanswered + change)} if change else {}


def _check(issue: Issue, known: Known) -> Any:
    """A verified issue is looked at again when something it may have waited for has happened."""
    return known.now if issue.state == State.VERIFIED else None
