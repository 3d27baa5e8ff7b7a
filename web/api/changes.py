"""What was changed in the city's data, by whom and why; and the city as a pack."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from models.permissions import Right
from services import administering
from services.administering import Past
from services.administering.rights import must_export, right_of
from web.api.doors import Exports, Reads
from web.api.problems import answers
from web.api.schemas import Code, Given, Listed, Told

router = APIRouter(tags=["city"], prefix="/city")
PACK = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}, "description": "The pack."}


class Asked(Given):
    """Of a table or file, a row, a person, a change; `after` is the id of the last line of the stretch before."""

    table: Code | None = None
    key: Code | None = None
    who: Code | None = None
    change: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    after: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Change(Told):
    """One row or file that was changed. `change`: the number of what was done in one go; addresses are masked."""

    id: int
    change: int
    at: datetime
    who: str
    why: str
    table: str
    key: str
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@router.get("/changes", responses=answers(401, 403, 422, 429))
def list_changes(caller: Reads, asked: Annotated[Asked, Query()]) -> Listed[Change]:
    """What was changed in the city's data, newest first; for who administers it."""
    caller.must(Right.MANAGE_CITY)
    found = administering.history(
        caller.session,
        table=asked.table or "",
        key=asked.key or "",
        who=asked.who or "",
        set_number=asked.change,
        after=asked.after,
        limit=asked.limit + 1,
    )
    shown = [_told(one) for one in found[: asked.limit] if caller.held(right_of(one.changed.place))]
    more = found[asked.limit - 1].id if len(found) > asked.limit else None
    return Listed[Change](items=shown, next=str(more) if more else None)


@router.get("/pack", response_class=Response, responses={**answers(401, 403, 422, 429), 200: PACK})
def city_as_pack(caller: Exports) -> Response:
    """The city as it is in force, as a pack that can be loaded again; for who administers all of it."""
    must_export(caller.session, caller.actor)
    return Response(administering.zipped(administering.held_pack(caller.session)), media_type="application/zip")


def _told(one: Past) -> Change:
    changed = one.changed
    return Change(
        **{name: getattr(one, name) for name in ("id", "at", "who", "why")},
        change=one.set_number,
        table=changed.place,
        key=changed.key,
        kind=str(changed.kind),
        before=changed.before,
        after=changed.after,
    )
