"""The rules of scoring: every setting of its kind, and about something that the pack has."""

import re
from collections.abc import Collection, Iterable, Iterator

from models.errors import BadRow, BadRows
from models.scoring.parsing import FILE, parse_scoring
from models.scoring.rules import Scoring
from services.cities.finding import Finding, finding
from services.cities.lint_policy import NOTHING
from services.cities.pack import Pack
from services.cities.setting_lines import Path, line_of, lines_of

_PART = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def lint_scoring(pack: Pack) -> Iterator[Finding]:
    """The pack's optional rules/scoring.toml."""
    body = pack.files.get(FILE)
    if body is None:
        return
    lines = lines_of(body.decode("utf-8-sig"))
    try:
        scoring = parse_scoring(pack.scoring)
    except BadRows as error:
        yield from (_wrong(one, line_of(lines, path_of(one.column))) for one in error.rows)
        return
    for setting, codes in _about(scoring, pack):
        for code in codes:
            line = line_of(lines, (*path_of(setting), code))
            yield finding("idle_setting", FILE, line, setting=setting, code=code)


def path_of(column: str) -> Path:
    """The way to a setting as the file has it: `negative.entry[2].points` is the second table of a list."""
    found: list[str | int] = []
    for name, place in _PART.findall(column):
        found += [name, int(place) - 1] if place else [name]
    return tuple(found)


def _wrong(row: BadRow, line: int) -> Finding:
    return finding("wrong_setting", FILE, line, setting=row.column, value=row.value or NOTHING, expected=row.expected)


def _about(scoring: Scoring, pack: Pack) -> Iterator[tuple[str, list[str]]]:
    """What settings name that is not in the pack: setting, codes."""
    categories = {row.code for row in pack.categories}
    standards = {row.code for row in pack.standards}
    units = {row.code for row in pack.units}
    groups = {row.ranking_group for row in pack.units}
    yield "on_site.weights", _missing(scoring.on_site.weights, categories)
    yield "on_site.measures", _missing(scoring.on_site.measures, standards)
    yield "appraisal.difficulty.units", _missing(scoring.appraisal.difficulty, units)
    yield "lists.red.groups", _missing(scoring.lists.red.groups, groups)
    yield "lists.black.groups", _missing(scoring.lists.black.groups, groups)


def _missing(named: Iterable[str], known: Collection[str]) -> list[str]:
    return [code for code in named if code not in known]
