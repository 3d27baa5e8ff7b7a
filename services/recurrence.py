"""Has this been here before: the same standard at the same point, and whether it is the closed one come back.

For whoever decides about a new issue: within some days of a close-out (`[jump] relapse_days` of the ladder) the closed
issue can be opened again as a relapse, and the new one goes into it. Source: domain 4 and 9c.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.issue import Issue
from models.lifecycle import State
from models.rights import Actor
from services import issues, rulebook
from services.commands import Outcome
from services.sight import sees

DAYS = 60
SHOWN = 5


@dataclass(frozen=True)
class Earlier:
    """An earlier issue about the same at the same point."""

    number: str
    state: State
    found_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Recurrence:
    """`times`: how often within `days`, this one counted; `earlier`: those before that the reader may see, newest
    first; `came_back`: the one that it may be a relapse of."""

    times: int
    days: int
    earlier: Sequence[Earlier]
    came_back: Earlier | None


def recurrence(session: Session, issue: Issue, *, reader: Actor) -> Recurrence:
    """What was found before this one. An issue without a point was nowhere before."""
    days = _days(session)
    if issue.point_code is None:
        return Recurrence(1, days, (), None)
    since = issue.found_at - timedelta(days=days)
    count = session.exec(
        select(func.count()).select_from(Issue).where(*_same(issue), col(Issue.found_at) > since)
    ).one()
    rows = session.exec(select(Issue).where(*_same(issue)).order_by(col(Issue.id).desc()).limit(SHOWN * 4)).all()
    shown = [_earlier(one) for one in rows if one.found_at > since and sees(reader, one)]
    return Recurrence(count + 1, days, shown[:SHOWN], _came_back(session, issue, reader=reader))


def take_as_relapse(
    session: Session, issue: Issue, *, number: str, by: Actor, now: datetime, reason: str, version: int, key: str
) -> Sequence[Outcome]:
    """Open the closed issue again as a relapse and merge the new one into it, both or neither. The caller commits.

    Raises NotFound where that issue is no candidate, SomebodyWasFaster, and what the verbs raise.
    """
    again = session.exec(select(Issue).where(*_same(issue), Issue.number == number)).first()
    if again is None or not sees(by, again):
        raise NotFound(what="issue", code=number)
    how: Mapping[str, object] = {"by": by, "now": now}
    opened = issues.relapse(session, issue_ids=[again.id or 0], reason=reason, key=f"{key}/relapse", **how)  # type: ignore[arg-type]
    merged = issues.merge(
        session, issue_ids=[issue.id or 0], into=again.id or 0, by=by, now=now, version=version, key=f"{key}/merge"
    )
    return [*opened, *merged]


def _same(issue: Issue) -> list[ColumnElement[bool]]:
    """The same standard at the same point, found before; the same category where no standard was chosen."""
    about = (
        col(Issue.standard_code) == issue.standard_code
        if issue.standard_code
        else col(Issue.category_code) == issue.category_code
    )
    return [col(Issue.point_code) == issue.point_code, about, col(Issue.id) < issue.id, col(Issue.state) != State.VOID]


def _came_back(session: Session, issue: Issue, *, reader: Actor) -> Earlier | None:
    """The newest one that was closed some days before at the most; for a new issue alone, and by its standard."""
    if issue.state is not State.FOUND or not issue.standard_code:
        return None
    rules = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "")
    since = issue.found_at - timedelta(days=rules.jump.relapse_days)
    query = select(Issue).where(*_same(issue), Issue.state == State.CLOSED, col(Issue.closed_at) >= since)
    found = session.exec(query.order_by(col(Issue.closed_at).desc())).first()
    return _earlier(found) if found and sees(reader, found) else None


def _earlier(issue: Issue) -> Earlier:
    return Earlier(issue.number, issue.state, issue.found_at, issue.closed_at)


def _days(session: Session) -> int:
    policy = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "").policy
    return int(policy.get("hotspot", {}).get("days", DAYS))
