"""A measure that a person proposes: why, and which issues it rests on. Somebody else decides, as for a rule's.

Orders are the ladder's alone: each has its number there. Source: domain 4, 9c (E7, E8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.accountability import BY_HAND, HAND_KINDS, Measure, MeasureAct, MeasureEvent, MeasureKind, MeasureState
from models.area import Area
from models.errors import MissingInput, NotFound, WrongValue
from models.issue import Issue
from models.permissions import Right, held, must_hold
from models.rights import Actor
from models.unit import Unit
from services import bulk
from services.accountability.proposing import DISTRICT, SHOWN
from services.accountability.recording import for_whom
from services.commands import UNSTORABLE, check_text, is_blank
from services.rulebook import the_city
from services.sight import sees

LONGEST = 2000
ACT = "propose_measure"


@dataclass(frozen=True)
class Proposed:
    """What somebody proposes. `issues`: the numbers of those it rests on; `key` makes a repeated form harmless."""

    kind: MeasureKind
    unit: str
    why: str
    issues: Sequence[str]
    key: str


def propose(session: Session, proposed: Proposed, *, by: Actor, now: datetime) -> Measure:
    """Put it on record for somebody else to decide; asked again with the same key, it is the same. The caller commits.

    Raises ActionNotAllowed without the right over the unit's place, NotFound for the unit and for an issue that is not
    there or not seen, MissingInput, WrongValue.
    """
    unit = session.get(Unit, proposed.unit) if not UNSTORABLE.search(proposed.unit) else None
    if unit is None:
        raise NotFound(what="unit", code=proposed.unit[:80])
    path = session.get_one(Area, unit.area_code).path
    must_hold(by, Right.PROPOSE_MEASURE, city=the_city(session).code, area_path=path)
    key = f"hand/{by.code}/{proposed.key}"
    known = _known(session, key)
    return known or _written(session, _row(session, proposed, path, key, by=by, now=now), by=by, now=now)


def _row(session: Session, proposed: Proposed, path: str, key: str, *, by: Actor, now: datetime) -> Mapping[str, Any]:
    """Raises MissingInput, NotFound, WrongValue."""
    if proposed.kind not in HAND_KINDS:
        raise WrongValue(field="measure", value=proposed.kind, expected=", ".join(HAND_KINDS))
    issues = _issues(session, proposed, by)
    because = {"when": BY_HAND, "said": _why(proposed.why), "issues": [issue.number for issue in issues]}
    # As for a rule's: a yellow card is decided in the district of the unit, what weighs more in the city.
    level = DISTRICT if proposed.kind is MeasureKind.YELLOW_CARD else 1
    return {
        "key": key,
        "kind": proposed.kind,
        "state": MeasureState.PROPOSED,
        "version": 1,
        "rule": "",
        "unit_code": proposed.unit,
        "area_path": "/".join(path.split("/")[:level]),
        "issue_id": issues[0].id if len(issues) == 1 else None,
        "order_id": None,
        "because": because,
        "paper": "",
        "proposed_at": now,
        "climbed": 0,
        "proposed_by": by.code,
    }


def _why(written: str) -> str:
    if is_blank(written):
        raise MissingInput(action=ACT, missing="why")
    check_text(written, "why")
    if len(written) > LONGEST:
        raise WrongValue(field="why", value=f"{written[:20]}…", expected=f"at most {LONGEST} characters")
    return written.strip()


def _issues(session: Session, proposed: Proposed, by: Actor) -> Sequence[Issue]:
    """Each once, in the order in which they were named; all of them the unit's."""
    numbers = list(dict.fromkeys(proposed.issues))
    if not numbers:
        raise MissingInput(action=ACT, missing="issues")
    if len(numbers) > SHOWN:
        raise WrongValue(field="issues", value=len(numbers), expected=f"at most {SHOWN}")
    asked = [number for number in numbers if not UNSTORABLE.search(number)]
    found = {one.number: one for one in session.exec(select(Issue).where(col(Issue.number).in_(asked)))}
    return [_of_unit(found.get(number), number, proposed.unit, by) for number in numbers]


def _of_unit(issue: Issue | None, number: str, unit: str, by: Actor) -> Issue:
    if issue is None or not sees(by, issue):
        raise NotFound(what="issue", code=number[:40])
    if unit != issue.lead_unit and unit not in issue.assisting_units:
        raise WrongValue(field="issues", value=number, expected="issues of this unit")
    return issue


def _written(session: Session, row: Mapping[str, Any], *, by: Actor, now: datetime) -> Measure:
    """Two who send the same form at once make one measure with one event."""
    new = bulk.insert(session, Measure, [dict(row)], or_skip=True)
    measure = session.exec(select(Measure).where(Measure.key == row["key"])).one()
    if new:
        event = MeasureEvent(
            measure_id=measure.id or 0,
            act=MeasureAct.PROPOSE,
            who=by.code,
            on_behalf_of=for_whom(by, Right.PROPOSE_MEASURE, measure.area_path),
            at=now,
            why=row["because"]["said"],
            facts={"issues": row["because"]["issues"]},
        )
        session.add(event)
        session.flush()
    return measure


def _known(session: Session, key: str) -> Measure | None:
    """What the same form made before; nobody else's key."""
    check_text(key, "key")
    return session.exec(select(Measure).where(Measure.key == key)).first()


def units_to_propose(session: Session, by: Actor, *, today: date) -> Sequence[tuple[str, str]]:
    """Code and name of the units over which somebody may propose a measure."""
    over = held(by, Right.PROPOSE_MEASURE, city=the_city(session).code).areas
    query = select(Unit.code, Unit.name, Area.path).join(Area, col(Area.code) == col(Unit.area_code))
    there = query.where(col(Unit.valid_to).is_(None) | (col(Unit.valid_to) >= today)).order_by(col(Unit.code))
    return [(code, name) for code, name, path in session.exec(there) if over & set(path.split("/"))]
