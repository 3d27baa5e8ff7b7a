"""The same action on several issues at once: what is possible for each, and what became of each.

Nothing is done by halves unseen: every issue is decided by itself at the one door, and each answer is given back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.errors import DubanError, NotFound, WrongValue
from models.issue import Issue
from models.lifecycle import BY_ACTION, Action
from models.rights import Actor
from models.unit import Unit
from services import reminders, sight
from services.acting import MOVES_NOTHING, Seen, version_of
from services.commands import Command
from services.offers import offers
from services.papers.stationery import Stationery
from services.transition import attempt

MOST = 200
"""Issues at once."""
REMIND = Action.REMIND
"""Told at once and once a day, with the reminder notice (催办通知书), where the ladder has come to it."""
TOGETHER: tuple[Action, ...] = (
    *(Action.ASSIGN, Action.SIGN_IN, REMIND, Action.ASK_EXTENSION, Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION),
    *(Action.GRANT_RETURN, Action.REFUSE_RETURN, Action.GRANT_SHELVING, Action.REFUSE_SHELVING, Action.RESUME),
    *(Action.CLOSE_OUT, Action.VOID, Action.COMMENT),
)
"""What may be done to several with the same words. Verifying is not: each place is looked at."""
TEXTS = frozenset({"reason", "text", "amount", "to"})
"""What a page may hand over; anything else that is sent is left alone."""


@dataclass(frozen=True)
class Choice:
    """One action, and the issues (by number) on which the reader may take it now."""

    action: Action
    needs: frozenset[str]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Fate:
    """What became of one issue. `error`: why nothing was done to it."""

    number: str
    error: DubanError | None = None
    repeated: bool = False


def chosen(session: Session, by: Actor, numbers: Sequence[str]) -> tuple[list[Issue], list[str]]:
    """The issues with these numbers that the reader may see, in that order, and the numbers that are not there.

    Raises WrongValue for more than 200 or none.
    """
    wanted = list(dict.fromkeys(number for number in numbers if number and "\x00" not in number))
    if not 0 < len(wanted) <= MOST:
        raise WrongValue(field="issue", value=len(wanted), expected=f"1–{MOST}")
    rows = session.exec(select(Issue).where(col(Issue.number).in_(wanted)))
    found = {issue.number: issue for issue in rows if sight.sees(by, issue)}
    return [found[one] for one in wanted if one in found], [one for one in wanted if one not in found]


def choices(session: Session, by: Actor, issues: Sequence[Issue], *, now: datetime) -> list[Choice]:
    """What the reader may do, and to which of them; in the order of the table above."""
    offered = offers(session, by, issues, now=now, only=TOGETHER)
    possible: dict[Action, list[str]] = {action: [] for action in TOGETHER}
    for issue in issues:
        for offer in offered[issue.id or 0]:
            if offer.hindrance is None:
                possible[offer.action].append(issue.number)
        if reminders.may_remind(session, issue, by):
            possible[REMIND].append(issue.number)
    return [Choice(action, BY_ACTION[action].needs, tuple(found)) for action, found in possible.items() if found]


def act(
    session: Session,
    action: Action,
    issues: Sequence[Issue],
    *,
    by: Actor,
    now: datetime,
    given: Mapping[str, str],
    seen: Mapping[str, Seen],
    key: str,
    stationery: Stationery,
) -> list[Fate]:
    """Do it to each that allows it; the caller commits. `seen`: as the reader saw them, by number.

    Time alone, a comment or a paper in between does not stand in the way. The same key again does nothing twice.
    Raises WrongValue for an action that is not for several, NotFound for an unknown unit.
    """
    if action not in TOGETHER:
        raise WrongValue(field="action", value=action.value, expected=", ".join(TOGETHER))
    if action is REMIND:
        return [_remind(session, issue, by, now, stationery) for issue in issues]
    numbers = [issue.number for issue in issues]
    more = {"to", "reason"} if action is Action.ASSIGN else {"amount", "reason"}
    data = _data(session, given, needs=BY_ACTION[action].needs | more)
    commands = [
        Command(action, by, issue.id, data, version=_version(session, action, issue, seen), key=f"page/{by.code}/{key}")
        for issue in issues
    ]
    done = attempt(session, commands, now=now)
    return [_fate(number, one.error, one.repeated) for number, one in zip(numbers, done, strict=True)]


def _version(session: Session, action: Action, issue: Issue, seen: Mapping[str, Seen]) -> int | None:
    """The version to insist on. A comment is right whatever happened meanwhile."""
    read = seen.get(issue.number)
    return None if read is None or action in MOVES_NOTHING else version_of(session, issue, read)


def _data(session: Session, given: Mapping[str, str], *, needs: Collection[str]) -> dict[str, Any]:
    data = {name: value for name, value in given.items() if name in TEXTS and name in needs and value}
    if "to" in data and session.get(Unit, data["to"]) is None:
        raise NotFound(what="unit", code=data["to"])
    return data


def _fate(number: str, error: Exception | None, repeated: bool) -> Fate:
    if error is not None and not isinstance(error, DubanError):
        raise error
    return Fate(number, error, repeated)


def _remind(session: Session, issue: Issue, by: Actor, now: datetime, stationery: Stationery) -> Fate:
    number = issue.number
    try:
        done = reminders.remind(session, issue, by=by, now=now, stationery=stationery)
    except DubanError as error:
        return Fate(number, error)
    return Fate(number, repeated=done.repeated)
