"""Signs for points: what is printed and put up there, so that whoever passes reports by scanning (随手拍)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import text
from sqlmodel import Session

from models.area import Area
from models.errors import NotFound, WrongValue
from models.permissions import Right, must_hold
from models.rights import Actor
from services.rulebook import the_city

MOST = 300
"""Signs of one sheet of paper after another: as many as somebody cuts, and a browser prints without trouble."""
_THERE = text("""
SELECT p.code, p.name, p.address, a.name AS area, a.path AS area_path FROM point p JOIN area a ON a.code = p.area_code
 WHERE NOT p.closed AND (cardinality(CAST(:codes AS text[])) = 0 OR upper(p.code) = ANY(CAST(:codes AS text[])))
   AND (:path = '' OR a.path = :path OR starts_with(a.path, :below))
   AND (:category = '' OR p.category_code = :category)
   AND string_to_array(a.path, '/') && CAST(:places AS text[])
 ORDER BY a.path, p.code LIMIT :most
""")


@dataclass(frozen=True)
class Sign:
    """One sign. `opens`: the address in its QR code."""

    code: str
    name: str
    address: str
    area: str
    opens: str


@dataclass(frozen=True)
class Wish:
    """For which points: these, or all of an area and below; of one category where it is named."""

    points: Sequence[str] = ()
    area: str = ""
    category: str = ""


def signs(session: Session, wish: Wish, *, by: Actor, public_url: str) -> tuple[list[Sign], bool]:
    """The signs in the order of places, and whether there are more than the MOST that are given.

    Points that are closed need none. Raises ActionNotAllowed; WrongValue where neither points nor an area are named, or
    nothing of the area is there for whoever asks; NotFound for points that are not there, or elsewhere.
    """
    places = must_hold(by, Right.PRINT_SIGNS, city=the_city(session).code).areas
    codes = list(dict.fromkeys(code.strip().upper() for code in wish.points if code.strip()))
    if not codes and not wish.area:
        raise WrongValue(field="area", value="", expected="an area, or points by their codes")
    if len(codes) > MOST:
        raise WrongValue(field="point", value=len(codes), expected=f"1–{MOST}")
    path = _path(session, wish.area)
    given = {"codes": codes, "path": path, "below": f"{path}/", "category": wish.category, "places": sorted(places)}
    rows = session.connection().execute(_THERE, {**given, "most": MOST + 1}).mappings().all()
    missing = sorted(set(codes) - {row["code"].upper() for row in rows})
    if missing:
        raise NotFound(what="point", code=", ".join(missing)[:200])
    if not rows:
        raise WrongValue(field="area", value=wish.area, expected="one of yours with open points of this category")
    return [_sign(row, public_url) for row in rows[:MOST]], len(rows) > MOST


def _path(session: Session, code: str) -> str:
    area = session.get(Area, code) if code else None
    if code and area is None:
        raise NotFound(what="area", code=code[:40])
    return area.path if area else ""


def _sign(row: object, public_url: str) -> Sign:
    found = dict(row)  # type: ignore[call-overload]
    opens = f"{public_url.rstrip('/')}/p/{quote(found['code'], safe='')}"
    return Sign(found["code"], found["name"], found["address"], found["area"], opens)
