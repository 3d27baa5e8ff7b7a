"""What the files of the pack are for, in a sentence each."""

from pathlib import PurePosixPath

from models import terms
from runtime.i18n import gettext as _
from runtime.i18n import language


def up(file: str) -> tuple[str, str]:
    """The page that a file belongs to, with its name."""
    if file.startswith("rules/"):
        return "/admin/rules", _("Rules")
    if file.startswith(("templates/", "papers/")):
        return "/admin/templates", _("Messages and papers")
    return "/admin", _("Administration")


def what(file: str) -> str:
    """What stands in it."""
    known = {
        "city.toml": _("The city itself: its names, time zone, form of numbers, working time of a day."),
        "rules/severities.toml": _("Limits per severity: sign-in, rectification, verification, close-out, extension."),
        "rules/ladder.toml": _("The steps of the ladder: when, which level, which posts, which paper, which channels."),
        "rules/closeout.toml": _("What must hold before an issue is closed out."),
        "rules/policy.toml": _(
            "Duplicates, quiet hours, digests, half-month dispatch, look-backs, limits per channel."
        ),
        "rules/scoring.toml": _(
            "Scores, appraisal, places and lists: their weights and thresholds. What is published keeps its own."
        ),
        "tasks.toml": _(
            "Task letters: until when a unit signs, when its superiors hear; sets of tags such as 六大攻坚."
        ),
        "papers/papers.toml": _("The forms of paper numbers, and whom to ask about a paper."),
    }
    if file.startswith("templates/"):
        return _("The words of a message: the first line is its title. SMS keeps its fixed words.")
    return known.get(file) or (_("A template of a paper.") if file.startswith("papers/") else "")


def kind_of(file: str) -> str:
    """The word for the kind of message or paper that a template is for."""
    stem = PurePosixPath(file).stem
    found = terms.term(terms.MESSAGE_KINDS | terms.PAPERS, stem, language())
    other = {
        "_why": _("the line that says why"),
        "_sms": _("SMS"),
        "supervision_order": _("supervision orders"),
        "papers": _("numbers of papers, and whom to ask"),
    }
    return other.get(stem, found)
