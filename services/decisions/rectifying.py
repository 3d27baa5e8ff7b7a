"""Rectifying (整改中): the unit works, and hands in proof. Here too: sweeps, comments, rules re-applied."""

from datetime import datetime
from typing import Any

from models.calendar import MINUTE, Calendar
from models.deadlines import Limit, add_time, day_length, due, time_between
from models.errors import MissingInput, SheetsWanted
from models.issue import Issue
from models.lifecycle import RUNNING, Action, State
from models.rules import SeverityRule
from models.same_fault import asks_for_sheets
from services.commands import Command, Decision, Known, need
from services.decisions.filed import check_worked_on_here
from services.decisions.found import evidence_rows


def submit(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Hand in proof. The handler's clock stops; the verification clock starts. Raises MissingInput without proof."""
    check_worked_on_here(issue, command)
    pieces = command.data.get("evidence") or ()
    shown = known.evidence | {str(piece["kind"]) for piece in pieces}
    need("after" in shown or not known.evidence_wanted, MissingInput(action=Action.SUBMIT.value, missing="after photo"))
    verify = due(known.calendar, start=known.now, limit=known.rules.severity(issue.severity).verify)
    changes = {
        "result": command.data["result"],
        "measure": command.data.get("measure") or issue.measure,
        "submitted_at": known.now,
        "submitted_by": command.by.code,
        "stage_due_at": verify.at,
    }
    facts = {"late": bool(issue.due_at and known.now > issue.due_at)}
    rows = evidence_rows(command, known, cycle=issue.cycle)
    return [Decision(Action.SUBMIT, changes, facts, to=State.RECTIFIED, rows=rows)]


def resume(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Take it off the shelf with exactly the time that was left, and the time already used."""
    clock = known.rules.severity(issue.severity).limit.clock
    left = issue.remaining_minutes or 0.0
    due_at = add_time(known.calendar, at=known.now, minutes=left, clock=clock)
    used = _minutes_used(issue, known)
    changes: dict[str, Any] = {
        "due_at": due_at,
        "due_provisional": clock.is_working and not _published(known.calendar, known.now, due_at),
        "clock_started_at": add_time(known.calendar, at=known.now, minutes=-used, clock=clock),
        "remaining_minutes": None,
        "stage_due_at": None,
        "milestone_at": None,
    }
    return [Decision(Action.RESUME, changes, to=State.RECTIFYING, reason=str(command.data.get("reason") or ""))]


def _minutes_used(issue: Issue, known: Known) -> float:
    if issue.clock_started_at is None or issue.shelved_at is None:
        return 0.0
    clock = known.rules.severity(issue.severity).limit.clock
    return time_between(known.calendar, start=issue.clock_started_at, end=issue.shelved_at, clock=clock)


def report_sweep(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Say how many places were looked at for the same fault, and how many had it (举一反三).

    Raises SheetsWanted where the rules ask for a look on the spot.
    """
    asked = issue.sweep_required and asks_for_sheets(issue, known.rules)
    need(not asked, SheetsWanted(number=issue.number))
    changes = {"sweep_checked": int(command.data["checked"]), "sweep_found": int(command.data.get("found") or 0)}
    return [Decision(Action.REPORT_SWEEP, changes, check_at=_check(issue, known))]


def comment(_: Issue, command: Command, __: Known) -> list[Decision]:
    """Say something. Moves no clock (promise 5)."""
    return [Decision(Action.COMMENT, facts={"text": command.data["text"]}, quiet=True)]


def attach(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Add evidence. Moves no clock."""
    pieces = [{"kind": piece["kind"], "sha256": piece["sha256"]} for piece in command.data["evidence"]]
    rows = evidence_rows(command, known, cycle=issue.cycle)
    return [Decision(Action.ATTACH, facts={"evidence": pieces}, rows=rows, check_at=_check(issue, known))]


def _check(issue: Issue, known: Known) -> Any:
    """A verified issue is looked at again when something it may have waited for has happened."""
    return known.now if issue.state == State.VERIFIED else None


def reapply_rules(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Put today's rules on a running issue. The event shows old and new dates (promise 6)."""
    severity = str(command.data.get("severity") or issue.severity)
    rule = known.current_rules.severity(severity)
    changes = {
        "severity": severity,
        "rule_set_code": known.current_rules.code,
        "calendar_version": known.current_calendar.version,
        **_due_by_new_rule(issue, rule, known),
    }
    if issue.state == State.ASSIGNED and issue.assigned_at:
        changes["sign_in_due_at"] = due(known.current_calendar, start=issue.assigned_at, limit=rule.sign_in).at
    facts = {"old_due_at": issue.due_at, "old_rule_set_code": issue.rule_set_code}
    return [Decision(Action.REAPPLY_RULES, changes, facts, reason=str(command.data.get("reason") or ""))]


def _due_by_new_rule(issue: Issue, rule: SeverityRule, known: Known) -> dict[str, Any]:
    """The deadline under another rule: half of its limit where half was running; no change where the limit is none."""
    old = known.rules.severity(issue.severity)
    was_short = issue.limit == str(old.limit.scaled(old.rework_share))
    limit = rule.limit.scaled(rule.rework_share) if was_short else rule.limit
    if issue.limit == str(limit):
        return _due_on_new_days(issue, limit, known)
    calendar = known.current_calendar
    if _was_moved(issue, known) and limit.clock == old.limit.clock:
        return _due_moved(issue, limit, known)
    days = issue.granted_minutes / day_length(calendar, old.limit.clock)
    granted = days * day_length(calendar, limit.clock)  # a granted day stays a day, whatever the clock
    return {**_due_again(issue, limit, calendar, granted=granted), "granted_minutes": granted}


def _was_moved(issue: Issue, known: Known) -> bool:
    """Whether the clock was moved by shelving: then its limit, from its start, no longer gives its deadline."""
    limit = Limit.parse(issue.limit) if issue.limit else None
    return limit is not None and _due_again(issue, limit, known.calendar).get("due_at") != issue.due_at


def _due_moved(issue: Issue, limit: Limit, known: Known) -> dict[str, Any]:
    """After shelving: the present deadline, later or earlier by just what the new limit is longer or shorter.

    The start stands for the time used only; counted from it, the rest of the day of issue would be lost or won.
    """
    on_new_days = _due_on_new_days(issue, Limit.parse(str(issue.limit)), known)
    if not on_new_days:
        return {}
    calendar, clock = known.current_calendar, limit.clock
    unit = day_length(calendar, clock) if clock.counts_days else 60 * MINUTE
    longer = (limit.amount - Limit.parse(str(issue.limit)).amount) * unit / MINUTE
    at = add_time(calendar, at=on_new_days["due_at"], minutes=longer, clock=clock)
    provisional = clock.is_working and not _published(calendar, known.now, at)
    return {"limit": str(limit), "due_at": at, "due_provisional": provisional}


def recompute(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """A notice has changed the calendar: the same limits over the days as they now are, of every clock that runs."""
    facts = {"old_due_at": issue.due_at, "old_calendar_version": issue.calendar_version}
    changes: dict[str, Any] = {"calendar_version": known.current_calendar.version, **_stage_again(issue, known)}
    if issue.state in RUNNING and issue.limit:
        changes |= _due_on_new_days(issue, Limit.parse(issue.limit), known)
    quiet = changes.get("due_at") in (None, issue.due_at)
    reason = str(command.data.get("reason") or "")
    return [Decision(Action.RECOMPUTE, changes, facts, quiet=quiet, reason=reason)]


def _stage_again(issue: Issue, known: Known) -> dict[str, Any]:
    """The other clock that runs in this state. A milestone is a date that people agreed on: it stays."""
    rule = known.rules.severity(issue.severity)
    clocks = {
        State.ASSIGNED: ("sign_in_due_at", issue.assigned_at, rule.sign_in),
        State.RECTIFIED: ("stage_due_at", issue.submitted_at, rule.verify),
        State.VERIFIED: ("stage_due_at", issue.verified_at, rule.close),
    }
    column, start, limit = clocks.get(issue.state, ("", None, None))
    if start is None or limit is None:
        return {}
    return {column: due(known.current_calendar, start=start, limit=limit).at}


def _due_on_new_days(issue: Issue, limit: Limit, known: Known) -> dict[str, Any]:
    """The limit counted anew where it explains the present deadline; else as much working time as there was.

    After shelving a clock goes on in the middle of a day, so counting whole days from its start would move it.
    """
    if issue.clock_started_at is None or issue.due_at is None:
        return {}
    if _due_again(issue, limit, known.calendar).get("due_at") == issue.due_at:
        return _due_again(issue, limit, known.current_calendar)
    start, clock = issue.clock_started_at, limit.clock
    minutes = time_between(known.calendar, start=start, end=issue.due_at, clock=clock)
    at = add_time(known.current_calendar, at=start, minutes=minutes, clock=clock)
    provisional = clock.is_working and not _published(known.current_calendar, start, at)
    return {"due_at": at, "due_provisional": provisional}


def _due_again(issue: Issue, limit: Limit, calendar: Calendar, *, granted: float | None = None) -> dict[str, Any]:
    """The deadline of a limit from the start of this clock, with the granted time on top."""
    if issue.clock_started_at is None or issue.due_at is None:
        return {}
    end = due(calendar, start=issue.clock_started_at, limit=limit)
    at = end.at
    minutes = issue.granted_minutes if granted is None else granted
    if minutes:
        at = add_time(calendar, at=at, minutes=minutes, clock=limit.clock)
    provisional = end.provisional or not _published(calendar, end.at, at)
    return {"limit": str(limit), "due_at": at, "due_provisional": provisional and limit.clock.is_working}


def _published(calendar: Calendar, start: datetime, end: datetime) -> bool:
    first, last = sorted((calendar.local(start).date(), calendar.local(end).date()))
    return calendar.is_published(first, last)
