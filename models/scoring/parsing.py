"""From the document of a city's pack (rules/scoring.toml) to the rules of scoring.

Whatever is wrong in it is told at once: where it stands and what was expected. The document's hash is the version of
the formula: it goes into each publication, so that an old one stays what it was.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from models.audit import RoundKind
from models.errors import BadRow, BadRows
from models.scoring.parsing_units import GROUNDS, read_appeals, read_appraisal, read_lists, read_ranking
from models.scoring.reader import Reader, exact
from models.scoring.rounding import Rounding
from models.scoring.rules import (
    Effect,
    Measure,
    MeasureKind,
    NegativeEntry,
    OnSite,
    Precondition,
    Question,
    Questionnaire,
    Scoring,
    Weights,
)

FILE = "rules/scoring.toml"
FORMULAE = "9f-2"
"""What the functions of this package do. Raised with every change of a result, so that the version changes too."""
MOST_PLACES = 6
ADD_UP = "weights that add up to 1"


def parse_scoring(content: Mapping[str, Any], *, file: str = FILE) -> Scoring:
    """Give types to a document. Raises BadRows, which tells every wrong value, setting by setting."""
    problems: list[BadRow] = []
    root = Reader(content, file=file, problems=problems)
    rounding = root.table("rounding")
    negative = root.table("negative")
    scoring = Scoring(
        version=version_of(content),
        rounding=Rounding(
            rounding.whole("score_places", high=MOST_PLACES), rounding.whole("rate_places", high=MOST_PLACES)
        ),
        on_site=_on_site(root.table("on_site")),
        filing=_filing(root.table("filing")),
        questionnaire=_questionnaire(root.table("questionnaire")),
        compositions=_compositions(root),
        cycle=_cycle(root.table("cycle")),
        counties_share=root.table("co_creation").number("share", high=1),
        preconditions=_preconditions(root),
        look_back_months=negative.whole("look_back_months", low=1, high=120),
        negative=_negative(negative),
        appraisal=read_appraisal(root.table("appraisal")),
        ranking=read_ranking(root.table("ranking")),
        lists=read_lists(root.table("lists")),
        appeals=read_appeals(root.table("appeals", optional=True)),
        names=_names(root),
    )
    _check_names(scoring, root)
    root.finish()
    if problems:
        raise BadRows(file=file, rows=problems)
    return scoring


def version_of(content: Mapping[str, Any]) -> str:
    """The hash of a document and of the formulae that read it; the same however a number is written (0.4, 0.40)."""
    written = json.dumps(
        [FORMULAE, _canonical(content)], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return f"{FORMULAE}-{hashlib.sha256(written.encode()).hexdigest()[:16]}"


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    number = exact(value)
    return value if number is None else f"#{number}"


def _on_site(here: Reader) -> OnSite:
    kinds = [kind.value for kind in RoundKind]
    return OnSite(
        default_weight=here.number("default_weight", high=1000, default=1),
        weights=here.numbers("weights", high=1000),
        rounds=here.numbers("rounds", high=1000, keys=kinds),
        measures={code: _measure(table) for code, table in here.tables("measures")},
    )


def _measure(here: Reader) -> Measure:
    """A setting that this kind does not look at is told, not passed over."""
    kind = MeasureKind(here.choice("kind", list(MeasureKind)))
    marks = here.number_or_none("full_marks", high=1000)
    if kind is MeasureKind.SHARE:
        return Measure(kind, marks, enough=_positive(here, "enough", high=1, default=1))
    if kind is MeasureKind.YES_NO:
        return Measure(kind, marks)
    per_fault = _positive(here, "per_fault", high=1000)
    if kind is MeasureKind.PER_FAULT:
        return Measure(kind, marks, per_fault=per_fault)
    window, least = _positive(here, "window_minutes", high=1440), here.number("least_minutes", high=1440, default=0)
    return Measure(kind, marks, per_fault=per_fault, window=window, least=least)


def _positive(here: Reader, key: str, *, high: int, default: int | None = None) -> Fraction:
    value = here.number(key, high=high, default=default)
    if key in here.written and exact(here.written[key]) == 0:
        here.wrong(key, 0, "more than nothing")
    return value or Fraction(1)


def _filing(here: Reader) -> Weights:
    earns = here.numbers("earns", high=1)
    if 1 not in earns.values():
        here.wrong("earns", None, "shares from 0 to 1, the best of them 1")
    return earns


def _questionnaire(here: Reader) -> Questionnaire:
    questions = {code: _question(table) for code, table in here.tables("questions")}
    if not questions:
        here.wrong("questions", None, "at least one question")
    groups = here.numbers("groups", high=1000)
    return Questionnaire(here.whole("least", low=1, high=100_000), groups, questions)


def _question(here: Reader) -> Question:
    answers = here.numbers("answers", high=1)
    if 1 not in answers.values():
        here.wrong("answers", None, "shares from 0 to 1, the best of them 1")
    return Question(here.number("weight", high=1000), answers)


def _compositions(root: Reader) -> dict[str, Weights]:
    here = root.table("composition")
    found: dict[str, Weights] = {name: here.numbers(name, high=1) for name in here.written}
    if root.written.get("composition") == {}:
        root.wrong("composition", None, "at least one composition")
    for name, weights in found.items():
        _check_sum(here, name, weights.values())
    return found


def _cycle(here: Reader) -> tuple[Fraction, ...]:
    years = here.series("years", high=1)
    if years:
        _check_sum(here, "years", years)
    return years


def _check_sum(here: Reader, key: str, weights: Collection[Fraction]) -> None:
    if sum(weights) != 1:
        here.wrong(key, " + ".join(str(float(one)) for one in weights), ADD_UP)


def _preconditions(root: Reader) -> tuple[Precondition, ...]:
    found: dict[str, Precondition] = {}
    for one in root.each("precondition"):
        code = one.words("code")
        if code in found:
            one.wrong("code", code, "each code once")
        found[code] = Precondition(code, one.words("module"), one.number("least", high=100))
    return tuple(found.values())


def _negative(here: Reader) -> dict[str, NegativeEntry]:
    found: dict[str, NegativeEntry] = {}
    for one in here.each("entry"):
        code, effect = one.words("code"), Effect(one.choice("effect", list(Effect)))
        deducts = effect is Effect.DEDUCT
        points = one.number("points", high=100) if deducts else Fraction(0)
        most = one.number_or_none("most", high=100) if deducts else None
        if code in found:
            one.wrong("code", code, "each code once")
        found[code] = NegativeEntry(code, effect, points, most)
    return found


def _names(root: Reader) -> dict[str, tuple[str, str]]:
    return {code: (one.words("zh"), one.words("en")) for code, one in root.tables("names")}


def _check_names(scoring: Scoring, root: Reader) -> None:
    """Whatever the city named itself has its words in both languages."""
    codes = {
        *(module for weights in scoring.compositions.values() for module in weights),
        *scoring.compositions,
        *scoring.questionnaire.questions,
        *scoring.questionnaire.groups,
        *(one.code for one in scoring.preconditions),
        *scoring.negative,
        *scoring.appraisal.incidents,
        *scoring.lists.consequences.values(),
        *(ground for ground in scoring.appeals.grounds if ground not in GROUNDS),
    }
    for code in sorted(codes - set(scoring.names)):
        root.wrong(f"names.{code}", None, "its name: zh and en")
