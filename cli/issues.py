"""`duban issue find | list | show`: report a problem, look for issues, look at one."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import acting, issue_page, options, photos, showing, words
from cli.app import group
from cli.errors import NotWritable
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from models.errors import WrongValue
from models.lifecycle import State
from runtime.i18n import gettext as _

issues = group("issue", _("Issues: found problems, from report to close-out."))

SHA256 = re.compile(r"[0-9a-f]{4,64}")


@issues.command("find", help=_("Report a problem that was found. A point or an area says where."))
def find(
    description: Annotated[str, argument(_("What is wrong, in a few words."))],
    point: Annotated[str | None, option(_("The point, such as P-0001."))] = None,
    area: Annotated[str | None, option(_("The area, where there is no point."))] = None,
    standard: Annotated[str | None, option(_("The standard, such as 12-03."))] = None,
    severity: Annotated[str | None, option(_("S1–S6; otherwise the standard's."))] = None,
    source: Annotated[str, typer.Option(help=_("How it came to light."))] = "self_check",
    level: Annotated[str, typer.Option(help=_("Who found it: central, province, city, district, …"))] = "city",
    address: Annotated[str, option(_("Where exactly."))] = "",
    key: Annotated[str | None, option(_("A key that makes a repetition harmless."))] = None,
    photo: options.Photos = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.issue import FoundLevel, Source
    from services.findings import Finding
    from services.findings import find as report

    given = photos.read(photo, kind="before")
    finding = Finding(
        description,
        source=one_of(Source, source, field="source"),
        found_level=one_of(FoundLevel, level, field="level"),
        point=point,
        area=area,
        standard=standard,
        severity=severity.upper() if severity else None,
        address=address,
        key=key,
        evidence=tuple(one.piece for one in given),
    )
    with opened() as work, work.sessions() as session:
        now = work.now()
        outcomes = report(session, findings=[finding], by=work.actor(session, by, now=now), now=now)
        acting.finish(work, session, given=given, dry_run=dry_run)
    acting.report(outcomes, dry_run=dry_run, as_json=as_json)


def one_of(kind: Any, written: str, *, field: str) -> Any:
    """The value of a list that was written. Raises WrongValue that names all of them."""
    try:
        return kind(written.strip().lower().replace("-", "_"))
    except ValueError:
        raise WrongValue(field=field, value=written, expected=", ".join(one.value for one in kind)) from None


@issues.command("list", help=_("Issues, newest first, by any mix of filters. --text searches description and place."))
def list_issues(
    state: Annotated[list[State] | None, option(_("In this state; may be repeated."))] = None,
    open_only: Annotated[bool, option(_("Not closed and not void."), "--open")] = False,
    overdue: Annotated[bool, option(_("Past the deadline."), "--overdue")] = False,
    unit: Annotated[str | None, option(_("Of this unit."))] = None,
    area: Annotated[str | None, option(_("In this area and below."))] = None,
    point: Annotated[str | None, option(_("At this point."))] = None,
    severity: Annotated[list[str] | None, option(_("S1–S6; may be repeated."))] = None,
    step: Annotated[str | None, option(_("That took this step, E0–E8."))] = None,
    text: Annotated[str, option(_("With these words."), "--text", "-t")] = "",
    number: Annotated[str, option(_("With this in the number."))] = "",
    set_aside: Annotated[bool, option(_("That a round had to set aside."), "--set-aside")] = False,
    after: Annotated[str | None, option(_("Go on after this issue."))] = None,
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> None:
    from services import queries, rulebook
    from services.filters import Wanted

    wanted = Wanted(
        states=tuple(state or ()),
        open_only=open_only,
        overdue=overdue,
        unit=unit,
        area=area,
        point=point,
        severities=tuple(one.upper() for one in severity or ()),
        step=step,
        text=text,
        number=number,
        set_aside=set_aside,
    )
    with opened() as work, work.sessions() as session:
        for code in wanted.severities:
            rulebook.rules(session, rulebook.the_city(session).rule_set_code or "").severity(code)
        start = queries.ids_of(session, [after])[0] if after else None
        page = queries.listing(session, wanted=wanted, now=work.now(), after=start, limit=limit)
    showing.table([_row(line) for line in page.lines], _columns(), as_json=as_json, empty=_("No such issues."))
    if page.after is not None and not as_json:
        showing.note(_("There is more: add --after {number}.").format(number=page.lines[-1].number))


def _row(line: Any) -> dict[str, Any]:
    return dict(vars(line))


def _columns() -> list[Column]:
    return [
        Column("number", _("Number")),
        Column("state", _("State"), lambda state: words.word(words.STATES, state)),
        Column("severity", _("Severity")),
        Column("due_at", _("Due")),
        Column("overdue", _("Overdue"), lambda overdue: _("yes") if overdue else ""),
        Column("step", _("Step"), lambda step: f"E{step}" if step is not None and step >= 0 else ""),
        Column("unit_name", _("Unit")),
        Column("point_name", _("Point")),
        Column("description", _("Problem"), lambda text: showing.plain(text)[:40]),
    ]


@issues.command("show", help=_("One issue with its dates, events, evidence, requests and orders."))
def show(number: options.OneNumber, as_json: options.AsJson = False) -> None:
    from services import queries, rulebook

    with opened() as work, work.sessions() as session:
        found = queries.detail(session, queries.ids_of(session, [number])[0], now=work.now())
        rules = rulebook.rules(session, found.issue.rule_set_code) if found.issue.rule_set_code else None
    if as_json:
        showing.print_json(issue_page.as_mapping(found))
        return
    issue_page.show(found, rules=rules)


@issues.command(
    "photo", help=_("Write a piece of evidence of an issue into a file. Named by its SHA-256 or its start.")
)
def photo(
    number: options.OneNumber,
    sha256: Annotated[str, argument(_("The SHA-256, or how it starts."))],
    to: Annotated[Path, argument(_("The file to write."))],
) -> None:
    from models.errors import NotFound
    from services import evidence, queries

    if not SHA256.fullmatch(sha256.lower()):
        raise WrongValue(field="sha256", value=sha256, expected=_("its first digits, four at least"))
    with opened() as work, work.sessions() as session:
        found = queries.detail(session, queries.ids_of(session, [number])[0], now=work.now())
        match = next((one.sha256 for one in found.evidence if one.sha256.startswith(sha256.lower())), None)
        if match is None:
            raise NotFound(what="evidence", code=sha256)
        data = evidence.read(work.settings.evidence, match)
        try:
            to.write_bytes(data)
        except OSError as error:
            raise NotWritable(file=to, why=error.strerror or error) from error
    showing.say(str(to))
