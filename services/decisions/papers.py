"""Papers: an issued paper is on record. It moves no clock and no state, and tells nobody."""

from models.errors import ActionNotPossible
from models.issue import Issue
from models.lifecycle import Action, State
from models.paper import PaperKind
from services.commands import Command, Decision, Known, Row, need
from services.papers.filing import PAPER

ASKS_FOR_WORK = frozenset({PaperKind.REMINDER_NOTICE, PaperKind.INTERVIEW_NOTICE, PaperKind.RECTIFICATION_NOTICE})
NAMED = ("kind", "step", "unit_code", "word_template", "page_template")


def issue_paper(issue: Issue, command: Command, _: Known) -> list[Decision]:
    """Put a paper on record; `file_papers` gives it its number. Quiet: a paper is for printing only."""
    draft = command.data["paper"]
    over = issue.state == State.CLOSED and draft["kind"] in ASKS_FOR_WORK
    need(not over, ActionNotPossible(action=Action.ISSUE_PAPER.value, state=issue.state.value))
    facts = {f"paper_{name}": draft[name] for name in NAMED}
    return [Decision(Action.ISSUE_PAPER, facts=facts, quiet=True, rows=(Row(PAPER, draft),))]
