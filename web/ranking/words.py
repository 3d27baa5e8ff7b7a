"""Words of a month's table, in the reader's language: what the city named itself goes before what we call it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from models import terms
from models.ranking_terms import GROUNDS, RANKING_GROUPS, WITHOUT_PLACE
from models.scoring.terms import CHANGES, HOW, NO_PLACES, NUMBERS
from models.terms import term
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.ranking.view import MonthAct

DASH = "–"


@dataclass(frozen=True)
class Words:
    """`names`: code → (Chinese, English), from the rules behind the table."""

    names: Mapping[str, tuple[str, str]]

    def named(self, code: str) -> str:
        """What the rules call a code: a consequence, an incident, a ground."""
        return term({**GROUNDS, **terms.FOUND_LEVELS, **self.names}, code, language())

    def group(self, code: str) -> str:
        return term(RANKING_GROUPS, code, language())

    def why(self, code: str) -> str:
        """Why a unit has no place."""
        return term({**NO_PLACES, **WITHOUT_PLACE, **terms.LISTS}, code, language())

    def change(self, code: str) -> str:
        """Why there is no difference to the month before."""
        return term(CHANGES, code, language())

    def figure(self, code: str) -> str:
        return term(NUMBERS, code, language())

    def how(self, code: str) -> str:
        """What is done with the parts of a figure."""
        return term(HOW, code, language()) if code else ""

    def moved(self, places: int | None) -> str:
        """Places up or down."""
        if places is None:
            return ""
        if not places:
            return _("same place")
        return f"▲ {places}" if places > 0 else f"▼ {-places}"

    def points(self, value: Decimal | None) -> str:
        return "" if value is None else f"{value:+}"

    def number(self, value: Decimal | None) -> str:
        """A figure, or a dash where there is none."""
        return DASH if value is None else str(value)


def said(done: str) -> str:
    """What was just done, as the page says it; nothing for what is none of ours."""
    words = {
        MonthAct.DRAFT: _("Drafted. The units' leaders have been told until when they may appeal."),
        MonthAct.AGAIN: _("Computed again."),
        MonthAct.APPROVE: _("Approved."),
        MonthAct.BACK: _("Sent back."),
        MonthAct.PUBLISH: _("Published. It does not change any more."),
        MonthAct.WITHDRAW: _("Withdrawn. It can be drafted anew."),
        MonthAct.CORRECT: _("The next edition is drafted. What was published stays as it is."),
    }
    return words[MonthAct(done)] if done in tuple(MonthAct) else ""


def link(path: str, **asked: str) -> str:
    """An address with what is asked for; nothing for what is empty."""
    given = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{given}" if given else path
