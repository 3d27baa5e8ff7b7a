"""The words of a bulletin's files: names and values as people read them."""

from collections.abc import Mapping
from typing import Any

from models import terms
from models.bulletin_terms import BULLETIN_CHARTS as CHARTS
from models.bulletin_terms import BULLETIN_FIGURES as FIGURES
from models.bulletin_terms import BULLETIN_GATHERS as GATHERS
from models.bulletin_terms import BULLETIN_HEADINGS as HEADINGS
from models.bulletin_terms import BULLETIN_NOTES as NOTE
from models.bulletin_terms import BULLETIN_SHEETS as SHEETS

__all__ = ["CHARTS", "FIGURES", "GATHERS", "HEADINGS", "NOTE", "SHEETS"]


def said(glossary: terms.Words, code: object, lang: str) -> str:
    """The word for a code: one of those above, or of the glossary of the field."""
    return terms.term(glossary, code, lang)


def title(content: Mapping[str, Any], lang: str) -> str:
    """What the bulletin is called: 半月调度通报（2026年第21期）."""
    name = terms.term(terms.PUBLICATIONS, content["kind"], lang)
    if lang == "en":
        return f"{name[0].upper()}{name[1:]} {content['year']}, no. {content['n']}"
    return f"{name}（{content['year']}年第{content['n']}期）"


def group_name(code: str, lang: str) -> str:
    """A ranking group's name; a city's own by its code."""
    return terms.term(terms.RANKING_GROUPS, code, lang)
