"""Surveys: awareness, support, satisfaction, each with its n and its interval.

    rate = Σ (answers × what the answer is worth) ÷ answers          satisfied 1, fairly satisfied 0.6, dissatisfied 0
    question = Σ weight(group) × rate of the group ÷ Σ weight        households 0.7, field raters 0.3
    module = 100 × Σ weight(question) × question ÷ Σ weight

Source: domain 9f, 1 [P19]. Fewer answers than the least are too small a sample: n is shown, the rate is not, and the
question leaves the denominator. Where no groups are named, or an answer's group is not among them, all answer as one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.errors import WrongValue
from models.scoring.interval import Interval, wilson
from models.scoring.number import HUNDRED, ONE, Number, Term, counted, mean, ratio, summed
from models.scoring.rules import Scoring

TOO_SMALL = "sample_too_small"
EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one question; `group`: who was asked."""

    id: int
    question: str
    answer: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a question came to: a share of 1, of n answers, between these bounds."""

    rate: Number
    n: int
    interval: Interval | None


def question_rate(answers: Iterable[Answer], *, question: str, rules: Scoring) -> Surveyed:
    """One question. Raises WrongValue for a question or an answer without a rule."""
    _check_known({question}, rules)
    rows = sorted((one for one in answers if one.question == question), key=lambda one: one.id)
    weights, by_group = rules.questionnaire.groups, defaultdict(list)
    for one in rows:
        by_group[one.group if one.group in weights else EVERYBODY].append(one)
    parts = [
        Term(_rate(by_group[group], question=question, group=group, rules=rules), weights.get(group, ONE))
        for group in sorted(by_group)
    ]
    rate = mean("question", parts, of=question)
    if len(rows) < rules.questionnaire.least:
        rate = replace(rate, exact=None, notes=(TOO_SMALL,))
    return Surveyed(rate, len(rows), wilson(rate.exact, n=len(rows), z=rules.ranking.z))


def _rate(rows: list[Answer], *, question: str, group: str, rules: Scoring) -> Number:
    worth = rules.questionnaire.questions[question].answers
    ids: dict[str, list[int]] = defaultdict(list)
    for one in rows:
        if one.answer not in worth:
            raise WrongValue(field=question, value=one.answer, expected=f"one of: {', '.join(worth)}")
        ids[one.answer].append(one.id)
    good = summed(
        "good_answers",
        (Term(counted("answer", len(ids[code]), ids[code], of=code), worth[code]) for code in sorted(ids)),
    )
    return ratio("answered_well", good, counted("answers", len(rows), (one.id for one in rows)), of=group)


def _check_known(asked: set[str], rules: Scoring) -> None:
    known = rules.questionnaire.questions
    if unknown := sorted(asked - set(known)):
        raise WrongValue(field="question", value=unknown[0], expected=f"one of: {', '.join(known)}")


def questionnaire_score(answers: Iterable[Answer], *, of: str, rules: Scoring) -> Number:
    """The module: 0 to 100; none where every sample is too small. Raises WrongValue for a question without a rule."""
    by_question: dict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        by_question[one.question].append(one)
    _check_known(set(by_question), rules)
    questions = rules.questionnaire.questions
    terms = [
        Term(question_rate(by_question[code], question=code, rules=rules).rate, questions[code].weight)
        for code in sorted(questions)
    ]
    return summed("questionnaire", (Term(mean("questions", terms), HUNDRED),), of=of)
