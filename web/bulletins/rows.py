"""The issues behind a figure, as they were counted: frozen with the bulletin, so that its sums can be checked."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from services.bulletins.reading import Behind, rows_behind, unit_line
from services.list_choices import name_of
from web.bulletins.reading import LARGEST, Key, Leads, behind, read, tools
from web.deps import Here
from web.lists.reading import zone_of

router = APIRouter()
PAGE = 100
Code = Annotated[str, Query(max_length=100)]


@router.get("/{key}/rows", response_class=HTMLResponse)
def rows(
    key: Key,
    here: Here,
    reader: Leads,
    count: Code = "due",
    unit: Code = "",
    area: Code = "",
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
) -> HTMLResponse:
    """Of one count; of one unit, in one area."""
    found = read(here, reader, key)
    asked = Behind(count, _plain(unit), _plain(area))
    got = rows_behind(here.session, found, asked, by=reader.actor, city=reader.city, after=after, limit=PAGE + 1)
    more = got.rows[PAGE - 1].id if len(got.rows) > PAGE else 0
    line = unit_line(found.content, asked.unit) if asked.unit else None
    units = {one["unit_code"]: one["unit_name"] for one in found.content["units"]}
    return here.pages.show(
        here.request,
        "bulletins/rows",
        **tools(found),
        rows=got.rows[:PAGE],
        got=got,
        count=count,
        units=units,
        unit_name=line["unit_name"] if line else asked.unit,
        area_name=name_of(here.session, "area", asked.area) if asked.area else "",
        older=behind(key, count=count, unit=asked.unit, area=asked.area, after=more) if more else "",
        zone=zone_of(here),
    )


def _plain(code: str) -> str:
    """A code as it stands in an address, without what no database takes."""
    return code.replace("\x00", "").strip()
