"""The scores of units over a period, by the rules in force: live, as the record stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import text
from sqlmodel import Session

from models.scoring.appraisal import Beside, UnitScore, unit_scores
from models.scoring.cases import Case
from models.scoring.rules import Scoring
from notifications.collector import collector_rests
from services.ranking.relief import relieved
from services.scores.beside import besides
from services.scores.cases import bounds, cases_of, path_of
from services.scores.formula import in_force


@dataclass(frozen=True)
class MonthScores:
    """Units over a period, both days included. `groups`: unit → its ranking group; `names`: of the units.

    `cases` are all that the scores are made from, also those that appeals took out. `until`: how far the record was
    looked at; before the end of the period where it is not over.
    """

    period_from: date
    period_to: date
    area_code: str
    formula: Scoring
    cases: Sequence[Case]
    beside: Mapping[str, Beside]
    names: Mapping[str, str]
    groups: Mapping[str, str]
    until: datetime

    @cached_property
    @collector_rests()
    def units(self) -> Mapping[str, UnitScore]:
        """Unit → its score, made when it is first asked for: a ranking makes its own from the cases."""
        return unit_scores(self.cases, beside=self.beside, rules=self.formula)


@collector_rests()
def unit_month(
    session: Session,
    *,
    period_from: date,
    period_to: date,
    area_code: str,
    now: datetime | None = None,
    rules: Scoring | None = None,
) -> MonthScores:
    """The score of every unit that had cases or incidents in an area and below. Raises NotFound, WrongValue.

    `now`: for a period that is not over yet, what falls due later is not looked at. `rules`: other than in force.
    """
    formula = rules or in_force(session)
    path = path_of(session, area_code)
    start, end = bounds(session, period_from, period_to)
    until = end if now is None else max(start, min(end, now))
    within = formula.appraisal.repeated_within
    counted = cases_of(session, start=start, end=until, area_path=path, repeated_within=within)
    cases = relieved(session, counted, area_path=path)
    beside = besides(session, period=(period_from, period_to), instants=(start, until), area_path=path, rules=formula)
    known = _known(session, sorted({*beside, *(case.unit for case in cases)}))
    names, groups = ({code: row[place] for code, row in known.items()} for place in (0, 1))
    return MonthScores(period_from, period_to, area_code, formula, cases, beside, names, groups, until)


def _known(session: Session, codes: list[str]) -> dict[str, tuple[str, str]]:
    query = text("SELECT code, name, ranking_group FROM unit WHERE code = ANY(:codes)")
    return {code: (name, group) for code, name, group in session.connection().execute(query, {"codes": codes})}
