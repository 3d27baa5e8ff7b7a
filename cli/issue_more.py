"""`duban issue comment | attach | remind | call-back | sweep | reply | resume | reapply`: no clock moved; the rules."""

from typing import Annotated

import typer

from cli import options
from cli.acting import act, finish, report
from cli.issue_actions import Severity
from cli.issues import issues, one_of
from cli.opening import opened
from cli.options import option
from models.errors import MissingInput
from runtime.i18n import gettext as _


@issues.command("comment", help=_("Say something. Moves no clock."))
def comment(
    numbers: options.Numbers,
    text: Annotated[str, option(_("What is to be said."), "--text", "-t")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import comment as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, text=text)


@issues.command("attach", help=_("Add photos or papers. Moves no clock."))
def attach(
    numbers: options.Numbers,
    photo: options.Photos = None,
    kind: Annotated[str, typer.Option(help=_("What they show: before, after or other."))] = "other",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.issue import EvidenceKind
    from services.issues import attach as verb

    if not photo:
        raise MissingInput(action="attach", missing="evidence")
    shows = one_of(EvidenceKind, kind, field="kind").value
    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, shown=photo, kind=shows)


@issues.command("remind", help=_("Remind the unit: told at once, at most once a day, with a numbered notice."))
def remind(
    numbers: options.Numbers,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.issue import Issue
    from services import queries, reminders
    from services.papers.stationery import stationery_in_force

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        stationery = stationery_in_force(session, otherwise=work.settings.city_pack / "papers")
        ids = dict.fromkeys(queries.ids_of(session, numbers))
        rows = [session.get_one(Issue, key) for key in ids]
        outcomes = [reminders.remind(session, one, by=actor, now=now, stationery=stationery) for one in rows]
        finish(work, session, dry_run=dry_run)
    report(outcomes, dry_run=dry_run, as_json=as_json)


@issues.command("call-back", help=_("Record what whoever reported it says now."))
def call_back(
    numbers: options.Numbers,
    answer: Annotated[str, option(_("satisfied, fairly_satisfied or dissatisfied."), "--answer")],
    note: Annotated[str, option(_("In their words."))] = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import call_back as verb

    said = answer.strip().lower().replace("-", "_")
    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, answer=said, note=note)


@issues.command("sweep", help=_("Report a same-fault sweep (举一反三): places checked, and with the same fault."))
def sweep(
    numbers: options.Numbers,
    checked: Annotated[int, option(_("Places that were checked."), "--checked")],
    found: Annotated[int, typer.Option("--found", help=_("Places with the same fault."))] = 0,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import report_sweep as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, checked=checked, found=found)


@issues.command("reply", help=_("Answer the open supervision orders (督办单) in writing."))
def reply(
    numbers: options.Numbers,
    text: Annotated[str, option(_("The reply."), "--text", "-t")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import reply_order as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reply=text)


@issues.command("resume", help=_("Take it off the shelf, with exactly the time that was left."))
def resume(
    numbers: options.Numbers,
    reason: options.MaybeReason = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import resume as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


@issues.command("reapply", help=_("Put the rules of today, or another severity, on running issues."))
def reapply(
    numbers: options.Numbers,
    severity: Severity = None,
    reason: options.MaybeReason = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import reapply_rules as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, severity=severity, reason=reason)
