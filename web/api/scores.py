"""Scores of rounds, months and years, as published or as they stand, each with what it was made from."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from models.errors import NotFound
from models.permissions import Right
from models.publication import Publication, PublicationKind
from models.scoring.document import from_document, to_document
from models.scoring.number import Number
from models.scoring.rules import Scoring
from services.ranking.months import Month
from services.ranking.seeing import units_seen
from services.scores import editions, looking, records
from services.scores.documents import round_of
from services.scores.formula import by_code, in_force
from services.scores.frozen import PUBLISHED, newest
from services.scores.month import unit_month
from services.scores.publishing import year_document
from services.scores.round import RoundFigures, round_scores
from services.scores.seeing import may, must_see_publication, must_see_round, sees_boards
from services.scores.year import annual
from web.api.doors import Caller, Reads
from web.api.problems import answers
from web.api.schemas import one_of
from web.api.schemas.scores import (
    Entries,
    Entry,
    Explained,
    Formula,
    Frozen,
    MonthScores,
    Of,
    PointScore,
    RoundLine,
    RoundScores,
    Scores,
    Standing,
    UnitLine,
    Where,
    YearLine,
    YearScores,
)

router = APIRouter(prefix="/scores", tags=["scores"])
READ = answers(400, 401, 403, 404, 422, 429)


@router.get("", responses=READ)
def everything(caller: Reads) -> Scores:
    """The rounds, months and years that have scores for the caller."""
    sees_boards(caller.session, caller.actor)
    rules = in_force(caller.session)
    rounds = looking.rounds(caller.session, caller.actor)
    years = looking.years(caller.session, area_code=caller.city)
    return Scores(
        formula=rules.version,
        rounds=[
            RoundLine(
                number=one.number,
                kind=one.kind,
                on_date=one.on_date,
                finished=one.finished,
                score=_points(one.score, rules),
                state=one.state,
            )
            for one in rounds
        ],
        years=[
            YearLine(year=one.year, system=one.system, rounds=one.rounds, score=_points(one.score, rules))
            for one in years
        ],
        months=[f"{one:%Y-%m}" for one in looking.months(caller.session, now=caller.now)],
    )


@router.get("/rounds/{number}", responses=READ)
def one_round(number: str, caller: Reads, asked: Annotated[Standing, Query()]) -> RoundScores:
    """A round by point, category, place and unit."""
    one, row = _round(caller, number, live=asked.live)
    rules = one.formula
    return RoundScores(
        number=one.number,
        kind=one.kind,
        on_date=one.on_date,
        formula=rules.version,
        published_at=row.published_at if row else None,
        score=_points(one.score, rules),
        compliance=rules.rounding.percent(one.compliance.exact),
        categories={code: _points(value, rules) for code, value in one.categories.items()},
        areas={code: _points(value, rules) for code, value in one.areas.items()},
        units={code: _points(value, rules) for code, value in one.units.items()},
        points=[
            PointScore(
                point=code,
                category=point.category,
                score=_points(point.score, rules),
                met=len(point.met),
                not_met=len(point.not_met),
            )
            for code, point in one.points.items()
        ],
    )


@router.get("/rounds/{number}/points/{point}", responses=READ)
def one_point(number: str, point: str, caller: Reads, asked: Annotated[Standing, Query()]) -> Explained:
    """A point's score down to its observations."""
    one, _ = _round(caller, number, live=asked.live)
    if point not in one.points:
        raise NotFound(what="point", code=point[:80])
    return _explained(one.points[point].score, one.formula)


@router.get("/months/{month}", responses=READ)
def one_month(month: str, caller: Reads, asked: Annotated[Where, Query()]) -> MonthScores:
    """The units' scores of a month as they stand."""
    which, scores = _month(caller, month, asked.area)
    seen = units_seen(caller.session, caller.actor, list(scores.units))
    rounding = scores.formula.rounding
    return MonthScores(
        month=str(which),
        formula=scores.formula.version,
        until=scores.until,
        units=[
            UnitLine(
                unit=code,
                name=scores.names.get(code, code),
                group=scores.groups.get(code, ""),
                score=rounding.score(unit.score.exact),
                rates={name: rounding.percent(rate.exact) for name, rate in unit.rates.items()},
                cases=unit.cases,
                overdue=unit.overdue,
            )
            for code, unit in scores.units.items()
            if code in seen
        ],
    )


@router.get("/months/{month}/units/{code}", responses=READ)
def one_unit(month: str, code: str, caller: Reads, asked: Annotated[Where, Query()]) -> Explained:
    """A unit's score down to its issues."""
    _, scores = _month(caller, month, asked.area)
    if code not in scores.units or not units_seen(caller.session, caller.actor, [code]):
        raise NotFound(what="unit", code=code[:80])
    return _explained(scores.units[code].score, scores.formula)


@router.get("/years/{year}", responses=READ)
def one_year(year: int, caller: Reads, asked: Annotated[Of, Query()]) -> YearScores:
    """A year of an evaluation system in the whole city."""
    sees_boards(caller.session, caller.actor)
    row, live = _year(caller, year, asked.system), may(caller.session, caller.actor, Right.SEE_BOARDS, caller.city)
    if live and (asked.live or row is None):
        figures = annual(caller.session, year=year, system=asked.system, now=caller.now)
        content, rules, row = year_document(figures), figures.formula, None
    elif row is not None:
        content = row.content
        rules = editions.of_publication(caller.session, row, edition=content.get("edition"))
    else:
        raise NotFound(what="year", code=year)
    return YearScores(
        year=year,
        system=asked.system,
        formula=rules.version,
        published_at=row.published_at if row else None,
        score=_points(from_document(content["score"]), rules),
        figures=content,
    )


@router.get("/publications/{key}", responses=READ)
def one_publication(key: Annotated[int, Path(ge=1, le=2**63 - 1)], caller: Reads) -> Frozen:
    """A publication of scores, published or under way: what is looked at before it is approved."""
    sees_boards(caller.session, caller.actor)
    return one_of(Frozen, must_see_publication(caller.session, caller.actor, key))


@router.get("/formulae/{code}", responses=READ)
def one_formula(code: str, caller: Reads) -> Formula:
    """The weights of a version of the rules."""
    sees_boards(caller.session, caller.actor)
    rules = by_code(caller.session, code.partition(editions.BESIDE)[0])
    weights: dict[str, Mapping[str, Any]] = {
        "categories": rules.on_site.weights,
        "rounds": rules.on_site.rounds,
        "rates": rules.appraisal.weights,
        "incidents": rules.appraisal.incidents,
        **rules.compositions,
    }
    return Formula(
        code=rules.version,
        in_force=in_force(caller.session).version == rules.version,
        weights={name: {key: str(weight) for key, weight in some.items()} for name, some in weights.items()},
    )


@router.get("/records", responses=READ)
def on_record(caller: Reads) -> Entries:
    """Entries of the negative list and incidents, in the places of the caller's boards."""
    sees_boards(caller.session, caller.actor)
    return Entries(
        hits=[one_of(Entry, one) for one in records.hits(caller.session, caller.actor)],
        incidents=[one_of(Entry, one) for one in records.incidents(caller.session, caller.actor)],
    )


def _points(number: Number | None, rules: Scoring) -> Decimal | None:
    return None if number is None else rules.rounding.score(number.exact)


def _explained(number: Number, rules: Scoring) -> Explained:
    return Explained(formula=rules.version, score=_points(number, rules), made=to_document(number))


def _round(caller: Caller, number: str, *, live: bool) -> tuple[RoundFigures, Publication | None]:
    """The figures, and the publication that they are of."""
    _, row, sees_live = must_see_round(caller.session, caller.actor, number)
    if row is None or (live and sees_live):
        return round_scores(caller.session, number), None
    rules = editions.of_publication(caller.session, row, edition=row.content["edition"])
    return round_of(row.content, rules=rules), row


def _month(caller: Caller, month: str, area: str | None) -> tuple[Month, Any]:
    sees_boards(caller.session, caller.actor)
    which = Month.parse(month)
    code = area or caller.city
    scores = unit_month(caller.session, period_from=which.first, period_to=which.last, area_code=code, now=caller.now)
    return which, scores


def _year(caller: Caller, year: int, system: str) -> Publication | None:
    if not 1 <= year <= 9999:
        raise NotFound(what="year", code=year)
    kind, first = PublicationKind.ANNUAL, date(year, 1, 1)
    return newest(caller.session, kind, area_code=caller.city, subject=system, period_from=first, states=PUBLISHED)
