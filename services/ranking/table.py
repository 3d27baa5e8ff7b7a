"""A month's table, and how it is kept in a publication as a document and read back from it.

Pages, files and API read the same document, whether it is live, a draft or published. It holds everything that a reader
may ask about: figures with both sides of each rate, the number trees of the scores, the cases and what counts of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from models.scoring.ranking import Entry, Figure, Place
from services.ranking.months import Month

RATES = ("disposal", "on_time", "rework", "overdue", "extension")
"""Shown for everybody, each with what it is a share of."""
WHOLE = frozenset({"cases", "overdue_open"})
RED, BLACK = "red", "black"


@dataclass(frozen=True)
class Row:
    """A unit's line. `rates`: in per cent; `sides`: what each rate is a share of, such as (“12”, “13”).

    `low` and `high`: between which its rectification rate lies. `moved`: places up; `points`: of the score; `changed`
    says why there is no difference. `listed`: red, black or nothing; `in_a_row`: black lists, this one counted;
    `proposed`: what the rules propose after so many. `left_out`: issues that appeals took out.
    """

    code: str
    name: str
    group: str
    rank: int | None
    of: int
    why: str
    score: Decimal | None
    rates: Mapping[str, Decimal | None]
    sides: Mapping[str, tuple[str, str]]
    figures: Mapping[str, Figure]
    cases: int
    overdue: int
    low: Decimal | None
    high: Decimal | None
    left_out: Sequence[str]
    rank_before: int | None = None
    moved: int | None = None
    points: Decimal | None = None
    changed: str = ""
    listed: str = ""
    in_a_row: int = 0
    proposed: str = ""


@dataclass(frozen=True)
class CaseRow:
    """One case of a unit as it counts. `appeal` and `outcome`: of the appeal that was not refused, if any."""

    issue: int
    number: str
    finder: str
    source: str
    state: str
    due: bool
    late: bool
    extended: bool
    leader_assigned: bool
    repeated: bool
    again: bool
    checks: int
    failed_checks: int
    left_out: str
    appeal: int | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Table:
    """Everybody's line, group by group, in the order of their places. `names`: code → (Chinese, English)."""

    month: Month
    formula: str
    rows: Sequence[Row]
    cases: Mapping[str, Sequence[CaseRow]]
    scores: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, tuple[str, str]]
    appeals_until: str = ""
    window: int = 0

    def row(self, unit: str) -> Row | None:
        return next((row for row in self.rows if row.code == unit), None)

    @property
    def groups(self) -> dict[str, list[Row]]:
        """The lines of each group."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return found


def to_content(table: Table) -> dict[str, Any]:
    """As a publication keeps it."""
    return {
        "month": str(table.month),
        "formula": table.formula,
        "appeals_until": table.appeals_until,
        "window_working_days": table.window,
        "units": [asdict(row) for row in table.rows],
        "cases": {unit: [asdict(case) for case in cases] for unit, cases in table.cases.items()},
        "scores": dict(table.scores),
        "names": {code: list(both) for code, both in table.names.items()},
    }


def from_content(content: Mapping[str, Any]) -> Table:
    """What was kept. Raises KeyError for what `to_content` did not write."""
    return Table(
        month=Month.parse(content["month"]),
        formula=content["formula"],
        rows=read_rows(content["units"]),
        cases={unit: tuple(CaseRow(**case) for case in cases) for unit, cases in content["cases"].items()},
        scores=content["scores"],
        names=read_names(content["names"]),
        appeals_until=content["appeals_until"],
        window=content["window_working_days"],
    )


def read_rows(written: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """The lines of a table that was kept."""
    return tuple(_read(row) for row in written)


def read_names(written: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Code → (Chinese, English), as kept."""
    return {code: (both[0], both[1]) for code, both in written.items()}


def _read(row: Mapping[str, Any]) -> Row:
    numbers = {name: _decimal(row[name]) for name in ("score", "low", "high", "points")}
    rates = {name: _decimal(value) for name, value in row["rates"].items()}
    sides = {name: (both[0], both[1]) for name, both in row["sides"].items()}
    figures = {name: value if name in WHOLE else _decimal(value) for name, value in row["figures"].items()}
    return Row(
        **{**row, **numbers, "rates": rates, "sides": sides, "figures": figures, "left_out": tuple(row["left_out"])}
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def places_of(rows: Iterable[Row]) -> list[Place]:
    """Places as they were, to be compared with those of another month."""
    return [Place(Entry(row.code, row.group, row.figures, row.cases), row.rank, row.of, row.why) for row in rows]
