"""What is known already: open issues at the same place about the same thing, for whoever may see them.

Triage looks for the same standard at the same point (services/situations.py); the person who stands there is asked
about the neighbourhood too, and where no standard was chosen, about the category.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.issue import Evidence, EvidenceKind, Issue
from models.lifecycle import BY_ACTION, Action, State
from models.rights import Actor, roles_on
from services import rulebook
from services.reporting_places import METRES, Place, box
from services.sight import sees

WITHIN = 100
"""Metres, where the city's policy names none: a phone's position is off by some tens of them between houses."""
LOOKED_AT, OFFERED = 50, 5
OPEN_NEAR = (
    "SELECT p.id, {metres} AS metres FROM issue p WHERE p.state NOT IN ('closed', 'void') AND {place}"
    " AND {what} ORDER BY p.point_code IS DISTINCT FROM :point, metres NULLS LAST, p.id DESC LIMIT :most"
)


@dataclass(frozen=True)
class Similar:
    """An open issue that may be the same. `metres` from the position of the report; `photo` is its first one's id."""

    number: str
    state: State
    description: str
    found_at: datetime
    address: str
    standard: str | None
    metres: int | None
    photo: int | None
    may_add: bool


def similar(
    session: Session, *, place: Place | None, standard: str | None, category: str | None, by: Actor
) -> Sequence[Similar]:
    """Open issues of the same standard (else category) at the same point or near it that the actor may see.

    How near: `[duplicate] radius_m` of the city's policy.
    """
    if place is None or not (standard or category):
        return []
    rows = _candidates(session, place, standard, category)
    issues = {issue.id: issue for issue in session.exec(select(Issue).where(col(Issue.id).in_(rows)))}
    seen = [issues[key] for key in rows if key in issues and sees(by, issues[key])][:OFFERED]
    photos = _photos(session, [issue.id or 0 for issue in seen])
    return [_offer(issue, rows[issue.id or 0], photos.get(issue.id or 0), by) for issue in seen]


def may_add(actor: Actor, issue: Issue) -> bool:
    """Whether the actor may add a photo to this issue."""
    line = BY_ACTION[Action.ATTACH]
    return issue.state in line.come_from and bool(roles_on(actor, issue) & line.who)


def _candidates(session: Session, place: Place, standard: str | None, category: str | None) -> dict[int, int | None]:
    what = "p.standard_code = :standard" if standard else "p.category_code = :category"
    here = place.lat is not None and place.lng is not None
    where = [f"({'p.lat BETWEEN :south AND :north AND p.lng BETWEEN :west AND :east'})"] * here
    where += ["p.point_code = :point"] * bool(place.point)
    if not where:
        return {}
    query = OPEN_NEAR.format(metres=METRES if here else "NULL", place=f"({' OR '.join(where)})", what=what)
    given = {"standard": standard, "category": category, "point": place.point, "most": LOOKED_AT}
    around = {"lat": place.lat, "lng": place.lng, **box(place.lat or 0, place.lng or 0, _radius(session))}
    rows = session.connection().execute(text(query), {**given, **around}).all()
    return {key: None if metres is None else round(metres) for key, metres in rows}


def _radius(session: Session) -> float:
    policy = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "").policy
    return float(policy.get("duplicate", {}).get("radius_m", WITHIN))


def _photos(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """The first photo of each."""
    query = (
        select(col(Evidence.issue_id), col(Evidence.id))
        .where(col(Evidence.issue_id).in_(ids), col(Evidence.kind) == EvidenceKind.BEFORE)
        .where(~col(Evidence.media_type).startswith("video/"))
        .distinct(col(Evidence.issue_id))
        .order_by(col(Evidence.issue_id), col(Evidence.id))
    )
    return {issue: key or 0 for issue, key in session.exec(query)}


def _offer(issue: Issue, metres: int | None, photo: int | None, by: Actor) -> Similar:
    return Similar(
        number=issue.number,
        state=issue.state,
        description=issue.description,
        found_at=issue.found_at,
        address=issue.address,
        standard=issue.standard_code,
        metres=metres,
        photo=photo,
        may_add=may_add(by, issue),
    )
