"""Hits of the negative list and incidents of units, put on record: who, when, why, with what proof. Never changed.

What was recorded wrongly is withdrawn by a second row, once; both stay.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import MissingInput, NotFound, Refused, WrongValue
from models.issue import Issue
from models.permissions import Right, must_hold
from models.rights import Actor
from models.score import NegativeHit, UnitIncident
from models.unit import Unit
from services.commands import check_text
from services.people import city_day
from services.rulebook import the_city
from services.scores.editions import negative_entries
from services.scores.formula import in_force

LONGEST = 1000
Row = TypeVar("Row", NegativeHit, UnitIncident)


class WithdrawnAlready(Refused):
    """Nothing is withdrawn twice, and no withdrawal is."""

    code = "withdrawn_already"
    template = "This entry is withdrawn already, or is itself a withdrawal."


def record_hit(
    session: Session, *, code: str, area_code: str, on: date, evidence: str, why: str, by: Actor, now: datetime
) -> NegativeHit:
    """A case on the negative list of an area. Raises ActionNotAllowed, NotFound, WrongValue, MissingInput."""
    area = _area(session, area_code)
    _check_right(session, by, area)
    _check(session, code, negative_entries(session), on=on, now=now)
    row = NegativeHit(
        code=code,
        area_code=area.code,
        on_date=on,
        evidence=_text(evidence, "evidence"),
        why=_text(why, "why"),
        recorded_by=by.code,
        recorded_at=now,
    )
    return _written(session, row)


def record_incident(
    session: Session,
    *,
    code: str,
    unit_code: str,
    on: date,
    evidence: str,
    why: str,
    by: Actor,
    now: datetime,
    issue: str | None = None,
) -> UnitIncident:
    """Something about a unit that the rules price; `issue`: the number of what it is about. Raises as `record_hit`."""
    unit = session.get(Unit, unit_code) if "\0" not in unit_code else None
    if unit is None:
        raise NotFound(what="unit", code=unit_code[:80])
    _check_right(session, by, _area(session, unit.area_code))
    _check(session, code, in_force(session).appraisal.incidents, on=on, now=now)
    row = UnitIncident(
        code=code,
        unit_code=unit.code,
        issue_id=_issue(session, issue) if issue else None,
        on_date=on,
        evidence=_text(evidence, "evidence"),
        why=_text(why, "why"),
        recorded_by=by.code,
        recorded_at=now,
    )
    return _written(session, row)


def withdraw_hit(session: Session, hit_id: int, *, why: str, by: Actor, now: datetime) -> NegativeHit:
    """Take a hit back. Raises NotFound, ActionNotAllowed, MissingInput, WithdrawnAlready."""
    row = session.get(NegativeHit, hit_id)
    if row is None:
        raise NotFound(what="negative hit", code=hit_id)
    _check_right(session, by, _area(session, row.area_code))
    _check_standing(session, NegativeHit, hit_id, row.withdraws)
    back = NegativeHit(
        code=row.code,
        area_code=row.area_code,
        on_date=row.on_date,
        evidence=row.evidence,
        why=_text(why, "why"),
        withdraws=hit_id,
        recorded_by=by.code,
        recorded_at=now,
    )
    return _written(session, back)


def withdraw_incident(session: Session, incident_id: int, *, why: str, by: Actor, now: datetime) -> UnitIncident:
    """Take an incident back. Raises as `withdraw_hit` does."""
    row = session.get(UnitIncident, incident_id)
    if row is None:
        raise NotFound(what="incident", code=incident_id)
    unit = session.get_one(Unit, row.unit_code)
    _check_right(session, by, _area(session, unit.area_code))
    _check_standing(session, UnitIncident, incident_id, row.withdraws)
    back = UnitIncident(
        code=row.code,
        unit_code=row.unit_code,
        issue_id=row.issue_id,
        on_date=row.on_date,
        evidence=row.evidence,
        why=_text(why, "why"),
        withdraws=incident_id,
        recorded_by=by.code,
        recorded_at=now,
    )
    return _written(session, back)


def _area(session: Session, code: str) -> Area:
    area = session.get(Area, code) if "\0" not in code else None
    if area is None:
        raise NotFound(what="area", code=code[:80])
    return area


def _check_right(session: Session, by: Actor, area: Area) -> None:
    must_hold(by, Right.RECORD_INCIDENT, city=the_city(session).code, area_path=area.path)


def _check(session: Session, code: str, known: Collection[str], *, on: date, now: datetime) -> None:
    if code not in known:
        raise WrongValue(field="code", value=code[:80], expected=f"one of: {', '.join(known)}")
    if on > city_day(session, now):
        raise WrongValue(field="on", value=on.isoformat(), expected="a day that has come")


def _check_standing(
    session: Session, table: type[NegativeHit] | type[UnitIncident], key: int, withdraws: int | None
) -> None:
    session.get_one(table, key, with_for_update=True)
    taken = session.exec(select(table.id).where(col(table.withdraws) == key)).first()
    if withdraws is not None or taken is not None:
        raise WithdrawnAlready


def _issue(session: Session, number: str) -> int:
    found = session.exec(select(Issue.id).where(col(Issue.number) == number)).first() if "\0" not in number else None
    if found is None:
        raise NotFound(what="issue", code=number[:80])
    return found


def _text(written: str, field: str) -> str:
    given = written.strip()
    if not given:
        raise MissingInput(action="record_incident", missing=field)
    check_text(given, field)
    if len(given) > LONGEST:
        raise WrongValue(field=field, value=len(given), expected=f"at most {LONGEST} characters")
    return given


def _written(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
