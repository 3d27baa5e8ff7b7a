"""`duban audit redraw | publish | dispatch | recheck | decide | sheets | feedback`: steering a round of inspection."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import options, showing, times
from cli.audit import RoundNumber, audits
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from services.audit_redraw import Redraw

DIFFERENT = 1


@audits.command("redraw", help=_("Repeat the draw from the frozen frame and the seed: same or different."))
def redraw(number: RoundNumber, as_json: options.AsJson = False) -> None:
    from services import audit_redraw
    from services.audit_progress import round_by_number

    with opened() as work, work.sessions() as session:
        found = audit_redraw.redraw(session, round_by_number(session, number))
    if as_json:
        rows = {name: [vars(one) for one in getattr(found, name)] for name in ("frame", "strata")}
        showing.print_json({**vars(found), **rows, "same": found.is_same})
    else:
        _show_redraw(found)
    if not found.is_same:
        raise typer.Exit(DIFFERENT)


def _show_redraw(found: "Redraw") -> None:
    words = {
        "same": _("the same points"),
        "different": _("DIFFERENT points"),
        "altered": _("the frame is ALTERED: its hash is not that of the draw"),
        "chosen": _("chosen, not drawn"),
    }
    showing.card(
        [
            (_("Round"), found.number),
            (_("Draw"), words[found.outcome]),
            (_("Seed"), found.seed),
            (_("Points"), len(found.drawn)),
            (_("Frame"), len(found.frame)),
            ("SHA-256", found.frame_sha256),
        ]
    )
    rows = [{"point": point, "what": _("drawn then, not now")} for point in found.missing]
    rows += [{"point": point, "what": _("drawn now, not then")} for point in found.extra]
    if rows:
        showing.table(rows, [Column("point", _("Point")), Column("what", _("Difference"))])
    if not found.from_frame and found.outcome != "chosen":
        showing.note(_("This round is from before frames were kept: the points of today were drawn from."))


@audits.command("publish", help=_("Publish a round that was held back: what is not met becomes issues."))
def publish(
    number: RoundNumber,
    why: Annotated[str, option(_("Why, though sheets of the re-check are open."))] = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.audit_publishing import publish as service

    with opened() as work, work.sessions() as session:
        now = work.now()
        done = service(session, number, by=work.actor(session, by, now=now), now=now, why=why)
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json({**vars(done), "dry_run": dry_run})
        return
    said = _("{number} is published; {n} issues came of it.").format(number=number, n=len(done.issues))
    showing.say(said)
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@audits.command("dispatch", help=_("Hand the issues of a round to their units, each unit with one notice."))
def dispatch(
    number: RoundNumber, by: options.Who = None, dry_run: options.DryRun = False, as_json: options.AsJson = False
) -> None:
    from runtime.i18n import say
    from services.audit_dispatch import dispatch as service
    from services.papers.stationery import stationery_in_force

    with opened() as work, work.sessions() as session:
        now = work.now()
        stationery = stationery_in_force(session, otherwise=work.settings.city_pack / "papers")
        done = service(session, number, by=work.actor(session, by, now=now), now=now, stationery=stationery)
        session.rollback() if dry_run else session.commit()
    left = [{"what": one.what, "why": say(one.error)} for one in done.left]
    if as_json:
        showing.print_json({"assigned": done.assigned, "notices": done.notices, "left": left, "dry_run": dry_run})
        return
    showing.say(_("{n} issues were handed over.").format(n=done.assigned))
    rows = [{"unit": unit, "number": paper} for unit, paper in done.notices.items()]
    showing.table(rows, [Column("unit", _("Unit")), Column("number", _("Notice"))], empty=_("No notices."))
    if left:
        showing.table(left, [Column("what", _("Not handed over")), Column("why", _("Why"))])
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@audits.command("recheck", help=_("Have a drawn share of the full sheets done again by other inspectors."))
def recheck(
    number: RoundNumber,
    share: Annotated[int, option(_("How many per cent."), "--share")],
    inspector: Annotated[list[str], option(_("Who looks again; may be repeated."), "--inspector")],
    seed: Annotated[int, option(_("The seed of the draw."), "--seed")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.audit_rechecks import draw_again

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        drawn = draw_again(session, number, share=share, seed=seed, inspectors=inspector, by=actor, now=now)
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json({"number": number, "drawn": drawn, "dry_run": dry_run})
        return
    showing.say(_("{n} sheets are to be done again.").format(n=drawn))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@audits.command("differences", help=_("Where two looks at one standard differ, and how often they agree."))
def differences(number: RoundNumber, as_json: options.AsJson = False) -> None:
    from services import audit_differences as looks
    from services.audit_progress import round_by_number

    with opened() as work, work.sessions() as session:
        round_ = round_by_number(session, number)
        rows = [vars(one) for one in looks.differences(session, round_)]
        whole = looks.agreements(session, round_).whole
    columns = [
        Column("first_id", _("No. of the look")),
        Column("point", _("Point")),
        Column("standard", _("Standard")),
        Column("first", _("First look")),
        Column("second", _("Second look")),
        Column("chosen", _("Decided")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("No differences."))
    if whole and not as_json:
        said = _("{same} of {compared} results agree.").format(same=whole.same, compared=whole.compared)
        showing.note(said)


@audits.command("decide", help=_("Say which of two looks counts, with a reason."))
def decide(
    number: RoundNumber,
    first: Annotated[int, argument(_("The look, as `duban audit differences` numbers it."))],
    look: Annotated[str, argument(_("first or second."))],
    why: Annotated[str, option(_("Why."), "--why")],
    by: options.Who = None,
) -> None:
    from services import audit_differences as looks

    chosen = one_of(looks.Look, look, field="look")
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        looks.decide(session, number, first_id=first, look=chosen, by=actor, now=now, why=why)
        session.commit()
    showing.say(_("It is on record."))


@audits.command("sheets", help=_("Write the sheets of a round as a workbook, to be filled without a network."))
def sheets(
    number: RoundNumber,
    file: Annotated[Path, argument(_("The workbook to write."))],
    by: options.Who = None,
) -> None:
    from runtime.i18n import language
    from services.audit_view import must_see_round
    from services.exports.audit_sheets import export_sheets

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        round_ = must_see_round(session, actor, number)
        rows = export_sheets(session, file, round_, by=actor, lang=language())
    showing.say(_("{n} rows were written to {file}.").format(n=rows, file=file))


@audits.command("feedback", help=_("Bring in a superior's feedback out of a Word file or a workbook."))
def feedback(
    file: Annotated[Path, argument(_("The .docx or .xlsx file."))],
    level: Annotated[str, option(_("province or central."), "--level")],
    area: Annotated[str | None, option(_("About which place; otherwise the city."), "--area")] = None,
    on: Annotated[str | None, option(_("The day; otherwise today."), "--on")] = None,
    known: Annotated[str, option(_("What is open here already: link or new."), "--known")] = "link",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.issue import FoundLevel
    from services.imports import feedback as service
    from services.people import city_day
    from services.rulebook import the_city

    chosen = one_of(FoundLevel, level, field="level"), one_of(service.Known, known, field="known")
    path = showing.existing(file)
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        day = times.read_day(on, field="on") if on else city_day(session, now)
        order = service.FeedbackOrder(chosen[0], area or the_city(session).code, day, chosen[1])
        planned = service.plan(session, path, order, by=actor, now=now)
        done = service.apply(session, planned, order, by=actor, now=now)
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json({**vars(done), "dry_run": dry_run})
        return
    said = _("{number}: {n} new issues, {linked} that were open already.")
    showing.say(said.format(number=done.number, n=len(done.issues), linked=len(done.linked)))
    for one in planned.known:
        showing.note(f"{one.place} {one.row}: {one.description} → {one.known}")
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))
