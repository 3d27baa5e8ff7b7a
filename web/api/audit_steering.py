"""Steering audits: the draw repeated, the quality re-check, publishing, handing issues over."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Path

from runtime.i18n import say
from services import (
    audit_contradictions,
    audit_differences,
    audit_dispatch,
    audit_publishing,
    audit_rechecks,
    audit_redraw,
    audit_view,
)
from services.audit_acts import must_steer
from services.audits import LARGEST_SEED
from services.papers.stationery import stationery_in_force
from web.api.doors import Audits, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import audit_steering as schemas
from web.api.schemas.base import one_of

router = APIRouter(route_class=Once, tags=["audits"], prefix="/audits/{number}")
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
CHANGES = answers(400, 401, 403, 404, 409, 422, 429)


@router.get("/draw", responses=answers(401, 403, 404, 422, 429))
def repeat_draw(number: str, caller: Reads) -> schemas.Redraw:
    """Draw once more from the frozen frame; nothing is changed."""
    round_ = audit_view.must_see_round(caller.session, caller.actor, number)
    return one_of(schemas.Redraw, audit_redraw.redraw(caller.session, round_))


@router.post("/publish", responses=CHANGES)
def publish_round(number: str, caller: Audits, given: schemas.Publishing) -> schemas.Published:
    """Publish a round that was held back: what is not met becomes issues."""
    done = audit_publishing.publish(caller.session, number, by=caller.actor, now=caller.now, why=given.why)
    caller.session.commit()
    return one_of(schemas.Published, done)


@router.post("/dispatch", responses=CHANGES)
def dispatch_round(number: str, caller: Audits) -> schemas.Dispatched:
    """Hand its issues to the units that answer for them, each unit with one notice."""
    stationery = stationery_in_force(caller.session, otherwise=caller.settings.city_pack / "papers")
    done = audit_dispatch.dispatch(caller.session, number, by=caller.actor, now=caller.now, stationery=stationery)
    caller.session.commit()
    left = [schemas.LeftOver(what=one.what, why=say(one.error)) for one in done.left]
    return schemas.Dispatched(assigned=done.assigned, notices=done.notices, left=left)


@router.get("/recheck", responses=answers(401, 403, 404, 409, 422, 429))
def show_recheck(number: str, caller: Audits) -> schemas.Recheck:
    """How often two looks agree, and where they differ; for whoever steers the round."""
    return _recheck(caller, number)


@router.post("/recheck", status_code=201, responses=CHANGES)
def draw_recheck(number: str, caller: Audits, given: schemas.NewRecheck) -> schemas.Recheck:
    """Have a drawn share of the full sheets done a second time."""
    audit_rechecks.draw_again(
        caller.session,
        number,
        share=given.share,
        seed=secrets.randbelow(LARGEST_SEED) if given.seed is None else given.seed,
        inspectors=given.inspectors,
        by=caller.actor,
        now=caller.now,
    )
    caller.session.commit()
    return _recheck(caller, number)


@router.post("/recheck/{first}", responses=CHANGES)
def decide_difference(number: str, first: Key, caller: Audits, given: schemas.Choice) -> schemas.Recheck:
    """Say which of two looks counts. `first` is the `first_id` of a difference."""
    audit_differences.decide(
        caller.session, number, first_id=first, look=given.look, by=caller.actor, now=caller.now, why=given.why
    )
    caller.session.commit()
    return _recheck(caller, number)


@router.get("/contradictions", responses=answers(401, 403, 404, 422, 429))
def list_contradictions(number: str, caller: Audits) -> list[schemas.TwoResults]:
    """What two people handed in for one sheet and saw differently, and nobody has decided; for whoever steers it."""
    return _contradictions(caller, number)


@router.post("/contradictions/{key}", responses=CHANGES)
def decide_contradiction(number: str, key: Key, caller: Audits, given: schemas.Counts) -> list[schemas.TwoResults]:
    """Say which of the two counts; what is left to be decided. `key` is the `id` of one of them."""
    audit_contradictions.decide(
        caller.session, number, key=key, chosen=given.chosen, by=caller.actor, now=caller.now, why=given.why
    )
    caller.session.commit()
    return _contradictions(caller, number)


def _contradictions(caller: Caller, number: str) -> list[schemas.TwoResults]:
    round_ = must_steer(caller.session, number, by=caller.actor)
    return [one_of(schemas.TwoResults, one) for one in audit_contradictions.waiting(caller.session, round_)]


def _recheck(caller: Caller, number: str) -> schemas.Recheck:
    round_ = must_steer(caller.session, number, by=caller.actor)
    sheets = [one for one in audit_view.sheets(caller.session, round_, caller.actor) if one.again_of]
    found = audit_differences.agreements(caller.session, round_)
    return schemas.Recheck(
        sheets=len(sheets),
        filled=sum(one.filled_at is not None for one in sheets),
        inspectors=[one_of(schemas.Agreement, one) for one in found.inspectors],
        standards=[one_of(schemas.Agreement, one) for one in found.standards],
        differences=[one_of(schemas.Difference, one) for one in audit_differences.differences(caller.session, round_)],
    )
