"""Publishing scores, and putting negative-list hits and incidents on record."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from models.errors import MissingInput, NotFound
from models.publication import Publication
from services import publications
from services.scores import publishing, recording
from services.scores.seeing import must_see_publication, must_see_round
from web.api.doors import Acts, Caller
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import Code, Given, Told, Words, one_of
from web.api.schemas.scores import Edition

router = APIRouter(prefix="/scores", tags=["scores"], route_class=Once)
DONE = answers(400, 401, 403, 404, 409, 422, 429)
LARGEST = 2**63 - 1


class Act(StrEnum):
    """What is done to a publication of scores."""

    RENEW = "renew"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class Year(Given):
    system: Code = "civilised_city"


class Looked(Given):
    """`seen`: the hash of the content that was looked at; `why`: for sending back and withdrawing."""

    seen: Annotated[str, Field(max_length=64)]
    why: Words | None = None


class Hit(Given):
    """A case on the negative list; without an area, of the whole city."""

    code: Code
    area: Code | None = None
    on: date
    evidence: Words
    why: Words


class Incident(Given):
    """Something about a unit that the rules price; `issue`: the number of what it is about."""

    code: Code
    unit: Code
    issue: Code | None = None
    on: date
    evidence: Words
    why: Words


class Why(Given):
    why: Words


class OnRecord(Told):
    """The entry's id."""

    id: int


@router.post("/rounds/{number}/draft", status_code=201, responses=DONE)
def draft_round(number: str, caller: Acts) -> Edition:
    """Draft the publication of a round's score; the one that is there already, where there is one."""
    must_see_round(caller.session, caller.actor, number)
    row = publishing.draft_round(caller.session, number, by=caller.actor, now=caller.now)
    caller.session.commit()
    return one_of(Edition, row)


@router.post("/years/{year}/draft", status_code=201, responses=DONE)
def draft_year(year: int, caller: Acts, given: Year) -> Edition:
    """Draft the publication of a year's score."""
    row = publishing.draft_year(caller.session, year, system=given.system, by=caller.actor, now=caller.now)
    caller.session.commit()
    return one_of(Edition, row)


@router.post("/publications/{key}/{act}", responses=DONE)
def do(key: int, act: Act, caller: Acts, given: Looked) -> Edition:
    """Make a draft anew, approve it, send it back, publish it, withdraw it."""
    if not 0 < key <= LARGEST:
        raise NotFound(what="publication", code=key)
    must_see_publication(caller.session, caller.actor, key)
    row = _done(caller, key, act, given)
    caller.session.commit()
    return one_of(Edition, row)


def _done(caller: Caller, key: int, act: Act, given: Looked) -> Publication:
    how: dict[str, Any] = {"by": caller.actor, "seen": given.seen, "now": caller.now}
    if act is Act.RENEW:
        return publishing.made_anew(caller.session, key, **how)
    if act is Act.APPROVE:
        return publications.approve(caller.session, key, **how)
    if act is Act.PUBLISH:
        return publications.publish(caller.session, key, **how)
    if not given.why:
        raise MissingInput(action="publication", missing="why")
    way = publications.send_back if act is Act.SEND_BACK else publications.withdraw
    return way(caller.session, key, why=given.why, **how)


@router.post("/records/hits", status_code=201, responses=DONE)
def record_hit(caller: Acts, given: Hit) -> OnRecord:
    """Put a case of the negative list on record."""
    row = recording.record_hit(
        caller.session,
        code=given.code,
        area_code=given.area or caller.city,
        on=given.on,
        evidence=given.evidence,
        why=given.why,
        by=caller.actor,
        now=caller.now,
    )
    caller.session.commit()
    return OnRecord(id=row.id or 0)


@router.post("/records/incidents", status_code=201, responses=DONE)
def record_incident(caller: Acts, given: Incident) -> OnRecord:
    """Put an incident of a unit on record."""
    row = recording.record_incident(
        caller.session,
        code=given.code,
        unit_code=given.unit,
        issue=given.issue,
        on=given.on,
        evidence=given.evidence,
        why=given.why,
        by=caller.actor,
        now=caller.now,
    )
    caller.session.commit()
    return OnRecord(id=row.id or 0)


@router.post("/records/{kind}/{key}/withdraw", status_code=201, responses=DONE)
def withdraw(kind: str, key: int, caller: Acts, given: Why) -> OnRecord:
    """Take an entry back; both stay on record."""
    ways: dict[str, Any] = {"hits": recording.withdraw_hit, "incidents": recording.withdraw_incident}
    if kind not in ways or not 0 < key <= LARGEST:
        raise NotFound(what="incident", code=key)
    row: Any = ways[kind](caller.session, key, why=given.why, by=caller.actor, now=caller.now)
    caller.session.commit()
    return OnRecord(id=row.id or 0)
