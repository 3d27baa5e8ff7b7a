"""Who sees which of it: what is published is for whoever sees boards; the rest is for the units in one's own boards."""

from collections.abc import Collection

from sqlalchemy import text
from sqlmodel import Session

from models.appeal import Appeal
from models.area import Area
from models.errors import NotFound
from models.permissions import Right, held, must_hold
from models.rights import Actor
from models.unit import Unit
from services.ranking.live import path_of
from services.rulebook import the_city
from services.sight import scope_of

OF_THE_AREA = (Right.DECIDE_APPEAL, Right.PREPARE_PUBLICATION, Right.APPROVE_PUBLICATION)
"""Whoever has one of these over an area sees the appeals against its figures."""
_PATHS = """
SELECT u.code, a.path FROM unit u JOIN area a ON a.code = u.area_code WHERE u.code = ANY(:codes)
"""


def units_seen(session: Session, actor: Actor, codes: Collection[str]) -> frozenset[str]:
    """Those of these units that lie in what the actor's boards show. Raises ActionNotAllowed for who has no boards."""
    city = the_city(session).code
    must_hold(actor, Right.SEE_BOARDS, city=city)
    scope = scope_of(actor, city=city, right=Right.SEE_BOARDS)
    if scope is None:
        return frozenset(codes)
    paths = session.connection().execute(text(_PATHS), {"codes": list(codes)})
    return frozenset(code for code, path in paths if code in scope.units or scope.areas & set(path.split("/")))


def must_see_unit(session: Session, actor: Actor, code: str) -> Unit:
    """Raises NotFound, for one that may not be seen too; ActionNotAllowed for who has no boards."""
    unit = session.get(Unit, code) if "\x00" not in code else None
    if unit is None or not units_seen(session, actor, [code]):
        raise NotFound(what="unit", code=code[:80])
    return unit


def may(session: Session, actor: Actor, right: Right, area_code: str) -> bool:
    """Whether the actor has a right over an area."""
    return held(actor, right, city=the_city(session).code).covers(area_path=path_of(session, area_code))


def sees_appeal(session: Session, actor: Actor, row: Appeal) -> bool:
    """The unit's leaders, and whoever decides or publishes for the area."""
    if held(actor, Right.APPEAL, city=the_city(session).code).covers(unit=row.unit_code):
        return True
    return any(may(session, actor, right, row.area_code) for right in OF_THE_AREA)


def ranked_areas(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The city, and the districts whose rankings the actor may prepare, decide or approve: code and name."""
    city = the_city(session)
    codes = {code for right in OF_THE_AREA for code in held(actor, right, city=city.code).areas} - {city.code}
    rows = [session.get(Area, code) for code in sorted(codes)]
    return [(city.code, city.name), *((row.code, row.name) for row in rows if row is not None and row.level == 2)]
