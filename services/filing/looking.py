"""Material as people see it: the list, one item with its files and its record, how far each unit has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.filing import WANTED, FilingEvent, FilingFile, FilingItem, FilingState
from models.issue import Issue
from models.permissions import Held, Right, held
from models.rights import Actor
from models.unit import Person, Unit
from services import evidence
from services.documents import DOCUMENTS, ENDINGS
from services.evidence import Place
from services.evidence_view import Copy
from services.filing.after import After
from services.filing.handing_in import may_review
from services.rulebook import the_city

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """Which material. Empty means all; `late`: past its deadline and still wanted."""

    unit: str = ""
    state: str = ""
    late: bool = False
    version: str = ""
    year: int | None = None
    after: After | None = None


@dataclass(frozen=True)
class Line:
    """An item in the list."""

    item: FilingItem
    unit: str
    issue: str | None
    overdue: bool


@dataclass(frozen=True)
class Progress:
    """How far a unit has come. `overdue`: past the deadline and still wanted; `late`: accepted, handed in late."""

    unit: str
    name: str
    items: int
    missing: int
    submitted: int
    returned: int
    accepted: int
    overdue: int
    late: int


@dataclass(frozen=True)
class Event:
    """One act with the files that came with it."""

    event: FilingEvent
    who: str
    files: Sequence[FilingFile]


@dataclass(frozen=True)
class Seen:
    """One item for one reader, with what they may do about it now."""

    item: FilingItem
    unit: str
    reviewer: str
    issue: str | None
    events: Sequence[Event]
    may_file: bool
    may_review: bool
    may_manage: bool

    @property
    def files(self) -> Sequence[FilingFile]:
        """Those of the last submission."""
        return next((one.files for one in reversed(self.events) if one.files), ())


def lines(session: Session, asked: Asked, *, reader: Actor, now: datetime) -> tuple[list[Line], After | None]:
    """A stretch of the list in the order of deadlines, and what the next one begins after."""
    query = (
        select(FilingItem, Unit.name, Issue.number)
        .join(Unit, col(Unit.code) == col(FilingItem.unit_code))
        .join(Issue, col(Issue.id) == col(FilingItem.issue_id), isouter=True)
        .where(*_where(asked, now), *_within(session, reader))
    )
    if asked.after:
        query = query.where(asked.after.behind())
    order = query.order_by(col(FilingItem.due_at), col(FilingItem.id)).limit(PAGE + 1)
    found = [Line(item, unit, issue, _overdue(item, now)) for item, unit, issue in session.exec(order)]
    shown = found[:PAGE]
    return shown, After(shown[-1].item.due_at, shown[-1].item.id or 0) if len(found) > PAGE else None


def every_line(session: Session, asked: Asked, *, reader: Actor, now: datetime) -> Sequence[Line]:
    """All of the list that the reader may see, for a workbook."""
    found: list[Line] = []
    while True:
        page, following = lines(session, asked, reader=reader, now=now)
        found += page
        if following is None:
            return found
        asked = replace(asked, after=following)


def progress(session: Session, asked: Asked, *, reader: Actor, now: datetime) -> list[Progress]:
    """How far each unit has come, those with the most overdue first."""
    state, wanted = col(FilingItem.state), col(FilingItem.state).in_(WANTED)
    late = (state == FilingState.ACCEPTED) & (col(FilingItem.submitted_at) > col(FilingItem.due_at))
    overdue = wanted & (col(FilingItem.due_at) <= now)
    counts = [func.count().filter(state == one) for one in FilingState]
    query = (
        select(Unit.code, Unit.name, func.count(), *counts, func.count().filter(overdue), func.count().filter(late))  # type: ignore[call-overload]
        .select_from(FilingItem)
        .join(Unit, col(Unit.code) == col(FilingItem.unit_code))
        .where(*_where(asked, now), *_within(session, reader))
        .group_by(Unit.code, Unit.name)
    )
    found = [Progress(*row) for row in session.exec(query)]
    return sorted(found, key=lambda one: (-one.overdue, -one.missing - one.returned, one.unit))


def item(session: Session, key: int, *, reader: Actor) -> Seen:
    """One item. Raises NotFound, also for one that the reader may not see."""
    query = select(FilingItem).where(FilingItem.id == key, col(FilingItem.dropped).is_(False))
    found = session.exec(query.where(*_within(session, reader))).first() if 0 < key < 2**63 else None
    if found is None:
        raise NotFound(what="filing", code=key)
    city = the_city(session).code
    unit = session.get_one(Unit, found.unit_code)
    path = session.get_one(Area, unit.area_code).path
    issue = session.get(Issue, found.issue_id) if found.issue_id else None
    return Seen(
        item=found,
        unit=unit.name,
        reviewer=_name(session, found.reviewer),
        issue=issue.number if issue else None,
        events=_events(session, key),
        may_file=held(reader, Right.FILE_MATERIAL, city=city).covers(unit=found.unit_code),
        may_review=may_review(session, found, by=reader),
        may_manage=held(reader, Right.MANAGE_FILING, city=city).covers(area_path=path),
    )


def copy_of(session: Session, place: Place, item_id: int, file_id: int, *, reader: Actor) -> Copy:
    """A file of an item as a download, never shown in a page. Raises NotFound."""
    seen = item(session, item_id, reader=reader)
    file = next((one for event in seen.events for one in event.files if one.id == file_id), None)
    if file is None:
        raise NotFound(what="file", code=file_id)
    kind = file.media_type if file.media_type in DOCUMENTS | ENDINGS.keys() else "application/octet-stream"
    stem = file.name.rpartition(".")[0] or file.name or f"material-{file_id}"
    return Copy(file.sha256, kind, f"{stem}{ENDINGS.get(kind, '')}", False, partial(evidence.read, place, file.sha256))


def _overdue(item: FilingItem, now: datetime) -> bool:
    return item.state in WANTED and item.due_at <= now


def _where(asked: Asked, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(FilingItem.dropped).is_(False)]
    if asked.unit:
        found.append(col(FilingItem.unit_code) == asked.unit)
    if asked.state:
        found.append(col(FilingItem.state) == asked.state if asked.state in list(FilingState) else false())
    if asked.late:
        found += [col(FilingItem.state).in_(WANTED), col(FilingItem.due_at) <= now]
    if asked.version:
        found.append(col(FilingItem.version_code) == asked.version)
    if asked.year is not None:
        found.append(col(FilingItem.year) == asked.year)
    return found


def _within(session: Session, reader: Actor) -> list[ColumnElement[bool]]:
    """What lies within the reader's posts: of their unit, of units in their areas; what they review themselves."""
    scope: Held = held(reader, Right.SEE_FILING, city=the_city(session).code)
    if the_city(session).code in scope.areas:
        return []
    units = select(Unit.code).join(Area, col(Area.code) == col(Unit.area_code))
    areas = [or_(col(Area.path) == path, col(Area.path).startswith(f"{path}/")) for path in _paths(session, scope)]
    inside = col(FilingItem.unit_code).in_(units.where(or_(*areas))) if areas else false()
    return [or_(inside, col(FilingItem.unit_code).in_(sorted(scope.units)), col(FilingItem.reviewer) == reader.code)]


def _paths(session: Session, scope: Held) -> Sequence[str]:
    return session.exec(select(Area.path).where(col(Area.code).in_(sorted(scope.areas)))).all()


def _events(session: Session, key: int) -> list[Event]:
    rows = session.exec(select(FilingEvent).where(FilingEvent.item_id == key).order_by(col(FilingEvent.id))).all()
    ids = [row.id for row in rows]
    files: dict[int, list[FilingFile]] = {}
    for file in session.exec(select(FilingFile).where(col(FilingFile.event_id).in_(ids)).order_by(col(FilingFile.id))):
        files.setdefault(file.event_id, []).append(file)
    names: Mapping[str, Any] = dict(
        session.exec(select(Person.code, Person.name).where(col(Person.code).in_({row.who for row in rows}))).all()
    )
    return [Event(row, names.get(row.who, ""), files.get(row.id or 0, ())) for row in rows]


def _name(session: Session, code: str | None) -> str:
    person = session.get(Person, code) if code else None
    return person.name if person else ""
