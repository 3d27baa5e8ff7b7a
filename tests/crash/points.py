"""The places at which a process is made to die, by name. The code that is struck knows nothing of them.

A point is a function and a side of it. Whoever renames the function hears of it: `test_points.py` looks each one up.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from inspect import isclass
from itertools import count
from typing import Any, Literal

OURS = ("models", "services", "notifications", "cli", "runtime")


@dataclass(frozen=True)
class Point:
    """Before or after a function, which may be a method such as `Session.commit`."""

    module: str
    function: str
    when: Literal["before", "after"]


def before(module: str, function: str) -> Point:
    return Point(module, function, "before")


def after(module: str, function: str) -> Point:
    return Point(module, function, "after")


ORM = "sqlalchemy.orm"
EVIDENCE = "services.evidence"
POINTS: Mapping[str, Point] = {
    # every work
    "before a commit": before(ORM, "Session.commit"),
    "after a commit": after(ORM, "Session.commit"),
    # tick
    "claimed what is due": after("services.sweeps", "_due"),
    "decided": before("services.transition", "write"),
    "issues written": after("services.recording", "_write_issues"),
    "events written": before("services.recording", "_write_messages"),
    "messages written": after("services.transition", "write"),
    "all stages done": before("services.sweeps", "end_round"),
    # delivery
    "storm bundled": after("notifications.digest", "bundle"),
    "claim written": after("notifications.claiming", "_mark"),
    "claimed": after("notifications.claiming", "claim"),
    "tries written": after("notifications.attempts", "begin_all"),
    "before the call": before("notifications.channels.smtp", "Smtp.send"),
    "answered": after("notifications.channels.smtp", "Smtp.send"),
    "endings written": after("notifications.attempts", "finish_all"),
    "outcomes written": after("notifications.attempts", "record_all"),
    "passed up": before("services.reach", "_record"),
    "passing up recorded": after("services.reach", "_record"),
    # imports
    "a table written": after("services.bulk", "insert"),
    "a table changed": after("services.bulk", "update"),
    "numbers taken": after("services.findings", "issue_numbers"),
    "a batch imported": after("services.imports.ledger_apply", "_import_batch"),
    # evidence
    "before a photo is kept": before(EVIDENCE, "store"),
    "bytes written under another name": before("os", "fsync"),
    "before the name": before("pathlib", "Path.replace"),
    "named": after("pathlib", "Path.replace"),
    "a photo is kept": after(EVIDENCE, "store"),
    "a photo drawn": after("services.developing", "keep"),
    "flags raised": after("services.flag_rules", "raise_flags"),
    # uploads, redaction
    "registered": after("services.uploads", "begin"),
    "a piece written": after("services.upload_parts", "Part.write"),
    "finished": after("services.uploads", "finish"),
    "before the parts go": before("services.upload_parts", "drop"),
    "made unseen": after("services.redacting", "_drawn"),
    # what is the city's
    "calendar written": after("services.calendars", "_write"),
    "clocks moved": after("services.calendars", "_recompute"),
    "a table loaded": after("services.cities.loading", "_write"),
    "before the city's own row": before("services.cities.loading", "_write_city"),
    # audit
    "drawn": after("services.audit_redraw", "drawn_from"),
    "round written": after("services.audits", "_new_round"),
    "sheets written": after("services.audits", "_write_sheets"),
    "inspectors told": after("services.sheet_messages", "tell_inspectors"),
    "a sheet's issues made": after("services.audit_issues", "make"),
    "a sheet recorded": after("services.audit_results", "record"),
    # publications
    "a draft written": after("services.publications", "draft"),
    "its desks told": after("services.bulletins.telling", "tell_of_draft"),
    "frozen": after("services.publications", "publish"),
    "files kept": after("services.bulletins.files", "keep_all"),
    "all told": after("services.bulletins.telling", "tell_published"),
    "leaders told of the month": after("services.ranking.appeal_messages", "tell_open"),
    "decided, not in the draft": before("services.ranking.drafting", "make_anew"),
    "decided and in the draft": after("services.ranking.drafting", "make_anew"),
    # accountability, filing, task letters
    "missing material claimed": before("services.filing.sweeping", "_raise"),
    "missing material made issues": before("services.transition", "apply"),
    "missing material raised": after("services.filing.sweeping", "_raise"),
    "measures written": before("services.accountability.proposing", "_event"),
    "measures proposed": after("services.accountability.proposing", "write"),
    "the mark moved": after("services.cursors", "put"),
    "patrols planned": after("services.patrols.planning", "plan"),
    "letters filed": after("services.tasks.filing", "file_letters"),
    "letters chased": before("services.tasks.chasing", "tell"),
    "units told": after("services.tasks.messages", "tell_issued"),
    "surveyors told": after("services.surveys.messages", "tell_interviewers"),
}


def arm(name: str, *, nth: int = 1) -> None:
    """From now on the n-th call of the point's function kills this process. Raises AttributeError when it is gone."""
    point = POINTS[name]
    owner, attribute, original = find(point)
    deadly = _deadly(original, when=point.when, nth=nth)
    if isclass(owner):
        setattr(owner, attribute, deadly)
        return
    setattr(owner, attribute, deadly)
    for module in [module for key, module in sys.modules.items() if key.partition(".")[0] in OURS]:
        for known in [known for known, value in vars(module).items() if value is original]:
            setattr(module, known, deadly)


def find(point: Point) -> tuple[Any, str, Callable[..., Any]]:
    """The module or class that holds the function, its name there, the function."""
    owner: Any = import_module(point.module)
    *outer, attribute = point.function.split(".")
    for part in outer:
        owner = getattr(owner, part)
    return owner, attribute, getattr(owner, attribute)


def _deadly(original: Callable[..., Any], *, when: str, nth: int) -> Callable[..., Any]:
    calls = count(1)

    @wraps(original)
    def struck(*given: Any, **named: Any) -> Any:
        mine = next(calls) == nth
        if mine and when == "before":
            _die()
        result = original(*given, **named)
        if mine:
            _die()
        return result

    return struck


def _die() -> None:
    """No finally, no rollback, no goodbye to the database."""
    os.kill(os.getpid(), signal.SIGKILL)
