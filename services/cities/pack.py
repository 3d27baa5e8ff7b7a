"""A whole city pack, and what follows from it: hashes, calendar, the paths of its tree."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.calendar import Calendar, CalendarDay
from models.calendar_sources import whole_years
from models.scoring.parsing import FILE as SCORING
from models.scoring.parsing import version_of
from models.seal import plain
from services.cities.kept import PAPERS, TEMPLATES
from services.cities.rows import (
    AreaRow,
    CategoryRow,
    CityFacts,
    CoCreationRow,
    ContactRow,
    ContentRow,
    DayRow,
    DeputyRow,
    GateRow,
    ItemRow,
    ModuleRow,
    NegativeRow,
    PersonRow,
    PointRow,
    PostRow,
    StandardRow,
    StoryRow,
    SystemRow,
    TaskRow,
    TenureRow,
    UnitRow,
    VersionRow,
    WeightRow,
    YearRow,
)
from services.scores.formula import default_document


@dataclass(frozen=True)
class Pack:
    """A city pack as read: every cell has its type, nothing is checked against anything else yet.

    `files`: those that fill no table, by their paths in `folder`, as they came.
    """

    folder: Path
    city: CityFacts
    areas: tuple[AreaRow, ...]
    units: tuple[UnitRow, ...]
    persons: tuple[PersonRow, ...]
    posts: tuple[PostRow, ...]
    tenures: tuple[TenureRow, ...]
    deputies: tuple[DeputyRow, ...]
    contacts: tuple[ContactRow, ...]
    systems: tuple[SystemRow, ...]
    versions: tuple[VersionRow, ...]
    categories: tuple[CategoryRow, ...]
    modules: tuple[ModuleRow, ...]
    years: tuple[YearRow, ...]
    weights: tuple[WeightRow, ...]
    items: tuple[ItemRow, ...]
    contents: tuple[ContentRow, ...]
    negative: tuple[NegativeRow, ...]
    gates: tuple[GateRow, ...]
    counties: tuple[CoCreationRow, ...]
    standards: tuple[StandardRow, ...]
    points: tuple[PointRow, ...]
    tasks: tuple[TaskRow, ...]
    days: tuple[DayRow, ...]
    stories: tuple[StoryRow, ...]
    rules: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def templates(self) -> dict[str, str]:
        """The messages that the city words anew, by their files."""
        texts = {file: body for file, body in self.files.items() if file.startswith(f"{TEMPLATES}/")}
        return {file: body.decode("utf-8-sig") for file, body in sorted(texts.items()) if file.endswith(".txt")}

    @property
    def papers(self) -> dict[str, bytes]:
        """The files of the city's letter paper, by their names."""
        papers = {file: body for file, body in self.files.items() if file.startswith(f"{PAPERS}/")}
        return {file.removeprefix(f"{PAPERS}/"): body for file, body in sorted(papers.items())}

    @property
    def scoring(self) -> Mapping[str, Any]:
        """The rules of scoring: what rules/scoring.toml says; the default where there is none."""
        body = self.files.get(SCORING)
        return default_document() if body is None else tomllib.loads(body.decode("utf-8-sig"))

    @property
    def scoring_code(self) -> str:
        """The hash of the rules of scoring, by which publications name them."""
        return version_of(self.scoring)

    @property
    def rule_code(self) -> str:
        """The hash of the rules as the database keeps them."""
        return digest(self.rules)

    @property
    def calendar_code(self) -> str:
        """The hash of the working hours and of every day that the pack tells."""
        days = [[day.date, day.kind, day.name, day.source, day.published] for day in self.days]
        return digest([self.spans, sorted(days, key=str)])

    @property
    def spans(self) -> list[list[str]]:
        """The working hours of a day as the database keeps them."""
        return [[f"{span.start:%H:%M}", f"{span.end:%H:%M}"] for span in self.city.spans]

    def calendar(self, *, version: int = 0) -> Calendar:
        """The pack's calendar, with every day of the years it tells of."""
        given = (CalendarDay(day.date, day.kind, day.name, day.source, day.published) for day in self.days)
        days = {day.date: day for day in whole_years(given)}
        return Calendar(version=version, timezone=self.city.timezone, spans=self.city.spans, days=days)

    def paths(self) -> dict[str, str]:
        """The path of each area, such as `5103/510371/510302005`: who runs it goes before the statutory parent.

        The tree must be without cycles and gaps: lint first.
        """
        above = {area.code: area.managed_by or area.parent_code for area in self.areas}
        return {code: "/".join(reversed(list(_upwards(code, above)))) for code in above}


def _upwards(code: str | None, above: Mapping[str, str | None]) -> Iterator[str]:
    while code is not None:
        yield code
        code = above[code]


def digest(content: Any) -> str:
    """SHA-256 of a document in its one canonical writing, in hexadecimal."""
    written = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
