"""Somebody who must sign in, and stays silent: after some minutes the next of their channels takes over.

When such a message ends as sent, it gets the time until which silence is fine (`answer_by`). Past that, with the issue
still waiting to be signed in and the message unread, it is taken into work again: the doors that it went through count
as passed by, none is used twice, and where no other is left nothing is sent. Minutes per severity: the city's policy
`silent_after`, else the table here; 0 is never. In quiet hours nobody is expected to answer, except to what is urgent.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.lifecycle import State
from notifications.claiming import Work
from notifications.material import read_city
from notifications.planning import URGENT
from notifications.quiet import city_opens_at

SIGN_IN_WANTED = frozenset({"assigned", "assignment_slip", "sign_in_reminder"})
# Minutes. Well within the limits for signing in (domain 9b: 30 minutes for S1, working hours for the others).
SILENT_AFTER: Mapping[str, int] = {"S1": 5, "S2": 20, "S3": 60, "S4": 120, "S5": 120, "S6": 240}
AT_ONCE = 500
_WANTED = (
    "b.kind = ANY(:kinds) AND b.read_at IS NULL AND i.state = 'assigned' AND i.assigned_at <= b.created_at"
    " AND split_part(b.post_code, ':', 1) = i.lead_unit"
)
_WAKE = text(
    "WITH due AS (SELECT m.id,"
    f"   EXISTS (SELECT 1 FROM message b JOIN issue i ON i.id = b.issue_id WHERE b.id = m.id AND {_WANTED})"
    "   OR m.kind = 'digest' AND EXISTS (SELECT 1 FROM message b JOIN issue i ON i.id = b.issue_id"
    f"    WHERE b.bundle_id = m.id AND {_WANTED}) AS wanted"
    "  FROM message m WHERE m.state = 'sent' AND m.answer_by <= :now AND (m.urgency = :urgent OR NOT :quiet)"
    "  ORDER BY m.answer_by LIMIT :most FOR UPDATE OF m SKIP LOCKED)"
    " UPDATE message AS m SET answer_by = NULL,"
    "  state = CASE WHEN due.wanted THEN 'pending' ELSE m.state END,"
    "  silent_at = CASE WHEN due.wanted THEN CAST(:now AS timestamptz) ELSE m.silent_at END,"
    "  not_before = CASE WHEN due.wanted THEN CAST(:now AS timestamptz) ELSE m.not_before END,"
    "  finished_at = CASE WHEN due.wanted THEN NULL ELSE m.finished_at END"
    " FROM due WHERE m.id = due.id RETURNING due.wanted"
)
_ANY_DUE = text("SELECT EXISTS (SELECT 1 FROM message WHERE state = 'sent' AND answer_by <= :now)")


def answer_by(work: Work, *, at: datetime) -> datetime | None:
    """Until when the readers of a message that was sent now may stay silent; None where nothing would follow.

    A digest waits as long as the most urgent of what it holds.
    """
    policy = work.material.city.policy
    minutes = [minutes_of(severity, policy=policy) for severity in _severities(work)]
    soonest = min((one for one in minutes if one > 0), default=None)
    return at + timedelta(minutes=soonest) if soonest and _another_way(work, at) else None


def _severities(work: Work) -> Iterator[str]:
    """Of the issues that the readers have to sign in."""
    message, issue = work.message, work.material.issue
    if issue and _wants_sign_in(message.kind, message.post_code, issue):
        yield str(issue["severity"])
    for line in work.material.bundled:
        if _wants_sign_in(line["kind"], line["post_code"], line):
            yield str(line["severity"])


def minutes_of(severity: str, *, policy: Mapping[str, Any]) -> float:
    """How long somebody may stay silent on an issue of this severity, in minutes; 0 for as long as they like."""
    theirs = policy.get("silent_after", {})
    return float(theirs.get(severity, SILENT_AFTER.get(severity, 0)))


def _wants_sign_in(kind: str, post_code: str | None, issue: Mapping[str, Any]) -> bool:
    """To the unit that has to sign in; superiors and chiefs of the place are only informed."""
    unit = (post_code or "").split(":")[0]
    return kind in SIGN_IN_WANTED and unit == issue["lead_unit"] and issue["state"] == State.ASSIGNED


def _another_way(work: Work, at: datetime) -> bool:
    """Whether a reader has a door left that this message has not gone through, were all sent so far passed by."""
    then = at + timedelta(minutes=1)
    for reader in work.readers:
        planned = work.plan_for(reader, at=at, silent_since=then)
        if planned.tries or planned.wait_until:
            return True
    return False


def wake_silent(session: Session, *, now: datetime) -> int:
    """Take up again what brought no answer in time; returns how many messages. The caller commits.

    Costs what is due. What was signed in or read meanwhile, or belongs to an earlier assignment, is let be.
    """
    if not session.connection().execute(_ANY_DUE, {"now": now}).scalar_one():
        return 0
    city = read_city(session)
    quiet = city_opens_at(now, policy=city.policy, zone=city.zone) is not None
    values = {"now": now, "quiet": quiet, "urgent": URGENT, "most": AT_ONCE, "kinds": sorted(SIGN_IN_WANTED)}
    return sum(wanted for (wanted,) in session.connection().execute(_WAKE, values))
