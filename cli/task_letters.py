"""`duban tasks letters | issue | show | sign | chase`: task letters to units."""

from typing import Annotated, Any

from cli import options, showing, words
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from cli.tasks import Year, settings_of, tasks, year_of
from runtime.i18n import gettext as _

Number = Annotated[str, argument(_("The letter, such as 自任〔2026〕1号."), metavar="NUMBER")]
Units = Annotated[list[str] | None, option(_("Only this unit; may be repeated."), "--unit")]


@tasks.command("letters", help=_("The letters of a year and where each stands."))
def list_letters(
    year: Year = None,
    unit: Annotated[str, option(_("To this unit."))] = "",
    state: Annotated[str, option(_("In this state: issued, told, late, signed or replaced."))] = "",
    limit: options.Limit = 50,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from models.task_letter import LetterState
    from services.tasks.reading import letters

    chosen = one_of(LetterState, state, field="state") if state else None
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        asked: dict[str, Any] = {"year": year_of(work, session, year), "unit": unit, "state": chosen, "limit": limit}
        found = letters(session, by=actor, now=now, **asked)
    columns = [
        Column("number", _("Number")),
        Column("unit_name", _("Unit")),
        Column("edition", _("Edition")),
        Column("rows", _("Tasks in it")),
        Column("state", _("State"), lambda state: words.word("LETTER_STATES", state)),
        Column("sign_due_at", _("Sign by")),
        Column("signed_at", _("Signed for")),
        Column("signed_by", _("By")),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json, empty=_("No letters here."))


@tasks.command("issue", help=_("Issue letters to units whose tasks are new or have changed; the units are told."))
def issue(
    year: Year = None,
    unit: Units = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.papers.stationery import stationery_in_force
    from services.tasks.letters import issue as verb

    with opened() as work, work.sessions() as session:
        now = work.now()
        done = verb(
            session,
            year=year_of(work, session, year),
            by=work.actor(session, by, now=now),
            now=now,
            stationery=stationery_in_force(session, otherwise=work.settings.city_pack / "papers"),
            settings=settings_of(work, session),
            units=unit or None,
        )
        rows = [
            {
                "unit": one.unit,
                "number": one.number,
                "edition": one.edition,
                "rows": one.rows,
                "issued": one.letter is not None,
                "added": len(one.since.added),
                "changed": len(one.since.changed),
                "gone": len(one.since.gone),
            }
            for one in done
        ]
        session.rollback() if dry_run else session.commit()
    columns = [
        Column("unit", _("Unit")),
        Column("number", _("Number")),
        Column("edition", _("Edition")),
        Column("rows", _("Tasks in it")),
        Column("issued", _("Issued now")),
        Column("added", _("Added")),
        Column("changed", _("Changed")),
        Column("gone", _("Gone")),
    ]
    showing.table(rows, columns, as_json=as_json)
    if dry_run and not as_json:
        showing.note(_("Dry run: nothing was changed."))


@tasks.command("show", help=_("One letter: where it stands, what changed since the edition before, its history."))
def show(number: Number, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.tasks.reading import view

    with opened() as work, work.sessions() as session:
        now = work.now()
        found = view(session, number, by=work.actor(session, by, now=now), now=now)
    if as_json:
        showing.print_json(vars(found))
        return
    line = found.line
    showing.say(f"{line.number} {line.unit_name}: {words.word('LETTER_STATES', line.state)}")
    columns = [
        Column("at", _("At")),
        Column("act", _("What"), lambda act: words.word("LETTER_ACTS", act)),
        Column("who", _("Who")),
        Column("on_behalf_of", _("For")),
    ]
    showing.table([vars(one) for one in found.history], columns)
    rows = [(what, row) for what in ("added", "changed", "gone") for row in found.content["changes"][what]]
    if rows:
        _show_changes([{**row, "what": what} for what, row in rows])


def _show_changes(rows: list[dict[str, Any]]) -> None:
    said = {"added": _("added"), "changed": _("changed"), "gone": _("gone")}
    columns = [
        Column("what", _("Change"), lambda what: said[what]),
        Column("category", _("Class")),
        Column("point_code", _("Point")),
        Column("point", _("Name")),
        Column("old", _("Before")),
        Column("new", _("After")),
    ]
    showing.table([{"old": "", "new": "", **row} for row in rows], columns)


@tasks.command("sign", help=_("Sign for a letter as a leader of its unit."))
def sign(number: Number, by: options.Who = None, dry_run: options.DryRun = False) -> None:
    from services.tasks.signing import sign as verb

    with opened() as work, work.sessions() as session:
        now = work.now()
        letter = verb(session, number, by=work.actor(session, by, now=now), now=now)
        showing.say(_("{number}: signed for.").format(number=letter.number))
        session.rollback() if dry_run else session.commit()
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@tasks.command(
    "chase", help=_("Remind units that have not signed, and tell those above; the daily digest does it too.")
)
def chase(dry_run: options.DryRun = False, as_json: options.AsJson = False) -> None:
    from services.tasks.chasing import chase as verb

    with opened() as work, work.sessions() as session:
        done = verb(session, now=work.now())
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json({**vars(done), "dry_run": dry_run})
        return
    said = _("{reminded} letters reminded of, {climbed} told to those above.")
    showing.say(said.format(**vars(done)))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))
