"""Scores, places and what-if of a city's year: once from the database, and the pure part alone in several sizes.

A year: 30,000 issues over 12 months and 1,100 units, each month scored, ranked, listed and compared with the one
before; 20 rounds of 316 points with 15 observations each, by point, district and city. And half, and twice as much.
"""

import gc
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from sqlmodel import Session

from bench.bed import a_bed
from bench.scoring_rows import fill
from models.audit import Result
from models.issue import FoundLevel
from models.scoring.cases import Case, CaseState
from models.scoring.changes import changes
from models.scoring.document import to_document
from models.scoring.lists import listed
from models.scoring.measure import Observed
from models.scoring.number import Number, unexplained
from models.scoring.on_site import RoundScore, compliance, place_score, place_scores, point_scores, year_score
from models.scoring.parsing import parse_scoring
from models.scoring.ranking import Place
from models.scoring.rules import Scoring
from models.scoring.what_if import Standings, few_enough, moves, standings
from services.scores.month import MonthScores, unit_month
from services.scores.round import round_scores
from services.scores.year import annual

RULES = Path(__file__).parent.parent / "cities" / "zigong" / "rules" / "scoring.toml"
ISSUES, MONTHS = 30_000, 12
ROUNDS, POINTS, STANDARDS = 20, 316, 15
UNITS, GROUPS, CATEGORIES = 1_100, 7, 44
Found = TypeVar("Found")


@dataclass(frozen=True)
class Year:
    """The rows of a year, made up from a seed: months of cases, rounds of observations."""

    months: tuple[tuple[Case, ...], ...]
    rounds: tuple[tuple[Observed, ...], ...]
    groups: Mapping[str, str]


def a_year(times: float, *, seed: int = 7) -> Year:
    """So many times the issues and rounds of one city."""
    chance = Random(seed)
    units = [f"U{n:04}" for n in range(UNITS)]
    each = int(ISSUES * times) // MONTHS
    months = tuple(tuple(_case(n, units, chance, last=month == 11) for n in range(each)) for month in range(MONTHS))
    rounds = tuple(tuple(_observations(n, chance)) for n in range(int(ROUNDS * times)))
    return Year(months, rounds, {unit: f"g{n % GROUPS}" for n, unit in enumerate(units)})


def _case(key: int, units: list[str], chance: Random, *, last: bool) -> Case:
    is_open = chance.random() < (0.4 if last else 0.03)
    checks = 0 if is_open else chance.choice((1, 1, 1, 2))
    return Case(
        id=key,
        unit=units[int(chance.random() ** 2 * UNITS)],  # a few units have most of the work
        finder=chance.choice(list(FoundLevel)),
        source=chance.choice(("covert", "snapshot", "self_check", "media", "hotline_12345")),
        state=CaseState.OPEN if is_open else CaseState.CLOSED,
        late=chance.random() < (0.5 if is_open else 0.15),
        extended=chance.random() < 0.1,
        leader_assigned=chance.random() < 0.05,
        repeated=chance.random() < 0.03,
        checks=checks,
        failed_checks=checks // 2,
    )


def _observations(round_number: int, chance: Random) -> Iterator[Observed]:
    for point in range(POINTS):
        category = f"{point % CATEGORIES + 1:02}"
        for standard in range(STANDARDS):
            result = chance.choices(list(Result), (80, 15, 5))[0]
            found = chance.randint(0, 5) if standard == 0 else None
            key = (round_number * POINTS + point) * STANDARDS + standard
            code, required = f"{category}-{standard + 1:02}", 5 if standard == 0 else None
            yield Observed(key, f"P{point:04}", category, code, Decimal("0.5"), result, found, required)


def scored_months(year: Year, rules: Scoring) -> Standings:
    """Each month: scores, places, lists, and what moved since the month before. Gives the last."""
    before: list[Place] = []
    for month in year.months:
        field = standings(month, groups=year.groups, rules=rules)
        places = list(field.places.values())
        listed(places, rules=rules.lists)
        changes(places, before=before, version=rules.version, version_before=rules.version)
        before = places
    return field


def scored_rounds(year: Year, rules: Scoring) -> Number:
    """Each round by point, district, category and city; then the year."""
    places = {f"P{n:04}": (f"D{n % 6}", f"S{n % 90}", f"U{n % UNITS:04}") for n in range(POINTS)}
    scores = []
    for number, rows in enumerate(year.rounds):
        points = point_scores(rows, rules=rules)
        place_scores(points, places=places, rules=rules)
        compliance(points.values(), of="city")
        scores.append(RoundScore(number, "covert", place_score(points.values(), of="city", rules=rules)))
    return year_score(scores, of="city", rules=rules)


def main(sizes: tuple[float, ...] = (1, 2, 4)) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    yield from from_the_database()
    rules = parse_scoring(tomllib.loads(RULES.read_text("utf-8")))
    before = 0.0
    for times in sizes:
        year = a_year(times)
        gc.collect()
        gc.freeze()  # rows are read month by month and round by round: the collector does not meet a year of them
        months, rounds = _timed(partial(scored_months, year, rules)), _timed(partial(scored_rounds, year, rules))
        took = months[1] + rounds[1]
        yield _counted(year), f"{took:.2f} s{f', {took / before:.1f} times the size before' if before else ''}"
        yield from _parts(year, months, rounds)
        before = took


def from_the_database() -> Iterator[tuple[str, str]]:
    """The year read from its rows: every month with places and lists, every round, the year of the city."""
    with a_bed() as bed:
        engine = bed.fresh("scores")
        fill(engine, issues=ISSUES, rounds=ROUNDS)
        with Session(engine) as session:
            gc.freeze()
            months, months_wall = _both(lambda: [_month(session, number) for number in range(1, MONTHS + 1)])
            scored, rounds_wall = _both(lambda: [round_scores(session, f"B-A-{n}") for n in range(1, ROUNDS + 1)])
            _, year_wall = _both(lambda: annual(session, year=2026, system="civilised_city"))
    cases, seen = sum(len(month.cases) for month in months), sum(len(one.rows) for one in scored)
    yield f"from the database: {cases:,} cases and {seen:,} observations", f"{months_wall[1] + rounds_wall[1]:.2f} s"
    for what, (cpu, wall) in (
        (f"  {MONTHS} months: read, score, places, lists", months_wall),
        (f"  {ROUNDS} rounds: read, points, places, units", rounds_wall),
        ("  the year of the city, its rounds made anew", year_wall),
    ):
        yield what, f"{wall:.2f} s ({cpu:.2f} s of Python)"


def _month(session: Session, number: int) -> MonthScores:
    first = date(2026, number, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    month = unit_month(session, period_from=first, period_to=last, area_code="5103")
    field = standings(month.cases, groups=month.groups, beside=month.beside, rules=month.formula)
    listed(field.places.values(), rules=month.formula.lists)
    return month


def _both(work: Callable[[], Found]) -> tuple[Found, tuple[float, float]]:
    """Seconds of this process, and by the clock on the wall."""
    wall = time.perf_counter()
    found, cpu = _timed(work)
    return found, (cpu, time.perf_counter() - wall)


def _counted(year: Year) -> str:
    return f"{sum(map(len, year.months)):,} issues and {sum(map(len, year.rounds)):,} observations, together"


def _parts(year: Year, months: tuple[Standings, float], rounds: tuple[Number, float]) -> Iterator[tuple[str, str]]:
    (last, of_months), (city, of_rounds) = months, rounds
    yield f"  {MONTHS} months: scores, places, lists, changes", f"{of_months:.2f} s"
    yield f"  {len(year.rounds)} rounds: points, places, city, year", f"{of_rounds:.2f} s"
    found, took = _timed(lambda: moves(last))
    still_open = sum(1 for case in year.months[-1] if case.state is CaseState.OPEN)
    yield f"  what if: {still_open:,} open issues, {len(found):,} would lift their unit", f"{took:.2f} s"
    worst = max((place for place in last.places.values() if place.rank), key=lambda place: place.rank or 0)
    few, took = _timed(lambda: few_enough(last, worst.entry.code, rank=max(1, (worst.rank or 1) - 10)))
    yield f"  few enough for ten places: {len(few or ())} issues", f"{took:.3f} s"
    wrong, took = _timed(lambda: len(unexplained(city)))
    yield f"  every figure of the year computed again: {wrong} differ", f"{took:.2f} s"
    document, took = _timed(lambda: to_document(city))
    yield "  its whole explanation as a document", f"{took:.2f} s, {len(str(document)) / 1e6:.1f} MB"


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """Seconds of one core: nothing here waits for anything."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start
