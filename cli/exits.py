"""Exit codes: one table for all commands.

  0  done
  1  done in part, or something was found: a record altered, a pack with errors, an issue that is late
  2  the command or its input cannot be used
  3  the rules say no
  4  there is no such issue, person, file, …
  5  not ready: settings, database, no city loaded, a disk that takes no evidence
 70  a fault of ours
130  stopped with Ctrl-C
"""

from enum import IntEnum

from models.errors import BadInput, DubanError, NotFound, NotStored, Refused
from runtime.errors import NotReady


class Exit(IntEnum):
    """What a command's end means to a script."""

    DONE = 0
    FOUND = 1
    UNUSABLE = 2
    REFUSED = 3
    NOT_FOUND = 4
    NOT_READY = 5
    FAULT = 70
    STOPPED = 130


TABLE: tuple[tuple[type[DubanError], Exit], ...] = (
    (NotReady, Exit.NOT_READY),
    (NotStored, Exit.NOT_READY),
    (NotFound, Exit.NOT_FOUND),
    (Refused, Exit.REFUSED),
    (BadInput, Exit.UNUSABLE),
)


def exit_of(error: DubanError) -> Exit:
    """The exit code of an error; the first line of the table that fits."""
    return next((code for kind, code in TABLE if isinstance(error, kind)), Exit.FAULT)
