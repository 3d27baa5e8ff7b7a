"""Boards by tag, by class and by unit of the year's table, at 10,000 and at 100,000 issues of the example city.

Every question is asked in turn with all others. What is open counts, and what was closed in the year that is shown: a
third of the crowd; so the time grows with the issues of a year, and is flat in those of the years before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import text
from sqlmodel import Session

from bench import queries
from bench.bed import a_database
from bench.crowd import multiply
from bench.queries import NOW, Measured, Question
from bench.town import PACK, a_town_database
from services.filters import Scope
from services.tasks.progress import Asked, By, progress
from services.tasks.settings import FILE, read_settings
from tests.cast import at

SIZES = (10_000, 100_000)
THIS_YEAR = Asked(2026, at("2026-01-01 00:00"), at("2027-01-01 00:00"))
HALF_A_MONTH = replace(THIS_YEAR, start=at("2026-11-01 00:00"), end=at("2026-11-16 00:00"))


def main(sizes: Sequence[int] = SIZES) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    before: Mapping[str, Measured] = {}
    with a_database() as fresh, a_town_database(fresh, "tags") as engine:
        queries.load_with_samples(engine)
        for size in sizes:
            multiply(engine, to=size, until=NOW)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM (ANALYZE) issue"))
            measured = queries.measure(engine, _questions)
            yield from queries.lines(measured, before=before, size=size)
            before = measured


def _questions(session: Session) -> dict[str, dict[str, Question]]:
    areas, units = queries.areas_of(session), queries.units_of(session)
    settings = read_settings((PACK / FILE).read_bytes())
    ask = partial(progress, settings=settings, now=NOW, lang="zh-CN")
    tag = next(iter(settings.tags))
    of_tag, of_district = replace(THIS_YEAR, tag=tag), replace(THIS_YEAR, area=areas[2])
    mine = Scope(areas=frozenset({areas[2]}), units=frozenset({units[0]}))
    return {
        "boards by tag": {
            "the year": partial(ask, asked=THIS_YEAR, by=By.TAG),
            "half a month": partial(ask, asked=HALF_A_MONTH, by=By.TAG),
            "of a district": partial(ask, asked=of_district, by=By.TAG),
            "what one may see": partial(ask, asked=THIS_YEAR, by=By.TAG, scope=mine),
        },
        "boards of one tag": {
            "by class": partial(ask, asked=of_tag, by=By.CLASS),
            "by unit": partial(ask, asked=of_tag, by=By.UNIT),
        },
        "boards by class and unit": {
            "by class": partial(ask, asked=THIS_YEAR, by=By.CLASS),
            "by unit": partial(ask, asked=THIS_YEAR, by=By.UNIT),
        },
    }
