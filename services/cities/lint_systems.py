"""Editions of evaluation systems: trees that hang together, weights that add up, standards of one system alone."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from models.scoring.rules import Effect
from services.cities.finding import Finding, finding
from services.cities.pack import Pack
from services.cities.reading import FILES, PARTS

MOST_MONTHS, BEST = 120, 100
SHARE, POINTS = "a number from 0 to 1", "a number from 0 to 100"


def lint_systems(pack: Pack) -> Iterator[Finding]:
    """What would leave a tree with loose ends, or a score with a wrong weight."""
    yield from _duplicates(pack)
    yield from _unknown(pack)
    yield from _sums(pack)
    yield from _years(pack)
    yield from _numbers(pack)
    yield from _negative(pack)
    yield from _shared(pack)
    yield from _loose(pack)


def _duplicates(pack: Pack) -> Iterator[Finding]:
    for name in PARTS:
        seen: set[tuple[str, str]] = set()
        for row in getattr(pack, name):
            if (key := (row.version_code, _code(row))) in seen:
                yield finding("duplicate_code", FILES[name][0], row.row, code=" ".join(key))
            seen.add(key)


def _code(row: Any) -> str:
    """What tells the row apart within its edition."""
    names = ("code", "category_code", "area_code", "year")
    return str(next(getattr(row, name) for name in names if hasattr(row, name)))


def _unknown(pack: Pack) -> Iterator[Finding]:
    versions, categories, areas = (
        frozenset((row.code,) for row in rows) for rows in (pack.versions, pack.categories, pack.areas)
    )
    items, contents, modules = (
        frozenset((row.version_code, row.code) for row in rows) for rows in (pack.items, pack.contents, pack.modules)
    )
    within = "version_code"
    references: Sequence[tuple[str, tuple[str, ...], str, frozenset[tuple[str, ...]]]] = (
        *((name, (within,), "version", versions) for name in PARTS),
        ("weights", ("category_code",), "category", categories),
        ("counties", ("area_code",), "area", areas),
        ("contents", (within, "item_code"), "item", items),
        ("contents", (within, "module_code"), "module", modules),
        ("standards", (within, "content_code"), "content", contents),
    )
    for name, columns, what, known in references:
        for row in getattr(pack, name):
            code = tuple(getattr(row, column) for column in columns)
            if code[-1] and code not in known:
                yield finding("unknown_code", FILES[name][0], row.row, what=what, code=" ".join(code))


def _sums(pack: Pack) -> Iterator[Finding]:
    for name in ("modules", "years"):
        for version, rows in _by_version(getattr(pack, name)).items():
            if (total := sum(row.weight for row in rows)) != 1:
                params = {"version": version, "total": f"{total.normalize():f}"}
                yield finding("weights_not_one", FILES[name][0], rows[0].row, **params)


def _years(pack: Pack) -> Iterator[Finding]:
    for version, rows in _by_version(pack.years).items():
        if sorted(row.year for row in rows) != list(range(1, len(rows) + 1)):
            yield finding("years_not_in_order", FILES["years"][0], rows[0].row, version=version, count=len(rows))


def _numbers(pack: Pack) -> Iterator[Finding]:
    for row in pack.versions:
        months, share = row.look_back_months, row.counties_share
        if months is not None and not 1 <= months <= MOST_MONTHS:
            yield _wrong("versions", row, "look_back_months", months, f"a whole number from 1 to {MOST_MONTHS}")
        if share is not None and share > 1:
            yield _wrong("versions", row, "counties_share", share, SHARE)
    for gate in pack.gates:
        if gate.least > BEST:
            yield _wrong("gates", gate, "least", gate.least, POINTS)


def _negative(pack: Pack) -> Iterator[Finding]:
    for row in pack.negative:
        costs = row.effect is Effect.DEDUCT
        if costs and not 0 < row.points <= BEST:
            yield _wrong("negative", row, "points", row.points, "more than 0, up to 100")
        elif not costs and (row.points or row.most):
            yield _wrong("negative", row, "points", row.points or row.most, "nothing: a veto takes no points")
        if costs and row.most is not None and not row.points <= row.most <= BEST:
            yield _wrong("negative", row, "most", row.most, "not less than the points of one case, up to 100")


def _wrong(name: str, row: Any, column: str, value: Decimal | int | None, expected: str) -> Finding:
    setting = f"{row.code} {column}"
    return finding("wrong_setting", FILES[name][0], row.row, setting=setting, value=str(value), expected=expected)


def _shared(pack: Pack) -> Iterator[Finding]:
    """Ledgers and sample issues name a standard by its code alone: two systems must not both have it."""
    system_of = {row.code: row.system_code for row in pack.versions}
    first: dict[str, str] = {}
    for row in pack.standards:
        system = system_of.get(row.version_code)
        if system and first.setdefault(row.code, system) != system:
            yield finding("standard_of_two_systems", FILES["standards"][0], row.row, code=row.code, of=first[row.code])


def _loose(pack: Pack) -> Iterator[Finding]:
    trees = {row.version_code for row in pack.contents}
    loose = [row for row in pack.standards if row.version_code in trees and not row.content_code]
    for version, rows in _by_version(loose).items():
        params = {"version": version, "count": len(rows), "first": rows[0].code}
        yield finding("standards_without_content", FILES["standards"][0], rows[0].row, **params)


def _by_version(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.version_code, []).append(row)
    return found
