"""Issues: lists with the filters of the page, one with all that belongs to it, and reporting a new one."""

from dataclasses import replace
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import Field
from starlette.datastructures import QueryParams

from models.errors import NotFound
from models.issue import Issue, Source
from models.lifecycle import State
from runtime.i18n import language, say
from services import foresight, offers, queries, reporting, reporting_places
from services.listing import Sort, listing
from services.reporting import Report
from services.sight import must_see, scope_of
from web.api import schemas
from web.api.doors import Caller, Reads, Reports
from web.api.etags import NotModified, etag_of
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import Given, one_of
from web.lists.asked import Asked
from web.lists.cursors import write_cursor

router = APIRouter(route_class=Once, tags=["issues"])
MOST = 200
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]


class Filters(Given):
    """Which issues; the same names as in the addresses of the page."""

    state: tuple[State, ...] = ()
    severity: Annotated[tuple[schemas.Code, ...], Field(max_length=10)] = ()
    source: tuple[Source, ...] = ()
    tag: Annotated[
        tuple[schemas.Code, ...],
        Field(
            max_length=30,
            description="such as a campaign's: any of those of one set, of every set that one is named of",
        ),
    ] = ()
    year: (
        Annotated[int, Field(ge=2000, le=2100, description="by which year's table; the newest that has begun")] | None
    ) = None
    leader: Annotated[bool, Field(description="assigned by a leader")] = False
    open: bool = False
    overdue: bool = False
    soon: bool = False
    late: bool = False
    unit: schemas.Code | None = None
    area: schemas.Code | None = None
    point: schemas.Code | None = None
    category: schemas.Code | None = None
    standard: schemas.Code | None = None
    step: Annotated[str, Field(pattern="^E[0-8]$")] | None = None
    q: (
        Annotated[schemas.Code, Field(description="words of the description, the address or the point; or a number")]
        | None
    ) = None
    sort: Sort = Sort.NEWEST
    after: schemas.Code | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50

    def asked(self) -> Asked:
        """As the page reads them."""
        values = self.model_dump(mode="json", exclude={"limit"}, exclude_defaults=True)
        pairs = [
            (name, one)
            for name, value in values.items()
            for one in (value if isinstance(value, list | tuple) else [value])
        ]
        return Asked.read(QueryParams([(name, "1" if one is True else str(one)) for name, one in pairs]))


@router.get("/issues", responses=answers(400, 401, 403, 404, 422, 429))
def list_issues(
    caller: Reads, filters: Annotated[Filters, Query()], request: Request, response: Response
) -> schemas.Listed[schemas.IssueLine]:
    """What the caller may see, a stretch at a time; `next` goes on, and so does the Link header."""
    asked = filters.asked()
    page = listing(
        caller.session,
        wanted=asked.wanted(caller.session, reader=caller.actor.code, zone=ZoneInfo(caller.zone)),
        now=caller.now,
        after=asked.after,
        limit=filters.limit,
        scope=scope_of(caller.actor, city=caller.city),
        sort=asked.sort,
    )
    following = write_cursor(page.after) if page.after else None
    if following:
        response.headers["Link"] = (
            f'<{request.url.path}?{request.url.include_query_params(after=following).query}>; rel="next"'
        )
    return schemas.Listed(items=[one_of(schemas.IssueLine, line) for line in page.lines], next=following)


@router.post(
    "/issues",
    status_code=201,
    responses={
        **answers(400, 401, 403, 404, 409, 422, 429, 503),
        200: {"description": "Reported before, or like open ones: nothing was written.", "model": schemas.Reported},
    },
)
def report_issue(
    caller: Reports,
    given: schemas.NewIssue,
    response: Response,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200)],
) -> schemas.Reported:
    """Report a problem. Like open ones nearby: those are told; only `anew` then writes it."""
    place = reporting_places.located(
        caller.session, point=given.point or "", area=given.area or "", lat=given.lat, lng=given.lng
    )
    if place is None and (given.point or given.area):
        raise NotFound(what="point" if given.point else "area", code=given.point or given.area)
    if place is not None and given.address:
        place = replace(place, address=given.address)
    sent = reporting.report(
        caller.session,
        Report(
            key=f"api:{key}",
            description=given.description,
            place=place,
            category=given.category,
            standard=given.standard,
            severity=given.severity,
            source=given.source,
            uploads=tuple(given.uploads),
            anew=given.anew,
        ),
        by=caller.actor,
        now=caller.now,
    )
    caller.session.commit()
    if not sent.number or sent.repeated:
        response.status_code = 200
    return schemas.Reported(
        number=sent.number or None,
        repeated=sent.repeated,
        known=tuple(one_of(schemas.Similar, one) for one in sent.known),
    )


@router.get("/issues/{number}", responses={**answers(401, 403, 404, 422, 429), 304: {"description": "As it was read."}})
def one_issue(number: str, caller: Reads, response: Response, if_none_match: IfNoneMatch = None) -> schemas.Issue:
    """One issue with where it stands."""
    issue = must_see(caller.session, caller.actor, number)
    tag = etag_of(issue)
    if if_none_match and tag in if_none_match:
        raise NotModified(tag)
    response.headers["ETag"] = tag
    return _issue(caller, issue)


def _issue(caller: Caller, issue: Issue) -> schemas.Issue:
    return schemas.Issue.model_validate({**issue.model_dump(), "overdue": queries.is_overdue(issue, now=caller.now)})


@router.get("/issues/{number}/events", responses=answers(401, 403, 404, 422, 429))
def events_of(number: str, caller: Reads) -> list[schemas.Event]:
    """What happened to it, oldest first."""
    issue = must_see(caller.session, caller.actor, number)
    return [one_of(schemas.Event, event) for event in _view(caller, issue).events]


@router.get("/issues/{number}/evidence", responses=answers(401, 403, 404, 422, 429))
def evidence_of(number: str, caller: Reads) -> list[schemas.Piece]:
    """Its photos and papers."""
    issue = must_see(caller.session, caller.actor, number)
    found = queries.detail(caller.session, issue.id or 0, now=caller.now).evidence
    return [one_of(schemas.Piece, piece) for piece in found]


@router.get("/issues/{number}/requests", responses=answers(401, 403, 404, 422, 429))
def requests_of(number: str, caller: Reads) -> list[schemas.Asked]:
    """What its unit asked for, and what was decided."""
    issue = must_see(caller.session, caller.actor, number)
    return [one_of(schemas.Asked, one) for one in _view(caller, issue).requests]


@router.get("/issues/{number}/orders", responses=answers(401, 403, 404, 422, 429))
def orders_of(number: str, caller: Reads) -> list[schemas.Order]:
    """Its supervision orders."""
    issue = must_see(caller.session, caller.actor, number)
    return [one_of(schemas.Order, one) for one in _view(caller, issue).orders]


@router.get("/issues/{number}/actions", responses=answers(401, 403, 404, 422, 429))
def open_actions(number: str, caller: Reads) -> list[schemas.Open]:
    """What the caller may do with it now, and what must be supplied."""
    issue = must_see(caller.session, caller.actor, number)
    found = offers.offers(caller.session, caller.actor, [issue], now=caller.now)[issue.id or 0]
    return [
        schemas.Open(
            action=one.action, needs=sorted(one.needs), hindrance=say(one.hindrance) if one.hindrance else None
        )
        for one in found
    ]


@router.get("/issues/{number}/ahead", responses=answers(401, 403, 404, 422, 429))
def steps_ahead(number: str, caller: Reads) -> list[schemas.Step]:
    """What happens if nobody acts."""
    issue = must_see(caller.session, caller.actor, number)
    ahead = foresight.preview(caller.session, issue.id or 0, now=caller.now)
    chinese = language() == "zh-CN"
    return [schemas.Step.model_validate({**vars(one), "name": one.name if chinese else one.name_en}) for one in ahead]


def _view(caller: Caller, issue: Issue) -> queries.Detail:
    return queries.detail(caller.session, issue.id or 0, now=caller.now)
