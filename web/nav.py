"""The ways to the pages, each with the right it takes. A bar shows the most used; all are on one page, one tap away."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.permissions import Right
from runtime.i18n import gettext as _


@dataclass(frozen=True)
class Way:
    """One entry. `right` None: for whoever is logged in. `first`: on a phone's bar; `wide`: on a wide screen's too."""

    path: str
    label: str
    right: Right | None = None
    first: bool = False
    wide: bool = False

    @property
    def on_bar(self) -> bool:
        """Whether some bar shows it; the rest stands on the page of all ways alone."""
        return self.first or self.wide

    def leads_to(self, path: str) -> bool:
        """Whether the page at this path belongs to it."""
        return path == self.path or path.startswith(f"{self.path}/")


@dataclass(frozen=True)
class Group:
    """Ways that belong together, under a heading."""

    label: str
    ways: Sequence[Way]


def groups(rights: frozenset[Right]) -> Sequence[Group]:
    """Those that somebody with these rights may go, in the reader's language; a group with none is left out."""
    every = (
        Group(_("Every day"), _every_day()),
        Group(_("Audits and scores"), _audits()),
        Group(_("Holding to account"), _accountability()),
        Group(_("The city"), _the_city()),
    )
    open_to = (Group(group.label, [way for way in group.ways if _open(way, rights)]) for group in every)
    return [group for group in open_to if group.ways]


def _open(way: Way, rights: frozenset[Right]) -> bool:
    return way.right is None or way.right in rights


def _every_day() -> Sequence[Way]:
    return (
        Way("/desk", _("My work"), first=True),
        Way("/report", _("Report"), Right.REPORT, first=True),
        Way("/issues", _("Issues"), Right.SEE, first=True),
        Way("/map", _("Map"), Right.SEE, wide=True),
        Way("/boards", _("Boards"), Right.SEE_BOARDS, first=True),
        Way("/bulletins", _("Bulletins"), Right.SEE_BOARDS, wide=True),
        Way("/evidence/flags", _("Photos to look at"), Right.JUDGE_EVIDENCE),
        Way("/points", _("Signs for points"), Right.PRINT_SIGNS),
    )


def _audits() -> Sequence[Way]:
    return (
        Way("/audits", _("Audits"), Right.SEE_AUDITS, wide=True),
        Way("/systems", _("Evaluation systems"), Right.SEE),
        Way("/tasks", _("Tasks"), Right.SEE),
        Way("/scores", _("Scores"), Right.SEE_BOARDS),
        Way("/ranking", _("Ranking"), Right.SEE_BOARDS, wide=True),
        Way("/surveys", _("Surveys"), Right.SEE_AUDITS),
        Way("/filing", _("Online filing"), Right.SEE_FILING),
        Way("/appeals", _("Appeals"), Right.DECIDE_APPEAL),
    )


def _accountability() -> Sequence[Way]:
    return (
        Way("/leaders/me", _("Leader's view"), Right.SEE_BOARDS, wide=True),
        Way("/patrols", _("Patrols"), Right.SEE_BOARDS),
        Way("/accountability", _("Holding to account"), Right.SEE_ACCOUNTABILITY),
        Way("/instructions", _("Written instructions"), Right.SEE_ACCOUNTABILITY),
    )


def _the_city() -> Sequence[Way]:
    return (
        Way("/admin", _("Administration"), Right.APPOINT, wide=True),
        Way("/accounts", _("Log-ins"), Right.MANAGE_ACCOUNTS),
        Way("/hooks", _("Webhooks"), Right.MANAGE_HOOKS),
    )
