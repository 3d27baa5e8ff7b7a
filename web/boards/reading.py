"""Everything that a board shows, read for one reader: as much as boards count for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

from models.area import Area
from models.permissions import Right
from runtime.i18n import language
from services import boards, trends
from services.boards import Board
from services.filters import Scope
from services.rulebook import the_city
from services.trends import Day, Hotspot
from web.boards.links import Place
from web.deps import Desk
from web.kept import kept
from web.lists.reading import board_scope, zone_of
from web.login import Reader, allowed

MONTH = 30
"""Days of the trend."""
HOTSPOTS = 10
Leads = Annotated[Reader, Depends(allowed(Right.SEE_BOARDS))]


@dataclass(frozen=True)
class Looked:
    """A board with what came and went. `path`: the areas above, the city first."""

    area: str
    unit: str
    whole: bool
    board: Board
    units: Board
    path: Sequence[Area]
    days: Sequence[Day]
    first: date
    hot: Sequence[Hotspot]
    scope: Scope | None
    zone: str

    def place(self, **of: str | bool) -> Place:
        """The part of the list that a row is about; what the whole board is narrowed to stays."""
        given = {"area": "" if self.whole else self.area, "unit": self.unit, **of}
        return Place(counted=self.scope is not None, **given)  # type: ignore[arg-type]


def city_name(here: Desk) -> str:
    """The city's, in the reader's language: no other area has a name in two."""
    city = the_city(here.session)
    return city.name if language() == "zh-CN" else city.name_en or city.name


def look(here: Desk, reader: Reader, *, area: str, unit: str) -> Looked:
    """Raises NotFound for an unknown area or unit."""
    scope, zone = board_scope(reader), zone_of(here)
    top, answered = area or reader.city, unit or None
    board = boards.by_area(here.session, now=here.now, area=top, unit=answered, scope=scope)
    narrowed = None if top == reader.city else top
    today = here.now.astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=MONTH - 1)
    return Looked(
        area=top,
        unit=unit,
        whole=narrowed is None,
        board=board,
        units=boards.by_unit(here.session, now=here.now, area=top, scope=scope),
        path=boards.path_of(here.session, top),
        days=_days(here, (first, today), narrowed, answered, scope),
        first=first,
        hot=_hot(here, datetime.combine(first, time(), ZoneInfo(zone)), narrowed, answered, scope),
        scope=scope,
        zone=zone,
    )


def _days(
    here: Desk, period: tuple[date, date], area: str | None, unit: str | None, scope: Scope | None
) -> Sequence[Day]:
    first, last = period
    return kept(here.request).get(
        ("days", period, area, unit, scope),
        lambda: trends.trend(here.session, first=first, last=last, area=area, unit=unit, scope=scope),
    )


def _hot(here: Desk, since: datetime, area: str | None, unit: str | None, scope: Scope | None) -> Sequence[Hotspot]:
    return kept(here.request).get(
        ("hot", since, area, unit, scope),
        lambda: trends.hotspots(here.session, since=since, area=area, unit=unit, scope=scope, limit=HOTSPOTS),
    )
