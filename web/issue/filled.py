"""What somebody filled in for one action: read field by field, with what is wrong told beside each. Nothing gets lost.

Only the fields of the action are read: whatever else a form may carry is not looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.datastructures import FormData

from models.closing import ANSWERS, NOT_SATISFIED
from models.errors import DubanError, MissingInput, NotFound, TimeInThePast, TooMany, TooMuch, WrongValue
from models.issue import EvidenceKind
from models.lifecycle import Action
from models.rights import Actor
from runtime.i18n import gettext as _
from services.issue_view import IssueView
from services.list_choices import code_of
from services.offers import ASKED
from services.sight import must_see
from web import forms
from web.issue.fields import Field, Kind, fields_of
from web.issue.words import Name, sentence

MOST_PLACES = 100_000
ENDLESS = 1_000_000


@dataclass
class Filled:
    """A form of one action: what was typed, the photos that arrived (keys of uploads), and what is wrong by field."""

    action: Action | None = None
    texts: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    photos: list[Any] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, otherwise: object = "") -> str:
        """What was typed in a field; in a form that is shown for the first time, what it starts with."""
        if self.action is None:
            return str(otherwise if otherwise is not None else "")
        return self.texts.get(name, "")


@dataclass(frozen=True)
class Asker:
    """Who fills in what for: reading some fields takes the issue, and what the reader may see."""

    session: Session
    actor: Actor
    view: IssueView
    action: Action


def read(form: FormData, asker: Asker) -> tuple[Filled, dict[str, Any]]:
    """The form, and what the verb is to get. What is missing or wrong stands in `wrong`. Photos are read elsewhere."""
    filled, given = Filled(asker.action), {}
    for one in fields_of(asker.action):
        if one.kind is Kind.PHOTOS:
            continue
        _keep(form, one, filled)
        try:
            value = _READ[one.kind](one, filled, asker)
        except _Wrong as error:
            filled.wrong[one.name] = str(error)
            continue
        if value is not None:
            given[one.name] = value
        elif one.required(asker.action):
            filled.wrong[one.name] = _("Please fill this in.")
    _look_over(filled, asker.action)
    return filled, given


class _Wrong(Exception):
    """A sentence for beside the field."""


def _keep(form: FormData, one: Field, filled: Filled) -> None:
    names = [one.name, f"{one.name}_other"] if one.kind is Kind.UNIT else [one.name]
    for name in names:
        filled.texts[name] = forms.text(form, name, longest=ENDLESS)
    if one.kind is Kind.UNITS:
        filled.several[one.name] = forms.texts(form, one.name)[:50]


def _text(one: Field, filled: Filled, _asker: Asker) -> str | None:
    text = filled.text(one.name)
    if len(text) > forms.LONGEST_TEXT:
        raise _Wrong(_("At most {n} characters, please.").format(n=forms.LONGEST_TEXT))
    return text or None


def _whole(one: Field, filled: Filled, _asker: Asker) -> int | None:
    text = filled.text(one.name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 6 or int(text) > MOST_PLACES:
        raise _Wrong(_("Please give a whole number from 0 to {n}.").format(n=MOST_PLACES))
    return int(text)


def _amount(one: Field, filled: Filled, asker: Asker) -> str | None:
    text = filled.text(one.name)
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", ".").replace("。", "."))
    except InvalidOperation:
        number = Decimal(0)
    if not (number.is_finite() and 0 < number < 1000):
        raise _Wrong(_("Please give a number, such as 2."))
    return f"{number:f} {clock_of(asker.view, asker.action)}"


def clock_of(view: IssueView, action: Action) -> str:
    """The unit in which time is asked for, or was."""
    asked = next((one for one in reversed(view.requests) if one.kind == ASKED.get(action)), None)
    if asked is not None and "amount" in asked.facts:
        return str(asked.facts["amount"]).partition(" ")[2]
    severity = view.rules.severity(view.issue.severity)
    return (severity.extension.most or severity.limit).clock.value


def _moment(one: Field, filled: Filled, asker: Asker) -> datetime | None:
    text = filled.text(one.name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(asker.view.timezone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong(_("Please give a day and a time, such as 2027-03-01 18:00.")) from None


def _unit(one: Field, filled: Filled, asker: Asker) -> str | None:
    """The one that was chosen; one that was typed, by code or by name, goes before it."""
    typed = filled.text(f"{one.name}_other")
    wanted = typed or filled.text(one.name)
    if not wanted:
        return None
    try:
        return code_of(asker.session, "unit", wanted)
    except NotFound:
        raise _Wrong(_("There is no one unit of this name or code: {name}").format(name=wanted[:60])) from None


def _units(one: Field, filled: Filled, _asker: Asker) -> list[str]:
    return filled.several[one.name]


def _severity(one: Field, filled: Filled, asker: Asker) -> str | None:
    code = filled.text(one.name)
    if code and code not in asker.view.rules.severities:
        raise _Wrong(_("Please choose one."))
    return code or None


def _issue(one: Field, filled: Filled, asker: Asker) -> int | None:
    number = filled.text(one.name).upper()
    if not number:
        return None
    try:
        return must_see(asker.session, asker.actor, number).id
    except NotFound as error:
        raise _Wrong(sentence(error, asker.view.name)) from None


def _answer(one: Field, filled: Filled, _asker: Asker) -> str | None:
    answer = filled.text(one.name)
    if answer and answer not in ANSWERS:
        raise _Wrong(_("Please choose one."))
    return answer or None


def _yes(one: Field, filled: Filled, _asker: Asker) -> bool:
    return bool(filled.text(one.name))


def _shows(one: Field, filled: Filled, _asker: Asker) -> str:
    kinds = {kind.value for kind in EvidenceKind}
    kind = filled.text(one.name)
    return kind if kind in kinds else EvidenceKind.OTHER.value


Reads = Callable[[Field, Filled, Asker], Any]
_READ: Mapping[Kind, Reads] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.AMOUNT: _amount,
    Kind.MOMENT: _moment,
    Kind.UNIT: _unit,
    Kind.UNITS: _units,
    Kind.SEVERITY: _severity,
    Kind.ISSUE: _issue,
    Kind.ANSWER: _answer,
    Kind.YES: _yes,
    Kind.SHOWS: _shows,
}


def _look_over(filled: Filled, action: Action) -> None:
    """What takes two fields to see."""
    if action is Action.CALL_BACK and filled.text("answer") == NOT_SATISFIED and not filled.text("note"):
        filled.wrong["note"] = _("Please say what is still wrong: the unit reads it.")
    sweep = action is Action.REPORT_SWEEP and not filled.wrong
    if sweep and int(filled.text("found") or 0) > int(filled.text("checked")):
        filled.wrong["found"] = _("No more than were checked, please.")


def blame(filled: Filled, error: DubanError, name: Name) -> None:
    """Put a refusal beside the field that it is about; over the form where it is about none."""
    words = sentence(error, name)
    if isinstance(error, MissingInput):
        missing = str(error.params["missing"]).split(", ")
        for field_name in (_FIELD_OF.get(one, one) for one in missing):
            filled.wrong.setdefault(field_name, words)
        return
    if isinstance(error, WrongValue | TimeInThePast):
        filled.wrong.setdefault(str(error.params["field"]), words)
    elif isinstance(error, TooMuch | TooMany):
        filled.wrong.setdefault("amount", words)
    else:
        filled.wrong[""] = words


_FIELD_OF = {"after photo": "evidence"}
