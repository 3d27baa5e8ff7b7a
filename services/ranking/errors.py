"""What is refused about rankings and appeals."""

from models.errors import Refused


class NotOver(Refused):
    code = "month_not_over"
    template = "The month {month} is not over: its appraisal is drafted from {day} on."


class NoDraft(Refused):
    code = "no_draft"
    template = "The appraisal of {month} is not open for appeals: there is no draft of it now."


class WindowClosed(Refused):
    code = "window_closed"
    template = "Appeals against the appraisal of {month} were taken until {until}."


class WindowOpen(Refused):
    code = "window_open"
    template = "Units may appeal against this draft until {until}; it is approved after that."


class AppealsUndecided(Refused):
    code = "appeals_undecided"
    template = "{count} appeal(s) against this draft are undecided. Decide them first."


class NotInDraft(Refused):
    code = "not_in_draft"
    template = "Issue {number} is none of the cases of {unit} in the appraisal of {month}."


class AlreadyAppealed(Refused):
    code = "already_appealed"
    template = "There is an appeal about issue {number} in this month already: no. {appeal}."


class AlreadyDecided(Refused):
    code = "already_decided"
    template = "Appeal no. {appeal} has been decided already."


class NotDisinterested(Refused):
    code = "not_disinterested"
    template = "You had a part in issue {number} or belong to its unit. Somebody else decides this appeal."
