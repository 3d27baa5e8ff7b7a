"""The city in force as a pack: every row as its file would say it, in the order of the files, with line numbers."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

import tomli_w
from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_
from sqlmodel import Session, col, select

from models.area import Area
from models.city import City
from models.point import Point, Task
from models.rule import RuleSet
from models.score import ScoringVersion
from models.scoring.parsing import FILE as SCORING
from models.scoring.parsing import version_of
from models.seal import plain
from models.unit import Contact, OwnerKind, Post, Tenure, Unit
from notifications.collector import collector_rests
from services import rulebook
from services.bulk import table_of
from services.cities.cells import cell_of
from services.cities.held_days import told_days
from services.cities.ordering import in_order, numbered
from services.cities.pack import Pack, digest
from services.cities.reading import FILES, RULES, read_toml, rules_file, text_of
from services.cities.reading_tables import columns_of, read_rows
from services.cities.rows import CityFacts
from services.cities.tables import TABLES
from services.pack_files import files_in_force
from services.scores.formula import default_document

MODELS: Mapping[str, Any] = {table.name: table.model for table in TABLES}
STORIES = FILES["stories"][0]


@collector_rests()
def held_pack(session: Session, *, only: Collection[str] = tuple(FILES)) -> Pack:
    """The city as it is in force. Rows that were closed are left out; rows that end on a day say so.

    `only`: the tables that are wanted; the others are empty. Raises NotFound before a city is loaded.
    """
    city = rulebook.the_city(session)
    files = dict(files_in_force(session) or {})
    tables = {name: held_rows(session, name) if name in only else () for name in FILES}
    files.pop(STORIES, None)
    files |= _scoring(session, city, files)
    return Pack(
        folder=Path(city.pack.get("folder", city.code)),
        city=_facts(session, city),
        rules=_rules(session, city, files),
        files=files,
        **tables,
    )


def held_rows(
    session: Session, name: str, *, gone: bool = False, where: tuple[str, str] | None = None
) -> tuple[Any, ...]:
    """The rows of one file; `gone`: those that were closed instead, of which the file says nothing.

    `where`: a column of text and what stands in it; line numbers then count these rows only.
    """
    if name in ("days", "stories"):
        rows = () if gone else tuple(told_days(_calendar(session))) if name == "days" else _stories(session)
        return rows if where is None else tuple(row for row in rows if cell_of(getattr(row, where[0])) == where[1])
    kind: Any = FILES[name][1]
    names = tuple(columns_of(kind))
    closed = _closed(name)
    query = select(*(_column(name, column) for column in names)).where(closed if gone else not_(closed))
    if where is not None:
        query = query.where(_column(name, where[0]) == where[1])
    found = in_order(name, session.connection().execute(query).all(), taken=itemgetter)
    cells = ((line, dict(zip(names, values, strict=True))) for line, values in found)
    return tuple(kind(row=line, **values) for line, values in cells)


def held_count(session: Session, name: str) -> int:
    """How many rows one file has."""
    if name in ("days", "stories"):
        return len(held_rows(session, name))
    query = select(func.count()).select_from(MODELS[name]).where(not_(_closed(name)))
    return session.exec(query).one()


def _column(name: str, column: str) -> Any:
    if (name, column) == ("contacts", "verified"):
        return col(Contact.verified_at).is_not(None)
    return table_of(MODELS[name]).c[column]


def _closed(name: str) -> ColumnElement[bool]:
    """Which rows are no longer in the pack: what is closed or never began, and all that hangs on it."""
    if name == "points":
        return col(Point.closed).is_(True)
    if name == "contacts":
        return col(Contact.switched_off_at).is_not(None)
    if name == "tasks":
        return exists().where(col(Point.code) == col(Task.point_code), col(Point.closed))
    if name == "posts":
        return not_(_is_owned())
    if name == "tenures":
        vain = exists().where(col(Post.code) == col(Tenure.post_code), not_(_is_owned()))
        return or_(_never_began(Tenure), vain)
    if name == "units":
        return or_(_never_began(Unit), exists().where(col(Area.code) == col(Unit.area_code), _never_began(Area)))
    return _never_began(MODELS[name]) if name in ("areas", "deputies") else false()


def _never_began(model: Any) -> ColumnElement[bool]:
    """Taken back before its first day: it ends before it begins, which a file must not say."""
    return func.coalesce(model.valid_to < model.valid_from, false())


def _is_owned() -> ColumnElement[bool]:
    """Whether what a post belongs to is still in the pack."""
    points = select(Point.code).where(not_(col(Point.closed)))
    owners = (
        (OwnerKind.POINT, points),
        (OwnerKind.AREA, select(Area.code).where(not_(_never_began(Area)))),
        (OwnerKind.UNIT, select(Unit.code).where(not_(_never_began(Unit)))),
    )
    return or_(*(and_(col(Post.owner_kind) == kind, col(Post.owner_code).in_(codes)) for kind, codes in owners))


def _stories(session: Session) -> tuple[Any, ...]:
    """The sample issues of points that are there: they lie in the file that was loaded."""
    files = files_in_force(session) or {}
    if STORIES not in files:
        return ()
    points = set(session.exec(select(Point.code).where(not_(col(Point.closed)))))
    text = text_of(files, STORIES, folder=Path())
    return numbered(
        "stories", (row for row in read_rows(STORIES, text, FILES["stories"][1], []) if row.point_code in points)
    )


def _calendar(session: Session) -> Any:
    return rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)


def _facts(session: Session, city: City) -> CityFacts:
    facts = CityFacts(
        code=city.code,
        name=city.name,
        timezone=city.timezone,
        number_prefix=city.number_prefix,
        spans=_calendar(session).spans,
        name_en=city.name_en,
        default_lang=city.default_lang,
        demo=city.demo,
    )
    order = city.pack.get("order_number")
    return replace(facts, order_number=order) if order else facts


def _rules(session: Session, city: City, files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """The rules as their files say them, so that numbers are numbers; as they are kept where no file says the same."""
    kept = session.get_one(RuleSet, city.rule_set_code).content
    return {name: _told(name, kept[name], files) for name in RULES}


def _scoring(session: Session, city: City, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The rules of scoring of a city whose files are not kept, where they are not the default."""
    if SCORING in files or city.scoring_code in (None, version_of(default_document())):
        return {}
    return {SCORING: tomli_w.dumps(session.get_one(ScoringVersion, city.scoring_code).content).encode()}


def _told(name: str, kept: Any, files: Mapping[str, bytes]) -> Any:
    file = rules_file(name)
    if file in files:
        told = read_toml(file, text_of(files, file, folder=Path()))
        if digest(told) == digest(plain(kept)):
            return told
    return kept
