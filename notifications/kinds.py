"""Every kind of message. A new kind is one line here, a template per language, one golden render.

`facts` are the facts that its templates may count on beside the issue: whoever writes such a row supplies them.
Kinds that tell of several issues, or of none, have no issue (`about_issue` False).
"""

from collections.abc import Mapping
from dataclasses import dataclass

DIGEST = "digest"


@dataclass(frozen=True)
class Kind:
    """One kind of message. `bundles`: many of them waiting for one person may travel in one digest."""

    code: str
    facts: tuple[str, ...] = ()
    about_issue: bool = True
    bundles: bool = True


def _paged(code: str, *facts: str) -> Kind:
    """One that is about a page of its own, to which its letters lead: `page`, a path."""
    return Kind(code, (*facts, "page"), about_issue=False, bundles=False)


_OF_THE_EVENTS = (
    Kind("found"),
    Kind("assigned"),
    Kind("returned", ("reason", "returned_by")),
    Kind("verification_wanted"),
    Kind("passed"),
    Kind("failed_check", ("reason",)),
    Kind("disputed", ("reason",)),
    Kind("closed"),
    Kind("stand_down"),
    Kind("voided", ("reason",)),
    Kind("merged", ("into",)),
    Kind("reopened", ("reason",)),
    Kind("relapsed", ("reason",)),
    Kind("request_asked", ("action", "reason")),
    Kind("request_granted", ("action",)),
    Kind("request_refused", ("action", "reason")),
    Kind("resumed"),
    Kind("deadline_changed", ("old_due_at",)),
    Kind("order_answered", ("reply",)),
)
_OF_THE_LADDER = (
    Kind("assignment_slip"),
    Kind("sign_in_reminder"),
    Kind("due_warning"),
    Kind("overdue_notice"),
    Kind("reminder_notice"),
    Kind("supervision_order_1"),
    Kind("supervision_order_2"),
    Kind("supervision_order_3"),
    Kind("accountability_proposal"),
    Kind("level_jump", ("cause", "level", "paper")),
    Kind("assignment_late"),
    Kind("verification_late"),
    Kind("close_out_late"),
    Kind("milestone_due"),
    Kind("look_back_due"),
)
_OF_THE_SYSTEM = (
    Kind("unreachable", ("instead_of", "failure")),
    _paged("sheet_assigned", "round", "area", "on_date", "count", "points"),
    _paged("sweep_assigned", "round", "first", "standard", "sweep_due_at", "count", "points"),
    _paged("sweep_late", "round", "first", "sweep_due_at", "count"),
    _paged("sweep_finished", "round", "first", "checked", "found"),
    _paged("survey_assigned", "round", "start", "end", "count", "points"),
    _paged("material_submitted", "material", "unit"),
    _paged("material_returned", "material", "reason", "material_due_at", "late"),
    _paged("measure_proposed", "measure", "count"),
    _paged("measure_seconding", "measure", "count"),
    _paged("measure_decided", "measure", "paper", "reply_due_at"),
    _paged("reply_returned", "paper", "reason", "reply_due_at"),
    _paged("reply_late", "paper", "unit", "reply_due_at"),
    Kind("log_in_to_read", about_issue=False, bundles=False),
    _paged("task_letter_issued", "letter", "year", "unit", "count", "edition", "letter_due_at", "changes"),
    _paged("task_letter_late", "letter", "year", "unit", "count", "letter_due_at"),
    _paged("task_letter_unsigned", "letter", "year", "unit", "letter_due_at"),
    _paged("bulletin", "publication", "start", "end", "totals", "bottom", "late", "lines"),
    _paged("publication_waits", "publication", "start", "end", "act", "reason"),
    _paged("appraisal_open", "month", "unit", "score", "cases", "appeals_until"),
    _paged("appeal_asked", "appeal", "month", "unit", "number", "ground"),
    _paged("appeal_decided", "appeal", "month", "unit", "number", "ground", "outcome", "reason"),
    Kind("daily_digest", ("lines",), about_issue=False, bundles=False),
    Kind("watchdog", ("problems",), about_issue=False, bundles=False),
    Kind("calendar_horizon", ("published_until", "days_left", "provisional_open"), about_issue=False, bundles=False),
    Kind("contact_off", ("channel", "address"), about_issue=False, bundles=False),
    Kind(DIGEST, about_issue=False, bundles=False),
)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in (*_OF_THE_EVENTS, *_OF_THE_LADDER, *_OF_THE_SYSTEM)}
BUNDLED_KINDS = tuple(kind.code for kind in KINDS.values() if kind.bundles)
SCHEDULED_KINDS = frozenset(kind.code for kind in _OF_THE_LADDER if kind.code != "assignment_slip") | {
    "sweep_late",
    "reply_late",
    "measure_proposed",
    "task_letter_late",
    "task_letter_unsigned",
    "bulletin",
    "daily_digest",
    "calendar_horizon",
    DIGEST,
}
"""What a timer makes, so that nobody waits for it to the second."""
