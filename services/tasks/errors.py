"""What can be refused about tasks and their letters.

Refused
├── NothingToIssue    no unit of the year has rows in this place
├── AlreadySigned     somebody else of the unit signed before
└── LetterReplaced    a later edition holds
"""

from models.errors import Refused


class NothingToIssue(Refused):
    code = "nothing_to_issue"
    template = "The table of {year} has no rows for “{unit}”, and no letter of that year is out: import it first."


class AlreadySigned(Refused):
    code = "letter_already_signed"
    template = "{who} signed for letter {number} already, on {on}."


class LetterReplaced(Refused):
    code = "letter_replaced"
    template = "Letter {number} has been replaced by {by}. Sign for that one."
