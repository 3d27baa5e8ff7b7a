"""A year of an evaluation system: modules, rounds, gates, negative list, counties; and the cycle that it is part of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from models.errors import DubanError, NotFound
from models.permissions import Right
from models.publication import Publication, PublicationKind
from models.scoring.document import from_document
from models.scoring.number import Number
from models.scoring.rules import Scoring
from models.standard import EvaluationSystem
from runtime.i18n import language
from services.list_choices import name_of
from services.scores import editions
from services.scores.frozen import PUBLISHED, newest
from services.scores.publishing import year_document
from services.scores.seeing import may, under_way
from services.scores.year import annual, cycle
from web.deps import Desk, Here
from web.login import Reader
from web.scores.parts import Leads, acts, page
from web.scores.rounds import DRAFT_VIEW, LIVE_VIEW, PUBLISHED_VIEW, viewed
from web.scores.trees import shown, value, word

router = APIRouter(prefix="/scores/years")
SYSTEM = "civilised_city"
Code = Annotated[str, Query(max_length=60)]


@router.get("/{year}", response_class=HTMLResponse)
def one_year(
    year: str, here: Here, reader: Leads, system: Code = SYSTEM, live: Code = "", draft: Code = ""
) -> HTMLResponse:
    """As it was published, as it is drafted, or as it stands."""
    return show(here, reader, year, system=system, view=viewed(live, draft))


def show(
    here: Desk,
    reader: Reader,
    year: str,
    *,
    system: str,
    view: str,
    wrong: DubanError | None = None,
    why: str = "",
) -> HTMLResponse:
    """The page of a year."""
    which, area = whole(year), reader.city
    row = published(here, which, system, area)
    sees_live = may(here.session, reader.actor, Right.SEE_BOARDS, area)
    if row is None and not sees_live:
        raise NotFound(what="year", code=year[:20])
    draft = under_way(here.session, reader.actor, PublicationKind.ANNUAL, area_code=area, subject=system)
    if draft is not None and draft.period_from.year != which:
        draft = None
    kept = draft if view == DRAFT_VIEW and draft is not None else row
    if kept is None or (view == LIVE_VIEW and sees_live):
        (content, formula), seen = _live(here, which, system), LIVE_VIEW
    else:
        (content, formula), seen = frozen(here, kept), PUBLISHED_VIEW if kept is row else DRAFT_VIEW
    found = here.session.get(EvaluationSystem, system)
    return page(
        here,
        "year",
        wrong=wrong,
        why=why,
        year=which,
        system=system,
        system_name=_in(found.name, found.name_en) if found else system,
        published=row,
        view=seen,
        also_live=sees_live,
        draft=draft,
        formula=formula,
        acts=acts(here.session, draft, reader.actor) if seen == DRAFT_VIEW else (),
        may_draft=draft is None and may(here.session, reader.actor, Right.PREPARE_PUBLICATION, area),
        cycle=_cycle(here, which, system, formula) if seen == LIVE_VIEW else None,
        **_seen(here, content, formula),
    )


def _in(zh: str, en: str) -> str:
    return (en or zh) if language() == "en" else zh


def whole(year: str) -> int:
    """Raises NotFound."""
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise NotFound(what="year", code=year[:20])
    return int(year)


def published(here: Desk, year: int, system: str, area: str) -> Publication | None:
    """The newest published edition."""
    first, kind = date(year, 1, 1), PublicationKind.ANNUAL
    return newest(here.session, kind, area_code=area, subject=system, period_from=first, states=PUBLISHED)


def _live(here: Desk, year: int, system: str) -> tuple[Mapping[str, Any], Scoring]:
    figures = annual(here.session, year=year, system=system, now=here.now)
    return year_document(figures), figures.formula


def frozen(here: Desk, row: Publication) -> tuple[Mapping[str, Any], Scoring]:
    """What was published, and the rules behind it."""
    return row.content, editions.of_publication(here.session, row, edition=row.content.get("edition"))


def _seen(here: Desk, content: Mapping[str, Any], formula: Scoring) -> dict[str, Any]:
    def read(name: str) -> Number:
        return from_document(content[name])

    modules = [from_document(content["modules"][code]) for code in sorted(content["modules"])]
    weights = formula.compositions["annual"]
    area = name_of(here.session, "area", content["area"])
    names = {f"area:{content['area']}": (area, area)}
    score = read("score")
    return {
        "score": value(score, formula),
        "preliminary": value(read("preliminary"), formula),
        "whole": score.exact is not None,
        "after": value(read("after"), formula),
        "standing": content["standing"],
        "modules": [
            {
                "name": word(weight, formula),
                "value": value(_module(modules, weight), formula),
                "weight": f"{float(weights[weight]) * 100:g}%",
                "tree": shown(_module(modules, weight), formula, names=names),
            }
            for weight in sorted(weights)
        ],
        "rounds": [
            {**one, "value": value(from_document(one["score"]), formula) if one["score"] else ""}
            for one in content["rounds"]
        ],
        "counted": [code for code, weight in formula.on_site.rounds.items() if weight],
        "gates": [
            {
                "name": word(one["code"], formula),
                "least": one["least"],
                "value": value(from_document(one["value"]), formula) if one["value"] else "",
            }
            for one in content["gates"]
        ],
        "hits": [{**one, "name": word(one["code"], formula)} for one in content["hits"]],
        "counties": [
            {"name": name_of(here.session, "area", code), "value": value(from_document(one), formula)}
            for code, one in content["counties"].items()
        ],
        "together": value(read("together"), formula),
        "share": f"{float(formula.counties_share) * 100:g}%",
    }


def _module(modules: Sequence[Number], code: str) -> Number:
    """By its own name, or that of the year of the module."""
    names = {"on_site": "on_site_year"}
    found = next((one for one in modules if one.name in (code, names.get(code))), None)
    return found if found is not None else Number(code, None)


def _cycle(here: Desk, year: int, system: str, formula: Scoring) -> dict[str, Any]:
    """The cycle that ends with this year."""
    found = cycle(here.session, first_year=year - len(formula.cycle) + 1, system=system)
    weights = [f"{float(weight) * 100:g}%" for weight in found.formula.cycle]
    rows = [
        {"year": one, "weight": weight, "value": value(number, formula) if number else ""}
        for (one, number), weight in zip(found.years.items(), weights, strict=True)
    ]
    return {"rows": rows, "value": value(found.score, formula), "preliminary": value(found.preliminary, formula)}
