"""The fields of each action's form. What must be filled in is the lifecycle table's word, not this one's.

An action without a line here has a button and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.lifecycle import BY_ACTION, Action


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    WHOLE = "whole"
    AMOUNT = "amount"
    MOMENT = "moment"
    UNIT = "unit"
    UNITS = "units"
    SEVERITY = "severity"
    ISSUE = "issue"
    ANSWER = "answer"
    YES = "yes"
    PHOTOS = "photos"
    SHOWS = "shows"


@dataclass(frozen=True)
class Field:
    """One field; its name is what the verb in services calls it."""

    name: str
    kind: Kind

    def required(self, action: Action) -> bool:
        """Whether the table says that it must be supplied."""
        return self.name in BY_ACTION[action].needs


REASON, NOTE = Field("reason", Kind.TEXT), Field("note", Kind.TEXT)
PHOTOS = Field("evidence", Kind.PHOTOS)
AMOUNT, MILESTONE = Field("amount", Kind.AMOUNT), Field("milestone", Kind.MOMENT)

FIELDS: Mapping[Action, tuple[Field, ...]] = {
    Action.ASSIGN: (
        Field("to", Kind.UNIT),
        Field("severity", Kind.SEVERITY),
        Field("assisting", Kind.UNITS),
        Field("sweep", Kind.YES),
        Field("leader", Kind.YES),
        REASON,
    ),
    Action.MERGE: (Field("into", Kind.ISSUE),),
    Action.VOID: (REASON,),
    Action.RETURN: (REASON,),
    Action.SUBMIT: (PHOTOS, Field("result", Kind.TEXT), Field("measure", Kind.TEXT)),
    Action.PASS: (NOTE, PHOTOS),
    Action.FAIL: (REASON, PHOTOS),
    Action.DISPUTE: (REASON,),
    Action.REOPEN: (REASON,),
    Action.RELAPSE: (REASON,),
    Action.COMMENT: (Field("text", Kind.TEXT),),
    Action.ATTACH: (PHOTOS, Field("kind", Kind.SHOWS)),
    Action.ASK_EXTENSION: (AMOUNT, REASON),
    Action.GRANT_EXTENSION: (AMOUNT, REASON),
    Action.REFUSE_EXTENSION: (REASON,),
    Action.ASK_RETURN: (REASON,),
    Action.GRANT_RETURN: (REASON,),
    Action.REFUSE_RETURN: (REASON,),
    Action.ASK_SHELVING: (MILESTONE, REASON),
    Action.GRANT_SHELVING: (MILESTONE, REASON),
    Action.REFUSE_SHELVING: (REASON,),
    Action.RESUME: (REASON,),
    Action.CALL_BACK: (Field("answer", Kind.ANSWER), NOTE),
    Action.REPORT_SWEEP: (Field("checked", Kind.WHOLE), Field("found", Kind.WHOLE)),
    Action.WAIVE_SWEEP: (REASON,),
    Action.UNMARK_LEADER: (REASON,),
    Action.REPLY_ORDER: (Field("reply", Kind.TEXT),),
    Action.REAPPLY_RULES: (Field("severity", Kind.SEVERITY), REASON),
}


def fields_of(action: Action) -> tuple[Field, ...]:
    """The fields of an action's form, in their order."""
    return FIELDS.get(action, ())
