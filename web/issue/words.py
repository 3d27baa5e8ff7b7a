"""Words of the issue's pages: refusals with names in place of codes, fields, time left, limits."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from models import terms
from models.errors import DubanError, WrongValue
from models.issue import EvidenceKind
from models.lifecycle import Action, State
from models.rules import Rules
from runtime.i18n import gettext as _
from runtime.i18n import language, say
from services.issue_view import IssueView
from services.time_left import Running
from web import link_words

Name = Callable[[str | None], str]


def word(table: terms.Words, code: object) -> str:
    """A value's word in the language in use."""
    return terms.term(table, code, language())


def action(code: Action) -> str:
    """What a button says: the action, the first letter large where there are such."""
    written = word(terms.ACTIONS, code)
    return written[:1].upper() + written[1:]


def limit(written: str | None) -> str:
    """A limit such as “3 working_days” in words."""
    return terms.limit(written, language())


def sentence(error: DubanError, name: Name) -> str:
    """A refusal for its reader: names of people and units, limits in words; values that are wrong without our codes."""
    if isinstance(error, WrongValue) and error.params.get("expected") == "a photo or a video":
        said = _(
            "“{name}” is no photo and no video. Before and after are shown by those alone; a paper is “other” evidence."
        )
        return said.format(name=error.params.get("value", ""))
    if isinstance(error, WrongValue):
        return _("“{value}” cannot be used here.").format(value=error.params.get("value", ""))
    other = type(error).__new__(type(error))  # its sentence with other words in it; never raised
    other.params = {key: _spoken(key, value, name) for key, value in error.params.items()}
    return say(other)


def _spoken(key: str, value: object, name: Name) -> object:
    spoken = _SPOKEN.get(key)
    if spoken is None or not isinstance(value, str):
        return value
    return spoken(value, name)


_SPOKEN: Mapping[str, Callable[[str, Name], str]] = {
    "person": lambda code, name: name(code),
    "unit": lambda code, name: name(code),
    "most": lambda written, _name: limit(written),
    "asked": lambda written, _name: limit(written),
}


def left(running: Running | None) -> str:
    """How much time is left, or by how much it is late, by the clock that counts."""
    if running is None:
        return ""
    if running.late and int(abs(running.left.minutes)) == 0:
        return _("time is up")
    return link_words.left(running.left)


def until(state: State) -> str:
    """What the clock of a state is for."""
    return {
        State.FOUND: _("Assign by"),
        State.ASSIGNED: _("Sign in by"),
        State.RECTIFYING: _("Put right by"),
        State.RECTIFIED: _("Verify by"),
        State.VERIFIED: _("Close out by"),
        State.SHELVED: _("On the shelf until"),
        State.CLOSED: _("Look back on"),
    }[state]


def labels(field: str, of: Action) -> str:
    """What a field is called; where the same name asks for different things, by its action."""
    by_action = {
        (Action.GRANT_EXTENSION, "amount"): _("Grant so much (at most what was asked for)"),
        (Action.GRANT_SHELVING, "milestone"): _("Until when it may wait"),
        (Action.ASK_SHELVING, "milestone"): _("Until when it has to wait"),
        (Action.SUBMIT, "evidence"): _("Photos after the work"),
        (Action.ATTACH, "evidence"): _("Photos or papers"),
        (Action.FAIL, "reason"): _("What is still wrong"),
    }
    plain = {
        "to": _("Unit that answers"),
        "severity": _("Severity"),
        "assisting": _("Assisting units"),
        "sweep": _("Ask for a same-fault sweep"),
        "leader": _("A leader assigned it: it counts double"),
        "reason": _("Why"),
        "note": _("What you saw"),
        "into": _("The issue that goes on (its number)"),
        "evidence": _("Your own photos"),
        "result": _("What was done"),
        "measure": _("What keeps it from coming back"),
        "text": _("Comment"),
        "kind": _("What they show"),
        "amount": _("How much more time"),
        "answer": _("What the public says"),
        "checked": _("Places that were checked"),
        "found": _("Places with the same fault"),
        "reply": _("Reply"),
    }
    return by_action.get((of, field)) or plain[field]


def hint(of: Action) -> str:
    """What happens with it, said before it is done; nothing where the button says it all."""
    return {
        Action.SIGN_IN: _("With your signature the unit takes the issue on, and you are its handler."),
        Action.RETURN: _("Somebody else should answer. The office assigns it anew."),
        Action.SUBMIT: _("Somebody independent looks at it then; your clock stands still until they have."),
        Action.PASS: _("It is put right. The close-out conditions are looked at next."),
        Action.FAIL: _("The unit has to do it again, with a shorter limit."),
        Action.CLOSE_OUT: _("It ends here. Everybody who was told hears of it."),
        Action.VOID: _("Not a problem, or not ours. It ends here."),
        Action.MERGE: _("The same problem stands in another issue. This one ends, that one goes on."),
        Action.REOPEN: _("It was closed too early. A new cycle begins with the whole limit."),
        Action.RELAPSE: _("It came back. A new cycle begins, and it counts double."),
        Action.LOOK_BACK: _("You went there and it still holds."),
        Action.DISPUTE: _("The public does not accept it. Back to the unit, with a shorter limit."),
        Action.COMMENT: _("Everybody who sees the issue reads it. It moves no clock."),
        Action.ASK_EXTENSION: _("The office decides by what stands here. Until then the deadline stays."),
        Action.ASK_RETURN: _("Somebody else should answer. The office decides; until then it stays yours."),
        Action.ASK_SHELVING: _("For what needs money or a season. The office decides; until then the clock runs."),
        Action.RESUME: _("The clock goes on with exactly the time that was left."),
        Action.REAPPLY_RULES: _("The rules of today are put on it. The record shows the old date and the new one."),
        Action.RECOMPUTE: _("The same limits are counted again over the calendar of today."),
        Action.TRIAGE: _("Look once more for who should answer, and for what may be the same problem."),
        Action.REPORT_SWEEP: _("Look at your other places for the same fault and say what you found."),
        Action.WAIVE_SWEEP: _("It is closed out without a look elsewhere. The reason stays on record."),
        Action.MARK_LEADER: _(
            "It counts double from now on. Whoever sees the issue sees the mark, not where it comes from."
        ),
        Action.UNMARK_LEADER: _("It counts once from now on. Whoever sees the issue reads the reason."),
        Action.GRANT_RETURN: _("It goes back to be assigned anew."),
        Action.GRANT_SHELVING: _("The clock stops; what is left of the time is kept."),
    }.get(of, "")


def done(of: Action, number: str) -> str:
    """What was done just now, and what comes next."""
    said = {
        Action.SIGN_IN: _("Signed in. When the work is done, hand in proof."),
        Action.SUBMIT: _("Handed in. Somebody independent looks at it now; your clock stands still until then."),
        Action.PASS: _("Passed. The unit is told."),
        Action.FAIL: _("Not passed. The unit is told why, and does it again."),
        Action.ASSIGN: _("Assigned. The unit is told, and its clocks run."),
        Action.ASK_EXTENSION: _("Asked for more time. Until it is decided the deadline stays as it is."),
        Action.CLOSE_OUT: _("Closed out. Everybody who was told hears of it."),
        Action.COMMENT: _("Your comment is on record."),
        Action.ATTACH: _("It is with the evidence now."),
    }.get(of)
    return f"{number} · {said}" if said else f"{number} · " + _("Done: {action}.").format(action=action(of))


def extension(view: IssueView) -> str:
    """How much more time may be asked for, said before it is refused."""
    rule = view.rules.severity(view.issue.severity).extension
    most = _("At most {n}.").format(n=limit(str(rule.most))) if rule.most else ""
    used = _("Asked for and granted so far: {used} of {times}.").format(used=view.issue.extensions, times=rule.times)
    return f"{most} {used}".strip()


def severity(code: str, rules: Rules) -> str:
    """A severity with its name."""
    rule = rules.severities.get(code)
    return f"{code} {rule.name_en if language() == 'en' else rule.name}" if rule else code


def severities(view: IssueView) -> list[tuple[str, str]]:
    """Every severity to choose from."""
    return [(code, severity(code, view.rules)) for code in sorted(view.rules.severities)]


def kinds_of_evidence() -> list[tuple[str, str]]:
    """What a piece of evidence may show."""
    return [(kind.value, word(terms.EVIDENCE, kind)) for kind in EvidenceKind]


def typed(written: str, zone: str) -> str:
    """A time as the field of a form holds it, in the city's zone."""
    return f"{datetime.fromisoformat(written).astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def names(codes: Iterable[str], view: IssueView) -> str:
    """Several names in a row."""
    return ", ".join(map(view.name, codes))
