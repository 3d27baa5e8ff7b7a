"""Reading editions: one whole, and all of them with what they hold."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any

from sqlmodel import Session, col, func, select

from models.area import Area
from models.errors import NotFound
from models.standard import (
    Category,
    CategoryWeight,
    CoCreation,
    EvaluationContent,
    EvaluationGate,
    EvaluationItem,
    EvaluationModule,
    EvaluationSystem,
    EvaluationVersion,
    EvaluationYear,
    NegativeListEntry,
    Standard,
)
from services.systems.use import Use, uses
from services.systems.values import (
    CategoryShare,
    ContentNode,
    County,
    Entry,
    Gate,
    ItemNode,
    Module,
    StandardLeaf,
    SystemVersion,
)

COUNTED: Mapping[str, Any] = {
    "items": EvaluationItem,
    "contents": EvaluationContent,
    "standards": Standard,
    "negative": NegativeListEntry,
}
Leaves = Mapping[str | None, Sequence[StandardLeaf]]


@dataclass(frozen=True)
class Edition:
    """One edition in a list. `in_force`: the newest of its system that has begun; `coming`: not begun yet."""

    code: str
    name: str
    name_en: str
    valid_from: date
    in_force: bool
    coming: bool
    items: int
    contents: int
    standards: int
    negative: int
    use: Use


@dataclass(frozen=True)
class System:
    """A system with its editions, newest first."""

    code: str
    name: str
    name_en: str
    editions: Sequence[Edition]


def system_of(session: Session, version_code: str) -> SystemVersion:
    """All that an edition says. Raises NotFound."""
    frame = frame_of(session, version_code)
    leaves = _leaves(session, version_code)
    return replace(frame, tree=_tree(session, version_code, leaves), loose=leaves.get(None, ()))


def frame_of(session: Session, version_code: str) -> SystemVersion:
    """What an edition says beside its items and standards, of which there may be a thousand. Raises NotFound."""
    version = session.get(EvaluationVersion, version_code) if "\x00" not in version_code else None
    if version is None:
        raise NotFound(what="evaluation version", code=version_code[:80])
    system = session.get_one(EvaluationSystem, version.system_code)
    return SystemVersion(
        code=version.code,
        name=version.name,
        name_en=version.name_en,
        system=system.code,
        system_name=system.name,
        system_name_en=system.name_en,
        valid_from=version.valid_from,
        basis=version.basis,
        tree=(),
        loose=(),
        modules=[Module(m.code, m.name, m.name_en, m.weight) for m in _rows(session, EvaluationModule, version_code)],
        years=[one.weight for one in _rows(session, EvaluationYear, version_code)],
        weights=_weights(session, version_code),
        look_back_months=version.look_back_months,
        negative=[
            Entry(one.code, one.text, one.text_en, one.effect, one.points, one.most)
            for one in _rows(session, NegativeListEntry, version_code)
        ],
        preconditions=[
            Gate(one.code, one.name, one.name_en, one.module, one.least)
            for one in _rows(session, EvaluationGate, version_code)
        ],
        counties_share=version.counties_share,
        counties=_counties(session, version_code),
    )


def _rows(session: Session, model: Any, version: str) -> Sequence[Any]:
    """In the order of their codes, whatever order of letters the database has."""
    key = attrgetter("year" if model is EvaluationYear else "code")
    return sorted(session.exec(select(model).where(model.version_code == version)), key=key)


def _leaves(session: Session, version: str) -> Leaves:
    query = (
        select(Standard, Category)
        .join(Category, col(Category.code) == col(Standard.category_code))
        .where(Standard.version_code == version)
        .order_by(col(Standard.code))
    )
    found: dict[str | None, list[StandardLeaf]] = defaultdict(list)
    for standard, category in session.exec(query):
        found[standard.content_code].append(_leaf(standard, category))
    return found


def _leaf(one: Standard, category: Category) -> StandardLeaf:
    return StandardLeaf(
        code=one.code,
        category=category.code,
        category_name=category.name,
        category_name_en=category.name_en,
        text=one.text,
        text_en=one.text_en,
        deduction=one.deduction,
        kind=one.kind,
        check_method=one.check_method,
        severity=one.severity,
        lead=one.lead,
        evidence=one.evidence,
        negative_list=one.negative_list,
    )


def _tree(session: Session, version: str, leaves: Leaves) -> Sequence[ItemNode]:
    contents: dict[str, list[ContentNode]] = defaultdict(list)
    for one in _rows(session, EvaluationContent, version):
        node = ContentNode(one.code, one.name, one.name_en, one.module_code, leaves.get(one.code, ()))
        contents[one.item_code].append(node)
    items = _rows(session, EvaluationItem, version)
    return [ItemNode(one.code, one.name, one.name_en, contents[one.code]) for one in items]


def _weights(session: Session, version: str) -> Sequence[CategoryShare]:
    query = select(CategoryWeight, Category).join(Category, col(Category.code) == col(CategoryWeight.category_code))
    found = session.exec(query.where(CategoryWeight.version_code == version).order_by(col(Category.code)))
    return [CategoryShare(kind.code, kind.name, kind.name_en, one.weight) for one, kind in found]


def _counties(session: Session, version: str) -> Sequence[County]:
    query = select(CoCreation, Area.name).join(Area, col(Area.code) == col(CoCreation.area_code))
    found = session.exec(query.where(CoCreation.version_code == version).order_by(col(Area.code)))
    return [County(one.area_code, name, one.goal, one.goal_en) for one, name in found]


def systems(session: Session, *, today: date) -> Sequence[System]:
    """All systems in their order, each with its editions. `today`: the city's day."""
    editions: dict[str, list[Edition]] = defaultdict(list)
    in_force = set(editions_in_force(session, today=today).values())
    versions = session.exec(
        select(EvaluationVersion).order_by(col(EvaluationVersion.valid_from).desc(), col(EvaluationVersion.code))
    ).all()
    used = uses(session, [one.code for one in versions])
    counts = {name: _counts(session, model) for name, model in COUNTED.items()}
    for one in versions:
        editions[one.system_code].append(
            Edition(
                code=one.code,
                name=one.name,
                name_en=one.name_en,
                valid_from=one.valid_from,
                in_force=one.code in in_force,
                coming=one.valid_from > today,
                use=used[one.code],
                **{name: count[one.code] for name, count in counts.items()},
            )
        )
    rows = session.exec(select(EvaluationSystem).order_by(col(EvaluationSystem.position), col(EvaluationSystem.code)))
    return [System(one.code, one.name, one.name_en, editions[one.code]) for one in rows]


def editions_in_force(session: Session, *, today: date) -> Mapping[str, str]:
    """System → its newest edition that has begun on the city's day; of several of one day the first by code."""
    query = (
        select(EvaluationVersion.system_code, EvaluationVersion.code)
        .where(col(EvaluationVersion.valid_from) <= today)
        .order_by(col(EvaluationVersion.valid_from), col(EvaluationVersion.code).desc())
    )
    return dict(session.exec(query).all())


def _counts(session: Session, model: Any) -> Counter[str]:
    query = select(model.version_code, func.count()).group_by(model.version_code)
    return Counter(dict(session.exec(query).all()))
