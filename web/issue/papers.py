"""Papers of an issue: issuing one, printing it as a page of A4, taking it along as a Word file."""

from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError
from models.lifecycle import Action
from models.paper import PaperKind
from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.issue_papers import paper_of
from services.issue_view import view
from services.papers.content import Interview
from services.papers.issuing import issue_papers
from services.papers.reading import Printable
from services.papers.stationery import stationery_in_force
from services.sight import must_see
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.issue.filled import Filled, blame
from web.issue.page import show
from web.login import LoggedIn, Reader

router = APIRouter(prefix="/issues/{number}/papers")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox"
)
"""A paper brings its own style in itself, and nothing else: no script runs in it whatever a template may say."""
INTERVIEW = ("when", "place")
LARGEST = 2**63 - 1


@router.post("")
def issue(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Issue a paper; asked again, it is the same paper."""
    kind = forms.chosen(form, "kind", PaperKind, expected=", ".join(PaperKind))
    found = must_see(here.session, reader.actor, number)
    filled = Filled(Action.ISSUE_PAPER, {name: forms.text(form, name, longest=200) for name in INTERVIEW})
    try:
        issue_papers(
            here.session,
            issue_ids=[found.id or 0],
            kind=kind,
            by=reader.actor,
            now=here.now,
            stationery=stationery_in_force(here.session, otherwise=here.settings.city_pack / "papers"),
            interview=Interview(filled.text("when"), filled.text("place")),
        )
    except DubanError as error:
        here.session.rollback()
        again = must_see(here.session, reader.actor, number)
        blame(filled, error, view(here.session, again, now=here.now).name)
        return show(here, reader, again, filled=filled, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/issues/{number}?done=issue_paper#papers", 303)


@router.get("")
def come_back(number: str, here: Here, reader: LoggedIn) -> Response:
    """The address of the form, opened again: its issue's page."""
    must_see(here.session, reader.actor, number)
    return RedirectResponse(f"/issues/{number}#papers", 303)


@router.get("/{key}", response_class=HTMLResponse)
def page(number: str, key: int, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The paper as a page to be printed."""
    found = _found(number, key, here, reader)
    made = page_file(found.page.body, found.paper.content, name=found.page.name)
    return HTMLResponse(made, headers={"Content-Security-Policy": ALONE, "Cache-Control": "no-store"})


@router.get("/{key}/word")
def word(number: str, key: int, here: Here, reader: LoggedIn) -> Response:
    """The paper as a Word file."""
    found = _found(number, key, here, reader)
    made = word_file(found.word.body, found.paper.content, name=found.word.name)
    name = quote(f"{found.paper.number}.docx", safe="")
    headers = {"Content-Disposition": f"attachment; filename=\"paper-{key}.docx\"; filename*=UTF-8''{name}"}
    return Response(made, media_type=WORD, headers={**headers, "Cache-Control": "no-store"})


def _found(number: str, key: int, here: Desk, reader: Reader) -> Printable:
    if not 0 < key < LARGEST:
        raise HTTPException(404)
    return paper_of(here.session, must_see(here.session, reader.actor, number), key, by=reader.actor)
