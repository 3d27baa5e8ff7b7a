"""What the page of a link shows of its issue: as much as the message said, its photos, and how much time is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from models.area import Area
from models.calendar import Calendar
from models.deadlines import ClockType, Limit, day_length, time_between
from models.errors import NotFound
from models.evidence import Video
from models.issue import Evidence, EvidenceKind, Issue
from models.lifecycle import State
from models.link import Purpose
from models.point import Point
from models.rules import Rules, SeverityRule
from models.standard import Standard
from models.unit import Person, Unit
from services import evidence_view, rulebook
from services.evidence import Place
from services.evidence_view import Copy
from services.photos import IMAGES, preview
from services.videos import VIDEOS

SHOWN = IMAGES
"""What can be shown as a picture; papers are downloads."""


@dataclass(frozen=True)
class Left:
    """Time until a deadline, negative when it has passed. `day`: minutes of a day of this clock, which may be working
    time."""

    minutes: float
    day: float
    working: bool


class Until(StrEnum):
    """What is to be done by the deadline that is shown."""

    SIGN_IN = "sign_in"
    RECTIFY = "rectify"
    VERIFY = "verify"
    CLOSE = "close"


@dataclass(frozen=True)
class Extension:
    """How much more time may be asked for. `most` None: no limit but the judgement of who grants it."""

    clock: ClockType
    most: Limit | None
    times: int
    used: int


@dataclass(frozen=True)
class View:
    """One issue for one person. `due_at` is the deadline of what this link is for, `until` says what that is.

    Photos are keys of evidence; so are `films`: videos of before, and of after this time.
    """

    issue: Issue
    city: str
    city_en: str
    timezone: str
    person: str
    place: str
    unit: str
    severity: SeverityRule
    until: Until
    due_at: datetime | None
    left: Left | None
    extension: Extension
    proof_wanted: bool
    before: Sequence[int]
    after: Sequence[int]
    films: Sequence[tuple[int, Video]]


def view(session: Session, issue: Issue, *, purpose: Purpose, person: str, now: datetime) -> View:
    """What is shown of an issue."""
    city = rulebook.the_city(session)
    rules = rulebook.rules(session, issue.rule_set_code or city.rule_set_code or "")
    calendar = rulebook.calendar(session, issue.calendar_version or city.calendar_version or 0)
    severity = rules.severity(issue.severity)
    until, due_at, clock = _deadline(issue, purpose, severity)
    reader = session.get(Person, person)
    unit = session.get(Unit, issue.lead_unit) if issue.lead_unit else None
    return View(
        issue=issue,
        city=city.name,
        city_en=city.name_en,
        timezone=city.timezone,
        person=reader.name if reader else person,
        place=_place(session, issue),
        unit=unit.name if unit else "",
        severity=severity,
        until=until,
        due_at=due_at,
        left=_left(calendar, now, due_at, clock) if due_at else None,
        extension=_extension(issue, rules),
        proof_wanted=_proof_wanted(session, issue),
        before=_photos(session, issue, EvidenceKind.BEFORE),
        after=_photos(session, issue, EvidenceKind.AFTER),
        films=_films(session, issue),
    )


def film(session: Session, issue: Issue, key: int, *, folder: Place) -> Copy:
    """A video of the issue. Raises NotFound, also for one that is withheld."""
    row = session.get(Evidence, key)
    if row is None or row.issue_id != issue.id or row.media_type not in VIDEOS:
        raise NotFound(what="evidence", code=key)
    return evidence_view.copy_for(session, folder, row)


def photo(session: Session, issue: Issue, key: int, *, folder: Place) -> bytes:
    """A small JPEG of one photo of the issue, as people are shown it. Raises NotFound, NotReadable."""
    row = session.get(Evidence, key)
    if row is None or row.issue_id != issue.id or row.media_type not in SHOWN:
        raise NotFound(what="evidence", code=key)
    return preview(evidence_view.copy_for(session, folder, row).read())


def _deadline(issue: Issue, purpose: Purpose, severity: SeverityRule) -> tuple[Until, datetime | None, ClockType]:
    """Whoever reported it is shown none: by when an office closes it does not concern them."""
    if issue.state == State.ASSIGNED and purpose in (Purpose.SIGN_IN, Purpose.READ):
        return Until.SIGN_IN, issue.sign_in_due_at, severity.sign_in.clock
    if issue.state == State.RECTIFIED:
        return Until.VERIFY, issue.stage_due_at, severity.verify.clock
    if issue.state == State.VERIFIED:
        shown = None if purpose is Purpose.CONFIRM else issue.stage_due_at
        return Until.CLOSE, shown, severity.close.clock
    running = issue.state in (State.ASSIGNED, State.RECTIFYING)
    return Until.RECTIFY, issue.due_at if running else None, severity.limit.clock


def _left(calendar: Calendar, now: datetime, due_at: datetime, clock: ClockType) -> Left:
    minutes = time_between(calendar, start=now, end=due_at, clock=clock)
    days = ClockType.WORKING_DAYS if clock.is_working else ClockType.NATURAL_DAYS
    return Left(minutes, day_length(calendar, days) / 60_000_000, clock.is_working)


def _extension(issue: Issue, rules: Rules) -> Extension:
    severity = rules.severity(issue.severity)
    most = severity.extension.most
    clock = most.clock if most else severity.limit.clock
    return Extension(clock, most, severity.extension.times, issue.extensions)


def _place(session: Session, issue: Issue) -> str:
    point = session.get(Point, issue.point_code) if issue.point_code else None
    area = session.get(Area, issue.area_code)
    return " · ".join(part for part in (area.name if area else "", point.name if point else issue.address) if part)


def _proof_wanted(session: Session, issue: Issue) -> bool:
    """Whether a photo must come with the work; some standards, such as those about conduct, ask for none."""
    if issue.version_code is None or issue.standard_code is None:
        return True
    standard = session.get(Standard, (issue.version_code, issue.standard_code))
    return standard is None or standard.evidence != "none"


def _photos(session: Session, issue: Issue, kind: EvidenceKind) -> list[int]:
    query = (
        select(col(Evidence.id))
        .where(Evidence.issue_id == issue.id, Evidence.cycle == issue.cycle, Evidence.kind == kind)
        .where(col(Evidence.media_type).in_(SHOWN))
        .order_by(col(Evidence.id))
    )
    return [key for key in session.exec(query) if key is not None]


def _films(session: Session, issue: Issue) -> list[tuple[int, Video]]:
    query = (
        select(Evidence, Video)
        .join(Video, col(Video.sha256) == col(Evidence.sha256))
        .where(Evidence.issue_id == issue.id, Evidence.cycle == issue.cycle, Video.fault == "")
        .where(~col(Video.withheld), col(Evidence.media_type).in_(VIDEOS))
        .order_by(col(Evidence.id))
    )
    return [(piece.id or 0, video) for piece, video in session.exec(query)]
