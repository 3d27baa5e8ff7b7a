"""`duban city export | history | set`: the city in force taken out, looked back at, and changed row by row."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import lint_words, options, showing, times, words
from cli.city import cities
from cli.errors import NotAnAssignment, NotWritable
from cli.exits import Exit
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.expectations import expected
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from services.administering import Changed, Edit, Past, Proposal

TableName = Annotated[str, argument(_("A table, such as units, points, tenures."), metavar="TABLE")]
NEW = "+"


@cities.command("export", help=_("Write the city in force as a pack: to a folder, or to a file that ends in .zip."))
def export(
    target: Annotated[Path, argument(_("The folder, new or empty, or the .zip file."), metavar="FOLDER")],
) -> None:
    from services.administering import held_pack, write_pack, zipped

    with opened() as work, work.sessions() as session:
        pack = held_pack(session)
    if target.suffix.lower() == ".zip":
        _write(target, zipped(pack))
    else:
        _into_folder(target, write_pack(pack))
    showing.say(str(target))


def _into_folder(folder: Path, files: "Iterable[tuple[str, bytes]]") -> None:
    """Into an empty folder only: a file of somebody else's pack left among ours would be loaded with it."""
    if folder.exists() and not folder.is_dir():
        raise NotWritable(file=folder, why=_("it is no folder"))
    if folder.exists() and any(folder.iterdir()):
        raise NotWritable(file=folder, why=_("the folder is not empty"))
    for file, body in files:
        _write(folder / file, body)


def _write(path: Path, body: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    except OSError as error:
        raise NotWritable(file=path, why=error.strerror or error) from error


@cities.command("history", help=_("What was changed in the city, when, by whom and why; newest first."))
def history(
    table: Annotated[str, option(_("Of this table, or this file."), "--table")] = "",
    key: Annotated[str, option(_("Of this row."), "--key")] = "",
    who: Annotated[str, option(_("By this person."), "--by")] = "",
    before: options.Before = None,
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> None:
    from services import administering

    with opened() as work, work.sessions() as session:
        found = administering.history(session, table=table, key=key, who=who, after=before, limit=limit)
    columns = [
        Column("id", _("No.")),
        Column("at", _("When"), times.shown),
        Column("who", _("Who")),
        Column("place", _("Table")),
        Column("key", _("Row")),
        Column("kind", _("What"), lambda kind: words.word(words.CHANGES, kind)),
        Column("columns", _("Columns"), _as_words),
        Column("why", _("Why")),
    ]
    showing.table([_past(one) for one in found], columns, as_json=as_json, empty=_("Nothing was changed yet."))


def _past(one: "Past") -> dict[str, Any]:
    return {"id": one.id, "set": one.set_number, "at": one.at, "who": one.who, "why": one.why, **_change(one.changed)}


def _change(one: "Changed") -> dict[str, Any]:
    names = dict.fromkeys([*one.before, *one.after])
    columns = {name: [one.before.get(name, ""), one.after.get(name, "")] for name in names}
    return {"place": one.place, "key": one.key, "kind": one.kind.value, "columns": columns}


def _as_words(columns: "Mapping[str, list[str]]") -> str:
    said = [f"{name}: {old or '–'} → {new or '–'}" for name, (old, new) in columns.items() if old or new]
    return "\n".join(said)


@cities.command("set", help=_("Change one row of the city: shown, checked as a whole, then done. “+” is a new row."))
def set_row(
    table: TableName,
    key: Annotated[str, argument(_("The row's code; parts of a longer key joined by “~”. + is a new row."))],
    cells: Annotated[
        list[str] | None, argument(_("What is to stand there, such as name=新名."), metavar="COLUMN=VALUE")
    ] = None,
    why: Annotated[str, option(_("Why; kept in the history."), "--why")] = "",
    end: Annotated[str | None, option(_("End the row: on this last day (2026-11-22), or “now”."), "--end")] = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> int:
    from services import administering

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        edit = _edit(table, key, _cells(cells or []), end)
        shown = administering.propose(session, [edit], actor=actor, now=now)
        if dry_run:
            _show(shown, as_json=as_json)
            return Exit.FOUND if shown.bad_cells or shown.new_errors else Exit.DONE
        administering.apply(session, [edit], actor=actor, why=why, fingerprint=shown.fingerprint, now=now)
        session.commit()
    _show(shown, as_json=as_json)
    return Exit.DONE


def _cells(written: list[str]) -> dict[str, str]:
    for one in written:
        if "=" not in one:
            raise NotAnAssignment(given=one)
    return {name.strip(): cell for name, _, cell in (one.partition("=") for one in written)}


def _edit(table: str, key: str, cells: dict[str, str], end: str | None) -> "Edit":
    from services.administering import Edit

    named = None if key == NEW else key
    if end is None:
        return Edit(table, named, cells)
    return Edit(table, named, cells, gone=True) if end == "now" else Edit(table, named, {**cells, "valid_to": end})


def _show(shown: "Proposal", *, as_json: bool) -> None:
    rows = [_change(one) for one in shown.changes]
    told = [
        {"level": one.finding.level, "code": one.finding.code, "message": lint_words.sentence(one.finding)}
        for one in shown.findings
        if one.new
    ]
    if as_json:
        bad = [{"column": one.column, "value": one.value, "expected": one.expected} for one in shown.bad_cells]
        showing.print_json({"changes": rows, "findings": told, "bad_cells": bad, "open_issues": shown.open_issues})
        return
    columns = [
        Column("place", _("Table")),
        Column("key", _("Row")),
        Column("kind", _("What"), lambda kind: words.word(words.CHANGES, kind)),
        Column("columns", _("Columns"), _as_words),
    ]
    showing.table(rows, columns, empty=_("Nothing differs."))
    for one in shown.bad_cells:
        facts = {"where": one.column, "value": showing.harmless(one.value), "expected": expected(one.expected)}
        showing.note(_("{where}: “{value}”; expected {expected}").format(**facts))
    for finding in told:
        showing.note(finding["message"])
