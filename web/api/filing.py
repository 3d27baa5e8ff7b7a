"""Online filing: the list of material and how each piece stands; handing in, review."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from models.filing import FilingAct, FilingState
from services.filing import handing_in, listing, looking
from services.filing.after import After
from services.filing.looking import Asked
from services.uploads import MOST
from web.api.doors import Acts, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas.base import Code, Given, Listed, Text, Told, Words, one_of
from web.evidence.copies import answer

router = APIRouter(route_class=Once, tags=["filing"], prefix="/filing")
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
READ, LISTED = answers(401, 403, 404, 422, 429), answers(400, 401, 403, 404, 422, 429)
DONE = answers(400, 401, 403, 404, 409, 422, 429)
BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class Filters(BaseModel):
    """Which material. `late`: past its deadline and still wanted."""

    unit: Annotated[str, Field(max_length=100)] = ""
    state: FilingState | None = None
    late: bool = False
    edition: Annotated[str, Field(max_length=100)] = ""
    year: Annotated[int | None, Field(ge=2000, le=2100)] = None
    after: Code | None = None

    def asked(self) -> Asked:
        state = self.state.value if self.state else ""
        after = After.parse(self.after) if self.after else None
        return Asked(self.unit, state, self.late, self.edition, self.year, after)


class Material(Told):
    """One piece of material. `version` changes with every act: name it, so that nothing is decided unseen."""

    id: int
    version_code: str
    year: int
    code: str
    standard_code: str
    title: str
    marks: Decimal
    unit_code: str
    reviewer: str | None
    due_on: date
    due_at: datetime
    warn_days: int
    state: FilingState
    late: bool
    submitted_at: datetime | None
    reviewed_at: datetime | None
    version: int


class MaterialLine(Told):
    """In the list. `issue`: the number of the issue that stands for it."""

    material: Material
    unit: str
    issue: str | None
    overdue: bool


class ProgressOf(Told):
    """How far a unit has come."""

    unit: str
    name: str
    items: int
    missing: int
    submitted: int
    returned: int
    accepted: int
    overdue: int
    late: int


class FileOf(Told):
    """A file that was handed in."""

    id: int
    sha256: str
    name: str
    media_type: str
    size: int


class EventOf(Told):
    """One act on record."""

    act: FilingAct
    who: str
    at: datetime
    why: str
    files: Sequence[FileOf]


class MaterialOf(Told):
    """One piece with its record."""

    material: Material
    unit: str
    issue: str | None
    may_file: bool
    may_review: bool
    events: Sequence[EventOf]


class HandIn(Given):
    """Uploads that are finished, by their keys (POST /uploads or /uploads/parts)."""

    uploads: Annotated[tuple[Code, ...], Field(min_length=1, max_length=MOST)]
    note: Text = ""
    version: int | None = None


class Noted(Given):
    """A word, if any."""

    note: Text = ""
    version: int | None = None


class Reasoned(Given):
    """Why."""

    why: Words
    version: int | None = None


@router.get("", responses=LISTED)
def every(caller: Reads, filters: Annotated[Filters, Query()]) -> Listed[MaterialLine]:
    """The list, the nearest deadline first."""
    found, following = looking.lines(caller.session, filters.asked(), reader=caller.actor, now=caller.now)
    lines = [
        MaterialLine(material=one_of(Material, one.item), unit=one.unit, issue=one.issue, overdue=one.overdue)
        for one in found
    ]
    return Listed[MaterialLine](items=lines, next=str(following) if following else None)


@router.get("/progress", responses=LISTED)
def progress(caller: Reads, filters: Annotated[Filters, Query()]) -> list[ProgressOf]:
    """How far each unit has come, those with the most overdue first."""
    found = looking.progress(caller.session, filters.asked(), reader=caller.actor, now=caller.now)
    return [one_of(ProgressOf, one) for one in found]


@router.get("/{item}", responses=READ)
def one(item: Id, caller: Reads) -> MaterialOf:
    """One piece with its record."""
    return _told(caller, item)


@router.get("/{item}/files/{file}", response_class=Response, responses={**READ, 200: BYTES})
def file(item: Id, file: Id, caller: Reads, request: Request) -> Response:
    """A file as it was handed in."""
    return answer(request, looking.copy_of(caller.session, caller.settings.evidence, item, file, reader=caller.actor))


@router.post("/{item}/submit", responses=DONE)
def submit(item: Id, caller: Acts, given: HandIn, key: Key = None) -> MaterialOf:
    """The unit hands in its files."""
    looking.item(caller.session, item, reader=caller.actor)
    handing_in.submit(
        caller.session,
        item,
        keys=given.uploads,
        note=given.note,
        by=caller.actor,
        now=caller.now,
        version=given.version,
        key=f"api/{caller.actor.code}/{key}" if key else None,
    )
    return _done(caller, item)


@router.post("/{item}/accept", responses=DONE)
def accept(item: Id, caller: Acts, given: Noted) -> MaterialOf:
    """The reviewer takes it as good; an issue that stands for it is verified."""
    looking.item(caller.session, item, reader=caller.actor)
    handing_in.accept(caller.session, item, note=given.note, by=caller.actor, now=caller.now, version=given.version)
    return _done(caller, item)


@router.post("/{item}/return", responses=DONE)
def give_back(item: Id, caller: Acts, given: Reasoned) -> MaterialOf:
    """The reviewer returns it, with a reason."""
    looking.item(caller.session, item, reader=caller.actor)
    handing_in.give_back(caller.session, item, why=given.why, by=caller.actor, now=caller.now, version=given.version)
    return _done(caller, item)


@router.post("/{item}/take-back", responses=DONE)
def take_back(item: Id, caller: Acts, given: Reasoned) -> MaterialOf:
    """What was accepted is wanted again."""
    looking.item(caller.session, item, reader=caller.actor)
    handing_in.take_back(caller.session, item, why=given.why, by=caller.actor, now=caller.now, version=given.version)
    return _done(caller, item)


@router.post("/{item}/drop", status_code=204, responses=DONE)
def drop(item: Id, caller: Acts, given: Reasoned) -> None:
    """Take it off the list."""
    looking.item(caller.session, item, reader=caller.actor)
    listing.drop(caller.session, item, why=given.why, by=caller.actor, now=caller.now)
    caller.session.commit()


def _done(caller: Caller, item: int) -> MaterialOf:
    caller.session.commit()
    return _told(caller, item)


def _told(caller: Caller, item: int) -> MaterialOf:
    seen = looking.item(caller.session, item, reader=caller.actor)
    return MaterialOf(
        material=one_of(Material, seen.item),
        unit=seen.unit,
        issue=seen.issue,
        may_file=seen.may_file,
        may_review=seen.may_review,
        events=[
            EventOf(
                **one.event.model_dump(include={"act", "who", "at", "why"}),
                files=[one_of(FileOf, file) for file in one.files],
            )
            for one in seen.events
        ],
    )
