"""`duban filing import | export | list | progress`: the list of material of the online filing."""

from pathlib import Path
from typing import Annotated, Any

from cli import options, progress, showing, words
from cli.app import group
from cli.exchange import Source, Target, writable
from cli.opening import opened
from cli.options import option
from cli.showing import Column
from models.errors import BadRows, WrongValue
from runtime.i18n import gettext as _
from runtime.i18n import language

filing = group("filing", _("Online filing: the list of material, and how each piece stands."))
Unit = Annotated[str | None, option(_("Of this unit."))]
State = Annotated[str | None, option(_("In this state: missing, submitted, returned or accepted."), "--state")]
STATES = ("missing", "submitted", "returned", "accepted")
Late = Annotated[bool, option(_("Past its deadline and still wanted."), "--late")]


@filing.command("import", help=_("Take in the list from a workbook. Every bad row is told; nothing loads by halves."))
def take_in(
    file: Source, by: options.Who = None, dry_run: options.DryRun = False, as_json: options.AsJson = False
) -> None:
    from services.imports import filing as lists

    path = showing.existing(file)
    with opened() as work, work.sessions() as session, progress.bar(_("Reading")) as watch:
        now = work.now()
        actor = work.actor(session, by, now=now)
        planned = lists.plan(session, path, by=actor, now=now, progress=watch)
        if planned.bad:
            raise BadRows(file=planned.file, rows=planned.bad)
        lists.apply(session, planned, by=actor, now=now)
        session.rollback() if dry_run else session.commit()
    counts = {"new": len(planned.new), "changed": len(planned.changed), "unchanged": planned.unchanged}
    if as_json:
        showing.print_json({**counts, "ignored": planned.ignored, "dry_run": dry_run})
        return
    showing.say(_("{new} new, {changed} changed, {unchanged} as before.").format(**counts))
    if planned.ignored:
        showing.note(_("Columns that were not read: {names}").format(names=", ".join(planned.ignored)))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@filing.command("export", help=_("The list with how each piece stands, as a workbook. It imports again."))
def export(file: Target, unit: Unit = None, state: State = None, late: Late = False, by: options.Who = None) -> None:
    from services.exports.filing import export_filing
    from services.exports.register import read_register
    from services.filing.looking import every_line

    with opened() as work, work.sessions() as session:
        now = work.now()
        lines = every_line(session, _asked(unit, state, late), reader=work.actor(session, by, now=now), now=now)
        with writable(Path(file)) as part:
            rows = export_filing(lines, part, register=read_register(session, now=now), lang=language())
    showing.say(_("{n} rows written to {file}.").format(n=rows, file=file))


@filing.command("list", help=_("What is asked for and how it stands, the nearest deadline first."))
def every(
    unit: Unit = None,
    state: State = None,
    late: Late = False,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services.filing.looking import every_line

    with opened() as work, work.sessions() as session:
        now = work.now()
        lines = every_line(session, _asked(unit, state, late), reader=work.actor(session, by, now=now), now=now)
    rows: list[dict[str, Any]] = [
        {
            **{name: getattr(one.item, name) for name in ("id", "code", "title", "due_on", "state", "late")},
            **{"unit": one.unit, "issue": one.issue, "overdue": one.overdue},
        }
        for one in lines
    ]
    if as_json:
        showing.print_json(rows)
        return
    columns = [
        Column("code", _("Code")),
        Column("title", _("Material")),
        Column("unit", _("Unit")),
        Column("due_on", _("Deadline")),
        Column("state", _("State"), lambda one: words.word(words.FILING_STATES, one)),
        Column("issue", _("Issue")),
    ]
    showing.table(rows, columns, empty=_("No material is asked for here."))


@filing.command("progress", help=_("How far each unit has come, those with the most overdue first."))
def how_far(by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.filing import looking

    with opened() as work, work.sessions() as session:
        now = work.now()
        found = looking.progress(session, _asked(None, None, False), reader=work.actor(session, by, now=now), now=now)
    rows = [vars(one) for one in found]
    if as_json:
        showing.print_json(rows)
        return
    columns = [
        Column("name", _("Unit")),
        Column("items", _("Asked for")),
        *(Column(state, words.word(words.FILING_STATES, state)) for state in STATES),
        Column("overdue", _("past the deadline")),
    ]
    showing.table(rows, columns, empty=_("No material is asked for here."))


def _asked(unit: str | None, state: str | None, late: bool) -> Any:
    """Raises WrongValue."""
    from services.filing.looking import Asked

    if state is not None and state not in STATES:
        raise WrongValue(field="state", value=state, expected=", ".join(STATES))
    return Asked(unit=unit or "", state=state or "", late=late)
