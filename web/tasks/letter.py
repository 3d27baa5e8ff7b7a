"""One task letter: where it stands, what it says, what changed; signing for it; as a page of A4 and a Word file."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, NotFound
from models.permissions import Right
from runtime.i18n import say
from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.tasks import reading, signing
from web.deps import Desk, Here
from web.errors import status_of
from web.issue.papers import ALONE, WORD
from web.lists.reading import zone_of
from web.login import Reader, allowed
from web.tasks import wording
from web.tasks.asked import asked, letter_address

router = APIRouter(prefix="/tasks/letters/{number}")
Sees = Annotated[Reader, Depends(allowed(Right.SEE))]


@router.get("", response_class=HTMLResponse)
def page(number: str, here: Here, reader: Sees) -> HTMLResponse:
    """The letter with its history."""
    return _page(number, here, reader)


def _page(number: str, here: Desk, reader: Reader, *, wrong: DubanError | None = None) -> HTMLResponse:
    found = reading.view(here.session, number, by=reader.actor, now=here.now)
    return here.pages.show(
        here.request,
        "tasks/letter",
        status=status_of(wrong) if wrong else 200,
        wrong=say(wrong) if wrong else "",
        done=asked(here, "done") == "signed" and found.line.signed_at is not None,
        line=found.line,
        content=found.content,
        history=found.history,
        editions=[(one, edition, letter_address(one)) for one, edition in found.editions],
        here_address=letter_address(number),
        columns=wording.columns(),
        zone=zone_of(here),
    )


@router.post("/sign")
def sign(number: str, here: Here, reader: Sees) -> Response:
    """Sign for it, from a phone as from a desk; sent twice, it is signed once."""
    try:
        signing.sign(here.session, number, by=reader.actor, now=here.now)
    except NotFound:
        raise
    except DubanError as error:
        here.session.rollback()
        return _page(number, here, reader, wrong=error)
    here.session.commit()
    return RedirectResponse(f"{letter_address(number)}?done=signed", 303)


@router.get("/page", response_class=HTMLResponse)
def paper(number: str, here: Here, reader: Sees) -> HTMLResponse:
    """The paper as it was issued, to be printed."""
    found = reading.printable(here.session, number, by=reader.actor)
    made = page_file(found.page.body, found.paper.content, name=found.page.name)
    return HTMLResponse(made, headers={"Content-Security-Policy": ALONE, "Cache-Control": "no-store"})


@router.get("/word")
def word(number: str, here: Here, reader: Sees) -> Response:
    """The paper as it was issued, as a Word file."""
    found = reading.printable(here.session, number, by=reader.actor)
    made = word_file(found.word.body, found.paper.content, name=found.word.name)
    name = quote(f"{found.paper.number}.docx")
    headers = {
        "Content-Disposition": f"attachment; filename=\"task-letter.docx\"; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
    }
    return Response(made, media_type=WORD, headers=headers)
