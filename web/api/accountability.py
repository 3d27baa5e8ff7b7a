"""Measures for programs: lists, one with its record, what is decided about it, its paper.

Leaders' written instructions are in no part of the API: they are read by a person who logs in.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import Field

from models.accountability import HAND_KINDS, MeasureAct, MeasureKind, MeasureState
from models.errors import NotFound
from services.accountability import by_hand, view
from services.accountability.by_hand import Proposed
from services.accountability.papers import printable
from services.accountability.proposing import SHOWN
from services.accountability.verbs import VERBS, given_for
from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.papers.content import Interview
from services.papers.reading import Printable
from services.papers.stationery import stationery_in_force
from web.api.doors import Acts, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas.base import Code, Given, Listed, Text, Told, one_of
from web.issue.papers import ALONE, WORD

router = APIRouter(route_class=Once, tags=["accountability"])
LARGEST = 2**63 - 1
Key = Annotated[int, Path(ge=1, le=LARGEST)]
Once_ = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
READ, DONE = answers(401, 403, 404, 422, 429), answers(400, 401, 403, 404, 409, 422, 429)
A_FILE = {"content": {WORD: {"schema": {"type": "string", "format": "binary"}}}, "description": "The file."}


class Asked(Given):
    """`after`: the id of the last one of the stretch before."""

    kind: MeasureKind | None = None
    state: MeasureState | None = None
    unit: Code | None = None
    after: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


class Because(Told):
    """What the rule saw when it proposed; where a person did, `when` is `by_hand` and `said` their reason."""

    when: str = ""
    said: str = ""
    order: str = ""
    degree: int | None = None
    step: str = ""
    count: int | None = None
    month: str = ""
    issues: Sequence[str] = ()
    papers: Sequence[str] = ()


class Measure(Told):
    """One measure. `version` is sent along with what is decided about it."""

    id: int
    version: int
    kind: MeasureKind
    state: MeasureState
    unit: str
    unit_name: str
    rule: str
    because: Because
    paper: str
    proposed_at: datetime
    decided_at: datetime | None
    reply_due_at: datetime | None
    late: bool
    climbed: int


class Entry(Told):
    """One act on record."""

    act: MeasureAct
    who: str
    on_behalf_of: str
    at: datetime
    why: str


class Whole(Told):
    """A measure with its record, and what the caller may do."""

    line: Measure
    entries: Sequence[Entry]
    may: Sequence[MeasureAct]
    reply: str


class Wish(Given):
    """What somebody proposes. `issues`: the numbers of those it rests on, all of them the unit's."""

    kind: Annotated[MeasureKind, Field(json_schema_extra={"enum": [kind.value for kind in HAND_KINDS]})]
    unit: Code
    why: Annotated[Text, Field(min_length=1, max_length=by_hand.LONGEST)]
    issues: Annotated[list[Code], Field(min_length=1, max_length=SHOWN)]


class Decision(Given):
    """`version`: as it was read. `when` and `place` of an interview."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    why: Text = ""
    when: Annotated[Text, Field(max_length=200)] = ""
    place: Annotated[Text, Field(max_length=200)] = ""


@router.get("/measures", responses=READ)
def measures(caller: Reads, asked: Annotated[Asked, Query()]) -> Listed[Measure]:
    """Those that the caller sees, in the order in which they were proposed."""
    found = view.every(
        caller.session,
        caller.actor,
        now=caller.now,
        kind=asked.kind,
        state=asked.state,
        unit=asked.unit,
        after=asked.after or 0,
        limit=view.PAGE + 1,
    )
    items = [one_of(Measure, one) for one in found[: view.PAGE]]
    return Listed[Measure](items=items, next=str(items[-1].id) if len(found) > view.PAGE else None)


@router.post("/measures", status_code=201, responses=DONE)
def propose(caller: Acts, given: Wish, key: Once_ = None) -> Whole:
    """Propose an interview, a card, or a proposal to the target-performance office; somebody else decides."""
    proposed = Proposed(given.kind, given.unit, given.why, given.issues, f"api/{key or secrets.token_urlsafe(12)}")
    made = by_hand.propose(caller.session, proposed, by=caller.actor, now=caller.now)
    caller.session.commit()
    return _whole(caller, made.id or 0)


@router.get("/measures/{key}", responses=READ)
def measure(key: Key, caller: Reads) -> Whole:
    """One with its record."""
    return _whole(caller, key)


@router.get("/measures/{key}/paper", response_class=HTMLResponse, responses=READ)
def paper(key: Key, caller: Reads) -> HTMLResponse:
    """Its paper as a page to be printed."""
    found = _paper(caller, key)
    made = page_file(found.page.body, found.paper.content, name=found.page.name)
    return HTMLResponse(made, headers={"Content-Security-Policy": ALONE, "Cache-Control": "no-store"})


@router.get("/measures/{key}/paper/word", response_class=Response, responses={**READ, 200: A_FILE})
def word(key: Key, caller: Reads) -> Response:
    """Its paper as a Word file."""
    found = _paper(caller, key)
    made = word_file(found.word.body, found.paper.content, name=found.word.name)
    return Response(made, media_type=WORD, headers={"Cache-Control": "no-store"})


@router.post("/measures/{key}/{act}", responses=DONE)
def decide(key: Key, act: MeasureAct, caller: Acts, given: Decision) -> Whole:
    """Approve, second, reject, reply, return, accept, hold, conclude. Raises what the service raises."""
    view.the_measure(caller.session, caller.actor, key)
    if act not in VERBS:  # what only rules and time do
        raise NotFound(what="measure", code=key)
    more = given_for(
        act,
        stationery=lambda: stationery_in_force(caller.session, otherwise=caller.settings.city_pack / "papers"),
        interview=Interview(given.when, given.place),
    )
    how = {"by": caller.actor, "now": caller.now, "seen": given.version, "why": given.why}
    VERBS[act](caller.session, key, **how, **more)
    caller.session.commit()
    return _whole(caller, key)


def _whole(caller: Caller, key: int) -> Whole:
    found = view.one(caller.session, caller.actor, key, now=caller.now)
    return Whole(
        line=one_of(Measure, found.line),
        entries=[one_of(Entry, one) for one in found.entries],
        may=sorted(found.may),
        reply=found.reply,
    )


def _paper(caller: Caller, key: int) -> Printable:
    return printable(caller.session, view.the_measure(caller.session, caller.actor, key))
