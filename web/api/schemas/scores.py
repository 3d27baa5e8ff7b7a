"""What the API says of scores: lines, figures with what they were made from, publications, records."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.publication import PublicationKind, PublicationState
from web.api.schemas import Code, Given, Told

Made = Mapping[str, Any]
"""A number with all that it was made from: name, of, how, exact (a fraction), weighted terms, ids of its rows."""


class Standing(Given):
    """`live`: the figures as they stand, where the caller may see them; else what was published."""

    live: bool = False


class Of(Standing):
    system: Code = "civilised_city"


class Where(Given):
    area: Code | None = None


class RoundLine(Told):
    """A round; `score` as it was published."""

    number: str
    kind: str
    on_date: date
    finished: bool
    score: Decimal | None
    state: PublicationState | None


class YearLine(Told):
    """A year of a system; `score` as it was published."""

    year: int
    system: str
    rounds: int
    score: Decimal | None


class Scores(Told):
    """What there is. `formula`: the version in force for new figures."""

    formula: str
    rounds: Sequence[RoundLine]
    years: Sequence[YearLine]
    months: Sequence[str]


class PointScore(Told):
    """A point in a round, and how many standards were met and not met."""

    point: str
    category: str
    score: Decimal | None
    met: int
    not_met: int


class RoundScores(Told):
    """A round. `published_at` None: live, and may still change. Categories, areas, units: code → score."""

    number: str
    kind: str
    on_date: date
    formula: str
    published_at: datetime | None
    score: Decimal | None
    compliance: Decimal | None
    categories: Mapping[str, Decimal | None]
    areas: Mapping[str, Decimal | None]
    units: Mapping[str, Decimal | None]
    points: Sequence[PointScore]


class Explained(Told):
    """A score and what it was made from."""

    formula: str
    score: Decimal | None
    made: Made


class UnitLine(Told):
    """A unit's month; `rates` in per cent. Its own address has both sides of each."""

    unit: str
    name: str
    group: str
    score: Decimal | None
    rates: Mapping[str, Decimal | None]
    cases: int
    overdue: int


class MonthScores(Told):
    """The units of the caller's boards, live up to `until`."""

    month: str
    formula: str
    until: datetime
    units: Sequence[UnitLine]


class YearScores(Told):
    """A year. `published_at` None: live. `figures`: everything that is published, numbers as they were made."""

    year: int
    system: str
    formula: str
    published_at: datetime | None
    score: Decimal | None
    figures: Made


class Edition(Told):
    """A publication of scores. `subject`: the number of the round, or the system of the year."""

    id: int
    kind: PublicationKind
    subject: str
    edition: int
    state: PublicationState
    formula: str
    content_sha256: str
    published_at: datetime | None


class Frozen(Edition):
    """With all that it publishes."""

    content: Made


class Formula(Told):
    """One version of the rules of scoring."""

    code: str
    in_force: bool
    weights: Mapping[str, Mapping[str, str]]


class Entry(Told):
    """An entry of the negative list, or an incident of a unit. `owner`: the area or the unit."""

    id: int
    code: str
    owner: str
    on_date: date
    evidence: str
    why: str
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None


class Entries(Told):
    """What is on record, newest first."""

    hits: Sequence[Entry]
    incidents: Sequence[Entry]
