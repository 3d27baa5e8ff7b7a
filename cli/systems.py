"""`duban system list | show | diff | import | export`: evaluation systems and their editions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import lint_words, options, showing, words
from cli.app import group
from cli.errors import NotWritable
from cli.exits import Exit
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from models.errors import BadRows, MissingInput
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from services.systems.bringing import Proposal

system = group("system", _("Evaluation systems: their editions, what differs between two, in and out as workbooks."))
Edition = Annotated[str, argument(_("The edition, such as CC-2026."))]


@system.command(
    "list", help=_("All systems with their editions: which is in force, what each holds, what rests on it.")
)
def list_(as_json: options.AsJson = False) -> None:
    from services.people import city_day
    from services.systems.reading import systems

    with opened() as work, work.sessions() as session:
        found = systems(session, today=city_day(session, work.now()))
    rows = [
        {**vars(one), "system": _named(each), "name": _named(one), "used": sum(vars(one.use).values())}
        for each in found
        for one in each.editions
    ]
    columns = [
        Column("system", _("System")),
        Column("code", _("Edition")),
        Column("name", _("Name")),
        Column("valid_from", _("In force from")),
        Column("in_force", _("In force")),
        Column("items", _("Items")),
        Column("contents", _("Contents")),
        Column("standards", _("Standards")),
        Column("negative", _("Negative list")),
        Column("used", _("Records")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("No evaluation system yet."))


def _named(one: Any) -> str:
    return str(one.name_en or one.name) if language() == "en" else str(one.name)


@system.command("show", help=_("One edition: what it states, and its tree."))
def show(edition: Edition, as_json: options.AsJson = False) -> None:
    from services.systems.reading import system_of

    with opened() as work, work.sessions() as session:
        found = system_of(session, edition)
    if as_json:
        showing.print_json(vars(found))
        return
    showing.card(
        [
            (_("Edition"), f"{found.code} {_named(found)}"),
            (_("System"), found.system_name_en if language() == "en" else found.system_name),
            (_("In force from"), found.valid_from),
            (_("Modules"), [f"{_named(one)} {one.weight}" for one in found.modules]),
            (_("Cycle"), [str(one) for one in found.years]),
            (_("Preconditions"), [f"{_named(one)} ≥ {one.least}" for one in found.preconditions]),
            (_("Negative list"), [f"{one.code} {words.word('EFFECTS', one.effect)}" for one in found.negative]),
            (_("Counties"), [f"{one.name} {one.goal}" for one in found.counties]),
        ]
    )
    rows = [
        {"item": item.code, "content": content.code, "name": _named(content), "standards": len(content.standards)}
        for item in found.tree
        for content in item.contents
    ]
    columns = [Column("item", _("Item")), Column("content", _("Evaluation content")), Column("name", _("Name"))]
    showing.table(rows, [*columns, Column("standards", _("Standards"))], empty=_("No tree yet."))


@system.command(
    "diff", help=_("What came, went, changed and moved between two editions. Ends with 1 where they differ.")
)
def diff(
    old: Annotated[str, argument(_("The edition from which."))],
    new: Annotated[str, argument(_("The edition to which."))],
    as_json: options.AsJson = False,
) -> int:
    from services.systems.comparing import compared
    from services.systems.reading import system_of

    with opened() as work, work.sessions() as session:
        found = compared(system_of(session, old), system_of(session, new))
    rows = [
        {"part": one.part, "code": one.code, "name": _named(one), "became": one.became.value, **vars(cell)}
        for one in found
        for cell in one.cells
    ]
    columns = [
        Column("part", _("Part"), lambda part: words.word("EDITION_PARTS", part)),
        Column("code", _("Code")),
        Column("name", _("Name")),
        Column("became", _("What became of it"), lambda became: words.word("BECAME", became)),
        Column("column", _("Column")),
        Column("old", _("Before")),
        Column("new", _("After")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("They say the same."))
    return Exit.FOUND if found else Exit.DONE


@system.command("import", help=_("Bring in an edition from a workbook. One that records rest on is never changed."))
def import_(
    file: Annotated[Path, argument(_("The workbook."), metavar="FILE")],
    why: Annotated[str, option(_("Why; kept in the history."), "--why")] = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.systems.bringing import bring, propose

    path = showing.existing(file)
    if not (why.strip() or dry_run):
        raise MissingInput(action="change_city", missing="reason")
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        seen = propose(session, path, actor=actor, now=now)
        _refuse(seen)
        if not dry_run:
            bring(session, path, actor=actor, why=why, fingerprint=seen.fingerprint, now=now)
            session.commit()
    _tell(seen, dry_run=dry_run, as_json=as_json)


def _refuse(seen: "Proposal") -> None:
    """Every bad cell, then all that the lint is against. Raises BadRows."""
    from models.errors import BadRow

    told = [BadRow(one.file, one.row, "-", "", lint_words.sentence(one)) for one in seen.errors]
    if rows := [*seen.bad, *told]:
        raise BadRows(file=seen.file, rows=rows)


def _tell(seen: "Proposal", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        facts = {"edition": seen.code, "new": seen.is_new, "changes": [vars(one) for one in seen.changes]}
        showing.print_json({**facts, "ignored": list(seen.ignored), "dry_run": dry_run})
        return
    rows = [{"part": one.place, "key": one.key, "kind": one.kind.value} for one in seen.changes]
    columns = [
        Column("part", _("Table"), lambda part: words.word("EDITION_PARTS", part)),
        Column("key", _("Code")),
        Column("kind", _("What became of it"), lambda kind: words.word("CHANGES", kind)),
    ]
    showing.table(rows, columns, empty=_("Nothing differs."))
    for one in seen.warnings:
        showing.note(f"{one.file} {one.row}: {lint_words.sentence(one)}")
    if seen.ignored:
        showing.note(_("Not read: {names}").format(names=", ".join(seen.ignored)))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@system.command("export", help=_("Write an edition as a workbook. It imports again."))
def export(edition: Edition, file: Annotated[Path, argument(_("The file to write."), metavar="FILE")]) -> None:
    from services.exports.systems import system_workbook
    from services.systems.reading import system_of

    with opened() as work, work.sessions() as session:
        found = system_of(session, edition)
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_bytes(system_workbook(found, lang=language()))
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotWritable(file=file, why=error.strerror or error) from error
    count = sum(1 for _one in found.standards())
    showing.say(_("{n} standards written to {file}.").format(n=count, file=file))
