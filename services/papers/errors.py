"""What can be refused about papers.

Refused
├── NotReached        the ladder has not come to the step that this paper goes with
├── RoundNotFinished  a notice holds every problem of its round
├── StillUnassigned   some of them have no unit yet
├── NothingToRectify  none of them is open at this unit
└── NotAsIssued       somebody has altered it in the database
"""

from models.errors import Refused


class NotReached(Refused):
    code = "paper_not_reached"
    template = "“{what}” goes with {steps} of the ladder; issue {number} has not come so far."


class RoundNotFinished(Refused):
    code = "round_not_finished"
    template = "Round {number} is not finished: {filled} of {sheets} sheets are in. A notice holds all it found."


class StillUnassigned(Refused):
    code = "still_unassigned"
    template = "{count} issue(s) of round {number} wait to be assigned and may be for {unit}; first: {first}."


class NothingToRectify(Refused):
    code = "nothing_to_rectify"
    template = "Round {number} has no open issue of {unit}."


class NotAsIssued(Refused):
    code = "not_as_issued"
    template = (
        "Paper {number} is not as it was issued, so it is not printed. Run `duban verify` and look who altered it."
    )
