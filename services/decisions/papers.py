"""Papers: an issued paper is on record. It moves no clock and no state, and tells nobody; a reminder does."""

from models.errors import ActionNotPossible
from models.issue import Issue
from models.lifecycle import Action, State
from models.paper import PaperKind
from services.commands import Command, Decision, Known, Row, need
from services.papers.errors import NotReached
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


def remind(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Tell the unit once more, in the words and on the channels of the step that the reminder notice goes with.

    Moves no clock. Raises NotFound for a step that these rules do not have, NotReached before it was taken.
    """
    step = known.rules.step(command.data["step"])
    what = PaperKind.REMINDER_NOTICE.value
    need(issue.steps_taken >> step.rank & 1, NotReached(what=what, steps=step.code, number=issue.number))
    return [Decision(Action.REMIND, facts={"goes_with": step.code})]
