"""Audits: the ones that the caller may know of, starting one, recording sheets, ending one."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Header, Path

from models.errors import MissingInput
from runtime.i18n import language
from services import audit_facts, audit_progress, audit_results, audit_view, audits
from services.audit_results import Seen
from services.audits import LARGEST_SEED, AuditOrder
from services.people import city_day
from web.api import schemas
from web.api.doors import Audits, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import Given, Words, one_of

router = APIRouter(route_class=Once, tags=["audits"], prefix="/audits")
SHOWN = {
    *("number", "kind", "area_code", "on_date", "seed", "wanted"),
    *("held", "finished_at", "published_at"),
}
SheetId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class Ending(Given):
    """Why it ends though sheets are open."""

    why: Words


@router.get("", responses=answers(401, 403, 422, 429))
def list_rounds(caller: Reads) -> list[schemas.Round]:
    """The newest ones."""
    return [one_of(schemas.Round, one) for one in audit_view.rounds(caller.session, caller.actor)]


@router.post("", status_code=201, responses=answers(400, 401, 403, 404, 409, 422, 429))
def start_round(caller: Audits, given: schemas.NewRound, key: Key = None) -> schemas.Started:
    """Draw points, make sheets, tell the inspectors."""
    order = AuditOrder(
        kind=given.kind,
        area_code=given.area,
        points=given.points,
        seed=secrets.randbelow(LARGEST_SEED) if given.seed is None else given.seed,
        inspectors=tuple(given.inspectors),
        on_date=given.on_date or city_day(caller.session, caller.now),
        requested_by=caller.actor.code,
        categories=tuple(given.categories),
        version_code=given.version,
        held=given.held,
        key=f"api:{caller.actor.code}:{key}" if key else None,
    )
    started = audits.start(caller.session, order, now=caller.now)
    caller.session.commit()
    return one_of(schemas.Started, started)


@router.get("/{number}", responses=answers(401, 403, 404, 422, 429))
def one_round(number: str, caller: Reads) -> schemas.RoundOf:
    """How far it has come."""
    return _round(caller, number)


@router.get("/{number}/sheets/{sheet}", responses=answers(401, 403, 404, 422, 429))
def one_sheet(number: str, sheet: SheetId, caller: Reads) -> schemas.SheetOf:
    """One sheet: the standards to be looked at, and what was seen of each so far."""
    found = audit_view.sheet_view(caller.session, caller.actor, number, sheet)
    return schemas.SheetOf(
        id=sheet,
        inspector=found.sheet.inspector,
        point=found.point.code,
        point_name=found.point.name,
        area_name=found.area,
        filled_at=found.sheet.filled_at,
        left=found.left,
        standards=[_asked(one) for one in found.asked],
    )


@router.post(
    "/{number}/sheets/{sheet}/observations", status_code=201, responses=answers(400, 401, 403, 404, 409, 422, 429)
)
def record_sheet(number: str, sheet: SheetId, caller: Audits, given: schemas.Seen) -> schemas.Recorded:
    """What was seen on one sheet. What is not met becomes an issue; the same said again changes nothing."""
    found = audit_view.sheet_view(caller.session, caller.actor, number, sheet)
    seen = [_seen(one, found) for one in given.observations]
    done = audit_results.record(caller.session, sheet_id=sheet, by=caller.actor, now=caller.now, observations=seen)
    caller.session.commit()
    return one_of(schemas.Recorded, done)


@router.post("/{number}/end", responses=answers(400, 401, 403, 404, 409, 422, 429))
def end_round(number: str, caller: Audits, given: Ending) -> schemas.RoundOf:
    """End it though sheets are open."""
    round_ = audit_view.must_see_round(caller.session, caller.actor, number)
    audit_results.end(caller.session, round_, by=caller.actor, why=given.why, now=caller.now)
    caller.session.commit()
    return _round(caller, number)


def _seen(one: schemas.SeenOn, sheet: audit_view.SheetView) -> Seen:
    """Where no result is given, the counts say it. Raises MissingInput where they do not."""
    facts = audit_facts.read(one.model_dump(include=set(audit_facts.FIELDS)), standard=one.standard)
    asked = next((asked for asked in sheet.asked if asked.standard.code == one.standard), None)
    result = one.result
    if result is None and asked is not None:
        result = audit_facts.verdict(facts, asked.standard, asked.measure)
    if result is None:
        raise MissingInput(action="record", missing=f"{one.standard}: result")
    return Seen(one.standard, result, one.note, facts=facts, made_at=one.observed_at)


def _asked(one: audit_view.Asked) -> schemas.AskedOf:
    english = one.standard.text_en if language() == "en" else ""
    return schemas.AskedOf(
        standard=one.standard.code,
        text=english or one.standard.text,
        severity=one.standard.severity,
        issue=one.issue,
        result=one.seen.result if one.seen else None,
        note=one.seen.note if one.seen else "",
        observed_at=one.seen.observed_at if one.seen else None,
        measure=one.measure.kind.value,
        counts=tuple(one.counts),
        facts=schemas.Facts(**one.seen.facts) if one.seen else None,
    )


def _round(caller: Caller, number: str) -> schemas.RoundOf:
    round_ = audit_view.must_see_round(caller.session, caller.actor, number)
    progress = audit_progress.progress(caller.session, number)
    return schemas.RoundOf(
        **round_.model_dump(include=SHOWN),
        compliance_rate=progress.compliance_rate,
        draw_repeats=progress.draw_repeats,
        sheets=[one_of(schemas.Sheet, one) for one in audit_view.sheets(caller.session, round_, caller.actor)],
        issues=[issue.number for issue in audit_view.issues_of(caller.session, round_, caller.actor)],
    )
