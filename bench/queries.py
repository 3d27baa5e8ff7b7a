"""Lists, search, boards and figures at 10,000 and at 1,000,000 issues of the example city; a tenth is open.

Every question is asked several times, in turn with all others, as different people would: what is shown is the time
under which 95 % of all answers of a kind lie, and the worst question of the kind by its median.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.bed import a_database
from bench.crowd import multiply
from bench.town import PACK, a_town_database
from models.lifecycle import State
from services import boards, figures, queries, standings, trends
from services.cities import load, load_samples, read_pack
from services.filters import Scope, Wanted
from tests.cast import at

NOW = at("2026-11-20 10:00")
NIGHT = at("2026-11-20 01:00")
SIZES = (10_000, 1_000_000)
TURNS = 12
WORDS = ("垃圾", "桶", "消防通道", "农贸市场", "公平秤未校准", "白鹭", "龘", "鼹鼠", "塌陷", "并不存在", "z")
NUMBERS = ("0004321", "CROWD-2026-0009876", "77")
Question = Callable[[Session], object]


@dataclass
class Measured:
    """Milliseconds by question."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    @property
    def p95(self) -> float:
        return statistics.quantiles([one for several in self.taken.values() for one in several], n=20)[-1]

    @property
    def median(self) -> float:
        return statistics.median([one for several in self.taken.values() for one in several])

    @property
    def worst(self) -> tuple[float, str]:
        return max((statistics.median(several), name) for name, several in self.taken.items())


def main(sizes: Sequence[int] = SIZES) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    before: Mapping[str, Measured] = {}
    with a_database() as fresh, a_town_database(fresh, "queries") as engine:
        load_with_samples(engine)
        for size in sizes:
            took = time.perf_counter()
            multiply(engine, to=size, until=NOW)
            _count(engine)
            yield f"grown to {size:,} issues", f"{time.perf_counter() - took:.0f} s"
            measured = measure(engine, _questions)
            yield from lines(measured, before=before, size=size)
            before = measured


def lines(measured: Mapping[str, Measured], *, before: Mapping[str, Measured], size: int) -> Iterator[tuple[str, str]]:
    """A line for each kind of question, with how its median grew since the smaller size."""
    for kind, one in measured.items():
        growth = f"; median {one.median / before[kind].median:.1f} ×" if kind in before else ""
        slow, which = one.worst
        yield f"{kind} at {size:,}: 95 % under", f"{one.p95:.0f} ms{growth} (slowest: {which}, {slow:.0f} ms)"


def load_with_samples(engine: Engine) -> None:
    """The example city with its sample issues, of which a crowd is made."""
    pack = read_pack(PACK)
    with tempfile.TemporaryDirectory() as evidence, Session(engine) as session:
        load(session, pack, now=NOW)
        load_samples(session, pack, now=NOW, evidence_dir=Path(evidence))
        session.commit()


def _count(engine: Engine) -> None:
    """The crowd comes without triggers. Settled as on every night, so that what has come due since is corrected for."""
    with Session(engine) as session:
        standings.recount(session, now=NIGHT)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) issue_count, issue_move"))


def measure(
    engine: Engine, questions: Callable[[Session], Mapping[str, Mapping[str, Question]]]
) -> dict[str, Measured]:
    """Ask every question in turn with all others, by kind and name."""
    with Session(engine) as session:
        asked = questions(session)
        found = {kind: Measured({name: [] for name in of_kind}) for kind, of_kind in asked.items()}
        for turn in range(TURNS + 1):
            for kind, of_kind in asked.items():
                for name, question in of_kind.items():
                    start = time.perf_counter()
                    question(session)
                    if turn:  # the first turn warms up
                        found[kind].taken[name].append((time.perf_counter() - start) * 1000)
            session.rollback()
    return found


def _questions(session: Session) -> dict[str, dict[str, Question]]:
    areas, units, middle = areas_of(session), units_of(session), _middle(session)
    wanted = dict(_lists(areas, units))
    lists = {name: _list(one) for name, one in wanted.items()}
    deep = {f"{name}, deep": _list(one, after=middle) for name, one in wanted.items()}
    found = {word: _list(Wanted(text=word)) for word in WORDS} | {n: _list(Wanted(number=n)) for n in NUMBERS}
    found |= {"a common word in a street": _list(Wanted(text="垃圾", area=areas[3]))}
    shown = {f"level {level}": partial(boards.by_area, now=NOW, area=area) for level, area in areas.items()}
    return {
        "lists, first page": lists,
        "lists, deep page": deep,
        "search": found,
        "boards": {**shown, **_other_boards(areas, units)},
        "what came and went in a month": _months(areas, units),
    }


def _list(wanted: Wanted, *, after: int | None = None) -> Question:
    return partial(queries.listing, wanted=wanted, now=NOW, after=after)


def _lists(areas: Mapping[int, str], units: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
    yield "all", Wanted()
    yield "open", Wanted(open_only=True)
    yield "being rectified", Wanted(states=(State.RECTIFYING,))
    yield "overdue", Wanted(overdue=True)
    yield "S1", Wanted(severities=("S1",))
    yield "E3 and open", Wanted(step="E3", open_only=True)
    yield "E8", Wanted(step="E8")
    yield "set aside", Wanted(set_aside=True)
    for unit in units:
        yield f"unit {unit}", Wanted(unit=unit)
        yield f"unit {unit}, overdue", Wanted(unit=unit, overdue=True)
    for level, area in areas.items():
        yield f"level {level}", Wanted(area=area)
        yield f"level {level}, open, S2", Wanted(area=area, open_only=True, severities=("S2",))
        yield f"level {level}, overdue", Wanted(area=area, overdue=True)


def _other_boards(areas: Mapping[int, str], units: Sequence[str]) -> dict[str, Question]:
    scope = Scope(areas=frozenset({areas[2]}), units=frozenset({units[0]}))
    return {
        "a unit, by district": partial(boards.by_area, now=NOW, unit=units[0]),
        "units": partial(boards.by_unit, now=NOW),
        "units of a district": partial(boards.by_unit, now=NOW, area=areas[2]),
        "what one may see": partial(boards.by_area, now=NOW, scope=scope),
        "counts": partial(queries.counts, now=NOW),
    }


def _months(areas: Mapping[int, str], units: Sequence[str]) -> dict[str, Question]:
    """These cost what a month brought: in the larger crowd, a hundred times as much."""
    month: tuple[date, datetime] = (NOW.date() - timedelta(days=29), NOW - timedelta(days=30))
    days = partial(trends.trend, first=month[0], last=NOW.date())
    return {
        "trend of the city": days,
        "trend of a district": partial(days, area=areas[2]),
        "trend of a unit": partial(days, unit=units[0]),
        "hotspots": partial(trends.hotspots, since=month[1]),
        "figures of units": partial(figures.unit_figures, start=month[1], end=NOW),
    }


def areas_of(session: Session) -> dict[int, str]:
    """The area of each level in which most lies."""
    query = text(
        "SELECT a.code FROM area a JOIN issue_card c ON c.area_path = a.path OR c.area_path LIKE a.path || '/%'"
        " WHERE a.level = :level AND c.issue_id % 97 = 0 GROUP BY a.code ORDER BY count(*) DESC, a.code LIMIT 1"
    )
    found = {level: session.connection().execute(query, {"level": level}).scalar() for level in range(1, 6)}
    return {level: str(code) for level, code in found.items() if code}


def units_of(session: Session) -> list[str]:
    """The one that has most, the middle one, the last."""
    query = "SELECT lead_unit FROM issue_ended WHERE lead_unit IS NOT NULL GROUP BY 1 ORDER BY sum(n) DESC, 1"
    units = list(session.connection().execute(text(query)).scalars())
    return [units[0], units[len(units) // 2], units[-1]]


def _middle(session: Session) -> int:
    return int(session.connection().execute(text("SELECT max(issue_id) / 2 FROM issue_card")).scalar_one())
