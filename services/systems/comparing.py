"""How two editions differ: what came, what went, what reads or weighs otherwise, what stands elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.systems.values import StandardLeaf, SystemVersion

Cells = Mapping[str, str]
Rows = Mapping[str, Cells]
PLACE = {"contents": "item", "standards": "content"}
"""The column that says where in the tree a row stands."""
SAME_TEXT = ("category", "text")


class Became(StrEnum):
    """What became of a row from one edition to the other."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Cell:
    """One column that differs: before and after, empty where it says nothing."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """What became of one row. `part` as in a pack (`standards`, `modules`, `edition`); `name` as its reader knows it.

    Of what came or went `cells` are all that it says. `moved`: the same elsewhere in the tree, or under another code.
    """

    part: str
    code: str
    name: str
    name_en: str
    became: Became
    cells: Sequence[Cell]


def compared(old: SystemVersion, new: SystemVersion) -> Sequence[Difference]:
    """Every difference, part by part in the order of a pack, each part by code."""
    before, after = _parts(old), _parts(new)
    return [one for part in before for one in _part(part, before[part], after[part])]


def counted(differences: Sequence[Difference]) -> Mapping[Became, int]:
    """How many of each kind."""
    return {kind: sum(one.became is kind for one in differences) for kind in Became}


def _part(part: str, old: Rows, new: Rows) -> Iterator[Difference]:
    pairs = {code: code for code in old.keys() & new.keys()}
    if part == "standards":
        pairs |= _renumbered(old, new)
    was = {after: before for before, after in pairs.items()}
    for code in sorted({*new, *(old.keys() - pairs.keys())}):
        if code not in new:
            yield _row(part, code, old[code], Became.GONE, _cells(old[code], {}))
        elif code not in was:
            yield _row(part, code, new[code], Became.ADDED, _cells({}, new[code]))
        elif cells := [*_code(was[code], code), *_cells(old[was[code]], new[code])]:
            moved = all(cell.column in ("code", PLACE.get(part)) for cell in cells)
            yield _row(part, code, new[code], Became.MOVED if moved else Became.CHANGED, cells)


def _renumbered(old: Rows, new: Rows) -> dict[str, str]:
    """Standards that say the same for the same category under another code; only where one fits one."""
    gone, came = (
        {code: rows[code] for code in rows.keys() - others.keys()} for rows, others in ((old, new), (new, old))
    )
    before, after = _by_words(gone), _by_words(came)
    return {codes[0]: after[said][0] for said, codes in before.items() if len(codes) == 1 == len(after.get(said, ()))}


def _by_words(rows: Rows) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for code, cells in rows.items():
        found.setdefault(tuple(cells[name] for name in SAME_TEXT), []).append(code)
    return found


def _code(old: str, new: str) -> list[Cell]:
    return [Cell("code", old, new)] if old != new else []


def _cells(old: Cells, new: Cells) -> list[Cell]:
    pairs = ((name, old.get(name, ""), new.get(name, "")) for name in {**old, **new})
    return [Cell(name, before, after) for name, before, after in pairs if before != after]


def _row(part: str, code: str, cells: Cells, became: Became, changes: Sequence[Cell]) -> Difference:
    name = cells.get("name") or cells.get("text") or cells.get("goal") or ""
    english = cells.get("name_en") or cells.get("text_en") or cells.get("goal_en") or ""
    return Difference(part, code, name, english, became, changes)


def _parts(edition: SystemVersion) -> Mapping[str, Rows]:
    return {
        "edition": {"": _facts(edition)},
        "modules": {one.code: _named(one.name, one.name_en, weight=one.weight) for one in edition.modules},
        "years": {str(year): _texts(weight=weight) for year, weight in enumerate(edition.years, start=1)},
        "weights": {one.category: _named(one.name, one.name_en, weight=one.weight) for one in edition.weights},
        "items": {one.code: _named(one.name, one.name_en) for one in edition.tree},
        "contents": {
            one.code: _named(one.name, one.name_en, item=item.code, module=one.module)
            for item in edition.tree
            for one in item.contents
        },
        "negative": {
            one.code: _texts(text=one.text, text_en=one.text_en, effect=one.effect, points=one.points, most=one.most)
            for one in edition.negative
        },
        "gates": {
            one.code: _named(one.name, one.name_en, module=one.module, least=one.least) for one in edition.preconditions
        },
        "counties": {one.area: _texts(goal=one.goal, goal_en=one.goal_en) for one in edition.counties},
        "standards": dict(_standards(edition)),
    }


def _facts(edition: SystemVersion) -> Cells:
    """The two editions have names and days of their own: these are their heading, and no difference."""
    return _texts(look_back_months=edition.look_back_months, counties_share=edition.counties_share)


def _standards(edition: SystemVersion) -> Iterator[tuple[str, Cells]]:
    for item in edition.tree:
        for content in item.contents:
            yield from ((one.code, _standard(one, content.code)) for one in content.standards)
    yield from ((one.code, _standard(one, "")) for one in edition.loose)


def _standard(one: StandardLeaf, content: str) -> Cells:
    return _texts(
        category=one.category,
        content=content,
        text=one.text,
        text_en=one.text_en,
        deduction=one.deduction,
        kind=one.kind,
        check_method=one.check_method,
        severity=one.severity,
        lead=one.lead,
        evidence=one.evidence,
        negative_list="1" if one.negative_list else "0",
    )


def _named(name: str, name_en: str, **more: object) -> Cells:
    return _texts(name=name, name_en=name_en, **more)


def _texts(**values: object) -> Cells:
    return {name: _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
