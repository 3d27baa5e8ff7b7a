"""What the API of surveys takes and gives."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from models.survey import Audience
from web.api.schemas.base import Code, Given, Told, Words


class NewSurvey(Given):
    """A survey that is wanted. No seed: drawn by chance."""

    form: Code
    title: Words
    area: Code
    opens_on: date
    closes_on: date
    places: Annotated[int, Field(ge=1, le=500)]
    per_place: Annotated[int, Field(ge=1, le=200)]
    raters: Annotated[int, Field(ge=0, le=200)] = 0
    interviewers: Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
    seed: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None


class Survey(Told):
    """One survey."""

    code: str
    title: str
    area_code: str
    year: int
    opens_on: date
    closes_on: date
    ended_at: datetime | None
    seed: int
    per_place: int
    raters: int


class Place(Told):
    """One community drawn: how many were asked."""

    id: int
    code: str
    name: str
    door: int
    interviewer: str
    households: int
    raters: int


class SurveyOf(Told):
    """`areas`: where the caller may read results; `draw_repeats`: the seed gives the same places today."""

    survey: Survey
    open: bool
    areas: Sequence[str]
    places: Sequence[Place]
    draw_repeats: bool


class Rate(Told):
    """Per cent, with bounds that hold in 95 of 100; no rate where the sample is too small."""

    n: int
    rate: Decimal | None
    low: Decimal | None
    high: Decimal | None
    too_small: bool


class Rates(Told):
    """The figures of one place by question."""

    code: str
    name: str
    figures: Mapping[str, Rate]


class ResultsOf(Told):
    """`public`: what citizens said by QR code; it is not counted with the sample. `before`: the survey before."""

    area: str
    questions: Mapping[str, str]
    sampled: Rates
    parts: Sequence[Rates]
    public: Rates
    before: str | None
    before_rates: Rates | None
    least: int


class Interview(Given):
    """One person's answers: question → answer. `key` is yours, made for each interview."""

    audience: Audience = Audience.HOUSEHOLD
    answers: Annotated[Mapping[str, Code], Field(max_length=20)]
    key: Annotated[str, Field(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class Correction(Interview):
    """What should have been entered, and why."""

    why: Words


class Kept(Told):
    """A reply on record."""

    id: int
    audience: Audience
    at: datetime
    corrects: int | None


class Ending(Given):
    """Why it ends before its last day."""

    why: Words


class Places(Given):
    """Areas within the survey's."""

    areas: Annotated[tuple[Code, ...], Field(min_length=1, max_length=500)]


class SignOf(Told):
    """A sign of the public form; `opens`: the address in its QR code."""

    area: str
    opens: str
