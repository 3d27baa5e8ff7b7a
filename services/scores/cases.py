"""What units did with their issues in a period, as models/scoring/cases.py wants it: one case per issue and unit.

A case is due in the period in which its deadline lies; checks, assignments, returns and look-backs belong to the one in
which they happened, and to the unit that had the issue then (as in services/figures.py). State and deadline are those
on record when this is read, as far as they had come about by the end of the period.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session

from models.area import Area
from models.errors import NotFound
from models.scoring.cases import Case, CaseState
from services import rulebook


def bounds(session: Session, period_from: date, period_to: date) -> tuple[datetime, datetime]:
    """The instants at which a period of city days, both included, begins, and at which it is over."""
    zone = ZoneInfo(rulebook.the_city(session).timezone)
    last = period_to + timedelta(days=1)
    return datetime.combine(period_from, time(), zone), datetime.combine(last, time(), zone)


def path_of(session: Session, area_code: str) -> str:
    """The path of an area. Raises NotFound."""
    area = session.get(Area, area_code) if "\0" not in area_code else None
    if area is None:
        raise NotFound(what="area", code=area_code[:80])
    return area.path


def cases_of(session: Session, *, start: datetime, end: datetime, area_path: str, repeated_within: int) -> list[Case]:
    """Every case of the period, `end` not included, in an area and below; by unit and issue.

    `repeated_within`: days after the one before in which the same fault in a later period is found again.
    """
    given = {"start": start, "end": end, "path": area_path, "below": f"{area_path}/%", "days": repeated_within}
    due, happened = (
        {(row[1], row[0]): row for row in session.connection().execute(text(statement), given).all()}
        for statement in (DUE, EVENTS)
    )
    cases = [_due(*row, *(happened[key][6:] if key in happened else ())) for key, row in due.items()]
    cases += [_not_due(*row) for key, row in happened.items() if key not in due]
    return sorted(cases, key=lambda case: (case.unit, case.id))


STATES = {state.value: state for state in CaseState}
COUNTS = ("checks", "failed_checks", "received", "returned", "looked_back", "relapsed")


def _due(key: int, unit: str, finder: str, source: str, state: str, *rest: Any) -> Case:
    """The columns of DUE, then the counts of EVENTS: all in the order of `Case`, for a year has thousands of them."""
    return Case(key, unit, finder, source, STATES[state], *rest)


def _not_due(key: int, unit: str, finder: str, source: str, by_leader: bool, again: bool, *counts: int) -> Case:
    """The columns of EVENTS."""
    happened: dict[str, Any] = dict(zip(COUNTS, counts, strict=True))
    state = CaseState.OPEN
    return Case(key, unit, finder, source, state, due=False, leader_assigned=by_leader, again=again, **happened)


# What came up to the end of the period: who handed in, passed or closed later still had it open then. A case that was
# handed back for rework is open again, whatever was handed in before.
DUE = """
WITH due AS MATERIALIZED (
SELECT id, lead_unit, found_level, source, state, relapses, extensions, leader_assigned, point_code, standard_code,
       due_at, found_at, submitted_at, verified_at, closed_at
  FROM issue
 WHERE due_at >= :start AND due_at < :end AND lead_unit IS NOT NULL AND state <> 'void'
   AND (area_path = :path OR area_path LIKE :below))
SELECT i.id, i.lead_unit, i.found_level, i.source,
       CASE WHEN i.state = 'shelved' THEN 'suspended'
            WHEN i.closed_at < :end THEN 'closed'
            WHEN i.state IN ('found', 'assigned', 'rectifying') OR i.submitted_at IS NULL OR i.submitted_at >= :end
            THEN 'open'
            WHEN i.verified_at < :end AND i.state IN ('verified', 'closed') THEN 'verified'
            ELSE 'handed_in' END AS state,
       CASE WHEN i.state IN ('found', 'assigned', 'rectifying') OR i.submitted_at IS NULL THEN true
            ELSE i.submitted_at > i.due_at END AND i.state <> 'shelved' AS late,
       true AS due, i.extensions > 0 AS extended, i.leader_assigned,
       EXISTS (SELECT FROM issue b
                WHERE b.point_code = i.point_code AND b.standard_code = i.standard_code AND b.id < i.id
                  AND b.lead_unit = i.lead_unit AND b.state <> 'void' AND b.due_at < :start
                  AND b.found_at > i.found_at - make_interval(days => :days)) AS repeated,
       i.relapses > 0 AS again
  FROM due i
"""
# Whose an event is: the unit to which the issue was given last before it, for it may have gone on to another since.
EVENTS = """
WITH happened AS MATERIALIZED (
SELECT i.id, i.found_level, i.source, i.leader_assigned, i.relapses > 0 AS again, e.action,
       coalesce(e.facts->>'returned_by',
                (SELECT a.facts->>'lead_unit' FROM issue_event a
                  WHERE a.issue_id = e.issue_id AND a.seq <= e.seq AND a.action IN ('assign', 'take_over')
                  ORDER BY a.seq DESC LIMIT 1), i.lead_unit) AS unit
  FROM issue_event e JOIN issue i ON i.id = e.issue_id
 WHERE e.at >= :start AND e.at < :end AND i.state <> 'void' AND (i.area_path = :path OR i.area_path LIKE :below)
   AND e.action IN ('assign', 'pass', 'fail', 'return', 'grant_return', 'relapse', 'look_back')
)
SELECT id, unit, found_level, source, leader_assigned, again,
       count(*) FILTER (WHERE action IN ('pass', 'fail')) AS checks,
       count(*) FILTER (WHERE action = 'fail') AS failed_checks,
       count(*) FILTER (WHERE action = 'assign') AS received,
       count(*) FILTER (WHERE action IN ('return', 'grant_return')) AS returned,
       count(*) FILTER (WHERE action IN ('relapse', 'look_back')) AS looked_back,
       count(*) FILTER (WHERE action = 'relapse') AS relapsed
  FROM happened
 WHERE unit IS NOT NULL
 GROUP BY id, unit, found_level, source, leader_assigned, again
"""
