"""`duban ranking list | show | what-if | draft | export`: units' places by month. Approving is done on the page."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import options, showing, times, words
from cli.app import group
from cli.exchange import Target, writable
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from models.errors import WrongValue
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from models.permissions import Right
    from services.ranking.view import MonthView

ranking = group("ranking", _("Units' places by month. A draft is approved and published on its page, by a person."))
AMonth = Annotated[str, argument(_("The month, such as 2026-11."))]
Area = Annotated[str, option(_("The ranking of this area; otherwise the city's."), "--area")]
Draft = Annotated[bool, option(_("The draft that is under way, before what was published."), "--draft")]
ENDINGS = (".xlsx", ".csv")
KEPT = ("group", "rank", "of", "code", "name", "cases", "overdue", "moved", "why")
FIGURES = ("score", "low", "high")
RATES = ("disposal", "on_time")


def _standing(code: str) -> str:
    """Where a month stands on its way to publication."""
    said = {
        "live": _("Live figures"),
        "draft": _("Draft, open to appeals"),
        "approved": _("Approved, not published"),
        "published": _("Published"),
    }
    return said.get(code, code)


def _why(code: str) -> str:
    """Why a unit has no place."""
    from models.ranking_terms import WITHOUT_PLACE
    from models.scoring.terms import NO_PLACES
    from models.terms import term

    return term({**NO_PLACES, **WITHOUT_PLACE}, code, language())


@ranking.command("list", help=_("The months: live, drafted, approved or published; the newest first."))
def every(area: Area = "", by: options.Who = None, as_json: options.AsJson = False) -> None:
    from models.permissions import Right, must_hold
    from services.ranking import view
    from services.rulebook import the_city

    with opened() as work, work.sessions() as session:
        now, city = work.now(), the_city(session).code
        must_hold(work.actor(session, by, now=now), Right.SEE_BOARDS, city=city)
        found = view.months(session, now=now, area_code=area or city)
    rows = [{**vars(one), "month": str(one.month), "standing": one.standing.value} for one in found]
    columns = [
        Column("month", _("Month")),
        Column("standing", _("State"), lambda one: _standing(one)),
        Column("edition", _("Edition")),
        Column("published_at", _("Published")),
        Column("until", _("Appeals until")),
    ]
    showing.table(rows, columns, as_json=as_json)


@ranking.command("show", help=_("One month: each unit's place in its group, and its rates with their bounds."))
def show(
    month: AMonth,
    area: Area = "",
    in_group: Annotated[str, option(_("Of this ranking group alone."), "--group")] = "",
    draft: Draft = False,
    every_unit: Annotated[bool, option(_("Units without a place too."), "--all")] = False,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    view = _view(month, area=area, draft=draft, by=by)
    rows = [row for row in _rows(view) if (every_unit or row["rank"] is not None) and in_group in ("", row["group"])]
    if not as_json:
        standing = _standing(view.standing.value)
        said = _("{area} {month}: {standing}; formula {version}.")
        showing.say(said.format(area=view.area_name, month=month, standing=standing, version=view.table.formula))
    showing.table(rows, _columns(), as_json=as_json, empty=_("No unit has a place in this month."))


def _view(month: str, *, area: str, draft: bool, by: str | None, right: "Right | None" = None) -> "MonthView":
    """Raises WrongValue, NotFound, ActionNotAllowed."""
    from models.permissions import must_hold
    from services.ranking.months import Month
    from services.ranking.view import month_view
    from services.rulebook import the_city

    which = Month.parse(month)
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        if right:
            must_hold(actor, right, city=the_city(session).code)
        return month_view(session, which, reader=actor, now=now, area_code=area, draft=draft)


def _rows(view: "MonthView") -> Iterator[dict[str, Any]]:
    """Figures as texts, with all their places, as they are published."""
    for row in view.table.rows:
        yield {
            **{name: getattr(row, name) for name in KEPT},
            **{name: _text(getattr(row, name)) for name in FIGURES},
            **{name: _text(row.rates.get(name)) for name in RATES},
            "list": row.listed,
            "black_lists_in_a_row": row.in_a_row,
        }


def _columns() -> list[Column]:
    return [
        Column("group", _("Group"), lambda one: words.word(words.RANKING_GROUPS, one)),
        Column("rank", _("Place")),
        Column("of", _("Of")),
        Column("name", _("Unit")),
        Column("score", _("Score")),
        Column("disposal", _("Rectified %")),
        Column("low", _("From")),
        Column("high", _("To")),
        Column("on_time", _("On time %")),
        Column("cases", _("Cases")),
        Column("overdue", _("Overdue")),
        Column("list", _("List"), lambda one: words.word(words.LISTS, one) if one else ""),
    ]


@ranking.command("what-if", help=_("Which open issues would lift a unit in the month that runs, the best first."))
def what_if(
    unit: Annotated[str, argument(_("The unit, by its code."))],
    area: Area = "",
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from models.errors import NotFound
    from services.people import city_day
    from services.ranking import moves
    from services.ranking.months import Month
    from services.ranking.seeing import must_see_unit
    from services.rulebook import the_city

    with opened() as work, work.sessions() as session:
        now = work.now()
        must_see_unit(session, work.actor(session, by, now=now), unit)
        month = Month.of(city_day(session, now))
        found = moves.what_if(session, unit, month=month, area_code=area or the_city(session).code, now=now)
    if found is None:
        raise NotFound(what="unit", code=unit)
    steps = [{**vars(one), "score": _text(one.score), "score_after": _text(one.score_after)} for one in found.steps]
    ways = [
        {"rank": way.rank, "issues": None if way.issues is None else [one for one, _said in way.issues]}
        for way in found.ways
    ]
    if as_json:
        showing.print_json({"rank": found.rank, "of": found.of, "why": found.why, "steps": steps, "ways": ways})
        return
    _tell_place(found.rank, found.of, found.why)
    for way in ways:
        _tell_way(way)
    columns = [
        Column("number", _("Issue")),
        Column("description", _("Problem")),
        Column("rank_after", _("Place then")),
        Column("score_after", _("Score then")),
        Column("due_at", _("Deadline")),
    ]
    showing.table(steps, columns, empty=_("No open issue would lift it."))


def _text(figure: Any) -> str | None:
    return None if figure is None else str(figure)


def _tell_place(rank: int | None, of: int, why: str) -> None:
    if rank is None:
        showing.say(_("Without a place: {why}.").format(why=_why(why)))
    else:
        showing.say(_("Place {rank} of {of} now.").format(rank=rank, of=of))


def _tell_way(way: dict[str, Any]) -> None:
    if way["issues"] is None:
        showing.say(_("Place {rank}: not even with all of them closed.").format(rank=way["rank"]))
    else:
        showing.say(_("Place {rank}: close {issues}.").format(rank=way["rank"], issues=", ".join(way["issues"])))


@ranking.command("draft", help=_("Write the draft of a month that is over, and tell the units until when to appeal."))
def draft(
    month: AMonth,
    area: Area = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.ranking import drafting
    from services.ranking.months import Month
    from services.rulebook import the_city

    which = Month.parse(month)
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        row = drafting.draft(session, month=which, area_code=area or the_city(session).code, by=actor, now=now)
        told = {
            "month": month,
            "area": row.area_code,
            "edition": row.edition,
            "state": row.state.value,
            "appeals_until": row.content["appeals_until"],
            "dry_run": dry_run,
        }
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json(told)
        return
    standing = _standing(str(told["state"]))
    said = _("{month}, edition {edition}: {standing}; appeals until {until}.")
    until = times.shown(datetime.fromisoformat(told["appeals_until"]))
    showing.say(said.format(month=month, edition=told["edition"], standing=standing, until=until))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@ranking.command("export", help=_("A month as a workbook (.xlsx) or as CSV (.csv), as its file is called."))
def export(month: AMonth, file: Target, area: Area = "", draft: Draft = False, by: options.Who = None) -> None:
    from models.permissions import Right
    from services.exports import ranking_book, ranking_csv

    ending = Path(file).suffix.lower()
    if ending not in ENDINGS:
        raise WrongValue(field="file", value=file, expected=", ".join(ENDINGS))
    view = _view(month, area=area, draft=draft, by=by, right=Right.EXPORT)
    with writable(Path(file)) as part:
        (ranking_csv if ending == ".csv" else ranking_book).write(view.table, part, lang=language())
    showing.say(_("{n} rows written to {file}.").format(n=len(view.table.rows), file=file))
