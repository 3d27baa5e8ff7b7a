"""`duban scores round | month | year | cycle | formula`: figures as they stand, each with what it was made from."""

from collections.abc import Iterator
from typing import Annotated, Any

from cli import showing
from cli.app import group
from cli.opening import opened
from cli.options import AsJson, argument, option
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language

scores = group("scores", _("Scores of rounds, months of units, years and cycles, and the formula behind them."))
Area = Annotated[str | None, option(_("An area and all below it; otherwise the whole city."), "--area")]
System = Annotated[str, option(_("The evaluation system."), "--system")]


@scores.command("round", help=_("A round: the whole, places, categories; with --points every point."))
def one_round(
    number: Annotated[str, argument(_("The round, such as ZG-A-2026-0007."))],
    points: Annotated[bool, option(_("Every point, the worst first."), "--points")] = False,
    as_json: AsJson = False,
) -> None:
    from services.scores.round import round_scores

    with opened() as work, work.sessions() as session:
        one = round_scores(session, number)
        session.commit()
    rows = list(_of_round(one, points=points))
    if not as_json:
        said = _("{number}: {filled} of {sheets} sheets filled; formula {version}; live.")
        filled, sheets = one.sheets
        showing.say(said.format(number=one.number, filled=filled, sheets=sheets, version=one.formula.version))
    columns = [
        Column("kind", _("Of"), _kind),
        Column("name", _("Name")),
        Column("score", _("Score")),
        Column("points", _("Points")),
    ]
    showing.table(rows, columns, as_json=as_json)


def _kind(code: str) -> str:
    known = {
        "all": _("the whole"),
        "area": _("a place"),
        "unit": _("a unit"),
        "category": _("a category"),
        "point": _("a point"),
    }
    return known[code]


def _of_round(one: Any, *, points: bool) -> Iterator[dict[str, Any]]:
    rounding = one.formula.rounding
    yield _row(one, "all", one.area_code, _text(rounding.score(one.score.exact)), len(one.points))
    for kind, numbers in (("area", one.areas), ("unit", one.units), ("category", one.categories)):
        for code, number in numbers.items():
            count = sum(1 for part in _walk(number) if part.name == "point")
            yield _row(one, kind, code, _text(rounding.score(number.exact)), count)
    worst = sorted(one.points.values(), key=lambda point: (point.score.exact is None, point.score.exact or 0))
    for point in worst if points else ():
        yield _row(one, "point", point.point, _text(rounding.score(point.score.exact)), 1)


def _walk(number: Any) -> Iterator[Any]:
    from models.scoring.number import walk

    return walk(number)


def _row(one: Any, kind: str, code: str, score: Any, points: int) -> dict[str, Any]:
    names = one.names.get(f"{'area' if kind == 'all' else kind}:{code}", (code, code))
    return {"kind": kind, "code": code, "name": names[language() == "en"], "score": score, "points": points}


@scores.command("month", help=_("The units' scores of a month so far, with the cases behind each rate."))
def one_month(
    month: Annotated[str, argument(_("The month, such as 2026-11."))],
    area: Area = None,
    as_json: AsJson = False,
) -> None:
    from services.ranking.months import Month
    from services.rulebook import the_city
    from services.scores.month import unit_month

    which = Month.parse(month)
    with opened() as work, work.sessions() as session:
        code = area or the_city(session).code
        found = unit_month(session, period_from=which.first, period_to=which.last, area_code=code, now=work.now())
    rounding = found.formula.rounding
    rows = [
        {
            "unit": unit.unit,
            "name": found.names.get(unit.unit, unit.unit),
            "group": found.groups.get(unit.unit, ""),
            "score": _text(rounding.score(unit.score.exact)),
            **{name: _text(rounding.percent(unit.rates[name].exact)) for name in ("disposal", "on_time", "rework")},
            "cases": unit.cases,
            "overdue": unit.overdue,
        }
        for unit in found.units.values()
    ]
    columns = [
        Column("unit", _("Unit")),
        Column("name", _("Name")),
        Column("score", _("Score")),
        Column("disposal", _("Rectified %")),
        Column("on_time", _("On time %")),
        Column("rework", _("Rework %")),
        Column("cases", _("Cases")),
        Column("overdue", _("Overdue and open")),
    ]
    showing.table(rows, columns, as_json=as_json)


@scores.command(
    "year", help=_("A year of an evaluation system: modules, rounds, what remains after the negative list.")
)
def one_year(
    year: Annotated[int, argument(_("The year."))],
    system: System = "civilised_city",
    area: Area = None,
    as_json: AsJson = False,
) -> None:
    from services.scores.year import annual

    with opened() as work, work.sessions() as session:
        found = annual(session, year=year, system=system, area_code=area, now=work.now())
    rounding = found.formula.rounding
    rows = [
        *({"what": code, "score": _text(rounding.score(number.exact))} for code, number in found.modules.items()),
        *({"what": one.number, "score": _points(rounding, one.score)} for one in found.rounds),
        {"what": "annual", "score": _text(rounding.score(found.score.exact))},
        {"what": "preliminary", "score": _text(rounding.score(found.preliminary.exact))},
        {"what": "after_negative", "score": _text(rounding.score(found.judged.score.exact))},
        {"what": "standing", "score": found.judged.standing.value},
    ]
    showing.table(rows, [Column("what", _("What")), Column("score", _("Score"))], as_json=as_json)


def _points(rounding: Any, number: Any) -> Any:
    return _text(rounding.score(number.exact)) if number is not None else None


def _text(figure: Any) -> str | None:
    """A figure with all its places, as it would be published."""
    return None if figure is None else str(figure)


@scores.command("cycle", help=_("The cycle that begins with a year."))
def one_cycle(
    first_year: Annotated[int, argument(_("The first year."))],
    system: System = "civilised_city",
    area: Area = None,
    as_json: AsJson = False,
) -> None:
    from services.scores.year import cycle

    with opened() as work, work.sessions() as session:
        found = cycle(session, first_year=first_year, system=system, area_code=area)
    rounding = found.formula.rounding
    rows = [{"what": str(year), "score": _points(rounding, number)} for year, number in found.years.items()]
    rows += [
        {"what": "cycle", "score": _text(rounding.score(found.score.exact))},
        {"what": "preliminary", "score": _text(rounding.score(found.preliminary.exact))},
    ]
    showing.table(rows, [Column("what", _("What")), Column("score", _("Score"))], as_json=as_json)


@scores.command("formula", help=_("The rules of scoring in force: their version, and every weight."))
def formula(as_json: AsJson = False) -> None:
    from services.scores.formula import in_force

    with opened() as work, work.sessions() as session:
        rules = in_force(session)
    parts: dict[str, Any] = {
        "composition": rules.compositions.get("annual", {}),
        "categories": rules.on_site.weights,
        "rates": rules.appraisal.weights,
        "incidents": rules.appraisal.incidents,
    }
    rows: list[dict[str, Any]] = [{"part": "version", "of": "", "weight": rules.version}]
    rows += [
        {"part": part, "of": code, "weight": str(weight)}
        for part, some in parts.items()
        for code, weight in some.items()
    ]
    columns = [Column("part", _("Part")), Column("of", _("Of")), Column("weight", _("Weight"))]
    showing.table(rows, columns, as_json=as_json)
