"""What can be refused about a measure."""

from models.errors import Refused


class MeasureNotPossible(Refused):
    """The table of measures does not list it."""

    code = "measure_not_possible"
    template = "“{act}” is not possible for this measure while it is “{state}”."


class MeasureChanged(Refused):
    """What was looked at is not what stands there now."""

    code = "measure_changed"
    template = "This measure has changed meanwhile. Look at it again, then decide."


class OwnUnit(Refused):
    """Nobody decides about their own unit."""

    code = "own_unit"
    template = "You belong to {unit}. Somebody else decides about it."


class SamePerson(Refused):
    """A proposal takes two people."""

    code = "same_person"
    template = "You approved this proposal. A second person decides whether it goes out."


class OwnProposal(Refused):
    """Whoever proposed it by hand does not decide about it."""

    code = "own_proposal"
    template = "You proposed this measure. Somebody else decides about it."


class NoPaper(Refused):
    """No paper has been issued about it."""

    code = "no_paper"
    template = "No paper has been issued about this measure."
