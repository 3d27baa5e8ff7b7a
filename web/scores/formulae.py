"""A formula in words: every weight and threshold of one version of the rules of scoring."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models import terms
from models.scoring.rules import Effect, Scoring
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.scores.editions import BESIDE
from services.scores.formula import by_code, category_names, in_force
from web.deps import Here
from web.scores.parts import Leads, page
from web.scores.trees import plain, word

router = APIRouter(prefix="/scores/formulae")
Table = tuple[str, str, list[tuple[str, str]]]


@router.get("/{code}", response_class=HTMLResponse)
def one_formula(code: str, here: Here, _reader: Leads) -> HTMLResponse:
    """The rules under a code; what an edition states before them stands on its own page."""
    base, beside, _edition = code.partition(BESIDE)
    rules = by_code(here.session, base)
    current = in_force(here.session).version == rules.version
    second = language() == "en"
    known = category_names(here.session, rules.on_site.weights)
    categories = {code: f"{code} {(name_en or name) if second else name}" for code, (name, name_en) in known.items()}
    found = list(tables(rules, categories))
    return page(here, "formula", code=base, current=current, beside=bool(beside), tables=found)


def tables(rules: Scoring, categories: Mapping[str, str]) -> Iterator[Table]:
    """Headings, the formula in words, and its weights; `categories`: code → name."""
    yield from _of_places(rules, categories)
    yield from _of_years(rules)
    yield from _of_units(rules)


def _of_places(rules: Scoring, categories: Mapping[str, str]) -> Iterator[Table]:
    on_site = rules.on_site
    yield (
        _("Points and rounds"),
        _(
            "Point = 100 × (1 − points lost ÷ full marks of the applicable standards), at least 0. "
            "A place is the mean of its categories by weight; a category the mean of its points."
        ),
        [
            *((categories.get(code, code), plain(weight)) for code, weight in on_site.weights.items()),
            (_("Every other category"), plain(on_site.default_weight)),
            *((terms.term(terms.ROUNDS, kind, language()), plain(weight)) for kind, weight in on_site.rounds.items()),
        ],
    )


def _of_years(rules: Scoring) -> Iterator[Table]:
    for name, weights in rules.compositions.items():
        yield (
            word(name, rules),
            _("The sum of the modules by weight; without one of them there is no score yet."),
            [(word(code, rules), f"{plain(weight * 100)}%") for code, weight in weights.items()],
        )
    yield (
        _("Cycle"),
        _("The sum of the years by weight."),
        [(_("Year {n}").format(n=n), f"{plain(weight * 100)}%") for n, weight in enumerate(rules.cycle, 1)],
    )
    yield (
        _("Gates and the negative list"),
        _("A case counts for {n} months.").format(n=rules.look_back_months),
        [
            *((word(one.code, rules), f"≥ {plain(one.least)}") for one in rules.preconditions),
            *(
                (word(one.code, rules), _("veto") if one.effect is Effect.VETO else f"−{plain(one.points)}")
                for one in rules.negative.values()
            ),
        ],
    )


def _of_units(rules: Scoring) -> Iterator[Table]:
    of = rules.appraisal
    yield (
        _("A unit's month: rates"),
        _("100 × difficulty × rates by weight − deductions + bonus ± incidents, from {low} to {high}.").format(
            low=plain(of.lowest), high=plain(of.highest)
        ),
        [(word(name, rules), plain(weight)) for name, weight in of.weights.items()],
    )
    yield (
        _("A unit's month: deductions by finder"),
        _("Found, not put right in time, found again; what came back × {n}. At most {most}.").format(
            n=plain(of.relapse_factor), most=plain(of.most_deducted)
        ),
        [
            (
                terms.term(terms.FOUND_LEVELS, level, language()),
                f"{plain(one.found)} · {plain(one.late)} · {plain(one.repeated)}",
            )
            for level, one in of.by_finder.items()
        ],
    )
    yield (
        _("A unit's month: what counts more, and beside"),
        _("Cases that count several times, the bonus for what a unit found itself, and incidents."),
        [
            *((_double(code), f"× {plain(factor)}") for code, factor in of.double.items()),
            (_("The same fault found again within"), _("{n} days").format(n=of.repeated_within)),
            (_("Found and put right by the unit itself"), f"+{plain(of.self_found)} ≤ {plain(of.most_bonus)}"),
            *(
                (word(code, rules), f"{'+' if points > 0 else ''}{plain(points)}")
                for code, points in of.incidents.items()
            ),
        ],
    )


def _signed(points: Fraction) -> str:
    return f"+{plain(points)}" if points > 0 else plain(points)


def _double(code: str) -> str:
    return _("assigned by a leader") if code == "leader_assigned" else terms.term(terms.SOURCES, code, language())
