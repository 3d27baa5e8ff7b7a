"""What the pages of evaluation systems share: who may come, names in the reader's language, words, files."""

from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response

from models import checklist_terms, terms
from models.permissions import Right
from models.wording import Words
from runtime.expectations import expected
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.systems.comparing import Became
from services.systems.reading import System
from web.admin import words
from web.admin.files import ascii_name
from web.deps import Desk
from web.login import Reader, allowed

SEER = Annotated[Reader, Depends(allowed(Right.SEE))]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS: dict[str, Words] = {
    "kind": checklist_terms.STANDARD_KINDS,
    "check_method": checklist_terms.CHECK_METHODS,
    "evidence": checklist_terms.EVIDENCE_ASKED,
    "effect": checklist_terms.EFFECTS,
    "negative_list": checklist_terms.YES_NO,
}
"""The words for the values of a column."""
SHARES = frozenset({("modules", "weight"), ("years", "weight"), ("edition", "counties_share")})
"""Numbers from 0 to 1 that are read as per cent."""


def show(here: Desk, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the evaluation systems."""
    known = {
        "named": named,
        "said": said,
        "share": share,
        "number": number,
        "words": words,
        "expected": expected,
        "became": became,
        "part_title": part_title,
        "column_title": column_title,
    }
    return here.pages.show(here.request, f"systems/{name}", status=status, **{**known, **values})


def book(body: bytes, name: str) -> Response:
    """A workbook to be saved under a name; whoever cannot write it gets the name in ASCII."""
    disposition = f"attachment; filename=\"{ascii_name(name)}.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(body, media_type=EXCEL, headers=headers)


def named(one: Any, column: str = "name") -> str:
    """Its name in the reader's language; in Chinese where nobody wrote it in English."""
    chinese, english = getattr(one, column), getattr(one, f"{column}_en")
    return str((english or chinese) if language() == "en" else chinese)


def said(column: str, value: object) -> str:
    """A value in the words of the field; as it is where the glossary has none."""
    return terms.term(WORDS.get(column, {}), value, language())


def number(value: Decimal | None) -> str:
    """A number as people write it: no zeros behind."""
    return "" if value is None else f"{value.normalize():f}"


def share(value: Decimal | None) -> str:
    """0.4 as 40%."""
    return "" if value is None else f"{number(value * 100)}%"


def part_title(part: str) -> str:
    """What a part of an edition is called."""
    return _("The edition itself") if part == "edition" else words.table_title(part)


def column_title(column: str) -> str:
    """What a column is called where two editions are compared."""
    known = {"item": _("Item"), "content": _("Evaluation content"), "category": _("Category")}
    return known.get(column) or words.column_title(column)


def became(kind: Became) -> str:
    """What became of a row."""
    return terms.term(terms.BECAME, kind, language())


def choices(found: list[System]) -> list[tuple[str, str]]:
    """All editions, for a list to choose from."""
    return [(one.code, f"{named(system)} · {named(one)} ({one.code})") for system in found for one in system.editions]
