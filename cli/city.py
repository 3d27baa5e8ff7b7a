"""`duban city check | load | samples`: a city pack is looked through, compared, loaded, filled with sample stories."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import lint_words, options, progress, showing
from cli.app import group
from cli.exits import Exit
from cli.opening import opened, read_settings
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from services.cities import Diff, Pack

cities = group("city", _("City packs: all that one city brings, in a folder of CSV and TOML files."))
Folder = Annotated[Path | None, argument(_("The pack's folder; otherwise DUBAN_CITY_PACK."))]


@cities.command("check", help=_("Look a pack through for errors and oddities. Ends with 1 where there are errors."))
def check(folder: Folder = None, as_json: options.AsJson = False) -> int:
    from runtime.clock import system_now
    from services.cities import Level, lint, read_pack

    pack = read_pack(_folder(folder))
    found = lint(pack, now=system_now())
    rows = [
        {"level": one.level, "file": one.file, "row": one.row, "code": one.code, "message": lint_words.sentence(one)}
        for one in found
    ]
    columns = [
        Column("level", _("Level"), lambda level: _("error") if level is Level.ERROR else _("warning")),
        Column("file", _("File")),
        Column("row", _("Row"), lambda row: str(row or "")),
        Column("message", _("What")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("Nothing to complain about."))
    errors = sum(one.level is Level.ERROR for one in found)
    said = _("{pack}: {errors} error(s), {warnings} warning(s).")
    showing.note(said.format(pack=pack.city.name, errors=errors, warnings=len(found) - errors))
    return Exit.FOUND if errors else Exit.DONE


@cities.command(
    "load", help=_("Make the database say what the pack says. Shows the difference; twice changes nothing.")
)
def load(
    folder: Folder = None,
    samples: Annotated[bool, option(_("Load the sample issues too."), "--samples")] = False,
    why: Annotated[str, option(_("Why; kept in the history."), "--why")] = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services import cities as packs

    pack = packs.read_pack(_folder(folder))
    with opened(empty=True) as work, work.sessions() as session:
        now = work.now()
        if dry_run:
            diff = packs.plan(session, pack, now=now)
        else:
            with progress.bar(_("Loading the city")) as watch:
                operator = by or work.settings.actor or "system"
                diff = packs.load(session, pack, now=now, progress=watch, by=operator, why=why)
            session.commit()
    show_diff(diff, as_json=as_json, dry_run=dry_run)
    if samples and not dry_run:
        _play(pack)


def show_diff(diff: "Diff", *, as_json: bool, dry_run: bool) -> None:
    """What a load changes: how much of each table, and each changed column in JSON."""
    if as_json:
        showing.print_json({"dry_run": dry_run, "tables": diff.tables})
        return
    rows = [
        {"table": one.table, "new": len(one.new), "changed": len(one.changed), "gone": len(one.gone)} | _same(one)
        for one in diff.tables
        if not one.is_empty
    ]
    columns = [
        Column("table", _("Table")),
        Column("new", _("New")),
        Column("changed", _("Changed")),
        Column("gone", _("Ended")),
        Column("unchanged", _("As before")),
    ]
    showing.table(rows, columns, empty=_("Nothing differs."))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


def _same(table: Any) -> dict[str, Any]:
    return {"unchanged": table.unchanged}


@cities.command("samples", help=_("Play the pack's sample issues: their past is lived through again. Demo cities."))
def samples(folder: Folder = None, dry_run: options.DryRun = False) -> None:
    from services.cities import read_pack

    pack = read_pack(_folder(folder))
    if dry_run:
        showing.say(_("{n} sample issues would be played.").format(n=len(pack.stories)))
        return
    _play(pack)


def _play(pack: "Pack") -> None:
    from services.cities import load_samples
    from services.demo_life import mark

    with opened() as work, work.sessions() as session, progress.bar(_("Playing the samples")) as watch:
        evidence = work.settings.evidence
        counts = load_samples(session, pack, now=work.now(), evidence_dir=evidence, progress=watch)
        mark.begin(session)  # `duban up` plays the rest of a demo city's life
        session.commit()
    said = _("{made} sample issues made, {known} were there; {actions} actions of people, {timed} steps of time.")
    showing.say(said.format(made=counts.made, known=counts.known, actions=counts.actions, timed=counts.timed))


def _folder(given: Path | None) -> Path:
    """The pack's folder. One that is named from the project's folder is found from anywhere."""
    from runtime.settings import PROJECT

    if given is None:
        return read_settings().city_pack
    return given if given.exists() or not (PROJECT / given).exists() else PROJECT / given
