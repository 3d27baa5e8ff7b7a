"""Administration: the whole city as a pack that is looked at, edited, linted, compared, applied, and taken out."""

from services.administering.applying import apply, apply_pack
from services.administering.errors import FilesNotKept, NotAsShown
from services.administering.history import body_of, history
from services.administering.looking import columns, ended, file, files, page, references, row, tables
from services.administering.proposing import propose, propose_pack
from services.administering.rights import must_export, right_of
from services.administering.uploads import read_table, read_zip
from services.administering.values import (
    BadCell,
    Cells,
    Changed,
    ChangeSet,
    ColumnInfo,
    ColumnKind,
    Conflict,
    Edit,
    FileEdit,
    HeldFile,
    HeldRow,
    Past,
    Proposal,
    Rows,
    TableInfo,
    Told,
)
from services.administering.versions import (
    CalendarState,
    Difference,
    RulesState,
    calendar_back,
    calendar_difference,
    calendar_versions,
    rules_back,
    rules_difference,
    rules_versions,
)
from services.cities.held import held_pack
from services.cities.writing import write_pack, zipped

__all__ = [
    "BadCell",
    "CalendarState",
    "Cells",
    "ChangeSet",
    "Changed",
    "ColumnInfo",
    "ColumnKind",
    "Conflict",
    "Difference",
    "Edit",
    "FileEdit",
    "FilesNotKept",
    "HeldFile",
    "HeldRow",
    "NotAsShown",
    "Past",
    "Proposal",
    "Rows",
    "RulesState",
    "TableInfo",
    "Told",
    "apply",
    "apply_pack",
    "body_of",
    "calendar_back",
    "calendar_difference",
    "calendar_versions",
    "columns",
    "ended",
    "file",
    "files",
    "held_pack",
    "history",
    "must_export",
    "page",
    "propose",
    "propose_pack",
    "read_table",
    "read_zip",
    "references",
    "right_of",
    "row",
    "rules_back",
    "rules_difference",
    "rules_versions",
    "tables",
    "write_pack",
    "zipped",
]
