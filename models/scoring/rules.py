"""The rules of scoring as types: every weight, threshold and name of a city's rules/scoring.toml.

`parse_scoring` (parsing.py) makes them from the document. Weights are exact fractions. Points are points of 100.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from models.scoring.rounding import Rounding

Weights = Mapping[str, Fraction]


class MeasureKind(StrEnum):
    """How a standard is judged at a point. Source: domain 1 [P3][P10][P15]."""

    YES_NO = "yes_no"
    SHARE = "share"
    PER_FAULT = "per_fault"
    TIMED = "timed"


@dataclass(frozen=True)
class Measure:
    """How one standard is counted.

    `full_marks`: what it is worth; None: the deduction in the checklist. `enough`: the share of what is required that
    counts as met (lamps: 95 of 100 lit). `per_fault`: points lost per missing item. `window` and `least`: minutes of a
    timed observation, and from how many on it is one.
    """

    kind: MeasureKind = MeasureKind.YES_NO
    full_marks: Fraction | None = None
    enough: Fraction = Fraction(1)
    per_fault: Fraction = Fraction(0)
    window: Fraction = Fraction(10)
    least: Fraction = Fraction(0)


PLAIN = Measure()


@dataclass(frozen=True)
class OnSite:
    """Weights of categories (not named: `default_weight`) and of the kinds of rounds within a year (not named: 0)."""

    default_weight: Fraction
    weights: Weights
    rounds: Weights
    measures: Mapping[str, Measure]

    def weight(self, category: str) -> Fraction:
        return self.weights.get(category, self.default_weight)

    def measure(self, standard: str) -> Measure:
        return self.measures.get(standard, PLAIN)


@dataclass(frozen=True)
class Question:
    """A question of a survey: its weight, and what each answer is worth (0 to 1). Other answers are none."""

    weight: Fraction
    answers: Weights


@dataclass(frozen=True)
class Questionnaire:
    """`least`: fewer answers than that are too small a sample. `groups`: who is asked, and how each weighs."""

    least: int
    groups: Weights
    questions: Mapping[str, Question]


@dataclass(frozen=True)
class Precondition:
    """A module that must reach `least` points, or the city may not apply. Source: domain 1 [P3]."""

    code: str
    module: str
    least: Fraction


class Effect(StrEnum):
    """What an entry of the negative list does."""

    DEDUCT = "deduct"
    VETO = "veto"


@dataclass(frozen=True)
class NegativeEntry:
    """An entry of the negative list: one-vote veto, or `points` for each case, at most `most` of them."""

    code: str
    effect: Effect
    points: Fraction
    most: Fraction | None


@dataclass(frozen=True)
class Deduction:
    """What a finding costs by who found it: once found, not put right in time, found again. Source: domain 4 [P46]."""

    found: Fraction
    late: Fraction
    repeated: Fraction


@dataclass(frozen=True)
class UnitAppraisal:
    """The monthly score of a unit. See appraisal.py for each part.

    `weights`: of the rates; `by_finder`: level of the finder → deduction; `double`: source, or `leader_assigned`, →
    factor; `repeated_within`: days after which the same fault is a new one; `per_cases`: 0, or deductions are for so
    many cases; `incidents`: code → points, less than 0 to take away.
    """

    weights: Weights
    by_finder: Mapping[str, Deduction]
    double: Weights
    relapse_factor: Fraction
    repeated_within: int
    most_deducted: Fraction
    per_cases: Fraction
    self_sources: frozenset[str]
    self_found: Fraction
    most_bonus: Fraction
    incidents: Weights
    difficulty: Weights
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True)
class OrderBy:
    """One figure that decides places, and whether more of it is better."""

    by: str
    higher_is_better: bool


@dataclass(frozen=True)
class Ranking:
    """`least_cases`: with fewer a unit has no place. `z`: how sure the interval is (1.96: 95 of 100)."""

    least_cases: int
    z: Fraction
    order: tuple[OrderBy, ...]


@dataclass(frozen=True)
class ListRule:
    """Who is on a list: so many of each group (`count`, or as `groups` says), and only within the threshold.

    `measure`: the figure that the threshold, in published points or per cent, is about. Either may be missing.
    """

    measure: str
    threshold: Fraction | None
    count: int | None
    groups: Mapping[str, int]

    def places(self, group: str) -> int | None:
        return self.groups.get(group, self.count)


class Gap(StrEnum):
    """What a period without a place does to a unit's row of black lists."""

    HOLDS = "holds"
    BREAKS = "breaks"


@dataclass(frozen=True)
class Lists:
    """Red and black lists; `consequences`: times in a row → code of what is proposed to a person."""

    red: ListRule
    black: ListRule
    gap: Gap
    consequences: Mapping[int, str]


@dataclass(frozen=True)
class Appeals:
    """Appeals before publication. `window`: working days from the draft on; `grounds`: codes of what may be pleaded."""

    window: int
    grounds: tuple[str, ...]


@dataclass(frozen=True)
class Scoring:
    """All of it. `version`: the hash of the document and of the formulae; it goes into every publication.

    `names`: code → (Chinese, English), for what the city named itself.
    """

    version: str
    rounding: Rounding
    on_site: OnSite
    filing: Weights
    questionnaire: Questionnaire
    compositions: Mapping[str, Weights]
    cycle: tuple[Fraction, ...]
    counties_share: Fraction
    preconditions: tuple[Precondition, ...]
    look_back_months: int
    negative: Mapping[str, NegativeEntry]
    appraisal: UnitAppraisal
    ranking: Ranking
    lists: Lists
    appeals: Appeals
    names: Mapping[str, tuple[str, str]]
