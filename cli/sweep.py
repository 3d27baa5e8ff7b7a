"""`duban sweep look | start | show | waive`: from one issue, the same fault is looked for at other points."""

from datetime import date
from typing import Annotated, Any

from cli import options, showing, times
from cli.acting import act
from cli.app import group
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

sweep = group("sweep", _("Same-fault sweeps: from one issue, sheets for its standard at other points."))
Number = Annotated[str, argument(_("The issue, such as ZG-2026-000123."))]
Area = Annotated[str | None, option(_("All points of the category in this area; otherwise the unit's own."), "--area")]
Inspector = Annotated[list[str] | None, option(_("Who goes; otherwise each unit itself. May be repeated."))]
Standard = Annotated[str | None, option(_("For an issue that names no standard."))]
By = Annotated[str | None, option(_("Wanted by this day; otherwise as the rules say."), "--due")]
Most = Annotated[int | None, option(_("At most so many points; otherwise as the rules say."), "--most")]


@sweep.command("look", help=_("What a sweep would look at, and when each point last was. Writes nothing."))
def look(
    number: Number,
    area: Area = None,
    inspector: Inspector = None,
    standard: Standard = None,
    due: By = None,
    most: Most = None,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services.same_fault_plan import prospect

    with opened() as work, work.sessions() as session:
        now = work.now()
        order = _order(session, number, area, inspector, standard, due, most)
        found = prospect(session, order, by=work.actor(session, by, now=now), now=now)
    if as_json:
        showing.print_json({**vars(found), "standard": found.standard.code})
        return
    rows = [{**vars(one), "seen": times.shown(one.last_seen) if one.last_seen else _("never")} for one in found.points]
    columns = [
        Column("code", _("Point")),
        Column("name", _("Name")),
        Column("area", _("Place")),
        Column("unit", _("Unit")),
        Column("seen", _("Last looked at for it")),
    ]
    showing.table(rows, columns, empty=_("No other point there."))
    for one in found.known:
        showing.note(_("{point}: known already, {issue}.").format(point=one.code, issue=one.known))
    if found.left_out:
        showing.note(_("{n} more are beyond the limit.").format(n=found.left_out))


@sweep.command("start", help=_("Make the sheets and tell those who go."))
def start(
    number: Number,
    area: Area = None,
    inspector: Inspector = None,
    standard: Standard = None,
    due: By = None,
    most: Most = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services import same_fault

    with opened() as work, work.sessions() as session:
        now = work.now()
        order = _order(session, number, area, inspector, standard, due, most)
        begun = same_fault.start(session, order, by=work.actor(session, by, now=now), now=now)
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json({**vars(begun), "dry_run": dry_run})
        return
    showing.say(_("{number}: {n} points.").format(number=begun.number, n=begun.points))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@sweep.command("show", help=_("The sweeps of an issue, and the issue in whose sweep it was found."))
def show(number: Number, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.same_fault_view import related
    from services.sight import must_see

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        found = related(session, must_see(session, actor, number), reader=actor)
    if as_json:
        showing.print_json(vars(found))
        return
    if found.first:
        showing.say(_("Found in the sweep {round} for {issue}.").format(round=found.sweep, issue=found.first))
    rows = [{**vars(one), "issues": ", ".join(born.number for born in one.issues)} for one in found.sweeps]
    columns = [
        Column("number", _("Round")),
        Column("standard", _("Standard")),
        Column("sheets", _("Sheets")),
        Column("filled", _("Filled")),
        Column("met", _("Met")),
        Column("not_met", _("Not met")),
        Column("issues", _("Issues")),
    ]
    showing.table(rows, columns, empty=_("No sweeps."))


@sweep.command("waive", help=_("Close out without a look elsewhere. For the office; the reason stays on record."))
def waive(
    numbers: options.Numbers,
    reason: Annotated[str, option(_("Why."), "--reason")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.issues import waive_sweep as verb

    act(verb, numbers, by=by, dry_run=dry_run, as_json=as_json, reason=reason)


def _order(
    session: Any,
    number: str,
    area: str | None,
    inspector: list[str] | None,
    standard: str | None,
    due: str | None,
    most: int | None,
) -> Any:
    """Raises NotFound, WrongValue."""
    from services import queries
    from services.same_fault_plan import SweepOrder
    from services.same_fault_points import Among

    (key,) = queries.ids_of(session, [number])
    day: date | None = times.read_day(due, field="due") if due else None
    return SweepOrder(
        issue_id=key,
        among=Among.AREA if area else Among.UNIT,
        area=area,
        inspectors=tuple(inspector or ()),
        standard=standard,
        due_on=day,
        most=most,
    )
