"""Task decomposition: the table, its holes, progress, letters: which there are, issuing, signing, the files."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import HTMLResponse

from models.errors import SomebodyWasFaster, WrongValue
from models.permissions import Right
from models.task_letter import LetterState
from runtime.i18n import language
from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.papers.stationery import stationery_in_force
from services.people import city_day
from services.sight import scope_of
from services.tasks import coverage as holes_of
from services.tasks import letters, progress, reading, signing, table
from services.tasks.coverage import Gap
from services.tasks.progress import By
from services.tasks.settings import TaskSettings, settings_in_force
from services.wanted import Scope
from web.api.doors import Acts, Caller, Reads
from web.api.etags import NotModified
from web.api.once import Once
from web.api.papers import FILE, PAGE
from web.api.problems import answers
from web.api.schemas import tasks as schemas
from web.api.schemas.base import Listed, one_of
from web.issue.papers import ALONE, WORD

router = APIRouter(route_class=Once, tags=["tasks"], prefix="/tasks")
READ, DONE = answers(400, 401, 403, 404, 422, 429), answers(400, 401, 403, 404, 409, 412, 422, 429)
Number = Annotated[str, Path(max_length=100)]
Code = Annotated[str, Query(max_length=100)]
Year = Annotated[int | None, Query(ge=table.FIRST_YEAR, le=table.LAST_YEAR)]
Limit = Annotated[int, Query(ge=1, le=500)]
Match = Annotated[str | None, Header(max_length=200)]


@router.get("/years", responses=answers(401, 403, 429))
def years(caller: Reads) -> list[schemas.Year]:
    """Every year that has a table, the newest first, in numbers."""
    caller.must(Right.SEE_BOARDS)
    return [one_of(schemas.Year, one) for one in table.years(caller.session)]


@router.get("/coverage", responses=READ)
def coverage(caller: Reads, year: Year = None, area: Code = "") -> schemas.Coverage:
    """What of a year's table is missing, by class and by place."""
    found = holes_of.coverage(
        caller.session,
        year=_year(caller, year),
        today=_today(caller),
        lang=language(),
        area=_clean(area),
        scope=_boards(caller),
    )
    return one_of(schemas.Coverage, found)


@router.get("/coverage/{gap}", responses=READ)
def holes(
    gap: Gap,
    caller: Reads,
    year: Year = None,
    area: Code = "",
    category: Code = "",
    after: Code = "",
    limit: Limit = 100,
) -> Listed[schemas.Hole]:
    """The points or standards of which one thing is missing."""
    found = holes_of.holes(
        caller.session,
        gap,
        year=_year(caller, year),
        today=_today(caller),
        lang=language(),
        area=_clean(area),
        category=_clean(category),
        after=_clean(after),
        limit=limit + 1,
        scope=_boards(caller),
    )
    items = [one_of(schemas.Hole, one) for one in found[:limit]]
    return Listed(items=items, next=found[limit - 1].mark if len(found) > limit else None)


@router.get("/progress", responses=READ)
def board(
    caller: Reads,
    by: By = By.CLASS,
    year: Year = None,
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
    area: Code = "",
    tag: Code = "",
    round: Code = "",  # noqa: A002 - the word of the field, as it stands in the address
) -> list[schemas.Progress]:
    """How far each class, unit or campaign is; the days are the city's, both included."""
    scope, wanted, zone = _boards(caller), _year(caller, year), ZoneInfo(caller.zone)
    first, last = start or date(wanted, 1, 1), end or date(wanted, 12, 31)
    if not 2000 <= first.year <= last.year <= table.LAST_YEAR or last < first:
        raise WrongValue(field="to", value=last, expected=f"≥ {first}")
    asked = progress.Asked(
        year=wanted,
        start=datetime.combine(first, time(), zone),
        end=datetime.combine(last + timedelta(days=1), time(), zone),
        area=_clean(area),
        tag=_clean(tag),
        round=_clean(round),
    )
    rows = progress.progress(
        caller.session, asked, by=by, settings=_settings(caller), now=caller.now, lang=language(), scope=scope
    )
    return [one_of(schemas.Progress, row) for row in rows]


@router.get("/letters", responses=READ)
def list_letters(
    caller: Reads,
    year: Year = None,
    unit: Code = "",
    state: LetterState | None = None,
    after: Code = "",
    limit: Limit = 100,
) -> Listed[schemas.Letter]:
    """Letters of a year that you may see, by unit; replaced ones when they are asked for."""
    found = reading.letters(
        caller.session,
        by=caller.actor,
        now=caller.now,
        year=_year(caller, year),
        unit=_clean(unit),
        state=state,
        after=_clean(after),
        limit=limit + 1,
    )
    items = [one_of(schemas.Letter, one) for one in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    return Listed(items=items, next=f"{last.unit} {last.edition}" if last else None)


@router.post("/letters", status_code=201, responses=DONE)
def issue(caller: Acts, given: schemas.NewLetters) -> list[schemas.IssuedLetter]:
    """Issue letters; units whose rows are as their letter says get none, and are told as `issued: false`."""
    done = letters.issue(
        caller.session,
        year=given.year,
        by=caller.actor,
        now=caller.now,
        stationery=stationery_in_force(caller.session, otherwise=caller.settings.city_pack / "papers"),
        settings=_settings(caller),
        units=given.units,
    )
    caller.session.commit()
    return [
        schemas.IssuedLetter(
            unit=one.unit,
            number=one.number,
            edition=one.edition,
            rows=one.rows,
            issued=one.letter is not None,
            changes=one_of(schemas.Changes, one.since),
        )
        for one in done
    ]


@router.get("/letters/{number}", responses={**READ, 304: {"description": "You have it as it is."}})
def letter(number: Number, caller: Reads, answer: Response, if_none_match: Match = None) -> schemas.LetterOf:
    """One letter with its rows, what changed, and what happened to it."""
    found = reading.view(caller.session, number, by=caller.actor, now=caller.now)
    tag = _etag(found)
    if if_none_match == tag:
        raise NotModified(tag)
    answer.headers["ETag"] = tag
    return _of(found)


@router.post("/letters/{number}/signature", responses=DONE)
def sign(number: Number, caller: Acts, if_match: Match = None) -> schemas.LetterOf:
    """Sign for it as a leader of its unit. With `If-Match`, only where nothing has happened to it meanwhile."""
    seen = reading.view(caller.session, number, by=caller.actor, now=caller.now)
    if if_match not in (None, "*", _etag(seen)):
        raise SomebodyWasFaster(number=number)
    signing.sign(caller.session, number, by=caller.actor, now=caller.now)
    caller.session.commit()
    return _of(reading.view(caller.session, number, by=caller.actor, now=caller.now))


@router.get("/letters/{number}/page", response_class=HTMLResponse, responses={**READ, 200: PAGE})
def letter_as_page(number: Number, caller: Reads) -> HTMLResponse:
    """The letter as it was issued, as a page to print."""
    found = reading.printable(caller.session, number, by=caller.actor)
    made = page_file(found.page.body, found.paper.content, name=found.page.name)
    return HTMLResponse(made, headers={"Content-Security-Policy": ALONE})


@router.get("/letters/{number}/word", response_class=Response, responses={**READ, 200: FILE})
def letter_as_word(number: Number, caller: Reads) -> Response:
    """The letter as it was issued, as a Word file."""
    found = reading.printable(caller.session, number, by=caller.actor)
    return Response(word_file(found.word.body, found.paper.content, name=found.word.name), media_type=WORD)


@router.get("", responses=READ)
def rows(caller: Reads, unit: Code, year: Year = None) -> list[schemas.Row]:
    """The rows of one unit in a year, as the table stands now."""
    reading.must_see_unit(caller.session, _clean(unit), by=caller.actor)
    found = table.rows_of(caller.session, year=_year(caller, year), units=[_clean(unit)])
    return [one_of(schemas.Row, row) for row in found.get(_clean(unit), [])]


def _of(found: reading.LetterView) -> schemas.LetterOf:
    return schemas.LetterOf(
        **vars(found.line),
        tasks=found.content["rows"],
        changes=schemas.Changes(**{name: found.content["changes"][name] for name in ("added", "gone", "changed")}),
        history=[one_of(schemas.Happened, one) for one in found.history],
        editions=[number for number, _ in found.editions],
    )


def _etag(found: reading.LetterView) -> str:
    """Everything that happens to a letter is an event; its rows never change. Time alone makes it late."""
    return f'"{found.line.id}-{len(found.history)}-{found.line.state}"'


def _settings(caller: Caller) -> TaskSettings:
    return settings_in_force(caller.session, otherwise=caller.settings.city_pack)


def _boards(caller: Caller) -> Scope | None:
    caller.must(Right.SEE_BOARDS)
    scope = scope_of(caller.actor, city=caller.city, right=Right.SEE_BOARDS)
    return scope.as_counted() if scope else None


def _today(caller: Caller) -> date:
    return city_day(caller.session, caller.now)


def _year(caller: Caller, year: int | None) -> int:
    """The year asked for; else the newest that has a table and has begun."""
    this = _today(caller).year
    known: Sequence[int] = () if year else [one.year for one in table.years(caller.session)]
    return year or max((one for one in known if one <= this), default=this)


def _clean(code: str) -> str:
    return code.replace("\x00", "").strip()
