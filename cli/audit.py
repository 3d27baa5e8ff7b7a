"""`duban audit start | show | list | record | results`: rounds of inspection, from the draw to the findings.

Steering a round (`redraw`, `publish`, `dispatch`, `recheck`, `feedback`) is in cli/audit_steering.py.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import options, showing, times, words
from cli.app import group
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from models.errors import WrongValue
from runtime.i18n import gettext as _

audits = group("audit", _("Audits: points are drawn, inspectors get sheets, what is not met becomes an issue."))
RoundNumber = Annotated[str, argument(_("The round, such as ZG-A-2026-0007."))]


@audits.command("start", help=_("Draw points and tell the inspectors. The same seed repeats the draw."))
def start(
    area: Annotated[str, option(_("Where: an area and all below it."), "--area")],
    points: Annotated[int, option(_("How many points."), "--points")],
    inspector: Annotated[list[str], option(_("Who goes; may be repeated."), "--inspector")],
    seed: Annotated[int, option(_("The seed of the draw."), "--seed")],
    kind: Annotated[
        str, typer.Option(help=_("announced, covert, mock_evaluation, special, look_back or superior_feedback."))
    ] = "covert",
    category: Annotated[list[str] | None, option(_("Only this category; may be repeated."))] = None,
    on: Annotated[str | None, option(_("The day; otherwise today."), "--on")] = None,
    held: Annotated[bool, option(_("Hold the results back until it is published."), "--held")] = False,
    key: Annotated[str | None, option(_("A key that makes a repetition harmless."))] = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.audit import RoundKind
    from services import audits as rounds
    from services.people import city_day

    chosen = one_of(RoundKind, kind, field="kind")
    with opened() as work, work.sessions() as session:
        now = work.now()
        order = rounds.AuditOrder(
            kind=chosen,
            area_code=area,
            points=points,
            seed=seed,
            inspectors=tuple(inspector),
            on_date=times.read_day(on, field="on") if on else city_day(session, now),
            requested_by=work.who(by),
            categories=tuple(category or ()),
            key=key,
            held=held,
        )
        started = rounds.start(session, order, now=now)
        session.rollback() if dry_run else session.commit()
    _show_started(started, dry_run=dry_run, as_json=as_json)


def _show_started(started: Any, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        showing.print_json({**vars(started), "drawn": started.drawn, "dry_run": dry_run})
        return
    said = _("{number}: {drawn} of {available} points drawn for {n} inspector(s).")
    facts = {"number": started.number, "drawn": started.drawn, "available": started.available}
    showing.say(said.format(**facts, n=len(started.sheets)))
    if started.is_short:
        showing.note(_("Only {drawn} points are there; {wanted} were wanted.").format(**facts, wanted=started.wanted))
    rows = [{"inspector": who, "points": list(points)} for who, points in started.sheets.items()]
    showing.table(rows, [Column("inspector", _("Inspector")), Column("points", _("Points"))])
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@audits.command("list", help=_("Rounds, newest first."))
def list_rounds(limit: options.Limit = 50, as_json: options.AsJson = False) -> None:
    from sqlmodel import col, select

    from models.audit import Round

    with opened() as work, work.sessions() as session:
        found = session.exec(select(Round).order_by(col(Round.id).desc()).limit(limit)).all()
    columns = [
        Column("number", _("Round")),
        Column("kind", _("Kind"), lambda kind: words.word(words.SOURCES, kind)),
        Column("area_code", _("Area")),
        Column("on_date", _("Day")),
        Column("wanted", _("Points")),
        Column("seed", _("Seed")),
        Column("finished_at", _("Finished")),
    ]
    showing.table([one.model_dump() for one in found], columns, as_json=as_json, empty=_("No rounds."))


@audits.command("show", help=_("How far a round has come, its sheets, and whether the draw repeats."))
def show(number: RoundNumber, as_json: options.AsJson = False) -> None:
    from services.audit_progress import progress, round_by_number
    from services.audits import sheets_of

    with opened() as work, work.sessions() as session:
        seen = progress(session, number)
        sheets = sheets_of(session, round_by_number(session, number).id or 0)
    if as_json:
        showing.print_json({**vars(seen), "compliance_rate": seen.compliance_rate, "sheets_of": sheets})
        return
    rate = seen.compliance_rate
    showing.card(
        [
            (_("Round"), seen.number),
            (_("Kind"), words.word(words.SOURCES, seen.kind)),
            (_("Sheets filled"), f"{seen.filled}/{seen.sheets}"),
            (_("Met"), seen.met),
            (_("Not met"), seen.not_met),
            (_("Not applicable"), seen.not_applicable),
            (_("Issues"), seen.issues),
            (_("Compliance rate"), f"{100 * rate:.2f}%" if rate is not None else "–"),
            (_("Draw repeats"), seen.draw_repeats),
        ]
    )
    rows = [{"inspector": who, "points": list(points)} for who, points in sheets.items()]
    showing.table(rows, [Column("inspector", _("Inspector")), Column("points", _("Points"))])


@audits.command("record", help=_("Record what was seen on one sheet, such as: 12-01=met 12-02=not_met."))
def record(
    number: RoundNumber,
    point: Annotated[str, option(_("The sheet's point."), "--point")],
    seen: Annotated[list[str], argument(_("STANDARD=met, not_met or not_applicable."))],
    note: Annotated[str, option(_("What was seen, for what is not met; why it is not applicable."))] = "",
    inspector: Annotated[str | None, option(_("Whose sheet; otherwise of who acts."))] = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services import audit_results

    observations = [_seen(one, note) for one in seen]
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        sheet = _sheet(session, number, point, inspector or actor.code)
        done = audit_results.record(session, sheet_id=sheet, by=actor, now=now, observations=observations)
        session.rollback() if dry_run else session.commit()
    _show_recorded([done], dry_run=dry_run, as_json=as_json)


def _seen(written: str, note: str) -> Any:
    from models.audit import Result
    from services.audit_results import Seen

    standard, equals, result = written.partition("=")
    if not equals:
        raise WrongValue(field="seen", value=written, expected="12-01=met")
    kind = one_of(Result, result, field="result")
    return Seen(standard.strip(), kind, "" if kind is Result.MET else note)


def _sheet(session: Any, number: str, point: str, inspector: str) -> int:
    """Raises NotFound where nobody has such a sheet."""
    from sqlmodel import select

    from models.audit import Sheet
    from models.errors import NotFound
    from services.audit_progress import round_by_number

    round_id = round_by_number(session, number).id
    query = select(Sheet.id).where(Sheet.round_id == round_id, Sheet.point_code == point, Sheet.inspector == inspector)
    found = session.exec(query).first()
    if found is None:
        raise NotFound(what="sheet", code=f"{number} {point} {inspector}")
    return int(found)


@audits.command(
    "results", help=_("Take in a file of results: the workbook of `duban audit sheets`, or a CSV with its columns.")
)
def results(
    file: Annotated[Path, argument(_("The workbook or CSV file."))],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.audit_files import read_results, take_in
    from services.imports.audit_sheets import read_sheets

    path = showing.existing(file)
    rows = read_sheets(path) if path.suffix.lower() == ".xlsx" else read_results(path)
    with opened() as work, work.sessions() as session:
        now = work.now()
        done = take_in(session, rows, file=file.name, by=work.actor(session, by, now=now), now=now)
        session.rollback() if dry_run else session.commit()
    _show_recorded(done, dry_run=dry_run, as_json=as_json)


def _show_recorded(done: list[Any], *, dry_run: bool, as_json: bool) -> None:
    numbers = [number for one in done for number in one.issues]
    if as_json:
        total = {name: sum(getattr(one, name) for one in done) for name in ("written", "repeated")}
        showing.print_json({**total, "issues": numbers, "dry_run": dry_run})
        return
    said = _("{written} results written, {repeated} were there; {n} new issues: {numbers}")
    counts = {"written": sum(one.written for one in done), "repeated": sum(one.repeated for one in done)}
    showing.say(said.format(**counts, n=len(numbers), numbers=", ".join(numbers) or "–"))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))
