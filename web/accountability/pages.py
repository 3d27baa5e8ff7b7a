"""The piles, and one measure with its record and its paper."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse, Response

from models.accountability import MEASURES, MeasureAct, MeasureLine
from models.permissions import Right
from services.accountability import view
from services.accountability.papers import printable
from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.papers.reading import Printable
from web.accountability import words
from web.deps import Desk, Here
from web.issue.papers import ALONE, WORD
from web.lists.reading import zone_of
from web.login import Reader, allowed

router = APIRouter(prefix="/accountability")
Sees = Annotated[Reader, Depends(allowed(Right.SEE_ACCOUNTABILITY))]
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
After = Annotated[int, Query(ge=0, le=2**63 - 1)]
MUST_SAY = frozenset(line.act for line in MEASURES if line.says_why)


@router.get("", response_class=HTMLResponse)
def piles(here: Here, reader: Sees) -> HTMLResponse:
    """Everything that waits, each pile with its first."""
    found = view.stacks(here.session, reader.actor, now=here.now)
    return here.pages.show(
        here.request,
        "accountability/piles",
        stacks=found,
        titles=words.piles(),
        cause=words.cause,
        may_propose=Right.PROPOSE_MEASURE in reader.rights,
        zone=zone_of(here),
    )


@router.get("/piles/{pile}", response_class=HTMLResponse)
def pile(pile: view.Pile, here: Here, reader: Sees, after: After = 0) -> HTMLResponse:
    """One pile, page by page."""
    lines = view.listing(here.session, reader.actor, pile, now=here.now, after=after)
    return here.pages.show(
        here.request,
        "accountability/pile",
        lines=lines,
        more=len(lines) == view.PAGE,
        pile=pile,
        title=words.piles()[pile],
        cause=words.cause,
        zone=zone_of(here),
    )


@router.get("/{key}", response_class=HTMLResponse)
def one(key: Key, here: Here, reader: Sees, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """How it stands, what happened, what the reader may do."""
    told = words.done(MeasureAct(done)) if done in tuple(MeasureAct) else ""
    return show(here, reader, key, told=told)


@router.get("/{key}/paper", response_class=HTMLResponse)
def page(key: Key, here: Here, reader: Sees) -> HTMLResponse:
    """Its paper as a page to be printed."""
    found = _paper(here, reader, key)
    made = page_file(found.page.body, found.paper.content, name=found.page.name)
    return HTMLResponse(made, headers={"Content-Security-Policy": ALONE, "Cache-Control": "no-store"})


@router.get("/{key}/paper/word")
def word(key: Key, here: Here, reader: Sees) -> Response:
    """Its paper as a Word file."""
    found = _paper(here, reader, key)
    made = word_file(found.word.body, found.paper.content, name=found.word.name)
    name = quote(f"{found.paper.number}.docx", safe="")
    headers = {"Content-Disposition": f"attachment; filename=\"paper-{key}.docx\"; filename*=UTF-8''{name}"}
    return Response(made, media_type=WORD, headers={**headers, "Cache-Control": "no-store"})


def _paper(here: Desk, reader: Reader, key: int) -> Printable:
    return printable(here.session, view.the_measure(here.session, reader.actor, key))


def show(
    here: Desk,
    reader: Reader,
    key: int,
    *,
    wrong: str = "",
    told: str = "",
    typed: dict[str, str] | None = None,
    tried: MeasureAct | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The page of one measure; after a refusal with what was typed and why it was refused."""
    found = view.one(here.session, reader.actor, key, now=here.now)
    return here.pages.show(
        here.request,
        "accountability/one",
        status=status,
        view=found,
        line=found.line,
        acts=[line.act for line in MEASURES if line.act in found.may and _fits(found.line, line)],
        must_say=MUST_SAY,
        buttons=words.buttons(found.line),
        labels=words.labels(),
        cause=words.cause,
        zone=zone_of(here),
        wrong=wrong,
        told=told,
        typed=typed or {},
        tried=tried,
        Act=MeasureAct,
    )


def _fits(line: view.Line, row: MeasureLine) -> bool:
    return line.kind in row.kinds and line.state in row.come_from
