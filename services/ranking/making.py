"""Making a month's table from live places."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text
from sqlmodel import Session

from models.scoring.cases import Case
from models.scoring.changes import Change
from models.scoring.document import to_document
from models.scoring.lists import Listed
from models.scoring.number import Number
from models.scoring.ranking import Entry, Place
from models.scoring.rounding import Rounding
from services.ranking.live import Live
from services.ranking.relief import Key, Relief
from services.ranking.table import BLACK, RATES, RED, CaseRow, Row, Table


@dataclass(frozen=True)
class Beside:
    """What a table shows beside the places: changes, lists, and how often in a row; unit → what."""

    changes: Mapping[str, Change]
    lists: Listed
    in_a_row: Mapping[str, int]
    proposed: Mapping[str, str]


def made(
    session: Session,
    live: Live,
    *,
    beside: Beside,
    reliefs: Mapping[Key, Relief],
    detail: Collection[str] | None = None,
) -> Table:
    """The table of live places. `detail`: the units whose cases and number trees are wanted; None: all of them."""
    field = live.field
    shown = {unit: cases for unit, cases in field.cases.items() if cases and (detail is None or unit in detail)}
    left_out = (issue for score in field.scores.values() for issue in score.left_out)
    numbers = _numbers(session, (*left_out, *(case.id for cases in shown.values() for case in cases)))
    places = sorted(field.places.values(), key=_order)
    return Table(
        month=live.month,
        formula=live.rules.version,
        rows=tuple(_row(place, live, beside, numbers) for place in places),
        cases={
            unit: tuple(_case(case, numbers, reliefs.get((case.id, unit))) for case in cases)
            for unit, cases in shown.items()
        },
        scores={unit: to_document(field.scores[unit].score) for unit in shown},
        names=live.rules.names,
    )


def _order(place: Place) -> tuple[str, bool, int, str]:
    return (place.entry.group, place.rank is None, place.rank or 0, place.entry.code)


def _row(place: Place, live: Live, beside: Beside, numbers: Mapping[int, str]) -> Row:
    entry, code = place.entry, place.entry.code
    unit, rounding = live.field.scores[code], live.rules.rounding
    change = beside.changes.get(code)
    return Row(
        code=code,
        name=live.names.get(code, code),
        group=entry.group,
        rank=place.rank,
        of=place.of,
        why=place.why,
        score=rounding.score(unit.score.exact),
        rates={name: rounding.percent(unit.rates[name].exact) for name in RATES},
        sides={name: _sides(unit.rates[name]) for name in RATES},
        figures=entry.figures,
        cases=unit.cases,
        overdue=unit.overdue,
        low=_bound(entry, "low", rounding),
        high=_bound(entry, "high", rounding),
        left_out=tuple(numbers.get(issue, str(issue)) for issue in unit.left_out),
        rank_before=change.rank_before if change else None,
        moved=change.moved if change else None,
        points=change.points if change else None,
        changed=change.why if change else "",
        listed=RED if code in beside.lists.red else BLACK if code in beside.lists.black else "",
        in_a_row=beside.in_a_row.get(code, 0),
        proposed=beside.proposed.get(code, ""),
    )


def _sides(rate: Number) -> tuple[str, str]:
    """Both sides of a ratio as they count: cases that count double do so here too."""
    above, below = (_plain(term.number.exact) for term in rate.terms)
    return above, below


def _plain(value: Fraction | None) -> str:
    return "" if value is None else str(value.numerator if value.denominator == 1 else value)


def _bound(entry: Entry, side: str, rounding: Rounding) -> Decimal | None:
    return rounding.percent(getattr(entry.interval, side)) if entry.interval else None


def _case(case: Case, numbers: Mapping[int, str], relief: Relief | None) -> CaseRow:
    marks = ("finder", "source", "due", "late", "extended", "leader_assigned", "repeated", "again", "checks")
    return CaseRow(
        issue=case.id,
        number=numbers.get(case.id, str(case.id)),
        state=case.state.value,
        failed_checks=case.failed_checks,
        left_out=case.left_out,
        appeal=relief.appeal if relief else None,
        outcome=relief.outcome.value if relief else "",
        **{name: getattr(case, name) for name in marks},
    )


def _numbers(session: Session, issues: Iterable[int]) -> dict[int, str]:
    found = text("SELECT id, number FROM issue WHERE id = ANY(:ids)")
    rows = session.connection().execute(found, {"ids": sorted(set(issues))})
    return {row.id: row.number for row in rows}
