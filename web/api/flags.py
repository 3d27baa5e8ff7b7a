"""Photos that look wrong: those that wait, deciding about one; and making faces and plates unseen."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from models.errors import NotFound
from models.issue import Evidence
from models.permissions import Right
from services import evidence_flags, evidence_view, redacting
from services.evidence_flags import PAGE
from services.evidence_view import Size
from web.api.doors import Acts, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import papers as schemas
from web.api.schemas.base import Given, Listed, one_of
from web.evidence.copies import answer

router = APIRouter(route_class=Once, tags=["evidence"])
LARGEST = 2**63 - 1
Key = Annotated[int, Path(ge=1, le=LARGEST)]
REFUSALS = answers(401, 403, 404, 422, 429)
PICTURE = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}, "description": "The photo."}
AS_READ = {"description": "As it was read."}
BUSY = answers(503)[503]


class After(Given):
    """`after`: the id of the last one of the stretch before."""

    after: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


@router.get("/flags", responses=REFUSALS)
def list_flags(caller: Reads, asked: Annotated[After, Query()]) -> Listed[schemas.Flag]:
    """What nobody has decided about, newest first."""
    caller.must(Right.JUDGE_EVIDENCE)
    found = evidence_flags.waiting(caller.session, reader=caller.actor, city=caller.city, after=asked.after or 0)
    items = [one_of(schemas.Flag, one) for one in found[:PAGE]]
    return Listed[schemas.Flag](items=items, next=str(items[-1].id) if len(found) > PAGE else None)


@router.get("/flags/{key}", responses=REFUSALS)
def one_flag(key: Key, caller: Reads) -> schemas.Flag:
    """One flag, for who may see its issue."""
    return one_of(schemas.Flag, evidence_flags.find(caller.session, key, reader=caller.actor))


@router.post("/flags/{key}/decision", responses=answers(400, 401, 403, 404, 409, 422, 429))
def decide_flag(key: Key, caller: Acts, given: schemas.Decision) -> schemas.Flag:
    """It counts, or there is nothing to it: once, with a reason."""
    caller.must(Right.JUDGE_EVIDENCE)
    evidence_flags.find(caller.session, key, reader=caller.actor)
    how = {"decision": given.decision.value, "reason": given.reason}
    evidence_flags.decide(caller.session, key, **how, by=caller.actor, city=caller.city, now=caller.now)
    caller.session.commit()
    return one_of(schemas.Flag, evidence_flags.find(caller.session, key, reader=caller.actor))


@router.get("/evidence/{key}/redaction", responses=REFUSALS)
def what_is_unseen(key: Key, caller: Reads) -> schemas.Redacted:
    """The areas of a photo that are unseen now, for who may change them."""
    return one_of(schemas.Redacted, redacting.sheet(caller.session, key, by=caller.actor, city=caller.city))


@router.post("/evidence/{key}/redaction", responses=answers(400, 401, 403, 404, 409, 412, 422, 429, 503))
def make_unseen(key: Key, caller: Acts, given: schemas.NewRedaction) -> schemas.Redacted:
    """Make these areas unseen, instead of those of before. The whole photo stays on record."""
    redacting.redact(
        caller.session,
        caller.settings.evidence,
        key,
        areas=[redacting.Area(**one.model_dump()) for one in given.areas],
        reason=given.reason,
        seen=given.seen,
        by=caller.actor,
        city=caller.city,
        now=caller.now,
    )
    caller.session.commit()
    return what_is_unseen(key, caller)


@router.get(
    "/flags/{key}/other", response_class=Response, responses={**REFUSALS, 200: PICTURE, 304: AS_READ, 503: BUSY}
)
def photo_compared(key: Key, caller: Reads, request: Request, size: Size = Size.FULL) -> Response:
    """The photo that it was compared with: who has to decide sees it, though its issue may be none of theirs."""
    flag = evidence_flags.find(caller.session, key, reader=caller.actor)
    piece = caller.session.get(Evidence, flag.other_id) if flag.other_id else None
    issue = evidence_flags.issue_of(caller.session, flag)
    decides = caller.held(Right.JUDGE_EVIDENCE).covers(
        area_path=issue.area_path, unit=issue.lead_unit, point=issue.point_code
    )
    if piece is None or size not in (Size.FULL, Size.SMALL) or not decides:
        raise NotFound(what="evidence", code=key)
    return answer(request, evidence_view.copy_for(caller.session, caller.settings.evidence, piece, size=size))
