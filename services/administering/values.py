"""What administration speaks of: tables and columns, rows as they are held, edits, proposals, changes."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.permissions import Right
from services.cities.differing import Cells as Cells
from services.cities.differing import Changed as Changed
from services.cities.finding import Finding, Level


class ColumnKind(StrEnum):
    """How a cell is to be filled in. `choice`: one of `choices`; `reference`: the code of a row of `target`."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"
    DAY = "day"
    CHOICE = "choice"
    REFERENCE = "reference"


@dataclass(frozen=True)
class ColumnInfo:
    """One column. `key`: part of what names the row, so it is given once and never changed.

    `expected` says in English what a cell must hold, as the reader of packs says it.
    """

    name: str
    kind: ColumnKind
    required: bool
    key: bool
    expected: str
    choices: tuple[str, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class TableInfo:
    """One table. `right`: who may see and change all of it. `ends`: a row is ended by a day (`valid_to`), is closed
    (`gone`), or stays for ever (`never`).
    """

    name: str
    file: str
    count: int
    right: Right
    ends: str


@dataclass(frozen=True)
class HeldRow:
    """A row as it is in force. `mark` changes whenever a cell does. `ended`: closed, no longer in the pack."""

    key: str
    cells: Cells
    mark: str
    ended: bool = False


@dataclass(frozen=True)
class Rows:
    """A part of a table; `after` is the key to go on from, None at the end. `count`: of all that were found."""

    rows: tuple[HeldRow, ...]
    after: str | None
    count: int


@dataclass(frozen=True)
class HeldFile:
    """A file of the pack as it is in force. `text` is None for what is no text (papers for Word)."""

    file: str
    body: bytes
    mark: str

    @property
    def text(self) -> str | None:
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True)
class Edit:
    """A change of one row. `key` None: a new row, or one that was closed and comes back.

    `cells` may leave columns out, which stay as they are. `mark` is that of the row as it was read. `gone`: the row is
    taken out of the pack, where its table lets rows be closed.
    """

    table: str
    key: str | None
    cells: Cells = field(default_factory=dict)
    mark: str = ""
    gone: bool = False


@dataclass(frozen=True)
class FileEdit:
    """A whole file anew: rules, city.toml, a template, or the CSV of a table. `content` None: the file goes.

    `mark` is that of the file as it was read, empty for a new one.
    """

    file: str
    content: str | bytes | None
    mark: str = ""


@dataclass(frozen=True)
class BadCell:
    """Something in an edit that cannot be read: of which edit (from 0), where, and what was expected, in English.

    `row` is the line of a file; 0 in an edit of a row.
    """

    edit: int
    place: str
    column: str
    value: str
    expected: str
    row: int = 0


@dataclass(frozen=True)
class Conflict:
    """Somebody changed the row or file meanwhile. `theirs` None: it is gone. For a file the one cell is `content`.

    `mark` is the new one: whoever sends the edit again with it has seen theirs. `differing`: columns that differ.
    """

    edit: int
    place: str
    key: str
    theirs: Cells | None
    mine: Cells | None
    mark: str

    @property
    def differing(self) -> tuple[str, ...]:
        if self.theirs is None or self.mine is None:
            return ()
        return tuple(name for name in self.mine if self.theirs.get(name, "") != self.mine[name])


@dataclass(frozen=True)
class Told:
    """What the lint says of the city as it would be. `new`: because of this change; `key`: the row's, if it has one."""

    finding: Finding
    new: bool
    key: str = ""


@dataclass(frozen=True)
class UnderWay:
    """What stays with a unit that ends, or at a point that is closed: open issues; points that the unit leads."""

    table: str
    key: str
    issues: int
    points: int = 0


@dataclass(frozen=True)
class Proposal:
    """What a change would do. Nothing is written. `fingerprint` is given back to confirm what was shown.

    `open_issues`: how many run under rules or a calendar that this changes for new ones; they keep theirs.
    `under_way`: what is left with units that end and at points that are closed.
    """

    changes: tuple[Changed, ...]
    findings: tuple[Told, ...]
    bad_cells: tuple[BadCell, ...]
    conflicts: tuple[Conflict, ...]
    fingerprint: str
    open_issues: int = 0
    under_way: tuple[UnderWay, ...] = ()

    @property
    def new_errors(self) -> tuple[Finding, ...]:
        return tuple(told.finding for told in self.findings if told.new and told.finding.level is Level.ERROR)

    @property
    def new_warnings(self) -> tuple[Finding, ...]:
        return tuple(told.finding for told in self.findings if told.new and told.finding.level is Level.WARNING)

    @property
    def is_ready(self) -> bool:
        """Whether it may be confirmed: there is something to change, and nothing against it."""
        return bool(self.changes) and not (self.new_errors or self.bad_cells or self.conflicts)


@dataclass(frozen=True)
class ChangeSet:
    """What was changed in one go. `number` is None where there was nothing to change."""

    number: int | None
    at: datetime
    who: str
    why: str
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class Past:
    """One line of the history. `id` orders them; `set_number` tells which were made in one go."""

    id: int
    set_number: int
    at: datetime
    who: str
    why: str
    changed: Changed
