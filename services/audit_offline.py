"""The sheets that an inspector takes along to where there is no network: their own that still take results, whole."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, text, tuple_
from sqlmodel import Session, col, select

from models.audit import RoundKind
from models.rights import Actor
from models.scoring.rules import Measure
from models.standard import Standard
from services.scores import formula

_SHEETS = text(
    "SELECT s.id, r.number AS round, r.kind, r.on_date, r.version_code AS version, r.standard_code AS only_standard,"
    " p.code AS point, p.name, p.address, p.category_code AS category, a.name AS area,"
    " s.filled_at IS NOT NULL AS filled, s.again_of IS NOT NULL AS again"
    " FROM sheet s JOIN round r ON r.id = s.round_id JOIN point p ON p.code = s.point_code"
    " JOIN area a ON a.code = p.area_code WHERE s.inspector = :who AND r.published_at IS NULL"
    " AND EXISTS (SELECT FROM sheet t WHERE t.round_id = r.id AND t.inspector = :who AND t.filled_at IS NULL"
    " AND (t.again_of IS NOT NULL) = (s.again_of IS NOT NULL) AND (t.again_of IS NOT NULL OR r.finished_at IS NULL))"
    " ORDER BY r.on_date, r.id, again, s.position, s.id LIMIT :most"
)
_SEEN = text(
    "SELECT sheet_id, standard_code AS standard, result, note, facts, photo IS NOT NULL AS photo FROM observation"
    " WHERE sheet_id = ANY(:ids)"
)
MOST = 2000
"""Sheets that one device takes along."""


@dataclass(frozen=True)
class KeptSheet:
    """One sheet. `asked`: keys of `Kept.standards`; `seen`: what is recorded, by the code of the standard.

    `secret`: nobody may know of the round; `again`: it is a second look; `filled`: nothing is left to be looked at.
    """

    id: int
    round: str
    kind: RoundKind
    secret: bool
    on_date: date
    point: str
    name: str
    address: str
    area: str
    filled: bool
    again: bool
    asked: Sequence[str]
    seen: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class KeptStandard:
    """A standard with how it is measured."""

    standard: Standard
    measure: Measure


@dataclass(frozen=True)
class Kept:
    """What goes along: the sheets in the order of the routes, and the standards by `edition/code`."""

    sheets: Sequence[KeptSheet]
    standards: Mapping[str, KeptStandard]


def kept(session: Session, actor: Actor) -> Kept:
    """The sheets of somebody that a round still waits for, with those of the same route that are full."""
    rows = session.connection().execute(_SHEETS, {"who": actor.code, "most": MOST}).mappings().all()
    asked = _asked(session, {(row["version"], row["category"]) for row in rows})
    seen = _seen(session, [row["id"] for row in rows])
    on_site = formula.in_force(session).on_site
    found = [one for standards in asked.values() for one in standards]
    return Kept(
        [_sheet(row, asked.get((row["version"], row["category"]), ()), seen[row["id"]]) for row in rows],
        {_key(one): KeptStandard(one, on_site.measure(one.code)) for one in found},
    )


def _sheet(row: RowMapping, standards: Sequence[Standard], seen: Mapping[str, Mapping[str, Any]]) -> KeptSheet:
    """Of a sweep the one standard alone is asked."""
    only = row["only_standard"]
    values = {name: row[name] for name in ("id", "round", "on_date", "point", "name", "address", "area")}
    return KeptSheet(
        **values,
        kind=RoundKind(row["kind"]),
        secret=row["kind"] == RoundKind.COVERT,
        filled=row["filled"],
        again=row["again"],
        asked=[_key(one) for one in standards if only in (None, one.code)],
        seen=seen,
    )


def _key(standard: Standard) -> str:
    return f"{standard.version_code}/{standard.code}"


def _asked(session: Session, kinds: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Standard]]:
    """The standards by edition and category."""
    query = select(Standard).where(tuple_(col(Standard.version_code), col(Standard.category_code)).in_(kinds))
    found: dict[tuple[str, str], list[Standard]] = defaultdict(list)
    for one in session.exec(query.order_by(col(Standard.code))):
        found[one.version_code, one.category_code].append(one)
    return found


def _seen(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Mapping[str, Any]]]:
    """What is recorded, by sheet and standard."""
    found: dict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in session.connection().execute(_SEEN, {"ids": list(ids)}).mappings():
        found[row["sheet_id"]][row["standard"]] = {name: row[name] for name in ("result", "note", "facts", "photo")}
    return found
