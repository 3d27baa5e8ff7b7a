"""What happened, in words: every event of an issue with who did it, when, why, and what it changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import terms
from models.issue import IssueEvent
from models.lifecycle import Action
from models.rules import Rules, StageStep, Step
from runtime.i18n import gettext as _
from runtime.i18n import language, ngettext
from services.issue_view import IssueView
from web.issue.words import limit, word
from web.pages import local

SYSTEM = "system"
NEWEST = 30
"""So many are open to the eye; the older ones are one tap away."""


@dataclass(frozen=True)
class Entry:
    """One event. `what`: the action; `said`: the words that came with it; `facts`: what it changed, by label."""

    at: datetime
    action: Action
    who: str
    by_time: bool
    what: str
    said: str
    facts: Sequence[tuple[str, str]]
    moved: bool
    to_state: str


def entries(view: IssueView, events: Sequence[IssueEvent] | None = None) -> list[Entry]:
    """The events of an issue (or some of them), the newest first."""
    return [_entry(event, view) for event in reversed(view.events if events is None else events)]


def _entry(event: IssueEvent, view: IssueView) -> Entry:
    return Entry(
        at=event.at,
        action=event.action,
        who=_who(event, view),
        by_time=event.actor == SYSTEM,
        what=_what(event, view.rules),
        said=_said(event),
        facts=list(_facts(event, view)),
        moved=event.from_state != event.to_state,
        to_state=event.to_state.value,
    )


def _who(event: IssueEvent, view: IssueView) -> str:
    if event.actor == SYSTEM:
        return _("Duban")
    name = view.name(event.actor)
    if not event.on_behalf_of:
        return name
    return _("{name}, in place of {other}").format(name=name, other=view.name(event.on_behalf_of))


def _what(event: IssueEvent, rules: Rules) -> str:
    written = word(terms.ACTIONS, event.action)
    step = step_name(event.step, rules) if event.step else ""
    return f"{written} {step}".strip()


def step_name(code: str, rules: Rules) -> str:
    """A step of the ladder such as “E3 Overdue notice”, or of another clock, by its name."""
    bare = code.split("-")[0]
    steps: tuple[Step | StageStep, ...] = (*rules.ladder, *rules.stages)
    named = next((one for one in steps if one.code == bare), None)
    if named is None:
        return code
    return f"{bare} {named.name_en if language() == 'en' else named.name}"


def _said(event: IssueEvent) -> str:
    facts = event.facts
    verdict = facts.get("verdict") if event.action is Action.PASS else ""
    words = (event.reason, facts.get("text"), facts.get("reply"), facts.get("note"), facts.get("result"), verdict)
    return next((str(one) for one in words if one), "")


Shows = Callable[[Any, IssueView], str]


def _name(code: Any, view: IssueView) -> str:
    return view.name(str(code))


def _names(codes: Any, view: IssueView) -> str:
    return ", ".join(view.name(str(code)) for code in codes)


def _time(written: Any, view: IssueView) -> str:
    return local(datetime.fromisoformat(str(written)), view.timezone)


def _limit(written: Any, _view: IssueView) -> str:
    return limit(str(written))


def _plain(value: Any, _view: IssueView) -> str:
    return str(value)


def _joined(values: Any, _view: IssueView) -> str:
    return ", ".join(map(str, values))


def _pieces(pieces: Any, _view: IssueView) -> str:
    return ngettext("{n} piece", "{n} pieces", len(pieces)).format(n=len(pieces))


def _yes(_value: Any, _view: IssueView) -> str:
    return _("yes")


def _word(table: terms.Words) -> Shows:
    return lambda code, _view: word(table, code)


def _labels() -> Mapping[str, tuple[str, Shows]]:
    """Which facts are told, under which label, in this order."""
    return {
        "source": (_("Source"), _word(terms.SOURCES)),
        "suggested_unit": (_("Suggested unit"), _name),
        "possible_duplicates": (_("May be the same as"), _joined),
        "into": (_("Goes on as"), _plain),
        "lead_unit": (_("Unit"), _name),
        "assisting_units": (_("Assisting"), _names),
        "returned_by": (_("Returned by"), _name),
        "severity": (_("Severity"), _plain),
        "limit": (_("Limit"), _limit),
        "amount": (_("How much more time"), _limit),
        "old_due_at": (_("Was due"), _time),
        "due_at": (_("Due"), _time),
        "milestone": (_("Until"), _time),
        "milestone_at": (_("Until"), _time),
        "level": (_("Told up to the level"), _word(terms.LEVELS)),
        "cause": (_("Because of"), _word(terms.CAUSES)),
        "post": (_("Post"), _name),
        "why": (_("Why"), _word(terms.FAILURES)),
        "measure": (_("What keeps it from coming back"), _plain),
        "late": (_("Late"), _yes),
        "satisfaction": (_("What the public says"), _word(terms.ANSWERS)),
        "sweep_checked": (_("Places checked"), _plain),
        "sweep_found": (_("With the same fault"), _plain),
        "round": (_("Sweep"), _plain),
        "points": (_("Points"), _plain),
        "sweep_due_at": (_("Due"), _time),
        "relapses": (_("How often it came back"), _plain),
        "leader_assigned": (_("Assigned by a leader"), _yes),
        "evidence": (_("Evidence"), _pieces),
        "paper_number": (_("Paper"), _plain),
    }


UNTOLD: Mapping[Action, frozenset[str]] = {
    Action.TRIAGE: frozenset({"why"}),
    Action.ESCALATE: frozenset({"orders_unanswered", "late"}),
    Action.FIND: frozenset({"late"}),
}
"""Facts under the same name that mean something else there."""


def _facts(event: IssueEvent, view: IssueView) -> Iterable[tuple[str, str]]:
    untold = UNTOLD.get(event.action, frozenset())
    counts = ("sweep_checked", "sweep_found")
    for key, (label, show) in _labels().items():
        value = event.facts.get(key)
        there = value is not None and value != "" and value is not False and value != []
        if there and key not in untold and (value != 0 or key in counts):
            yield label, show(value, view)
