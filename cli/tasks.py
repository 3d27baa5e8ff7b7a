"""`duban tasks coverage | progress | table`: who answers for what in a year. Letters are in task_letters.py."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from cli import options, showing, times
from cli.app import group
from cli.errors import NotWritable
from cli.exits import Exit
from cli.issues import one_of
from cli.opening import Work, opened
from cli.options import argument, option
from cli.showing import Column
from models.errors import WrongValue
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from sqlmodel import Session

    from services.tasks.settings import TaskSettings

tasks = group("tasks", _("Task decomposition: coverage, progress, letters to units. `duban import tasks` takes it in."))
Year = Annotated[
    int | None, option(_("The year; otherwise the newest that has a table."), "--year", min=2000, max=2100)
]
Area = Annotated[str, option(_("In this area and below."))]


@tasks.command("coverage", help=_("What the table lacks: standards without a unit, points without one or a person."))
def coverage(
    year: Year = None,
    area: Area = "",
    gap: Annotated[str, option(_("List them: no_unit, no_person, person_gone or standard."))] = "",
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> int:
    from services.people import city_day
    from services.tasks.coverage import Gap, holes
    from services.tasks.coverage import coverage as counted

    chosen = one_of(Gap, gap, field="gap") if gap else None
    with opened() as work, work.sessions() as session:
        given: dict[str, Any] = {
            "year": year_of(work, session, year),
            "today": city_day(session, work.now()),
            "lang": language(),
            "area": area,
        }
        if chosen:
            _show_holes(holes(session, chosen, limit=limit, **given), as_json=as_json)
            return Exit.DONE
        found = counted(session, **given)
    if as_json:
        showing.print_json({"year": given["year"], **vars(found)})
    else:
        _show_coverage(found)
    return Exit.DONE if found.all.is_whole else Exit.FOUND


def _show_coverage(found: Any) -> None:
    counts = [
        Column("points", _("Open points")),
        Column("no_unit", _("Points without a row")),
        Column("no_person", _("Points without a person")),
        Column("person_gone", _("Person holds no post")),
    ]
    standards = [Column("standards", _("Standards")), Column("standard", _("Standards without a unit"))]
    whole = {**vars(found.all), "code": "", "name": _("Total")}
    showing.table(
        [*map(vars, found.classes), whole], [Column("code", _("Class")), Column("name", _("Name")), *counts, *standards]
    )
    showing.table([vars(one) for one in found.places], [Column("code", _("Place")), Column("name", _("Name")), *counts])


def _show_holes(found: Any, *, as_json: bool) -> None:
    columns = [
        Column("code", _("Code")),
        Column("name", _("Name")),
        Column("category", _("Class")),
        Column("place", _("Place")),
        Column("unit", _("Unit")),
        Column("person", _("Person")),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json, empty=_("Nothing is missing."))


@tasks.command("progress", help=_("How far each class, unit or campaign is: points, inspected, open, closed, on time."))
def progress(
    by: Annotated[str, option(_("Rows: class, unit or tag."))] = "class",
    year: Year = None,
    start: Annotated[str, option(_("From this day; otherwise from the year's first."), "--from")] = "",
    end: Annotated[str, option(_("Until this day; otherwise until the year's last."), "--to")] = "",
    tag: Annotated[str, option(_("Only what carries this tag."))] = "",
    area: Area = "",
    round_: Annotated[str, option(_("Count points inspected in this audit."), "--round")] = "",
    as_json: options.AsJson = False,
) -> None:
    from services.rulebook import the_city
    from services.tasks.progress import Asked, By
    from services.tasks.progress import progress as counted

    chosen = one_of(By, by, field="by")
    with opened() as work, work.sessions() as session:
        wanted, zone = year_of(work, session, year), ZoneInfo(the_city(session).timezone)
        first = times.read_day(start, field="from") if start else date(wanted, 1, 1)
        last = times.read_day(end, field="to") if end else date(wanted, 12, 31)
        if last < first:
            raise WrongValue(field="to", value=last, expected=f"≥ {first}")
        asked = Asked(
            year=wanted,
            start=datetime.combine(first, time(), zone),
            end=datetime.combine(last + timedelta(days=1), time(), zone),
            area=area,
            tag=tag,
            round=round_,
        )
        settings = settings_of(work, session)
        rows = counted(session, asked, by=chosen, settings=settings, now=work.now(), lang=language())
    columns = [
        Column("code", _("Code")),
        Column("name", _("Name")),
        Column("points", _("Points")),
        Column("inspected", _("Inspected")),
        Column("open", _("Open issues")),
        Column("overdue", _("Overdue")),
        Column("closed", _("Closed")),
        Column("on_time", _("of them on time")),
    ]
    showing.table([vars(row) for row in rows], columns, as_json=as_json, empty=_("Nothing to show."))


@tasks.command("table", help=_("Write a year's table as a workbook that `duban import tasks` reads again."))
def table(
    file: Annotated[Path, argument(_("The file to write."), metavar="FILE")],
    year: Year = None,
    by: options.Who = None,
) -> None:
    from services.tasks.table_file import write_table

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        try:
            n = write_table(session, file, year=year_of(work, session, year), lang=language(), by=actor)
        except OSError as error:
            raise NotWritable(file=file, why=error.strerror or error) from error
    showing.say(_("{n} rows written to {file}.").format(n=n, file=file))


def year_of(work: Work, session: "Session", year: int | None) -> int:
    """The year named; else the newest that has a table and has begun."""
    from services.people import city_day
    from services.tasks.table import years

    this = city_day(session, work.now()).year
    return year or max((one.year for one in years(session) if one.year <= this), default=this)


def settings_of(work: Work, session: "Session") -> "TaskSettings":
    from services.tasks.settings import settings_in_force

    return settings_in_force(session, otherwise=work.settings.city_pack)
