"""Everything that can be refused, as one tree.

    DubanError
    ├── Refused                the request is understood and the answer is no
    │   ├── ActionNotPossible    not from this state
    │   ├── ActionNotAllowed     not by this person
    │   ├── NotIndependent       the handler never verifies their own work
    │   ├── SameEyes             whoever passed it does not look back at it
    │   ├── SomebodyWasFaster    the issue changed since it was read
    │   ├── TooLate / TooMany / TooMuch   extension asked after expiry, too often, too long
    │   ├── NeedsHigherLevel     to be decided by a higher level
    │   ├── RequestAlreadyOpen / NoOpenRequest
    │   ├── NoOpenOrder          a reply, and no supervision order waits for one
    │   ├── ConditionsNotMet     close-out conditions that do not hold
    │   ├── SheetsWanted         a count is not enough: the rules ask for a sweep with sheets
    │   ├── SweepUnderWay / NothingElsewhere / NoSweepWanted
    │   ├── MarkedAlready        assigned by a leader, or not, as was asked
    │   ├── UnitEnded            nothing new is given to it
    │   ├── AlreadyDesignated    the district named the owner: return only by request
    │   ├── TooManyTokens        so many of them hold for one person
    │   ├── RoundEnded           nothing more is recorded on an audit that was ended
    │   └── DemoOnly             the clock of a real city is not moved
    ├── BadInput               something supplied is missing or wrong
    │   ├── MissingInput
    │   ├── WrongValue
    │   ├── TimeInThePast
    │   ├── MilestoneTooFar      shelved until a day that nobody will see
    │   └── BadRows              a file with rows that cannot be used; each row is told
    ├── NotFound               no such issue, unit, point, post, …
    └── NotStored              evidence that the disk does not take; what it belongs to is not done either
        └── NotReadable          evidence that is on record and cannot be had from where it lies

`template` is an English sentence with {names}; the edges translate it and fill it in. `code` never changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


class DubanError(Exception):
    """Something a user can be told."""

    code: ClassVar[str] = "error"
    template: ClassVar[str] = "Something went wrong."

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class Refused(DubanError):
    code = "refused"
    template = "This is refused."


class ActionNotPossible(Refused):
    code = "not_possible"
    template = "“{action}” is not possible while the issue is “{state}”."


class ActionNotAllowed(Refused):
    code = "not_allowed"
    template = "You may not do “{action}” here. It is for: {who}."


class NotIndependent(Refused):
    code = "not_independent"
    template = "{person} handled this issue or belongs to {unit}; somebody independent must verify it."


class SameEyes(Refused):
    code = "same_eyes"
    template = "{person} passed issue {number} at its verification; somebody else must go back and look."


class SomebodyWasFaster(Refused):
    code = "somebody_was_faster"
    template = "Issue {number} has changed meanwhile. Look at it again, then decide."


class TooLate(Refused):
    code = "too_late"
    template = "More time must be asked for before the deadline; it was {due}."


class TooMany(Refused):
    code = "too_many_extensions"
    template = "{severity} allows {times} extension(s), and {used} are used."


class TooMuch(Refused):
    code = "extension_too_long"
    template = "An extension of {severity} is at most {most}; {asked} was asked for."


class NeedsHigherLevel(Refused):
    code = "needs_higher_level"
    template = "This must be decided at level {level} (1 = city, 2 = district) or above."


class RequestAlreadyOpen(Refused):
    code = "request_already_open"
    template = "A request of this kind is already waiting for a decision: {kind}."


class NoOpenRequest(Refused):
    code = "no_open_request"
    template = "No request of this kind is waiting for a decision: {kind}."


class NoOpenOrder(Refused):
    code = "no_open_order"
    template = "No supervision order on issue {number} is waiting for a reply. Say it as a comment instead."


class ConditionsNotMet(Refused):
    code = "conditions_not_met"
    template = "Not ready to be closed out. Still missing: {missing}."


class SheetsWanted(Refused):
    code = "sheets_wanted"
    template = (
        "The rules ask for a look on the spot elsewhere for the fault of issue {number}: start a same-fault sweep. "
        "Its counts come in by themselves with its last sheet."
    )


class SweepUnderWay(Refused):
    code = "sweep_under_way"
    template = "A same-fault sweep for issue {number} is under way: {round}. Fill its sheets, or end it first."


class NothingElsewhere(Refused):
    code = "nothing_elsewhere"
    template = (
        "No other open point there is held to standard {standard}, or it is known already at each of them. "
        "Choose a wider area, or let the office waive the sweep and say why."
    )


class NoSweepWanted(Refused):
    code = "no_sweep_wanted"
    template = "No same-fault sweep is waited for on issue {number}."


class MarkedAlready(Refused):
    code = "marked_already"
    template = "Issue {number} stands like that already: nothing was changed."


class UnitEnded(Refused):
    code = "unit_ended"
    template = "Unit {unit} ended on {day}: it answers for nothing new. Choose who has its duty now."


class AlreadyDesignated(Refused):
    code = "already_designated"
    template = "The owner of issue {number} was designated after two returns. Ask for a return instead."


class TooManyTokens(Refused):
    code = "too_many_tokens"
    template = "You have {most} tokens already. End one first."


class RoundEnded(Refused):
    code = "round_ended"
    template = "Audit {number} is over: {who} {why}"


class DemoOnly(Refused):
    code = "demo_only"
    template = "The clock can be moved in a demo city only; {city} is not one."


class BadInput(DubanError):
    code = "bad_input"
    template = "The input cannot be used."


class MissingInput(BadInput):
    code = "missing_input"
    template = "“{action}” needs: {missing}."


class WrongValue(BadInput):
    code = "wrong_value"
    template = "{field}: “{value}” is not usable; expected {expected}."


class TimeInThePast(BadInput):
    code = "time_in_the_past"
    template = "{field}: {value} lies in the past."


class MilestoneTooFar(BadInput):
    code = "milestone_too_far"
    template = "The milestone {value} lies more than {years} years ahead. Set a nearer one."


@dataclass(frozen=True)
class BadRow:
    """One thing wrong in a file: where, what stood there, what was expected. Columns by their heading."""

    place: str
    row: int
    column: str
    value: str
    expected: str


class BadRows(BadInput):
    code = "bad_rows"
    template = "{count} problem(s) in {file}; nothing was loaded."

    def __init__(self, *, file: str, rows: Sequence[BadRow]) -> None:
        self.rows = tuple(rows)
        super().__init__(file=file, count=len(self.rows))


class UnreadableFile(BadInput):
    code = "unreadable_file"
    template = "{file} cannot be read as {expected}: {why}"


class NotFound(DubanError):
    code = "not_found"
    template = "There is no {what} “{code}”."


class NotStored(DubanError):
    """The disk is full, or its folder cannot be written to: an operator has to help, the user can only try again."""

    code = "not_stored"
    template = (
        "The photo or paper cannot be stored in {folder} ({why}), so nothing was done. "
        "Make room there or give Duban the right to write there, then do it again."
    )


class NotReadable(NotStored):
    """The store does not answer, or what lies there is not what was stored."""

    code = "not_readable"
    template = "What was handed in cannot be read from {folder} ({why}). Try again later, or tell your administrator."
