"""What can be refused about a round.

WrongValue
└── RecordedOtherwise  the standard was looked at already, and something else was seen
Refused
├── NotHeld            what it found became issues at once: there is nothing to publish or to check again
├── PublishedAlready   it is published, so nothing of it changes
├── SheetsOpen         it is not finished
├── Undecided          somebody has to decide first which of two looks counts
├── OwnLook            whoever looked does not decide between two looks
├── IssueMade          what is recorded became an issue: whether it is right is decided there
├── Contradicted       somebody has to decide first which of two results counts
├── DecidedAlready     which of two results counts has been decided
└── NothingToDispatch  none of its issues waits to be handed over
"""

from models.errors import Refused, WrongValue


class RecordedOtherwise(WrongValue):
    """Told as any wrong value; a device that was without a network tells it apart, and lets somebody decide."""


class NotHeld(Refused):
    code = "round_not_held"
    template = "Audit {number} holds nothing back: what is not met became an issue at once."


class PublishedAlready(Refused):
    code = "round_published"
    template = "Audit {number} is published; its results stay as they are."


class SheetsOpen(Refused):
    code = "sheets_open"
    template = "Audit {number} is not finished: {filled} of {sheets} sheets are full. End it, or wait for the rest."


class Undecided(Refused):
    code = "recheck_undecided"
    template = (
        "The quality re-check of audit {number} found {count} difference(s) that nobody has decided. Decide first."
    )


class OwnLook(Refused):
    code = "own_look"
    template = "You looked at this point yourself. Somebody else decides which result counts."


class IssueMade(Refused):
    code = "issue_made"
    template = (
        "What is recorded became issue {number}. Whether it is right is decided there: return it or close it out."
    )


class Contradicted(Refused):
    code = "contradicted"
    template = "{count} result(s) of audit {number} were handed in twice and say different things. Decide first."


class DecidedAlready(Refused):
    code = "contradiction_decided"
    template = "It has been decided already which result counts."


class NothingToDispatch(Refused):
    code = "nothing_to_dispatch"
    template = "No issue of audit {number} waits to be handed to a unit, and every notice is there."
