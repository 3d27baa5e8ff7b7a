"""What evaluation systems refuse, besides what the tree of models/errors.py has."""

from models.errors import Refused


class EditionInUse(Refused):
    """Records rest on the edition, so what it says stays as it is."""

    code = "edition_in_use"
    template = (
        "“{version}” is in use ({rounds} rounds, {issues} issues, {others} other records) and stays as it is: {what}."
        " Bring the change in as a new edition, with a code and a first day of its own."
    )
