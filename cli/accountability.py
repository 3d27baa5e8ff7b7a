"""`duban accountability list | show`: measures as one person sees them. Deciding is done on the page, by a person."""

from typing import Annotated, Any

from cli import options, showing, words
from cli.app import group
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

accountability = group("accountability", _("Holding to account: what rules propose, what was decided, what is late."))
Key = Annotated[int, argument(_("The measure, by its number in the list."), min=1, max=options.LARGEST)]


@accountability.command("list", help=_("Measures that you see, in the order in which they were proposed."))
def list_measures(
    kind: Annotated[str | None, option(_("Of this kind."))] = None,
    state: Annotated[str | None, option(_("In this state."))] = None,
    unit: Annotated[str | None, option(_("About this unit."))] = None,
    limit: options.Limit = 50,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from models.accountability import MeasureKind, MeasureState
    from services.accountability import view

    of_kind = one_of(MeasureKind, kind, field="kind") if kind else None
    in_state = one_of(MeasureState, state, field="state") if state else None
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        found = view.every(session, actor, now=now, kind=of_kind, state=in_state, unit=unit, limit=limit)
    columns = [
        Column("id", _("Measure")),
        Column("kind", _("Kind"), lambda kind: words.word(words.MEASURES, kind)),
        Column("unit_name", _("Unit")),
        Column("state", _("State"), lambda state: words.word(words.MEASURE_STATES, state)),
        Column("paper", _("Paper")),
        Column("number", _("Issue")),
        Column("reply_due_at", _("Reply by")),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json, empty=_("No measures."))


@accountability.command("show", help=_("What happened to one measure, oldest first."))
def show(key: Key, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.accountability import view

    with opened() as work, work.sessions() as session:
        now = work.now()
        found = view.one(session, work.actor(session, by, now=now), key, now=now)
    rows: list[dict[str, Any]] = [vars(one) for one in found.entries]
    columns = [
        Column("at", _("When")),
        Column("act", _("What"), lambda act: words.word(words.MEASURE_ACTS, act)),
        Column("who", _("Who")),
        Column("why", _("Why")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("Nothing."))
