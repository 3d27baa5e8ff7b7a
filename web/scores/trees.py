"""A number as a reader sees it: its name, its value, how it was made in words, its parts, and the rows behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models import terms
from models.scoring.number import How, Number, Term
from models.scoring.rounding import half_up
from models.scoring.rules import Scoring
from models.scoring.terms import HOW, NOTES, NUMBERS, ROWS
from runtime.i18n import language

POINTS = frozenset(
    (
        *("point", "category", "on_site", "on_site_year", "online_filing", "questionnaire", "round", "year", "cycle"),
        *("counties", "co_creation", "after_negative", "unit_score"),
    )
)
SHARES = frozenset(
    (
        *("lost_share", "compliance", "filed_share", "answered_well", "question", "questions", "rates", "full"),
        *("disposal", "on_time", "rework", "overdue", "extension", "return", "relapse", "satisfaction"),
        *("without_rework", "without_overdue", "without_extension"),
    )
)
PLACES = 4
"""Decimal places of what is neither a score nor a share: points taken away, counts that weigh."""
MOST_ROWS = 60
DASH, MINUS = "–", "−"
Name = Callable[[Number], str]
RowLinks = Mapping[tuple[str, int], tuple[str, str]]
"""What a row is (observation, issue) and its id → its words, and the address that shows it."""


@dataclass(frozen=True)
class Shown:
    """One number. `rows`: words and address of each row, `more`: of how many more nothing is shown."""

    name: str
    value: str
    how: str
    note: str
    parts: Sequence["Part"] = ()
    rows: Sequence[tuple[str, str]] = ()
    more: int = 0


@dataclass(frozen=True)
class Part:
    """A part of a number: how it weighs there, and what it adds."""

    weight: str
    adds: str
    number: Shown


def of_points(number: Number, rules: Scoring) -> bool:
    """Whether it is a score in points."""
    return number.name in POINTS or number.name in rules.compositions


def value(number: Number, rules: Scoring) -> str:
    """As it would be published: scores in points, shares in per cent, the rest as it is."""
    if number.exact is None:
        return DASH
    if of_points(number, rules):
        return str(rules.rounding.score(number.exact))
    if number.name in SHARES:
        return f"{rules.rounding.percent(number.exact)}%"
    return plain(number.exact)


def plain(exact: Fraction | None) -> str:
    """A number without more digits than it has."""
    if exact is None:
        return DASH
    rounded = half_up(exact, places=PLACES)
    shown = rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded.normalize()
    return str(shown).replace("-", MINUS)


def name_of(number: Number, rules: Scoring, names: Mapping[str, tuple[str, str]]) -> str:
    """What it is, and of what, in the reader's language."""
    kind = word(number.name, rules)
    whose = named(number, rules, names)
    return f"{kind} · {whose}" if whose else kind


def word(code: str, rules: Scoring) -> str:
    """The word for a figure: the field's, or the city's own."""
    if code in NUMBERS:
        return terms.term(NUMBERS, code, language())
    return rules.names[code][language() == "en"] if code in rules.names else code


def named(number: Number, rules: Scoring, names: Mapping[str, tuple[str, str]]) -> str:
    """Of what: a point, a category, a standard, an answer; empty where it says nothing."""
    if not number.of:
        return ""
    kinds = ("point", "category", "standard", "area", "unit", "finder")
    known = (names.get(f"{kind}:{number.of}") for kind in kinds)
    found = next((one for one in known if one), None) or rules.names.get(number.of)
    return found[language() == "en"] if found else number.of


def shown(
    number: Number, rules: Scoring, *, names: Mapping[str, tuple[str, str]], links: RowLinks | None = None
) -> Shown:
    """A number with everything it was made from."""
    rows = [found for row in number.rows if (found := (links or {}).get((ROWS.get(number.name, "issue"), row)))]
    return Shown(
        name=name_of(number, rules, names),
        value=value(number, rules),
        how=terms.term(HOW, number.how, language()) if number.how is not How.COUNTED else "",
        note=" · ".join(terms.term(NOTES, note, language()) for note in number.notes),
        parts=[_part(term, number, rules, names, links) for term in number.terms],
        rows=rows[:MOST_ROWS],
        more=max(0, len(rows) - MOST_ROWS),
    )


def _part(
    term: Term, whole: Number, rules: Scoring, names: Mapping[str, tuple[str, str]], links: RowLinks | None
) -> Part:
    weight = "" if whole.how is How.RATIO or term.weight == 1 else plain(term.weight)
    adds = "" if whole.how is How.RATIO or not weight else plain(term.adds)
    return Part(weight, adds, shown(term.number, rules, names=names, links=links))
