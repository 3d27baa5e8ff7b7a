"""What is asked of an issue, what is known about it, and what was decided. Values only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unicodedata import category

from models.calendar import Calendar
from models.errors import DubanError, WrongValue
from models.issue import Issue, Request, RequestKind, RequestState
from models.lifecycle import Action, Role, State
from models.rights import Actor
from models.rules import Rules


@dataclass(frozen=True)
class Command:
    """One action wanted on one issue. `key` makes a repetition harmless; `version` refuses if somebody was faster."""

    action: Action
    by: Actor
    issue_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    key: str | None = None

    @property
    def supplied(self) -> frozenset[str]:
        """The names of what is really there: a blank text is not."""
        return frozenset(name for name, value in self.data.items() if _is_there(value))


def _is_there(value: object) -> bool:
    if isinstance(value, str):
        return not is_blank(value)
    return value is not None and (bool(value) or not isinstance(value, (list, tuple)))


def is_blank(text: str) -> bool:
    """Whether nobody sees anything of it: white space, and characters of no width (Unicode's Cf)."""
    return all(sign.isspace() or category(sign) in ("Cf", "Cc") for sign in text)


@dataclass(frozen=True)
class Known:
    """Everything a decision may look at beside the issue itself."""

    now: datetime
    city: str
    rules: Rules
    calendar: Calendar
    current_rules: Rules
    current_calendar: Calendar
    requests: Mapping[RequestKind, Request] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    evidence_wanted: bool = True
    told: tuple[str, ...] = ()
    workers: frozenset[str] = frozenset()
    failed_checks: int = 0
    others: Mapping[int, Issue] = field(default_factory=dict)
    suggestion: tuple[str, str] | None = None
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row of another table that belongs to the event; the door fills in the issue."""

    table: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """What is to be written for one event. `changes` are named columns of the issue; `facts` go into the event only.

    `check_at` asks to be looked at again at that time whatever the clocks say. `settles` closes a request.
    """

    action: Action
    changes: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    to: State | None = None
    step: str | None = None
    quiet: bool = False
    rows: tuple[Row, ...] = ()
    settles: tuple[RequestKind, RequestState] | None = None
    check_at: datetime | None = None


@dataclass
class Outcome:
    """What became of a command: the events written with their steps, or why not.

    `repeated`: the same command was accepted before.
    """

    command: Command
    issue_id: int | None = None
    number: str = ""
    state: State | None = None
    events: list[Action] = field(default_factory=list)
    steps: list[str | None] = field(default_factory=list)
    error: Exception | None = None
    repeated: bool = False


UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What a database does not keep as text: the character zero, and halves of surrogate pairs."""


def check_text(value: object, name: str = "text") -> None:
    """No text with characters that cannot be kept. Raises WrongValue."""
    if isinstance(value, str):
        if UNSTORABLE.search(value):
            raise WrongValue(field=name, value=ascii(value[:20]), expected="text without control characters")
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            check_text(item, str(inner))
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_text(item, name)


def need(condition: object, error: DubanError) -> None:
    """Raise the error unless the condition holds."""
    if not condition:
        raise error


__all__ = ["Actor", "Command", "Decision", "Issue", "Known", "Outcome", "Role", "Row", "need"]
