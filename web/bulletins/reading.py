"""One bulletin for whoever looks at it, with the words and links that its pages share."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path

from models import terms
from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.bulletins.files import Press
from services.bulletins.reading import Reading, must_read
from services.bulletins.words import percent
from services.exports.bulletin_words import FIGURES, GATHERS, HEADINGS, group_name, said, title
from services.papers.stationery import stationery_in_force
from web.deps import Desk
from web.login import Reader, allowed

LARGEST = 2**63 - 1
Key = Annotated[int, Path(ge=1, le=LARGEST)]
Leads = Annotated[Reader, Depends(allowed(Right.SEE_BOARDS))]


def read(here: Desk, reader: Reader, key: int) -> Reading:
    """Raises NotFound, also for one that the reader may not see."""
    return must_read(here.session, key, by=reader.actor, city=reader.city)


def press(here: Desk) -> Press:
    """What files are made with."""
    return Press(
        stationery_in_force(here.session, otherwise=here.settings.city_pack / "papers"), here.settings.evidence
    )


def behind(key: int, **of: Any) -> str:
    """The address of the rows behind a figure."""
    return f"/bulletins/{key}/rows?{urlencode({name: value for name, value in of.items() if value})}"


def tools(reading: Reading) -> Mapping[str, Any]:
    """What its templates call: names of figures, values as people read them."""
    lang = language()
    return {
        "title_of": lambda content: title(content, lang),
        "named": lambda code: said({**FIGURES, **HEADINGS}, code, lang),
        "gathers": lambda code: said(GATHERS, code, lang),
        "group_of": lambda code: group_name(code, lang),
        "percent": percent,
        "change": _change,
        "behind": lambda **of: behind(reading.row.id or 0, **of),
        "bulletin": reading.row,
        "content": reading.content,
        "area": reading.area,
        "may": frozenset(act.value for act in reading.may),
    }


def _change(content: Mapping[str, Any], name: str) -> str:
    """How a total differs from the one before: `+3`, `−1.2`; nothing where it cannot be told."""
    previous = content["previous"]
    found = (previous["differences"] or {}).get(name) if previous else None
    if found is None:
        return ""
    shown = f"{found:+}" if isinstance(found, int) else str(found)
    same = not float(shown)
    points = _("points") if isinstance(found, str) else ""
    return _("as before") if same else f"{shown.replace('-', '−')}{' ' if points else ''}{points}"


def state_word(code: str) -> str:
    """The word for a state, in the reader's language."""
    return terms.term(terms.PUBLICATION_STATES, code, language())
