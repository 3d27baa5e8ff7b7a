"""Somebody reports what they found on the way: a new issue, or more proof of one that is known already.

What a reporter may say is a Report and nothing else; the rest comes from the point, the standard and who they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import MissingInput
from models.issue import EvidenceKind, FoundLevel, Issue, Source
from models.lifecycle import Action, State
from models.permissions import Right, held, must_hold
from models.rights import Actor
from models.unit import OwnerKind, PostKind, Unit
from services import issues, reporting_similar, uploads
from services.findings import Finding, issue_numbers
from services.reporting_places import Place
from services.reporting_similar import Similar
from services.rulebook import the_city
from services.sight import must_see

FOUND_LEVELS: Mapping[int, FoundLevel] = {
    1: FoundLevel.CITY,
    2: FoundLevel.DISTRICT,
    3: FoundLevel.STREET,
    4: FoundLevel.COMMUNITY,
    5: FoundLevel.COMMUNITY,
}
TOLD_TO_THE_OFFICE = (
    *(Source.SELF_CHECK, Source.ANNOUNCED, Source.HOTLINE, Source.SNAPSHOT),
    *(Source.MEDIA, Source.SUPERIOR, Source.THIRD_PARTY),
)
"""Sources that who takes a report in may name; the others come from rounds."""
STILL_WRONG = frozenset({State.FOUND, State.ASSIGNED, State.RECTIFYING, State.SHELVED})
"""Until somebody hands in proof, a photo shows how it was before."""


@dataclass(frozen=True)
class Report:
    """What the reporter says. `key` is made once for each report, so that sending it twice makes one issue.

    `severity` and `source` count only for who takes reports in (Right.CLASSIFY). `anew`: those that are like it were
    seen, and it is another one.
    """

    key: str
    description: str
    place: Place | None = None
    category: str | None = None
    standard: str | None = None
    severity: str | None = None
    source: Source | None = None
    uploads: tuple[str, ...] = ()
    anew: bool = False


@dataclass(frozen=True)
class Sent:
    """What became of a report: an issue's number, or those that it may be the same as (then nothing was written)."""

    number: str = ""
    repeated: bool = False
    known: Sequence[Similar] = ()


def report(session: Session, report: Report, *, by: Actor, now: datetime) -> Sent:
    """Register it, unless something like it is open there and the reporter has not seen that yet.

    Raises ActionNotAllowed, MissingInput, WrongValue, NotFound (also for a photo that is not there any more).
    """
    city = the_city(session).code
    must_hold(by, Right.REPORT, city=city)
    place = report.place
    if place is None:
        raise MissingInput(action=Action.FIND.value, missing="point / area")
    report = replace(report, key=f"report:{by.code}:{report.key}")
    issue_numbers(session, 0, now=now)  # waits for who sends the same just now, lest they be shown it as known already
    if number := sent_as(session, report.key):
        return Sent(number, repeated=True)
    if not report.anew and (known := _known(session, report, place, by)):
        return Sent(known=known)
    finding = _finding(session, report, place, by=by, city=city, now=now)
    (outcome,) = issues.find(session, findings=[finding], by=by, now=now)
    return Sent(outcome.number, repeated=outcome.repeated)


def add(session: Session, number: str, report: Report, *, by: Actor, now: datetime) -> str:
    """It is that one: the photos and words are added to it. Sending it twice adds them once. Returns its number.

    Raises NotFound for an issue that the actor may not see, ActionNotAllowed, ActionNotPossible once it has ended.
    """
    issue = must_see(session, by, number)
    words = report.description.strip()
    if not report.uploads and not words:
        raise MissingInput(action=Action.ATTACH.value, missing="evidence")
    key = f"report:{by.code}:{report.key}"
    how: dict[str, Any] = {"issue_ids": [issue.id], "by": by, "now": now}
    if report.uploads:
        kind = EvidenceKind.BEFORE if issue.state in STILL_WRONG else EvidenceKind.OTHER
        pieces = uploads.pieces(session, report.uploads, by=by.code, kind=kind, now=now)
        issues.attach(session, evidence=pieces, key=f"{key}:photos", **how)
    if words:
        issues.comment(session, text=words, key=f"{key}:words", **how)
    return issue.number


def may_classify(actor: Actor, *, city: str, area_path: str) -> bool:
    """Whether the actor may say how severe it is and where it comes from, at this place."""
    return held(actor, Right.CLASSIFY, city=city).covers(area_path=area_path)


def found_level(session: Session, actor: Actor) -> FoundLevel:
    """The highest level at which the actor holds a post; who holds one of a unit finds at the level of the unit."""
    levels = [post.level for post in actor.all_posts if post.owner_kind is OwnerKind.AREA]
    units = [post.owner_code for post in actor.all_posts if post.owner_kind is OwnerKind.UNIT]
    if not levels and units:
        levels = list(_levels_of_units(session, units))
    return FOUND_LEVELS.get(min(levels, default=1), FoundLevel.CITY)


def sent_as(session: Session, key: str) -> str | None:
    """The number of the issue that this key has made already."""
    return session.exec(select(Issue.number).where(col(Issue.external_ref) == key)).first()


def _levels_of_units(session: Session, units: Sequence[str]) -> Sequence[int]:
    query = select(Area.level).join(Unit, col(Unit.area_code) == col(Area.code)).where(col(Unit.code).in_(units))
    return session.exec(query).all()


def _known(session: Session, report: Report, place: Place, by: Actor) -> Sequence[Similar]:
    category = report.category or place.category
    return reporting_similar.similar(session, place=place, standard=report.standard, category=category, by=by)


def _finding(session: Session, report: Report, place: Place, *, by: Actor, city: str, now: datetime) -> Finding:
    pieces = uploads.pieces(session, report.uploads, by=by.code, kind=EvidenceKind.BEFORE, now=now)
    classified = may_classify(by, city=city, area_path=place.area_path)
    source = report.source if classified and report.source in TOLD_TO_THE_OFFICE else None
    return Finding(
        description=report.description,
        source=source or _source_of(by),
        found_level=found_level(session, by),
        point=place.point,
        area=place.area,
        category=report.category,
        standard=report.standard,
        severity=(report.severity or None) if classified else None,
        address=place.address,
        lat=place.lat,
        lng=place.lng,
        key=report.key,
        evidence=tuple(pieces),
    )


def _source_of(actor: Actor) -> Source:
    """An inspector's walk is an announced inspection; everybody else looks after their own."""
    inspects = any(post.kind is PostKind.INSPECTOR for post in actor.all_posts)
    return Source.ANNOUNCED if inspects else Source.SELF_CHECK
