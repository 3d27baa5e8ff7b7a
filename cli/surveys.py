"""`duban surveys forms | start | list | show | export`: a sampled survey with its public form."""

from pathlib import Path
from typing import Annotated, Any

from cli import options, showing, times
from cli.app import group
from cli.exchange import Target, writable
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language

surveys = group("surveys", _("Surveys of households, field raters, and the public by QR code."))
Code = Annotated[str, argument(_("The survey, such as ZG-Q-2026-001."))]
Area = Annotated[str | None, option(_("Of this area within the survey's; otherwise the widest that you may see."))]
Interviewer = Annotated[list[str], option(_("Who goes. May be repeated."), "--interviewer")]
Title = Annotated[str, option(_("What it is called."))]
Where = Annotated[str, option(_("The area whose communities are drawn."), "--area")]
First = Annotated[str, option(_("First day."), "--from")]
Last = Annotated[str, option(_("Last day."), "--to")]
Places = Annotated[int, option(_("How many communities are drawn."), "--places")]
PerPlace = Annotated[int, option(_("Households in each."), "--households")]
Raters = Annotated[int, option(_("Field raters in each."), "--raters")]
Seed = Annotated[int | None, option(_("Repeats a draw; otherwise by chance."), "--seed")]
Key = Annotated[str | None, option(_("A key that makes a repetition harmless."))]


@surveys.command("forms", help=_("The questionnaires of the city's pack."))
def forms(as_json: options.AsJson = False) -> None:
    from services.surveys.forms import forms_in_force

    with opened() as work, work.sessions() as session:
        found = forms_in_force(session)
    rows = [
        {"name": name, "words": form.words(language()), "questions": len(form.questions)}
        for name, form in found.items()
    ]
    if as_json:
        showing.print_json(rows)
        return
    columns = [Column("name", _("Name")), Column("words", _("Questionnaire")), Column("questions", _("Questions"))]
    showing.table(rows, columns, empty=_("The city's pack has no questionnaire (surveys/*.toml) yet."))


@surveys.command("start", help=_("Draw communities and share them out between the interviewers."))
def start(
    form: Annotated[str, argument(_("The questionnaire, by the name of its file."))],
    title: Title,
    area: Where,
    first: First,
    last: Last,
    interviewer: Interviewer,
    places: Places = 10,
    households: PerPlace = 20,
    raters: Raters = 5,
    seed: Seed = None,
    key: Key = None,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.surveys import starting
    from services.surveys.starting import SurveyOrder

    order = SurveyOrder(
        form=form,
        title=title,
        area=area,
        opens_on=times.read_day(first, field="from"),
        closes_on=times.read_day(last, field="to"),
        places=places,
        per_place=households,
        raters=raters,
        interviewers=tuple(interviewer),
        seed=seed,
        key=key,
    )
    with opened() as work, work.sessions() as session:
        now = work.now()
        made = starting.start(session, order, by=work.actor(session, by, now=now), now=now)
        told = {"code": made.code, "seed": made.seed, "form": made.form_code, "dry_run": dry_run}
        session.rollback() if dry_run else session.commit()
    if as_json:
        showing.print_json(told)
        return
    showing.say(_("{code}, seed {seed}.").format(code=told["code"], seed=told["seed"]))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))


@surveys.command("list", help=_("The newest surveys."))
def every(by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.surveys import looking

    with opened() as work, work.sessions() as session:
        now = work.now()
        found = looking.surveys(session, reader=work.actor(session, by, now=now), now=now)
    rows: list[dict[str, Any]] = [
        {
            **{name: getattr(one.round, name) for name in ("code", "title", "opens_on", "closes_on", "seed")},
            **{"area": one.area, "done": one.done, "wanted": one.wanted, "public": one.public, "open": one.open},
        }
        for one in found
    ]
    if as_json:
        showing.print_json(rows)
        return
    columns = [
        Column("code", _("Survey")),
        Column("title", _("What it is called")),
        Column("area", _("Area")),
        Column("closes_on", _("Last day")),
        Column("done", _("Interviews")),
        Column("wanted", _("Wanted")),
        Column("public", _("Public")),
    ]
    showing.table(rows, columns, empty=_("No surveys yet."))


@surveys.command("show", help=_("What a survey came to, with n and bounds; the public apart."))
def show(code: Code, area: Area = None, by: options.Who = None, as_json: options.AsJson = False) -> None:
    with opened() as work, work.sessions() as session:
        now = work.now()
        found = _results(session, code, area, work.actor(session, by, now=now), now)
    rows = [
        {"who": who, "place": row.name, "question": question.words(language()), **vars(row.figures[question.code])}
        for who, row in (
            (_("sampled"), found.whole),
            *((_("sampled"), part) for part in found.parts),
            (_("public"), found.public),
        )
        for question in found.counted
    ]
    if as_json:
        showing.print_json(rows)
        return
    columns = [
        Column("who", _("Who")),
        Column("place", _("Place")),
        Column("question", _("Question")),
        Column("n", "n"),
        Column("rate", "%", lambda rate: _("too small a sample") if rate is None else str(rate)),
        Column("low", _("From")),
        Column("high", _("To")),
    ]
    showing.table(rows, columns)


@surveys.command("export", help=_("The results as a workbook."))
def export(code: Code, file: Target, area: Area = None, by: options.Who = None) -> None:
    from services.exports.surveys import export_results

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        found = _results(session, code, area, actor, now)
        from services.surveys import looking

        round_ = looking.survey(session, code, reader=actor, now=now).round
        with writable(Path(file)) as part:
            rows = export_results(found, round_, part, lang=language())
    showing.say(_("{n} rows written to {file}.").format(n=rows, file=file))


def _results(session: Any, code: str, area: str | None, reader: Any, now: Any) -> Any:
    """Raises NotFound, also for an area where the reader sees no results."""
    from models.area import Area as Place
    from models.errors import NotFound
    from services.scores.formula import in_force
    from services.surveys import looking
    from services.surveys.results import results

    seen = looking.survey(session, code, reader=reader, now=now)
    wanted = session.get(Place, area) if area else next(iter(seen.areas), None)
    if wanted is None or not any(f"{wanted.path}/".startswith(f"{outer.path}/") for outer in seen.areas):
        raise NotFound(what="area", code=area or "-")
    return results(session, seen.round, wanted, rules=in_force(session))
