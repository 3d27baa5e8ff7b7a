"""`duban paper issue | notice | due | list | print`: numbered papers as Word files and pages to be printed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import options, showing, words
from cli.app import group
from cli.errors import NothingToWrite, NotWritable
from cli.issues import one_of
from cli.opening import Work, opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from sqlmodel import Session

    from services.papers.drafts import Issued
    from services.papers.stationery import Stationery

papers = group("paper", _("Papers: slips, notices and orders, numbered without gaps, to be printed."))
PaperNumber = Annotated[str, argument(_("The paper's number, such as 自交〔2026〕1号."), metavar="NUMBER")]
KINDS = (
    "assignment_slip, reminder_notice, supervision_order_1, supervision_order_2, supervision_order_3, interview_notice"
)


@papers.command("issue", help=_("Issue a paper of one kind for each issue. Asked again, it is the same paper."))
def issue(
    numbers: options.Numbers,
    kind: Annotated[str, option(_("One of: {kinds}.").format(kinds=KINDS), "--kind")],
    when: Annotated[str, option(_("When the interview is; otherwise filled in by hand."))] = "",
    place: Annotated[str, option(_("Where the interview is; otherwise filled in by hand."))] = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.paper import PaperKind
    from services import queries
    from services.papers.content import Interview
    from services.papers.issuing import issue_papers

    chosen = one_of(PaperKind, kind, field="kind")
    with opened() as work, work.sessions() as session:
        now = work.now()
        done = issue_papers(
            session,
            issue_ids=queries.ids_of(session, numbers),
            kind=chosen,
            by=work.actor(session, by, now=now),
            now=now,
            stationery=_stationery(work, session),
            interview=Interview(when, place),
        )
        rows = _rows(done, dry_run=dry_run)
        session.rollback() if dry_run else session.commit()
    _show_issued(rows, dry_run=dry_run, as_json=as_json)


@papers.command("notice", help=_("Issue the rectification notice of one round to one unit: all its open issues."))
def notice(
    number: Annotated[str, argument(_("The round, such as ZG-A-2026-0007."), metavar="ROUND")],
    unit: Annotated[str, option(_("The unit, such as D-CGJ."), "--unit")],
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.papers.notices import issue_notice

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor, stationery = work.actor(session, by, now=now), _stationery(work, session)
        done = issue_notice(session, round_number=number, unit_code=unit, by=actor, now=now, stationery=stationery)
        rows = _rows([done], dry_run=dry_run)
        session.rollback() if dry_run else session.commit()
    _show_issued(rows, dry_run=dry_run, as_json=as_json)


@papers.command("due", help=_("Papers that the ladder calls for and nobody has issued yet, oldest issue first."))
def due(
    office: Annotated[str | None, option(_("For this office to issue, such as 510302:office."))] = None,
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> None:
    from services.papers.due import due_papers

    with opened() as work, work.sessions() as session:
        found = [one for one in due_papers(session) if office in (None, one.office)]
    columns = [
        Column("kind", _("Kind"), lambda kind: words.word(words.THINGS, kind)),
        Column("number", _("Issue")),
        Column("step", _("Step")),
        Column("since", _("Since")),
        Column("unit", _("Unit")),
        Column("place", _("Place")),
        Column("office", _("Office")),
    ]
    showing.table([vars(one) for one in found[:limit]], columns, as_json=as_json, empty=_("No papers are due."))
    if len(found) > limit:
        showing.note(_("{n} more; see --limit.").format(n=len(found) - limit))


@papers.command("list", help=_("Issued papers, newest first."))
def list_papers(
    issue: Annotated[str | None, option(_("Of this issue."), metavar="ISSUE")] = None,
    unit: Annotated[str | None, option(_("To this unit."))] = None,
    kind: Annotated[str | None, option(_("Of this kind."))] = None,
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> None:
    from models.paper import PaperKind
    from services import queries
    from services.papers.reading import listing

    chosen = one_of(PaperKind, kind, field="kind") if kind else None
    with opened() as work, work.sessions() as session:
        key = queries.ids_of(session, [issue])[0] if issue else None
        lines = listing(session, issue_id=key, unit=unit, kind=chosen, limit=limit)
    columns = [
        Column("number", _("Number")),
        Column("kind", _("Kind"), lambda kind: words.word(words.THINGS, kind)),
        Column("about", _("Issue or round")),
        Column("step", _("Step")),
        Column("unit_code", _("Unit")),
        Column("issued_at", _("Issued")),
        Column("issued_by", _("By")),
    ]
    showing.table([vars(line) for line in lines], columns, as_json=as_json, empty=_("No papers."))


@papers.command("print", help=_("Write an issued paper as a Word file, as a page for the browser, or both."))
def print_paper(
    number: PaperNumber,
    word: Annotated[Path | None, option(_("The Word file to write (.docx)."), "--word")] = None,
    page: Annotated[
        Path | None, option(_("The page to write (.html), A4, for the browser to print."), "--page")
    ] = None,
    by: options.Who = None,
) -> None:
    from services.exports.paper_page import page_file
    from services.exports.paper_word import word_file
    from services.papers.reading import printable

    if word is None and page is None:
        raise NothingToWrite()
    with opened() as work, work.sessions() as session:
        found = printable(session, number, by=work.actor(session, by, now=work.now()))
        content = found.paper.content
        if word:
            _write(word, word_file(found.word.body, content, name=found.word.name))
        if page:
            _write(page, page_file(found.page.body, content, name=found.page.name).encode())


def _stationery(work: Work, session: "Session") -> "Stationery":
    """The city's own templates and forms of numbers."""
    from services.papers.stationery import stationery_in_force

    return stationery_in_force(session, otherwise=work.settings.city_pack / "papers")


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise NotWritable(file=path, why=error.strerror or error) from error
    showing.say(str(path))


def _rows(done: "list[Issued]", *, dry_run: bool) -> list[dict[str, Any]]:
    return [
        {
            "number": one.paper.number,
            "kind": one.paper.kind,
            "unit_code": one.paper.unit_code,
            "repeated": one.repeated,
            "dry_run": dry_run,
        }
        for one in done
    ]


def _show_issued(rows: list[dict[str, Any]], *, dry_run: bool, as_json: bool) -> None:
    columns = [
        Column("number", _("Number")),
        Column("kind", _("Kind"), lambda kind: words.word(words.THINGS, kind)),
        Column("unit_code", _("Unit")),
        Column("repeated", _("Issued before")),
    ]
    showing.table(rows, columns, as_json=as_json)
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))
