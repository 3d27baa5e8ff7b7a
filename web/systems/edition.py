"""One edition: its tree, what it states beside it, and the workbook that it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.administering.view_names import names_of
from services.exports.systems import system_workbook
from services.people import city_day
from services.systems.reading import editions_in_force, system_of
from services.systems.use import uses
from services.systems.values import ContentNode, ItemNode, StandardLeaf, SystemVersion
from web.deps import Desk, Here
from web.forms import cleaned
from web.systems.shared import SEER, book, named, show

router = APIRouter()
LONGEST = 100
FEW = 30
"""So many standards are shown at once; of more the headings, to be opened."""
Fits = Callable[[StandardLeaf], bool]


@dataclass(frozen=True)
class Asked:
    """What of the tree is wanted: words, a category, a module, those on the negative list alone."""

    q: str = ""
    category: str = ""
    module: str = ""
    negative: bool = False

    def __bool__(self) -> bool:
        return bool(self.q or self.category or self.module or self.negative)

    def fits(self, one: StandardLeaf) -> bool:
        """Whether a standard is wanted."""
        text = f"{one.code}\n{one.text}\n{one.text_en}\n{one.category_name}\n{one.category_name_en}".casefold()
        words = all(word in text for word in self.q.casefold().split())
        return words and self.category in ("", one.category) and (one.negative_list or not self.negative)

    def keeps_empty(self, content: ContentNode) -> bool:
        """Whether a content without a standard that fits is shown: by its own words, or by its module alone."""
        if self.category or self.negative:
            return False
        text = f"{content.code}\n{content.name}\n{content.name_en}".casefold()
        return all(word in text for word in self.q.casefold().split())


@dataclass(frozen=True)
class Query:
    """What the address asks for."""

    q: str = ""
    category: str = ""
    module: str = ""
    negative: str = ""
    open: str = ""

    def asked(self) -> Asked:
        """The same, cleaned."""
        q, category, module = (cleaned(one)[:LONGEST] for one in (self.q, self.category, self.module))
        return Asked(q, category, module, negative=self.negative == "1")


@router.get("/systems/{version}", response_class=HTMLResponse)
def edition(here: Here, reader: SEER, version: str, query: Annotated[Query, Depends()]) -> HTMLResponse:
    """The tree, filtered; beside it modules, cycle, weights, gates, the negative list and the counties."""
    found = system_of(here.session, version)
    asked = query.asked()
    tree = list(_tree(found, asked))
    loose = [one for one in found.loose if asked.fits(one)] if not asked.module else []
    shown, count = sum(item.standards for item in tree) + len(loose), len(list(found.standards()))
    return show(
        here,
        "edition",
        edition=found,
        tree=tree,
        loose=loose,
        asked=asked,
        shown=shown,
        count=count,
        opened=query.open == "1" or shown <= FEW,
        leads=_leads(here, found),
        categories=sorted({(one.category, named(one, "category_name")) for one in found.standards()}),
        in_force=found.code in editions_in_force(here.session, today=city_day(here.session, here.now)).values(),
        use=uses(here.session, [found.code])[found.code],
        manages=Right.MANAGE_CITY in reader.rights,
    )


def _leads(here: Desk, found: SystemVersion) -> dict[str, str]:
    """Who leads, by name; rules name the unit of a place by its level."""
    units = names_of(here.session, "units", {one.lead for one in found.standards()})
    places = {"L2.unit": _("the district or county"), "L3.unit": _("the street or town")}
    return {**places, "L4.unit": _("the community or village"), **units}


def _tree(found: SystemVersion, asked: Asked) -> Iterator[ItemNode]:
    for item in found.tree:
        contents = list(_contents(item.contents, asked))
        if contents or not asked:
            yield replace(item, contents=contents)


def _contents(contents: Sequence[ContentNode], asked: Asked) -> Iterator[ContentNode]:
    for one in contents:
        if asked.module not in ("", one.measured_by):
            continue
        kept = one.standards if asked.keeps_empty(one) and asked.q else [s for s in one.standards if asked.fits(s)]
        if kept or asked.keeps_empty(one):
            yield replace(one, standards=kept)


@router.get("/systems/{version}/workbook")
def workbook(here: Here, _reader: SEER, version: str) -> Response:
    """The edition as a workbook, which can be brought in again."""
    found = system_of(here.session, version)
    return book(system_workbook(found, lang=language()), f"{found.code} {named(found)}")
