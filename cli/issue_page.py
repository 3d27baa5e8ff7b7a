"""One issue on the terminal."""

from typing import TYPE_CHECKING, Any

from cli import showing, times, words
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from models.rules import Rules
    from services.queries import Detail


def as_mapping(found: "Detail") -> dict[str, Any]:
    """The whole of it for programs; keys are those of the tables."""
    return {
        "issue": {**found.issue.model_dump(), "overdue": found.overdue},
        "events": [one.model_dump() for one in found.events],
        "evidence": [one.model_dump() for one in found.evidence],
        "requests": [one.model_dump() for one in found.requests],
        "orders": [one.model_dump() for one in found.orders],
        "names": dict(found.names),
    }


def show(found: "Detail", *, rules: "Rules | None") -> None:
    """Facts first, then what happened, then what belongs to it."""
    issue = found.issue
    showing.say(f"{issue.number}  {words.word(words.STATES, issue.state)}  {issue.severity}")
    showing.card(_facts(found))
    showing.say("")
    showing.table([_event(one, found, rules) for one in found.events], _event_columns())
    for title, rows, columns in _parts(found):
        if rows:
            showing.say("\n" + title)
            showing.table(rows, columns)


def _facts(found: "Detail") -> list[tuple[str, Any]]:
    issue, name = found.issue, found.names.get
    due = times.shown(issue.due_at) + (_(" (provisional)") if issue.due_provisional else "")
    return [
        (_("Problem"), issue.description),
        (_("Point"), _named(issue.point_code, found)),
        (_("Place"), " / ".join(name(code, code) for code in issue.area_path.split("/"))),
        (_("Address"), issue.address),
        (_("Standard"), issue.standard_code),
        (_("Source"), words.word(words.SOURCES, issue.source)),
        (_("Found"), f"{times.shown(issue.found_at)} {_named(issue.found_by, found)}"),
        (_("Unit"), _named(issue.lead_unit, found)),
        (_("Suggested unit"), _named(issue.suggested_unit, found) if not issue.lead_unit else ""),
        (_("Assisting"), [_named(code, found) for code in issue.assisting_units]),
        (_("Handler"), _named(issue.handler, found)),
        (_("Limit"), words.limit(issue.limit)),
        (_("Due"), due if issue.due_at else ""),
        (_("Overdue"), _("yes") if found.overdue else ""),
        (_("Step"), f"E{issue.step}" if issue.step >= 0 else ""),
        (_("Next step"), _next(found)),
        (_("Rework"), issue.rework or ""),
        (_("Returned"), issue.returns or ""),
        (_("Extensions"), issue.extensions or ""),
        (_("Closed out"), issue.closed_at),
        (_("Set aside"), issue.set_aside_why if issue.set_aside else ""),
    ]


def _next(found: "Detail") -> str:
    issue = found.issue
    step = words.word(words.ACTIONS, issue.next_step)
    return f"{step} {times.shown(issue.next_step_at)}" if issue.next_step_at else ""


def _named(code: str | None, found: "Detail") -> str:
    if not code:
        return ""
    name = found.names.get(code)
    return f"{name} ({code})" if name else code


def _event(event: Any, found: "Detail", rules: "Rules | None") -> dict[str, Any]:
    who = _("Duban") if event.actor == "system" else _named(event.actor, found)
    behalf = _(" for {person}").format(person=_named(event.on_behalf_of, found)) if event.on_behalf_of else ""
    said = event.reason or event.facts.get("text") or event.facts.get("reply") or ""
    return {"at": event.at, "what": what_happened(event, rules), "who": who + behalf, "said": said}


def what_happened(event: Any, rules: "Rules | None") -> str:
    """The action in words; a step of the ladder with its name."""
    action = words.word(words.ACTIONS, event.action)
    return f"{action} {step_name(event.step, rules)}" if event.step else action


def step_name(code: str, rules: "Rules | None") -> str:
    """A step such as “E3 Overdue notice”; other clocks' reminders have only a code."""
    step = next((one for one in rules.ladder if one.code == code), None) if rules else None
    return f"{code} {step.name_en if language() == 'en' else step.name}" if step else code


def _event_columns() -> list[Column]:
    return [
        Column("at", _("When")),
        Column("what", _("What")),
        Column("who", _("Who")),
        Column("said", _("Why")),
    ]


def _parts(found: "Detail") -> list[tuple[str, list[dict[str, Any]], list[Column]]]:
    request = [
        Column("asked_at", _("When")),
        Column("kind", _("What"), lambda kind: words.word(words.REQUESTS, kind)),
        Column("state", _("State"), lambda state: words.word(words.REQUESTS, state)),
        Column("reason", _("Why")),
        Column("decision", _("Decision")),
    ]
    order = [
        Column("number", _("Number")),
        Column("issued_at", _("When")),
        Column("replied_at", _("Answered")),
        Column("reply", _("Reply")),
    ]
    piece = [
        Column("kind", _("What"), lambda kind: words.word(words.EVIDENCE, kind)),
        Column("file_name", _("File")),
        Column("sha256", "SHA-256"),
    ]
    return [
        (_("Requests"), [one.model_dump() for one in found.requests], request),
        (_("Supervision orders"), [one.model_dump() for one in found.orders], order),
        (_("Evidence"), [one.model_dump() for one in found.evidence], piece),
    ]
