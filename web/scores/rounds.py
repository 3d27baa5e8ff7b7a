"""One round: the place as a whole, categories, districts, units, points, down to each observation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from models.errors import DubanError
from models.permissions import Right
from models.publication import Publication, PublicationKind
from models.scoring.measure import lost, worth
from models.scoring.number import Number
from models.scoring.on_site import PointScore
from runtime.i18n import language
from services.scores import editions
from services.scores.documents import round_of
from services.scores.round import RoundFigures, round_scores
from services.scores.seeing import may, must_see_round, under_way
from services.scores.standards import about, standards_of
from web.deps import Desk, Here
from web.login import Reader
from web.scores.parts import Leads, acts, page
from web.scores.trees import Shown, plain, shown, value, word

router = APIRouter(prefix="/scores/rounds")
Live = Annotated[str, Query(max_length=10)]
Code = Annotated[str, Query(max_length=60)]
LIVE_VIEW, DRAFT_VIEW, PUBLISHED_VIEW = "live", "draft", "published"


@dataclass(frozen=True)
class Looked:
    """Figures of a round for one reader. `view`: live, draft or published; `also_live`: they may see it live too."""

    figures: RoundFigures
    published: Publication | None
    draft: Publication | None
    view: str
    also_live: bool

    @property
    def query(self) -> str:
        """What the addresses of this view have at their end."""
        return "" if self.view == PUBLISHED_VIEW else f"{self.view}=1"


@dataclass(frozen=True)
class Line:
    """One row of a table: a place, a unit, a category, a point."""

    code: str
    name: str
    value: str
    exact: Number
    points: int = 0
    weight: str = ""
    met: int = 0
    not_met: int = 0


def look(here: Desk, reader: Reader, number: str, *, view: str) -> Looked:
    """Raises NotFound, for what this reader may not see too."""
    round_, row, sees_live = must_see_round(here.session, reader.actor, number)
    kind, area = PublicationKind.ROUND_SCORES, round_.area_code
    draft = under_way(here.session, reader.actor, kind, area_code=area, subject=number)
    frozen = draft if view == DRAFT_VIEW and draft is not None else row
    if frozen is None or (view == LIVE_VIEW and sees_live):
        return Looked(round_scores(here.session, number), row, draft, LIVE_VIEW, sees_live)
    rules = editions.of_publication(here.session, frozen, edition=frozen.content["edition"])
    figures = round_of(frozen.content, rules=rules)
    return Looked(figures, row, draft, PUBLISHED_VIEW if frozen is row else DRAFT_VIEW, sees_live)


def viewed(live: str, draft: str) -> str:
    """Which view an address asks for."""
    return LIVE_VIEW if live else DRAFT_VIEW if draft else PUBLISHED_VIEW


@router.get("/{number}", response_class=HTMLResponse)
def one_round(
    number: str,
    here: Here,
    reader: Leads,
    live: Live = "",
    draft: Live = "",
    category: Code = "",
    area: Code = "",
    unit: Code = "",
) -> HTMLResponse:
    """As it was published, as it is drafted, or as it stands; the points may be narrowed."""
    narrowed = {"category": category, "area": area, "unit": unit}
    return show(here, reader, number, view=viewed(live, draft), narrowed=narrowed)


def show(
    here: Desk,
    reader: Reader,
    number: str,
    *,
    view: str,
    narrowed: Mapping[str, str],
    wrong: DubanError | None = None,
    why: str = "",
) -> HTMLResponse:
    """The page of a round."""
    looked = look(here, reader, number, view=view)
    one = looked.figures
    drafts = may(here.session, reader.actor, Right.PREPARE_PUBLICATION, one.area_code) and looked.also_live
    return page(
        here,
        "round",
        wrong=wrong,
        why=why,
        looked=looked,
        one=one,
        score=value(one.score, one.formula),
        compliance=value(one.compliance, one.formula),
        judged=[plain(term.number.exact) for term in one.compliance.terms],
        tables=_tables(one),
        points=_points(one, narrowed),
        narrowed={name: code for name, code in narrowed.items() if code},
        narrowed_to=", ".join(_called(one, kind, code) for kind, code in narrowed.items() if code),
        acts=acts(here.session, looked.draft, reader.actor) if looked.view == DRAFT_VIEW else (),
        may_draft=drafts and looked.draft is None and one.finished,
    )


def _called(one: RoundFigures, kind: str, code: str) -> str:
    names = one.names.get(f"{kind}:{code}")
    return names[language() == "en"] if names else code


def _tables(one: RoundFigures) -> Mapping[str, Sequence[Line]]:
    found: Mapping[str, Mapping[str, Number]] = {"category": one.categories, "area": one.areas, "unit": one.units}
    return {kind: [_line(one, kind, code, number) for code, number in rows.items()] for kind, rows in found.items()}


def _line(one: RoundFigures, kind: str, code: str, number: Number) -> Line:
    weight = plain(one.formula.on_site.weight(code)) if kind == "category" else ""
    points = len(number.terms) if kind == "category" else sum(len(term.number.terms) for term in number.terms)
    return Line(code, _called(one, kind, code), value(number, one.formula), number, points, weight)


def _points(one: RoundFigures, narrowed: Mapping[str, str]) -> list[Line]:
    """The worst first."""
    wanted = [point for point in one.points.values() if _is_within(one, point, narrowed)]
    worst = sorted(wanted, key=lambda point: (point.score.exact is None, point.score.exact or 0, point.point))
    return [
        Line(
            point.point,
            _called(one, "point", point.point),
            value(point.score, one.formula),
            point.score,
            met=len(point.met),
            not_met=len(point.not_met),
        )
        for point in worst
    ]


def _is_within(one: RoundFigures, point: PointScore, narrowed: Mapping[str, str]) -> bool:
    if narrowed.get("category") and point.category != narrowed["category"]:
        return False
    for kind, numbers in (("area", one.areas), ("unit", one.units)):
        if code := narrowed.get(kind):
            number = numbers.get(code)
            if number is None or point.point not in _points_of(number):
                return False
    return True


def _points_of(number: Number) -> set[str]:
    return {point.number.of for term in number.terms for point in term.number.terms}


@router.get("/{number}/points/{point}", response_class=HTMLResponse)
def one_point(number: str, point: str, here: Here, reader: Leads, live: Live = "", draft: Live = "") -> HTMLResponse:
    """A point: its formula, and every observation with what it cost."""
    looked = look(here, reader, number, view=viewed(live, draft))
    one = looked.figures
    if point not in one.points:
        raise HTTPException(404)
    facts = about(here.session, reader.actor, [row.id for row in one.rows if row.point == point])
    words = standards_of(here.session, one.edition, [row.standard for row in one.rows if row.point == point])
    names = {**one.names, **{f"standard:{code}": text for code, text in words.items()}}
    return page(
        here,
        "point",
        looked=looked,
        one=one,
        title=_called(one, "point", point),
        tree=_tree(one, one.points[point].score, names),
        rows=[_row(one, row, words, facts) for row in one.rows if row.point == point],
    )


def _row(one: RoundFigures, row: Any, words: Mapping[str, tuple[str, str]], facts: Mapping[int, Any]) -> dict[str, Any]:
    measure = one.formula.on_site.measure(row.standard)
    taken = lost(row, measure)
    return {
        "id": row.id,
        "standard": row.standard,
        "text": words.get(row.standard, ("", ""))[language() == "en"],
        "result": row.result.value,
        "counted": [(name, getattr(row, name)) for name in ("found", "required", "faults", "minutes")],
        "marks": plain(worth(row, measure)) if taken is not None else "–",
        "lost": plain(taken),
        **facts.get(row.id, {"note": "", "issue": ""}),
    }


def _tree(one: RoundFigures, number: Number, names: Mapping[str, tuple[str, str]]) -> Shown:
    links = {("observation", row.id): (row.standard, f"#o{row.id}") for row in one.rows}
    return shown(number, one.formula, names=names, links=links)


@router.get("/{number}/places/{kind}/{code}", response_class=HTMLResponse)
def one_place(
    number: str, kind: str, code: str, here: Here, reader: Leads, live: Live = "", draft: Live = ""
) -> HTMLResponse:
    """What the score of a category, a district, a street or a unit is made from; `all/all` for the whole."""
    looked = look(here, reader, number, view=viewed(live, draft))
    one = looked.figures
    numbers: Mapping[str, Mapping[str, Number]] = {
        "area": one.areas,
        "unit": one.units,
        "category": one.categories,
        "all": {"all": one.score},
    }
    if code not in numbers.get(kind, {}):
        raise HTTPException(404)
    number_ = numbers[kind][code]
    whole = kind == "all"
    return page(
        here,
        "place",
        looked=looked,
        one=one,
        kind=kind,
        code=code,
        title=_called(one, "area", one.area_code) if whole else _called(one, kind, code),
        what=word(number_.name, one.formula),
        made=_made(one, number_),
        value=value(number_, one.formula),
        narrowed="" if whole else f"{kind}={code}",
    )


def _made(one: RoundFigures, number: Number) -> list[dict[str, Any]]:
    """The parts, one row each: a category with its points, or a point."""
    several = number.terms if number.name != "category" else ()
    lines = [
        {
            "name": _called(one, "category", term.number.of),
            "weight": plain(term.weight),
            "value": value(term.number, one.formula),
            "adds": plain(term.adds),
            "points": [_of_point(one, part.number) for part in term.number.terms],
        }
        for term in several
    ]
    return lines or [{"points": [_of_point(one, term.number) for term in number.terms]}]


def _of_point(one: RoundFigures, number: Number) -> dict[str, str]:
    return {"code": number.of, "name": _called(one, "point", number.of), "value": value(number, one.formula)}
