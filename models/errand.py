"""What may wait for somebody beside issues."""

from enum import StrEnum


class ErrandKind(StrEnum):
    """What is to be done. The order is that of what has no time."""

    INSTRUCTION = "instruction"
    LETTER = "letter"
    APPEAL_WINDOW = "appeal_window"
    APPEAL = "appeal"
    MEASURE = "measure"
    SECOND = "second"
    REPLY = "reply"
    INTERVIEW = "interview"
    OUTCOME = "outcome"
    RECHECK = "recheck"
    APPROVE = "approve"
    PUBLISH = "publish"
    FILE = "file"
    REVIEW = "review"
    SURVEY = "survey"
    PATROL = "patrol"
