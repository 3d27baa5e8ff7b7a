"""Bulletins: those that the caller may read, one with its rows and files, drafting, wording, approving, publishing.

`If-Match` names the draft as it was read; when somebody changed it meanwhile the answer is 412, and nothing was done.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response

from models.permissions import Right
from models.publication import Publication
from runtime.i18n import gettext as _
from runtime.i18n import language
from services import publications
from services.bulletins import deciding, drafting, files
from services.bulletins.editing import edit
from services.bulletins.files import Press
from services.bulletins.periods import kind_of_bulletin
from services.bulletins.reading import COUNTED, Behind, Reading, listing, must_read, rows_behind
from services.papers.stationery import stationery_in_force
from services.people import city_day
from web.api.doors import Acts, Caller, Exports, Reads
from web.api.etags import NotModified
from web.api.once import Once
from web.api.problems import ApiError, answers
from web.api.schemas.base import Code, Listed, one_of
from web.api.schemas.bulletins import Bulletin, Line, Past, Row, Rows, Wanted, Why, Worded

router = APIRouter(route_class=Once, tags=["boards"], prefix="/bulletins")
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="the ETag of the bulletin as it was read")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=200)]
After = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
READ, DONE = answers(401, 403, 404, 422, 429), answers(400, 401, 403, 404, 409, 412, 422, 429)
PUBLISHED = answers(400, 401, 403, 404, 409, 412, 422, 429, 503)
FILE = answers(400, 401, 403, 404, 422, 429, 503)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get("", responses=READ)
def list_bulletins(caller: Reads, after: After = None, limit: Annotated[int, Query(ge=1, le=100)] = 30) -> Listed[Line]:
    """Drafts for those who work on them, published ones for all readers; newest first."""
    caller.must(Right.SEE_BOARDS)
    rows = listing(caller.session, by=caller.actor, city=caller.city, after=after, limit=limit + 1)
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    return Listed(items=[one_of(Line, row) for row in rows[:limit]], next=more)


@router.post("", status_code=201, responses=DONE)
def draft_bulletin(caller: Acts, given: Wanted, response: Response) -> Bulletin:
    """Draft one; where it is there already, that is it."""
    made = drafting.draft(
        caller.session,
        kind_of_bulletin(given.kind),
        on=given.on or city_day(caller.session, caller.now),
        by=caller.actor,
        now=caller.now,
        area=given.area or "",
        corrects=given.corrects,
    )
    caller.session.commit()
    return _told(caller, made.publication, response)


@router.get("/{key}", responses={**READ, 304: {"description": "Not Modified"}})
def one_bulletin(key: Key, caller: Reads, response: Response, if_none_match: IfNoneMatch = None) -> Bulletin:
    """All that it says."""
    found = _read(caller, key)
    if if_none_match and etag_of(found.row) in if_none_match:
        raise NotModified(etag_of(found.row))
    return _told(caller, found.row, response)


@router.put("/{key}/texts", responses=DONE)
def word_bulletin(key: Key, caller: Acts, given: Worded, response: Response, if_match: IfMatch = None) -> Bulletin:
    """Word a draft, and choose its photos."""
    row = _read(caller, key).row
    texts = {name: text for name, text in given.model_dump(exclude={"pairs"}).items() if text is not None}
    edit(caller.session, row, texts=texts, pairs=given.pairs, **_seen(caller, row, if_match))
    return _done(caller, key, response)


@router.post("/{key}/count", responses=DONE)
def count_bulletin(key: Key, caller: Acts, response: Response, if_match: IfMatch = None) -> Bulletin:
    """Count a draft again, as things stand now; its texts stay."""
    row = _read(caller, key).row
    drafting.count_again(caller.session, row, **_seen(caller, row, if_match))
    return _done(caller, key, response)


@router.post("/{key}/approve", responses=DONE)
def approve_bulletin(key: Key, caller: Acts, response: Response, if_match: IfMatch = None) -> Bulletin:
    """Say that a draft may be published as it stands; not for whoever wrote it last."""
    deciding.approve(caller.session, key, **_seen(caller, _read(caller, key).row, if_match))
    return _done(caller, key, response)


@router.post("/{key}/send-back", responses=DONE)
def send_bulletin_back(key: Key, caller: Acts, given: Why, response: Response, if_match: IfMatch = None) -> Bulletin:
    """Make an approved one a draft again."""
    deciding.send_back(caller.session, key, **_seen(caller, _read(caller, key).row, if_match), why=given.why)
    return _done(caller, key, response)


@router.post("/{key}/publish", responses=PUBLISHED)
def publish_bulletin(key: Key, caller: Acts, response: Response, if_match: IfMatch = None) -> Bulletin:
    """Freeze it for ever with its files, and tell all whom it is about."""
    row = _read(caller, key).row
    deciding.publish(caller.session, key, **_seen(caller, row, if_match), press=_press(caller))
    return _done(caller, key, response)


@router.post("/{key}/withdraw", status_code=204, responses=DONE)
def withdraw_bulletin(key: Key, caller: Acts, given: Why, if_match: IfMatch = None) -> None:
    """Give up what is not published; the period may be drafted anew."""
    deciding.withdraw(caller.session, key, **_seen(caller, _read(caller, key).row, if_match), why=given.why)
    caller.session.commit()


@router.get("/{key}/rows", responses=answers(400, 401, 403, 404, 422, 429))
def rows_of_bulletin(
    key: Key,
    caller: Reads,
    count: Code = "due",
    unit: Code | None = None,
    area: Code | None = None,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Rows:
    """The issues behind a figure, as they were counted: of one count, of one unit, in one area."""
    found, asked = _read(caller, key), Behind(count, unit or "", area or "")
    got = rows_behind(
        caller.session, found, asked, by=caller.actor, city=caller.city, after=after or 0, limit=limit + 1
    )
    items = [
        Row(
            number=row.number,
            unit=row.unit_code,
            place=row.place,
            state=row.state,
            due_at=row.due_at,
            closed_at=row.closed_at,
            counts={name: getattr(row, name) for name in COUNTED[1:]},
        )
        for row in got.rows[:limit]
    ]
    more = str(got.rows[limit - 1].id) if len(got.rows) > limit else None
    return Rows(items=items, next=more, total=got.total, seen=got.seen)


@router.get(
    "/{key}/word",
    response_class=Response,
    responses={**FILE, 200: {"content": {WORD: BINARY}, "description": "A Word file."}},
)
def bulletin_as_word(key: Key, caller: Exports) -> Response:
    """In the office's form, as it was published."""
    found = _read(caller, key)
    return Response(files.file_of(caller.session, found.row, files.WORD, press=_press(caller)), media_type=WORD)


@router.get(
    "/{key}/excel",
    response_class=Response,
    responses={**FILE, 200: {"content": {EXCEL: BINARY}, "description": "A workbook."}},
)
def bulletin_as_excel(key: Key, caller: Exports) -> Response:
    """The annex: every table, charts, every row; as it was published."""
    found = _read(caller, key)
    body = files.file_of(caller.session, found.row, files.EXCEL[language()], press=_press(caller))
    return Response(body, media_type=EXCEL)


def etag_of(row: Publication) -> str:
    """Of what it says and of how far it has come."""
    return f'"{row.state.value}-{row.content_sha256[:16]}"'


def _read(caller: Caller, key: int) -> Reading:
    caller.must(Right.SEE_BOARDS)
    return must_read(caller.session, key, by=caller.actor, city=caller.city)


def _press(caller: Caller) -> Press:
    return Press(
        stationery_in_force(caller.session, otherwise=caller.settings.city_pack / "papers"), caller.settings.evidence
    )


def _seen(caller: Caller, row: Publication, if_match: str | None) -> dict[str, Any]:
    """Who does it, and to what. Raises ApiError 412 where it is not what was read."""
    if if_match and if_match.strip() not in ("*", etag_of(row)):
        words = _("This bulletin has changed meanwhile. Look at it again, then decide.")
        raise ApiError(412, "draft_changed", words)
    return {"by": caller.actor, "seen": row.content_sha256, "now": caller.now}


def _done(caller: Caller, key: int, response: Response) -> Bulletin:
    caller.session.commit()
    return _told(caller, caller.session.get_one(Publication, key), response)


def _told(caller: Caller, row: Publication, response: Response) -> Bulletin:
    found = must_read(caller.session, row.id or 0, by=caller.actor, city=caller.city)
    response.headers["ETag"] = etag_of(row)
    return Bulletin(
        **one_of(Line, row).model_dump(),
        content=row.content,
        content_sha256=row.content_sha256,
        may=sorted(found.may),
        history=[one_of(Past, one) for one in publications.history(caller.session, row.id or 0)],
    )
