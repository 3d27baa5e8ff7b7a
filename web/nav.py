"""The ways to the pages, each with the right it takes. A phone shows the first few; the rest is one tap away."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.permissions import Right
from runtime.i18n import gettext as _


@dataclass(frozen=True)
class Way:
    """One entry. `right` None: for whoever is logged in. `first`: on a phone's bar too."""

    path: str
    label: str
    right: Right | None = None
    first: bool = False

    def leads_to(self, path: str) -> bool:
        """Whether the page at this path belongs to it."""
        return path == self.path or path.startswith(f"{self.path}/")


def ways(rights: frozenset[Right]) -> Sequence[Way]:
    """Those that somebody with these rights may go, in the reader's language."""
    every = (
        Way("/desk", _("My work"), first=True),
        Way("/report", _("Report"), Right.REPORT, first=True),
        Way("/issues", _("Issues"), Right.SEE, first=True),
        Way("/map", _("Map"), Right.SEE),
        Way("/boards", _("Boards"), Right.SEE_BOARDS, first=True),
        Way("/audits", _("Audits"), Right.SEE_AUDITS),
        Way("/evidence/flags", _("Photos to look at"), Right.JUDGE_EVIDENCE),
        Way("/points", _("Signs for points"), Right.PRINT_SIGNS),
        Way("/accounts", _("Log-ins"), Right.MANAGE_ACCOUNTS),
        Way("/admin", _("Administration"), Right.APPOINT),
        Way("/hooks", _("Webhooks"), Right.MANAGE_HOOKS),
    )
    return [way for way in every if way.right is None or way.right in rights]
