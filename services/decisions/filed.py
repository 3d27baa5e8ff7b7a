"""Issues that stand for missing material (models/filing.py): it is handed in and reviewed, the issue follows."""

from models.errors import Refused
from models.filing import item_of
from models.issue import Issue
from services.commands import Command, need


class FiledElsewhere(Refused):
    """The work is done at the material; services/filing takes the issue along."""

    code = "filed_elsewhere"
    template = "This issue stands for material of the online filing. Hand it in, or review it, at /filing/{item}."


def check_worked_on_here(issue: Issue, command: Command) -> None:
    """Raises FiledElsewhere for an issue that follows its material, where it is not the material that moves it."""
    item = item_of(issue)
    need(item is None or command.data.get("filing"), FiledElsewhere(item=item))
