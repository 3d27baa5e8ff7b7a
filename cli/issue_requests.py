"""`duban issue ask-… | grant | refuse`: more time, another owner, a place on the shelf (挂账)."""

from typing import Annotated, Any

from cli import options, times
from cli.acting import act
from cli.issues import issues, one_of
from cli.options import option
from runtime.i18n import gettext as _

Kind = Annotated[str, option(_("What was asked for: extension, return or shelving."), "--kind")]
Amount = Annotated[str | None, option(_("So much, such as “2 working_days”."))]
Milestone = Annotated[str | None, option(_("Until then, such as 2027-03-01 18:00."))]


@issues.command("ask-extension", help=_("Ask for more time. Before the deadline only."))
def ask_extension(
    numbers: options.Numbers,
    reason: options.Reason,
    amount: Annotated[str, option(_("So much, such as “2 working_days”."), "--amount")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.requests import ask_extension as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason, amount=amount)


@issues.command("ask-return", help=_("After signing in: ask that somebody else answers."))
def ask_return(
    numbers: options.Numbers,
    reason: options.Reason,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.requests import ask_return as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


@issues.command("ask-shelving", help=_("Ask to keep it on the list until a milestone: it needs money, or a season."))
def ask_shelving(
    numbers: options.Numbers,
    reason: options.Reason,
    milestone: Annotated[str, option(_("Until then, such as 2027-03-01 18:00."), "--milestone")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.requests import ask_shelving as verb

    until = _late(verb, milestone)
    act(until, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


@issues.command("grant", help=_("Say yes to a request; an extension may be shorter than asked, a milestone moved."))
def grant(
    numbers: options.Numbers,
    kind: Kind,
    amount: Amount = None,
    milestone: Milestone = None,
    reason: options.MaybeReason = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.issue import RequestKind
    from services.requests import grant as verb

    asked = one_of(RequestKind, kind, field="kind")
    until = _late(verb, milestone)
    act(until, numbers, by=by, dry_run=dry_run, as_json=as_json, kind_of_request=asked, amount=amount, reason=reason)


@issues.command("refuse", help=_("Say no to a request, with a reason."))
def refuse(
    numbers: options.Numbers,
    kind: Kind,
    reason: options.Reason,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.issue import RequestKind
    from services.requests import refuse as verb

    asked = one_of(RequestKind, kind, field="kind")
    act(_late(verb, None), numbers, by=by, dry_run=dry_run, as_json=as_json, kind_of_request=asked, reason=reason)


def _late(verb: Any, milestone: str | None) -> Any:
    """The verb, its milestone read when the city's zone is known, its `kind` under a name that `act` leaves free."""

    def with_milestone(session: Any, **how: Any) -> Any:
        if "kind_of_request" in how:
            how["kind"] = how.pop("kind_of_request")
        if milestone is not None:
            how["milestone"] = times.read_time(milestone, field="milestone")
        return verb(session, **how)

    return with_milestone
