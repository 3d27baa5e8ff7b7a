"""What administration is about: what there is, what the lint finds today, what was changed last."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.permissions import Right
from runtime.i18n import gettext as _
from services import administering, rulebook
from services.administering import TableInfo
from services.administering.view_tables import findings, table_infos
from services.cities.reading import PARTS
from web.admin.posts import Appointer
from web.admin.shared import MANAGER, show
from web.deps import Here
from web.kept import kept
from web.login import Reader

router = APIRouter(prefix="/admin")
LATEST = 5


@dataclass(frozen=True)
class Group:
    """Tables that belong together."""

    title: str
    tables: tuple[TableInfo, ...]


def _groups(there: Mapping[str, TableInfo]) -> list[Group]:
    """The tables, sensibly grouped; one that is new here stands at the end."""
    order = (
        (_("Places"), ("areas", "points", "tasks")),
        (_("Units and people"), ("units", "posts", "persons", "tenures", "deputies", "contacts")),
        (_("Checklist"), ("systems", "versions", "categories", *PARTS, "standards")),
    )
    known = {name for _name, names in order for name in names}
    rest = tuple(info for name, info in there.items() if name not in known)
    groups = [Group(title, tuple(there[name] for name in names if name in there)) for title, names in order]
    return [*groups, Group(_("Calendar and the rest"), rest)]


@router.get("", response_class=HTMLResponse)
def home(here: Here, reader: Appointer) -> Response:
    """All of it for who manages the city; an office that only appoints goes on to its posts."""
    if Right.MANAGE_CITY not in reader.rights:
        return RedirectResponse("/admin/posts", 303)
    there = {one.name: one for one in administering.tables(here.session) if one.right in reader.rights}
    city = rulebook.the_city(here.session)
    asked = ("admin-check", city.code, city.rule_set_code, city.calendar_version)
    return show(
        here,
        "home",
        groups=_groups(there),
        city=city,
        until=rulebook.calendar(here.session, city.calendar_version or 0).published_until,
        findings=kept(here.request).get(asked, lambda: findings(here.session, now=here.now)),
        files_of=_files(reader),
        rules=administering.rules_versions(here.session),
        calendars=administering.calendar_versions(here.session),
        past=administering.history(here.session, limit=LATEST),
    )


@router.get("/check", response_class=HTMLResponse)
def check(here: Here, reader: MANAGER) -> HTMLResponse:
    """What the lint says of the city as it is."""
    return show(here, "check", findings=findings(here.session, now=here.now), tables=_files(reader))


def _files(reader: Reader) -> dict[str, str]:
    """File → table, of those that the reader may open."""
    return {one.file: one.name for one in table_infos() if one.right in reader.rights}
