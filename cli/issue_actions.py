"""`duban issue assign | sign-in | submit | …`: what people do with issues. Several at once: all of them or none."""

from typing import Annotated, Any

from cli import options
from cli.acting import act
from cli.issues import issues
from cli.options import option
from runtime.i18n import gettext as _

Unit = Annotated[str | None, option(_("The unit; otherwise the suggested one."), "--to")]
Severity = Annotated[str | None, option(_("Another severity, S1–S6."))]


@issues.command("assign", help=_("Give to a unit: its clocks start, with the rules of today."))
def assign(
    numbers: options.Numbers,
    to: Unit = None,
    assist: Annotated[list[str] | None, option(_("An assisting unit; may be repeated."))] = None,
    severity: Severity = None,
    sweep: Annotated[bool, option(_("Ask for a same-fault sweep."), "--sweep")] = False,
    reason: options.MaybeReason = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import assign as verb

    more: dict[str, Any] = {"to": to, "assisting": assist or (), "severity": severity, "reason": reason}
    if sweep:
        more["sweep"] = True
    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, **more)


@issues.command("sign-in", help=_("The unit takes it on; whoever signs in is the handler."))
def sign_in(
    numbers: options.Numbers, by: options.Who = None, dry_run: options.DryRun = False, as_json: options.AsJson = False
) -> None:
    from services.issues import sign_in as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json)


@issues.command("return", help=_("Not ours: give it back before signing in, with a reason."))
def give_back(
    numbers: options.Numbers,
    reason: options.Reason,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import give_back as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


@issues.command("submit", help=_("Hand in proof that it is put right: what was done, with photos of the place."))
def submit(
    numbers: options.Numbers,
    result: Annotated[str, option(_("What was done."), "--result")],
    measure: Annotated[str | None, option(_("What keeps it from coming back."))] = None,
    photo: options.Photos = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import submit as verb

    told: dict[str, Any] = {"result": result, "measure": measure}
    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, shown=photo or (), **told)


@issues.command("pass", help=_("Somebody independent has looked: it is put right."))
def passed(
    numbers: options.Numbers,
    note: Annotated[str, option(_("What was seen."))] = "",
    photo: options.Photos = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import pass_verification as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, shown=photo or (), note=note)


@issues.command("fail", help=_("Somebody independent has looked: it is not. Half the limit again."))
def failed(
    numbers: options.Numbers,
    reason: options.Reason,
    photo: options.Photos = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import fail_verification as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, shown=photo or (), kind="other", reason=reason)


@issues.command("close", help=_("Close out (销号), when every condition holds."))
def close(
    numbers: options.Numbers, by: options.Who = None, dry_run: options.DryRun = False, as_json: options.AsJson = False
) -> None:
    from services.issues import close_out as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json)


@issues.command("dispute", help=_("The public does not accept it: back to the unit."))
def dispute(
    numbers: options.Numbers,
    reason: options.Reason,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import dispute as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


@issues.command("reopen", help=_("It was closed too early: a new cycle with the whole limit."))
def reopen(
    numbers: options.Numbers,
    reason: options.Reason,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import reopen as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


@issues.command("relapse", help=_("It came back: a new cycle, one level higher within 30 days."))
def relapse(
    numbers: options.Numbers,
    reason: options.Reason,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import relapse as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


@issues.command("look-back", help=_("Somebody went back, and it still holds."))
def look_back(
    numbers: options.Numbers, by: options.Who = None, dry_run: options.DryRun = False, as_json: options.AsJson = False
) -> None:
    from services.issues import look_back as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json)


@issues.command("merge", help=_("The same problem stands in another issue, which goes on."))
def merge(
    numbers: options.Numbers,
    into: Annotated[str, option(_("The issue that goes on."), "--into")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import merge as verb
    from services.queries import ids_of

    def into_the_other(session, **how):  # type: ignore[no-untyped-def]
        return verb(session, into=ids_of(session, [into])[0], **how)

    act(into_the_other, numbers, by=by, dry_run=dry_run, as_json=as_json)


@issues.command("void", help=_("Not a problem after all, or not ours."))
def void(
    numbers: options.Numbers,
    reason: options.Reason,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import void as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)
