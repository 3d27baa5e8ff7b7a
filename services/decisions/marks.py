"""Assigned by a leader (领导交办): a mark that makes an issue count double. Source: domain 9f, 2 [P29]; decision 0025.

Only while the issue is open: what has ended counts as it ended.
"""

from models.errors import MarkedAlready
from models.issue import Issue
from models.lifecycle import Action
from services.commands import Command, Decision, Known, need


def mark(issue: Issue, _: Command, __: Known) -> list[Decision]:
    """It counts double from now on. No reason is taken: nothing of a secret instruction can stand in it."""
    need(not issue.leader_assigned, MarkedAlready(number=issue.number))
    return [Decision(Action.MARK_LEADER, {"leader_assigned": True})]


def unmark(issue: Issue, command: Command, _: Known) -> list[Decision]:
    """It counts once again, for a reason."""
    need(issue.leader_assigned, MarkedAlready(number=issue.number))
    return [Decision(Action.UNMARK_LEADER, {"leader_assigned": False}, reason=command.data["reason"])]
