"""Appeals of units against cases in the draft of a month, and their decision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from models.appeal import AppealOutcome
from services.ranking import appeals, piles
from services.ranking.appeals import Pleaded
from services.ranking.months import Month
from web.api.doors import Acts, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas.base import Code, Given, Listed, Text, Told, Words

router = APIRouter(route_class=Once, prefix="/appeals", tags=["ranking"])
READ, DONE = answers(401, 403, 404, 422, 429), answers(400, 401, 403, 404, 409, 422, 429)
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]


class AppealsAsked(Given):
    """Which pile; `after` is the id of the last one of the stretch before."""

    pile: Literal["mine", "to_decide", "decided"] = "mine"
    after: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ToAppeal(Given):
    """`unit`: whose case it is in that month. `ground`: a code of the city's scoring rules. `evidence`: a link."""

    month: Code
    number: Code
    unit: Code
    ground: Code
    reason: Words
    evidence: Text = ""
    area: Code | None = None


class ToDecide(Given):
    """Upheld: the case leaves the figures; partly: it stays, but counts neither as late nor as found again."""

    outcome: AppealOutcome
    reason: Words


class AppealDecided(Told):
    """`precedent`: the appeal about the same ground and standard that was decided last before."""

    outcome: AppealOutcome
    reason: str
    precedent: int | None
    decided_by: str
    decided_at: datetime


class AppealOf(Told):
    """One appeal; without a decision as long as nobody has decided it."""

    id: int
    month: str
    area: str
    number: str
    unit: str
    ground: str
    standard: str
    reason: str
    evidence: str
    asked_by: str
    asked_at: datetime
    decision: AppealDecided | None


class AppealPrecedent(Told):
    """An appeal about the same ground and standard that was decided."""

    id: int
    number: str
    outcome: AppealOutcome
    reason: str
    decided_at: datetime


class AppealWhole(AppealOf):
    """With what was decided before in such cases, and whether the caller may decide this one now."""

    precedents: Sequence[AppealPrecedent]
    may_decide: bool


@router.get("", responses=READ)
def list_appeals(caller: Reads, asked: Annotated[AppealsAsked, Query()]) -> Listed[AppealOf]:
    """Those of one's units and those decided the newest first, those to decide the oldest first."""
    found = piles.pile(caller.session, caller.actor, asked.pile, after=asked.after, limit=asked.limit + 1)
    shown = found[: asked.limit]
    more = str(shown[-1].appeal.id) if len(found) > asked.limit else None
    return Listed[AppealOf](items=[AppealOf(**_told(line)) for line in shown], next=more)


@router.post("", status_code=201, responses=DONE)
def appeal(caller: Acts, given: ToAppeal) -> AppealWhole:
    """Appeal against one case, within the time that the draft says."""
    row = appeals.appeal(
        caller.session,
        given.number,
        month=Month.parse(given.month),
        area_code=given.area or caller.city,
        pleaded=Pleaded(given.ground, given.reason, given.evidence),
        by=caller.actor,
        now=caller.now,
        unit=given.unit,
    )
    caller.session.commit()
    return _whole(caller, row.id or 0)


@router.get("/{key}", responses=READ)
def one_appeal(key: Key, caller: Reads) -> AppealWhole:
    """One appeal, for its unit's leaders and for those who decide or publish."""
    return _whole(caller, key)


@router.post("/{key}/decision", responses=DONE)
def decide(key: Key, caller: Acts, given: ToDecide) -> AppealWhole:
    """Decide it, once and for good."""
    piles.appeal_view(caller.session, caller.actor, key)
    appeals.decide(caller.session, key, outcome=given.outcome, reason=given.reason, by=caller.actor, now=caller.now)
    caller.session.commit()
    return _whole(caller, key)


def _whole(caller: Caller, key: int) -> AppealWhole:
    view = piles.appeal_view(caller.session, caller.actor, key)
    before = [
        AppealPrecedent(
            id=one.appeal.id or 0,
            number=one.number,
            outcome=one.decision.outcome,
            reason=one.decision.reason,
            decided_at=one.decision.decided_at,
        )
        for one in view.precedents
    ]
    return AppealWhole(**_told(view.line), precedents=before, may_decide=view.may_decide)


def _told(line: piles.Line) -> dict[str, Any]:
    row, decision = line.appeal, line.decision
    return {
        **{name: getattr(row, name) for name in ("id", "ground", "reason", "evidence", "asked_by", "asked_at")},
        "month": str(line.month),
        "area": row.area_code,
        "number": line.number,
        "unit": row.unit_code,
        "standard": row.standard_code,
        "decision": AppealDecided(
            outcome=decision.outcome,
            reason=decision.reason,
            precedent=decision.precedent_id,
            decided_by=decision.decided_by,
            decided_at=decision.decided_at,
        )
        if decision
        else None,
    }
