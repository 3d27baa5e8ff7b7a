"""`duban import … | export …`: Excel workbooks, holiday notices and the sealed record, in and out."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import options, progress, showing, times, words
from cli.app import group
from cli.errors import NotWritable
from cli.opening import Work, opened
from cli.options import argument, option
from cli.showing import Column
from models.errors import BadRows, WrongValue
from models.lifecycle import State
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from services.exports.ledger import Filter

imports = group(
    "import", _("Take in Excel workbooks and holiday notices. Every bad row is told; nothing loads by halves.")
)
exports = group("export", _("Write the ledger, the leaders' table, or the sealed record."))
Source = Annotated[Path, argument(_("The file to read."), metavar="FILE")]
Target = Annotated[Path, argument(_("The file to write."), metavar="FILE")]
Area = Annotated[str | None, option(_("In this area and below."))]
Unit = Annotated[str | None, option(_("Of this unit."))]
States = Annotated[list[State] | None, option(_("In this state; may be repeated."), "--state")]
FirstDay = Annotated[str | None, option(_("Found on this day or later."), "--from")]
LastDay = Annotated[str | None, option(_("Found on this day or earlier."), "--to")]


@imports.command(
    "tasks", help=_("The task decomposition table (任务分解表): points, and who answers for them this year.")
)
def tasks(
    file: Source,
    whole: Annotated[
        bool, option(_("The file is the whole table of its years: rows that it leaves out are taken out."), "--whole")
    ] = False,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.imports import tasks as table

    path = showing.existing(file)
    with opened() as work, work.sessions() as session, progress.bar(_("Reading")) as watch:
        now = work.now()
        actor = work.actor(session, by, now=now)
        planned = table.plan(session, path, now=now, progress=watch)
        _refuse(planned)
        if not dry_run:
            table.apply(session, planned, by=actor, now=now, gone=planned.gone if whole else ())
            session.commit()
    counts = {
        "new_points": len(planned.new_points),
        "new_tasks": len(planned.new_tasks),
        "changes": [vars(change) for change in planned.changes],
        "unchanged": planned.unchanged,
        "left_out": [vars(one) for one in planned.gone],
    }
    if as_json:
        showing.print_json({**counts, "ignored": planned.ignored, "dry_run": dry_run})
        return
    said = _("{points} new points, {tasks} new tasks, {changes} changes, {unchanged} as before.")
    facts = {"points": len(planned.new_points), "tasks": len(planned.new_tasks), "changes": len(planned.changes)}
    showing.say(said.format(**facts, unchanged=planned.unchanged))
    if planned.changes:
        _show_changes([vars(change) for change in planned.changes])
    if planned.gone:
        said = (
            _("{n} rows of the year are taken out.")
            if whole
            else _("{n} rows of the year are not in the file; they stay. See --whole.")
        )
        showing.note(said.format(n=len(planned.gone)))
    _end(planned, dry_run=dry_run)


def _show_changes(changes: list[dict[str, Any]]) -> None:
    columns = [
        Column("what", _("What")),
        Column("key", _("Code")),
        Column("column", _("Column")),
        Column("old", _("Before")),
        Column("new", _("After")),
    ]
    showing.table(changes, columns)


def _refuse(planned: Any) -> None:
    """Every bad row of the file at once."""
    if planned.bad:
        raise BadRows(file=planned.file, rows=planned.bad)


def _end(planned: Any, *, dry_run: bool) -> None:
    if planned.ignored:
        showing.note(_("Columns that were not read: {names}").format(names=", ".join(planned.ignored)))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@imports.command("ledger", help=_("A problem ledger (问题台账): new issues are taken over, known ones only compared."))
def ledger(
    file: Source, by: options.Who = None, dry_run: options.DryRun = False, as_json: options.AsJson = False
) -> None:
    from services.imports import ledger as table

    path = showing.existing(file)
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        with progress.bar(_("Reading")) as watch:
            planned = table.plan(session, path, now=now, progress=watch)
        _refuse(planned)
        with progress.bar(_("Writing")) as watch:
            done = table.apply(session, planned, by=actor, now=now, progress=watch)
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json({**vars(done), "ignored": planned.ignored, "dry_run": dry_run})
        return
    said = _("{taken_over} issues taken over, {found} new findings, {unchanged} as before.")
    showing.say(said.format(**vars(done)))
    _end(planned, dry_run=dry_run)


@imports.command("notice", help=_("A notice about holidays and make-up workdays (CSV: date, kind, name)."))
def notice(
    file: Source,
    source: Annotated[str, option(_("What the notice is called."), "--source")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services import calendars, rulebook
    from services.calendar_files import read_notice

    path = showing.existing(file)
    with opened() as work, work.sessions() as session:
        now = work.now()
        calendar = rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)
        actor = work.actor(session, by, now=now)
        rows = read_notice(path, calendar=calendar)
        diff = calendars.import_notice(session, rows=rows, source=source, now=now, by=actor, commit=not dry_run)
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json({**vars(diff), "dry_run": dry_run})
        return
    _show_notice(diff, dry_run=dry_run)


def _show_notice(diff: Any, *, dry_run: bool) -> None:
    said = _("{days} days change, {published} newly published, {issues} issues have other dates.")
    counts = {"days": len(diff.days), "published": diff.newly_published, "issues": len(diff.issues)}
    showing.say(said.format(**counts))
    days = [
        Column("date", _("Day")),
        Column("old", _("Before"), lambda kind: words.word(words.DAYS, kind)),
        Column("new", _("After"), lambda kind: words.word(words.DAYS, kind)),
        Column("name", _("Name")),
    ]
    issues = [
        Column("number", _("Number")),
        Column("old_due_at", _("Due before")),
        Column("new_due_at", _("Due after")),
        Column("old_next_at", _("Next step before")),
        Column("new_next_at", _("Next step after")),
    ]
    for rows, columns in ((diff.days, days), (diff.issues, issues)):
        if rows:
            showing.table([vars(row) for row in rows], columns)
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@exports.command("ledger", help=_("The problem ledger as a workbook, in the columns of 问题台账. It imports again."))
def export_ledger(
    file: Target,
    area: Area = None,
    unit: Unit = None,
    state: States = None,
    start: FirstDay = None,
    end: LastDay = None,
) -> None:
    from services.exports.ledger import export_ledger as write

    with opened() as work:
        _write(work, write, file, _filter(area, unit, state, start, end))


@exports.command("plain", help=_("The plain table that leaders read, as a workbook."))
def export_plain(
    file: Target,
    area: Area = None,
    unit: Unit = None,
    state: States = None,
    start: FirstDay = None,
    end: LastDay = None,
) -> None:
    from services.exports.ledger import export_leaders_table as write

    with opened() as work:
        _write(work, write, file, _filter(area, unit, state, start, end))


def _filter(
    area: str | None, unit: str | None, state: list[State] | None, start: str | None, end: str | None
) -> "Filter":
    from services.exports.ledger import Filter

    first = times.read_day(start, field="from") if start else None
    last = times.read_day(end, field="to") if end else None
    if first and last and last < first:
        raise WrongValue(field="to", value=end, expected=f"≥ {start}")
    return Filter(area=area, unit=unit, states=tuple(state or ()), found_from=first, found_to=last)


def _write(work: Work, write: Any, file: Path, which: "Filter") -> None:
    now = work.now()
    with work.sessions() as session, progress.bar(_("Writing")) as watch, writable(file) as part:
        written = write(session, part, now=now, which=which, lang=language(), progress=watch)
    showing.say(_("{n} issues written to {file}.").format(n=written, file=file))


@contextmanager
def writable(file: Path) -> Iterator[Path]:
    """Where to write: the whole file takes its name at the end, so a disk that fills up leaves the one of yesterday.

    Raises NotWritable before the work begins. A device such as /dev/stdout is written to as it is.
    """
    plain = file.is_file() or not file.exists()
    part = file.with_name(f"{file.name}.part") if plain else file
    try:
        part.open("ab").close()
        yield part
        if plain:
            part.replace(file)
    except BaseException as error:
        if plain:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise NotWritable(file=file, why=error.strerror or error) from error
        raise


@exports.command(
    "record", help=_("The sealed record as JSON lines. `duban verify FILE` checks it, needing nothing else.")
)
def export_record(file: Target) -> None:
    from services.exports.record import export_record as write

    with opened() as work, work.sessions() as session, progress.bar(_("Writing")) as watch, writable(file) as part:
        lines = write(session, part, progress=watch)
    showing.say(_("{n} lines written to {file}.").format(n=lines, file=file))
