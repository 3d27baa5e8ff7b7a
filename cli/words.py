"""The words for our codes in the language in use. Values have theirs in models/terms.py, loaded when first needed."""

from collections.abc import Mapping
from typing import Any

from runtime.i18n import gettext, language

# Names of tables in models/terms.py; the first that has the code says the word.
STATES = "STATES"
ACTIONS = "ACTIONS"
DEEDS = "ACTIONS RIGHTS"
ROLES = "ROLES"
INPUTS = "INPUTS CONDITIONS"
THINGS = "THINGS"
REQUESTS = "REQUESTS REQUEST_STATES"
SOURCES = "SOURCES ROUNDS"
MESSAGES = "MESSAGE_STATES"
MESSAGE_KINDS = "MESSAGE_KINDS"
FAILURES = "FAILURES"
OUTCOMES = "OUTCOMES"
CHANNELS = "CHANNELS PROVIDERS"
CONTACTS = "CONTACTS"
OPERATIONS = "OPERATIONS"
EVIDENCE = "EVIDENCE"
LEVELS = "LEVELS"
DAYS = "DAYS"
CHANGES = "CHANGES"
HOOK_STATES = "HOOK_STATES"
DELIVERIES = "DELIVERIES"
TOLD = "TOLD"
FILING_STATES = "FILING_STATES"
RANKING_GROUPS = "RANKING_GROUPS"
LISTS = "LISTS"
MEASURES = "MEASURES"
MEASURE_STATES = "MEASURE_STATES"
MEASURE_ACTS = "MEASURE_ACTS"


def _(message: str) -> str:
    """Marks a message for translation; it is translated when it is shown."""
    return message


NOTES: Mapping[str, str] = {
    "counted": _("counted"),
    "not_counted_issue_day": _("not counted: day of issue"),
    "shelved": _("shelved"),
}
ALTERATIONS: Mapping[str, str] = {
    "altered": _("altered"),
    "missing or out of order": _("missing or out of order"),
    "does not continue the chain": _("does not continue the chain"),
    "the last events are missing or made anew": _("the last events are missing or made anew"),
    "the events of this day do not fit its seal": _("the events of this day do not fit its seal"),
    "unknown line": _("unknown line"),
}


MORE: Mapping[str, str] = {
    "import_notice": _("import a notice"),
    "audit": _("start an audit"),
    "record": _("record results"),
    "source": _("what the notice is called"),
    "rows": _("at least one day"),
    "inspectors": _("inspectors"),
    "observations": _("results"),
    "evidence": _("evidence"),
    "sample": _("a sample"),
    "contacts": _("decide about contacts"),
    "contact": _("contact"),
    "themselves": _("the person themselves"),
    "outbox": _("operate the outbox"),
}
"""Words of the command line for codes that the glossary has not."""


def word(tables: str, code: Any) -> str:
    """The word for a code; the code itself where neither a table nor `MORE` has it, nothing for none."""
    from models import terms

    names = tables.split()
    key = str(getattr(code, "value", code))
    known = next((name for name in names if key in getattr(terms, name)), None)
    if known is None and key in MORE:
        return gettext(MORE[key])
    return terms.term(getattr(terms, known or names[0]), code, language())


def words(tables: str, codes: str) -> str:
    """The words for codes that stand in one text, separated by commas."""
    return ", ".join(word(tables, code) for code in codes.split(", "))


def note(code: Any) -> str:
    """How a day of a deadline counted."""
    key = str(getattr(code, "value", code))
    return gettext(NOTES[key]) if key in NOTES else word(DAYS, key)


def alteration(what: str) -> str:
    """What is wrong at the first altered place of a record."""
    return gettext(ALTERATIONS.get(what, what))


def limit(written: str | None) -> str:
    """A limit such as “3 working_days” in words."""
    from models import terms

    return terms.limit(written, language())
