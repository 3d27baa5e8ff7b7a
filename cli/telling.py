"""Telling what went wrong: one sentence on stderr in the reader's language, and the exit code that goes with it."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import typer

from cli import showing, times, words
from cli.exits import Exit, exit_of
from models.errors import BadRow, BadRows, DubanError
from runtime.expectations import expected
from runtime.i18n import gettext as _
from runtime.logs import mask

log = logging.getLogger("duban")
NO_COMMAND = re.compile(r"No such command '([^']*)'")

SPOKEN: Mapping[str, Callable[[str], str]] = {
    "action": lambda code: words.word(words.DEEDS, code),
    "state": lambda code: words.word(words.STATES, code),
    "who": lambda codes: words.words(words.ROLES, codes),
    "missing": lambda codes: words.words(words.INPUTS, codes),
    "what": lambda code: words.word(words.THINGS, code),
    "kind": lambda code: words.word(words.REQUESTS, code),
    "most": words.limit,
    "asked": words.limit,
    "expected": expected,
    "why": expected,
    "problems": lambda problems: "; ".join(map(_problem, problems.split("; "))),
}


def _problem(written: str) -> str:
    """One setting that cannot be used: its name, and what was expected."""
    name, colon, why = written.partition(": ")
    return f"{name}{colon}{expected(why)}" if colon else expected(written)


def sentence(error: DubanError) -> str:
    """The error's sentence, with our codes in words and times in the city's zone."""
    params = {name: _spoken(name, value) for name, value in error.params.items()}
    return _(error.template).format(**params)


def _spoken(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return times.shown(value)
    return SPOKEN[name](str(value)) if name in SPOKEN and value else value


def tell(error: DubanError, *, as_json: bool = False) -> Exit:
    """Say what is wrong, every bad row of a file included. Returns the exit code."""
    rows = [showing.for_json(row) for row in error.rows] if isinstance(error, BadRows) else []
    if as_json:
        said = {"code": error.code, "error": sentence(error), **({"rows": rows} if rows else {})}
        showing.note(showing.as_text(said))
        return exit_of(error)
    showing.note(sentence(error))
    if isinstance(error, BadRows):
        for row in error.rows:
            showing.note("  " + _row(row))
    return exit_of(error)


def _row(row: BadRow) -> str:
    place = _("{place} row {row}").format(place=row.place, row=row.row) if row.row else row.place
    where = f"{place}, {row.column}" if row.column else place
    facts = {"where": where, "value": showing.harmless(row.value), "expected": expected(row.expected)}
    return _("{where}: “{value}”; expected {expected}").format(**facts)


def tell_usage(error: typer.TyperException) -> Exit:
    """A command that was not typed right: what, and where its help is."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return Exit.UNUSABLE  # the help is printed already
    showing.note(_usage_sentence(error))
    if context is not None:
        showing.note(_("See `{command} --help`.").format(command=context.command_path))
    return Exit.UNUSABLE


def _usage_sentence(error: typer.TyperException) -> str:
    """The library speaks English only; the common cases are said in the reader's language."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return _("There is no option {option}.").format(option=getattr(error, "option_name", ""))
    if kind == "UsageError" and (command := NO_COMMAND.match(error.message)):
        return _("There is no command {command}.").format(command=command[1])
    param = getattr(error, "param", None)
    name = "/".join(getattr(param, "opts", None) or []) if getattr(param, "param_type_name", "") == "option" else ""
    name = name or getattr(param, "metavar", None) or getattr(param, "name", "") or ""
    if kind == "MissingParameter":
        return _("Something is missing: {name}.").format(name=name)
    if kind == "BadParameter" and name:
        return _("{name} cannot be used like this: {why}").format(name=name, why=expected(error.message))
    return expected(error.format_message())


def tell_fault(error: Exception, *, debug: bool) -> Exit:
    """A fault of ours. The traceback is for those who ask for it."""
    if debug:
        log.error("fault", exc_info=error)
    first = mask((str(error).splitlines() or [""])[0])
    text = _("Something is wrong inside Duban ({kind}: {what}). Nothing was half done. --debug shows more.")
    showing.note(text.format(kind=type(error).__name__, what=first[:200]))
    return Exit.FAULT
