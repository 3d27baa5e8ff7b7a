"""What appeals do to the cases of a period: upheld, a case leaves the figures; partly, it counts as in time and once.

An appeal holds for the unit that made it, in the cycle in which it was made, and in the figures of the area that
decided it and of those below: a district takes nothing out of the city's figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlmodel import Session

from models.appeal import AppealOutcome
from models.scoring.cases import Case

Key = tuple[int, str]
"""Issue and unit."""
_DECIDED = """
SELECT a.issue_id, a.unit_code, d.outcome, a.ground, a.id
  FROM appeal a JOIN appeal_decision d ON d.appeal_id = a.id JOIN issue i ON i.id = a.issue_id AND i.cycle = a.cycle
 WHERE d.outcome <> 'refused' AND a.issue_id = ANY(:ids) AND a.area_code = ANY(:areas)
 ORDER BY a.id
"""


@dataclass(frozen=True, slots=True)
class Relief:
    """What was decided for one case: `appeal` is its id, `ground` what was pleaded."""

    appeal: int
    ground: str
    outcome: AppealOutcome


def reliefs(session: Session, issues: Iterable[int], *, area_path: str) -> dict[Key, Relief]:
    """The appeals that were not refused, by issue and unit; the later one where there are several."""
    given = {"ids": sorted(set(issues)), "areas": area_path.split("/")}
    rows = session.connection().execute(text(_DECIDED), given)
    return {(row.issue_id, row.unit_code): Relief(row.id, row.ground, AppealOutcome(row.outcome)) for row in rows}


def relieved(session: Session, cases: Iterable[Case], *, area_path: str) -> list[Case]:
    """The cases of an area as they count after the appeals; their order is kept."""
    given = list(cases)
    found = reliefs(session, (case.id for case in given), area_path=area_path)
    return [_relieved(case, found) for case in given]


def _relieved(case: Case, found: Mapping[Key, Relief]) -> Case:
    relief = found.get((case.id, case.unit))
    if relief is None:
        return case
    if relief.outcome is AppealOutcome.UPHELD:
        return replace(case, left_out=relief.ground)
    return replace(case, late=False, repeated=False)
