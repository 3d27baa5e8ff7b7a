"""Following a link of a message: may it still be used, what does it show, and doing the one thing that it is for.

1. Take the nonce: whoever comes second waits here, and is told that it is done.
2. Look whether the link still holds: not expired, the issue where it was, the person who they were.
3. Do it as that person, through the same verbs and the one door as everybody.

All in the caller's transaction. Unless `follow` says OPEN the caller takes it back, and the link stays unused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from models.errors import NotFound
from models.issue import Issue
from models.lifecycle import BY_ACTION, State
from models.link import LinkUse, Purpose, Ticket
from models.rights import Actor, is_independent, roles_on
from notifications.links import DOES
from services import issues, people, requests

KEPT = timedelta(days=30)
"""How long it is remembered that a link was used, after it has expired: until then it says so when it is opened."""


class Standing(StrEnum):
    """Whether a link may be used. `again`: it was used, from this very page. `not_yet`: to be signed in first."""

    OPEN = "open"
    AGAIN = "again"
    USED = "used"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    MOVED_ON = "moved_on"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Looked:
    """How a link stands. Its issue and its person are there only while it may be used: no other page can show them."""

    standing: Standing
    issue: Issue | None = None
    actor: Actor | None = None


def look(session: Session, ticket: Ticket, *, now: datetime, form: str | None = None) -> Looked:
    """How a link stands, seen from one of our pages (`form`) or from none. Writes nothing."""
    used = _used(session, ticket, form)
    return Looked(used) if used else _look(session, ticket, now)


def follow(session: Session, ticket: Ticket, *, form: str, given: Mapping[str, Any], now: datetime) -> Standing:
    """Do what the link is for, with what the person gave; `form` names the page that it came from.

    Returns OPEN when it is done now, else how the link stands. Raises what the verb raises. Not for `read` links.
    """
    if not _take(session, ticket, form, now):
        return _used(session, ticket, form) or Standing.USED
    looked = _look(session, ticket, now)
    if looked.issue is None or looked.actor is None:
        return looked.standing
    issue = looked.issue
    how = {"issue_ids": [issue.id or 0], "by": looked.actor, "now": now, "version": issue.version}
    ACTS[ticket.purpose](session, given, how)
    return Standing.OPEN


def forget(session: Session, *, now: datetime) -> int:
    """Forget links that expired long ago. Returns how many."""
    gone = session.connection().execute(delete(LinkUse).where(col(LinkUse.expires_at) < now - KEPT))
    return int(gone.rowcount)


def _take(session: Session, ticket: Ticket, form: str, now: datetime) -> bool:
    """Whether the link is ours to use. Of two at once the second waits until the first has ended."""
    row = {
        "nonce": ticket.nonce,
        "purpose": ticket.purpose,
        "issue_id": ticket.issue_id,
        "person_code": ticket.person,
        "form": form,
        "used_at": now,
        "expires_at": ticket.expires_at,
    }
    taken = insert(LinkUse).values(row).on_conflict_do_nothing().returning(col(LinkUse.nonce))
    return session.connection().execute(taken).first() is not None


def _used(session: Session, ticket: Ticket, form: str | None) -> Standing | None:
    row = session.get(LinkUse, ticket.nonce, populate_existing=True)
    if row is None:
        return None
    return Standing.AGAIN if row.form == form else Standing.USED


def _look(session: Session, ticket: Ticket, now: datetime) -> Looked:
    """All but whether it was used."""
    if ticket.expires_at <= now:
        return Looked(Standing.EXPIRED)
    issue = session.get(Issue, ticket.issue_id, populate_existing=True)
    if issue is None or _has_moved_on(issue, ticket):
        return Looked(Standing.MOVED_ON)
    if _waits_for_signature(issue, ticket):
        return Looked(Standing.NOT_YET)
    try:
        actor = people.actor(session, ticket.person, now=now)
    except NotFound:
        return Looked(Standing.NOT_YOURS)
    if not _may(actor, issue, ticket):
        return Looked(Standing.NOT_YOURS)
    return Looked(Standing.OPEN, issue, actor)


def _has_moved_on(issue: Issue, ticket: Ticket) -> bool:
    """Another life of the issue, or a state in which there is nothing to do here. To look at it is always possible."""
    if ticket.purpose is Purpose.READ:
        return False
    same = (issue.cycle, issue.rework) == (ticket.cycle, ticket.rework)
    possible = issue.state in BY_ACTION[DOES[ticket.purpose]].come_from or _waits_for_signature(issue, ticket)
    return not (same and possible)


def _waits_for_signature(issue: Issue, ticket: Ticket) -> bool:
    """The message of an assignment holds both links: to sign in, and to hand in proof after that."""
    return ticket.purpose is Purpose.HAND_IN and issue.state == State.ASSIGNED


def _may(actor: Actor, issue: Issue, ticket: Ticket) -> bool:
    """Whether the person is still who they were. The door asks again, and knows more."""
    if ticket.purpose is Purpose.READ:
        posts = {f"{post.owner_code}:{post.kind}" for post in actor.all_posts}
        return ticket.post in posts if ticket.post else bool(roles_on(actor, issue))
    if ticket.purpose is Purpose.VERIFY and not is_independent(actor, issue):
        return False
    return bool(roles_on(actor, issue) & BY_ACTION[DOES[ticket.purpose]].who)


How = Mapping[str, Any]
Given = Mapping[str, Any]


def _sign_in(session: Session, _: Given, how: How) -> object:
    return issues.sign_in(session, **how)


def _hand_in(session: Session, given: Given, how: How) -> object:
    return issues.submit(
        session, result=given["result"], measure=given.get("measure"), evidence=given.get("evidence", ()), **how
    )


def _more_time(session: Session, given: Given, how: How) -> object:
    return requests.ask_extension(session, reason=given["reason"], amount=given["amount"], **how)


def _verify(session: Session, given: Given, how: How) -> object:
    evidence = given.get("evidence", ())
    if given["passed"]:
        return issues.pass_verification(session, note=given.get("note", ""), evidence=evidence, **how)
    return issues.fail_verification(session, reason=given["note"], evidence=evidence, **how)


def _confirm(session: Session, given: Given, how: How) -> object:
    """Who is not content disputes it, as long as it is not closed."""
    return issues.call_back(session, answer=given["answer"], note=given.get("note", ""), **how)


ACTS: Mapping[Purpose, Callable[[Session, Given, How], object]] = {
    Purpose.SIGN_IN: _sign_in,
    Purpose.HAND_IN: _hand_in,
    Purpose.MORE_TIME: _more_time,
    Purpose.VERIFY: _verify,
    Purpose.CONFIRM: _confirm,
}
