"""Papers of an issue: which there are, issuing one, one as a page to print and as a Word file."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.issue_papers import issuable, paper_of, papers_of
from services.papers.content import Interview
from services.papers.issuing import issue_papers
from services.papers.reading import Printable
from services.papers.stationery import stationery_in_force
from services.sight import must_see
from web.api.doors import Acts, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import papers as schemas
from web.api.schemas.base import one_of
from web.issue.papers import ALONE, WORD

router = APIRouter(route_class=Once, tags=["papers"], prefix="/issues/{number}/papers")
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
PAGE = {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "A page of A4."}
FILE = {"content": {WORD: {"schema": {"type": "string", "format": "binary"}}}, "description": "A Word file."}
REFUSALS = answers(401, 403, 404, 409, 422, 429)


@router.get("", responses=answers(401, 403, 404, 422, 429))
def list_papers(number: str, caller: Reads) -> schemas.Papers:
    """Those that you may print, newest first, and the kinds that you may issue now."""
    issue = must_see(caller.session, caller.actor, number)
    found = papers_of(caller.session, issue, caller.actor)
    kinds = list(issuable(caller.session, issue, caller.actor))
    return schemas.Papers(items=[one_of(schemas.Paper, one) for one in found], issuable=kinds)


@router.post("", status_code=201, responses=answers(400, 401, 403, 404, 409, 412, 422, 429))
def issue_paper(number: str, caller: Acts, given: schemas.NewPaper) -> schemas.IssuedPaper:
    """Issue a paper that the ladder has come to; asked again, it is the same paper."""
    issue = must_see(caller.session, caller.actor, number)
    (made,) = issue_papers(
        caller.session,
        issue_ids=[issue.id or 0],
        kind=given.kind,
        by=caller.actor,
        now=caller.now,
        stationery=stationery_in_force(caller.session, otherwise=caller.settings.city_pack / "papers"),
        interview=Interview(given.when, given.place),
    )
    caller.session.commit()
    return schemas.IssuedPaper(number=made.paper.number, repeated=made.repeated)


@router.get("/{key}", response_class=HTMLResponse, responses={**REFUSALS, 200: PAGE})
def paper_as_page(number: str, key: Key, caller: Reads) -> HTMLResponse:
    """The paper as it was issued, as a page to print."""
    found = _found(caller, number, key)
    made = page_file(found.page.body, found.paper.content, name=found.page.name)
    return HTMLResponse(made, headers={"Content-Security-Policy": ALONE})


@router.get("/{key}/word", response_class=Response, responses={**REFUSALS, 200: FILE})
def paper_as_word(number: str, key: Key, caller: Reads) -> Response:
    """The paper as it was issued, as a Word file."""
    found = _found(caller, number, key)
    return Response(word_file(found.word.body, found.paper.content, name=found.word.name), media_type=WORD)


def _found(caller: Caller, number: str, key: int) -> Printable:
    return paper_of(caller.session, must_see(caller.session, caller.actor, number), key, by=caller.actor)
