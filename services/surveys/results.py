"""What a survey came to: by question and place, each figure with its n and interval, beside the survey before.

Sampled answers and those of the public stand apart: who answers a sign chose to, so it stands for nobody else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.scoring.questionnaire import Answer, Surveyed, question_rate
from models.scoring.rounding import half_up
from models.scoring.rules import Scoring
from models.survey import Audience, SurveyRound
from services.surveys.forms import Form, Question, frozen_form
from services.surveys.reading import answers_of, groups_counted

_SHARES = text("""
SELECT y.audience, s.question, s.answer, count(*) FROM survey_answer s JOIN survey_reply y ON y.id = s.reply_id
  JOIN area a ON a.code = :area
 WHERE y.round_id = :round AND (y.area_path = a.path OR starts_with(y.area_path, a.path || '/'))
   AND NOT EXISTS (SELECT FROM survey_reply newer WHERE newer.corrects = y.id)
 GROUP BY 1, 2, 3
""")
OF_ROUND = "r.id = :round"


@dataclass(frozen=True)
class Figure:
    """One share in per cent, with the bounds that hold in 95 of 100; none of them where the sample is too small."""

    n: int
    rate: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    too_small: bool = False

    def change(self, before: "Figure | None") -> Decimal | None:
        """Points more or less than before."""
        if self.rate is None or before is None or before.rate is None:
            return None
        return self.rate - before.rate

    def is_clear(self, before: "Figure | None") -> bool:
        """Whether the intervals do not touch: else the difference may be chance."""
        bounds = [self.low, self.high, before.low if before else None, before.high if before else None]
        if None in bounds:
            return False
        low, high, low_before, high_before = (one or Decimal(0) for one in bounds)
        return low > high_before or high < low_before


NOTHING = Figure(0, None, too_small=True)


@dataclass(frozen=True)
class Row:
    """The figures of one place: question → figure."""

    code: str
    name: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Shares:
    """How one group answered one question: answer → how many."""

    question: Question
    audience: Audience
    counts: Mapping[str, int]

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    def percent(self, code: str) -> Decimal:
        """What part of this group gave an answer, in per cent, to one place."""
        return half_up(Fraction(100 * self.counts.get(code, 0), self.n), places=1)


@dataclass(frozen=True)
class Results:
    """`counted`: the questions that count, in the order of the form. `whole`: the area itself; `parts`: the places of
    the next level in it. `before`: the survey before with its figures. `public`: what the public said, apart."""

    area: Area
    form: Form
    counted: tuple[Question, ...]
    whole: Row
    parts: Sequence[Row]
    before: tuple[SurveyRound, Row] | None
    public: Row
    shares: Sequence[Shares]
    least: int

    def by_question(self) -> list[tuple[Question, list[Shares]]]:
        """Every answer, question by question in the order of the form, with the groups that gave one."""
        found = ((one, [shares for shares in self.shares if shares.question is one]) for one in self.form.questions)
        return [(question, several) for question, several in found if several]


def results(session: Session, round_: SurveyRound, area: Area, *, rules: Scoring) -> Results:
    """The figures of a survey for an area within its own."""
    form = frozen_form(session, round_.form_code)
    counted = tuple(one for one in form.questions if one.code in rules.questionnaire.questions)
    found = answers_of(
        session, OF_ROUND, {"round": round_.id}, area_code=area.code, rules=rules, groups=_sampled(rules)
    )
    said = answers_of(
        session, OF_ROUND, {"round": round_.id}, area_code=area.code, rules=rules, groups=(Audience.PUBLIC,)
    )
    public = [one for one, _ in said]
    return Results(
        area=area,
        form=form,
        counted=counted,
        whole=_row(area.code, area.name, (one for one, _ in found), counted, rules),
        parts=_parts(session, area, found, counted, rules),
        before=_before(session, round_, area, counted, rules),
        public=_row(area.code, area.name, public, counted, rules),
        shares=_shares(session, round_, area, form),
        least=rules.questionnaire.least,
    )


def _sampled(rules: Scoring) -> frozenset[str]:
    return groups_counted(rules) - {Audience.PUBLIC.value} or frozenset({"household", "rater"})


def _row(code: str, name: str, answers: Iterable[Answer], counted: Sequence[Question], rules: Scoring) -> Row:
    rows = list(answers)
    return Row(code, name, {one.code: _figure(rows, one.code, rules) for one in counted})


def _figure(answers: Sequence[Answer], question: str, rules: Scoring) -> Figure:
    known = rules.questionnaire.questions[question].answers
    mine = [one for one in answers if one.question == question and one.answer in known]
    if not mine:
        return NOTHING
    found: Surveyed = question_rate(mine, question=question, rules=rules)
    exact, bounds = found.rate.exact, found.interval
    if exact is None or bounds is None:
        return Figure(found.n, None, too_small=True)
    percent = rules.rounding.percent
    return Figure(found.n, percent(exact), percent(bounds.low), percent(bounds.high))


def _parts(
    session: Session, area: Area, found: Sequence[tuple[Answer, str]], counted: Sequence[Question], rules: Scoring
) -> list[Row]:
    """The places just below that have answers, in the order of their codes."""
    by_part: dict[str, list[Answer]] = defaultdict(list)
    for one, path in found:
        inner = path.removeprefix(area.path).lstrip("/").split("/")[0]
        if inner:
            by_part[inner].append(one)
    query = select(Area.code, Area.name).where(col(Area.code).in_(by_part)).order_by(Area.code)
    return [_row(code, name, by_part[code], counted, rules) for code, name in session.exec(query)]


def _before(
    session: Session, round_: SurveyRound, area: Area, counted: Sequence[Question], rules: Scoring
) -> tuple[SurveyRound, Row] | None:
    """The survey of the same area that closed last before this one opened."""
    query = select(SurveyRound).where(
        SurveyRound.area_code == round_.area_code,
        SurveyRound.id != round_.id,
        col(SurveyRound.closes_on) < round_.closes_on,
    )
    before = session.exec(query.order_by(col(SurveyRound.closes_on).desc(), col(SurveyRound.id).desc())).first()
    if before is None:
        return None
    found = answers_of(
        session, OF_ROUND, {"round": before.id}, area_code=area.code, rules=rules, groups=_sampled(rules)
    )
    return before, _row(area.code, area.name, (one for one, _ in found), counted, rules)


def _shares(session: Session, round_: SurveyRound, area: Area, form: Form) -> list[Shares]:
    """How each group answered each question, also those that do not count."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for audience, question, answer, n in session.connection().execute(_SHARES, {"round": round_.id, "area": area.code}):
        counts[audience, question][answer] = n
    return [
        Shares(question, audience, counts[audience.value, question.code])
        for question in form.questions
        for audience in Audience
        if counts[audience.value, question.code]
    ]
