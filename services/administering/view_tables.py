"""Tables without counting their rows, suggestions for a code, and what the lint says of the city as it is."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.area import Area
from models.point import Point
from models.unit import Unit
from services.administering.looking import page
from services.administering.relations import ends_how, known
from services.administering.rights import right_of
from services.administering.values import TableInfo, Told
from services.administering.view_names import NAMED
from services.cities.held import held_pack
from services.cities.keys import key_of
from services.cities.linting import lint
from services.cities.pack import Pack
from services.cities.reading import FILES, TABLE_OF

UNCOUNTED = -1
OVER = {"areas": Area.valid_to, "units": Unit.valid_to}


def table_info(name: str) -> TableInfo:
    """A table, its rows not counted. Raises NotFound."""
    return TableInfo(known(name), FILES[name][0], UNCOUNTED, right_of(name), ends_how(name))


def table_infos() -> list[TableInfo]:
    """Every table, in the order in which they are loaded."""
    return [table_info(name) for name in FILES]


def suggested(session: Session, table: str, query: str, *, limit: int, now: datetime) -> list[tuple[str, str]]:
    """The first codes with their names that hold what was typed; what has ended is not suggested."""
    if table not in NAMED:
        found = page(session, table, query=query, limit=limit)
        return [(row.key, row.cells.get("text", "")[:60]) for row in found.rows]
    code, name = NAMED[table]
    chosen = select(code, name).order_by(code).limit(limit)
    if query:
        like = f"%{escaped(query)}%"
        chosen = chosen.where(or_(col(code).ilike(like), col(name).ilike(like)))
    if table in OVER:
        chosen = chosen.where(or_(col(OVER[table]).is_(None), col(OVER[table]) >= now.date()))
    if table == "points":
        chosen = chosen.where(col(Point.closed).is_(False))
    return [(found, said or "") for found, said in session.exec(chosen)]


def escaped(query: str) -> str:
    """For LIKE: what was typed stands for itself."""
    return query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def findings(session: Session, *, now: datetime) -> list[Told]:
    """What the lint says of the city in force, errors first, each with the key of its row."""
    pack = held_pack(session)
    keys: dict[str, dict[int, str]] = {}
    return [Told(one, new=False, key=_key(pack, keys, one.file, one.row)) for one in lint(pack, now=now)]


def _key(pack: Pack, keys: dict[str, dict[int, str]], file: str, row: int) -> str:
    name = TABLE_OF.get(file)
    if name is None or not row:
        return ""
    if name not in keys:
        keys[name] = dict(_lines(pack, name))
    return keys[name].get(row, "")


def _lines(pack: Pack, name: str) -> Iterator[tuple[int, str]]:
    return ((row.row, key_of(name, row)) for row in getattr(pack, name))
