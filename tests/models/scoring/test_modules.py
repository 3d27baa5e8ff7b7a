"""Online filing and questionnaire, worked by hand.

filing: 10 accepted (1), 5 late (0.8), 3 returned (0), 2 missing (0): (10 + 4) ÷ 20 = 70

satisfaction: 12 satisfied, 6 fairly, 2 dissatisfied: (12 × 1 + 6 × 0.6) ÷ 20 = 15.6 ÷ 20 = 0.78
awareness: 19 of 20 = 0.95        support: 20 of 20 = 1
module: 100 × (0.3 × 0.95 + 0.3 × 1 + 0.4 × 0.78) ÷ 1 = 100 × (0.285 + 0.3 + 0.312) = 89.70
with groups: households 0.8, raters 0.6 → (0.7 × 0.8 + 0.3 × 0.6) ÷ 1 = 0.74
"""

from decimal import Decimal
from fractions import Fraction as F
from itertools import count

import pytest

from models.errors import WrongValue
from models.scoring.filing import Filed, filing_score
from models.scoring.number import unexplained
from models.scoring.questionnaire import Answer, question_rate, questionnaire_score
from tests.models.scoring.rows import rules

IDS = count(1)


def filed(*material: tuple[str, str]) -> list[Filed]:
    return [Filed(n, f"W-{n:02}", Decimal(marks), state) for n, (marks, state) in enumerate(material, start=1)]


def answers(question: str, group: str = "", **given: int) -> list[Answer]:
    return [Answer(next(IDS), question, code, group) for code, n in given.items() for _ in range(n)]


SATISFIED = answers("satisfaction", satisfied=12, fairly_satisfied=6, dissatisfied=2)


def test_material_earns_by_its_state() -> None:
    score = filing_score(
        filed(("10", "accepted"), ("5", "late"), ("3", "returned"), ("2", "missing")), of="city", rules=rules()
    )

    assert F(70) == score.exact
    assert unexplained(score) == []
    assert {1, 2, 3, 4} == score.all_rows()


def test_nothing_asked_for_is_no_score() -> None:
    assert filing_score([], of="city", rules=rules()).exact is None


@pytest.mark.parametrize("material", [("1", "lost"), ("-1", "accepted"), ("NaN", "accepted")])
def test_material_that_cannot_be_is_refused(material: tuple[str, str]) -> None:
    with pytest.raises(WrongValue, match="W-01"):
        filing_score(filed(material), of="city", rules=rules())


def test_satisfaction_as_worked_by_hand() -> None:
    surveyed = question_rate(SATISFIED, question="satisfaction", rules=rules())

    assert F("0.78") == surveyed.rate.exact
    assert surveyed.n == 20
    assert surveyed.interval is not None
    # (0.78 + 0.09604 ± 1.96·√(0.00858 + 0.002401)) ÷ 1.19208 = (0.87604 ± 0.205389) ÷ 1.19208
    low, high = (rules().rounding.percent(bound) for bound in (surveyed.interval.low, surveyed.interval.high))
    assert (Decimal("56.26"), Decimal("90.72")) == (low, high)


def test_questionnaire_as_worked_by_hand() -> None:
    several = [*answers("awareness", aware=19, not_aware=1), *answers("support", supports=20), *SATISFIED]
    score = questionnaire_score(several, of="city", rules=rules())

    assert F("89.7") == score.exact
    assert unexplained(score) == []
    assert len(score.all_rows()) == 60


def test_groups_weigh_as_the_rules_say() -> None:
    several = [
        *answers("awareness", "household", aware=16, not_aware=4),
        *answers("awareness", "rater", aware=3, not_aware=2),
    ]

    assert F("0.74") == question_rate(several, question="awareness", rules=rules()).rate.exact


@pytest.mark.parametrize(("n", "shown"), [(4, False), (5, True)])
def test_too_small_a_sample_shows_its_n_and_no_rate(n: int, shown: bool) -> None:
    surveyed = question_rate(answers("awareness", aware=n), question="awareness", rules=rules())

    assert n == surveyed.n
    assert shown == (surveyed.rate.exact is not None)
    assert (() if shown else ("sample_too_small",)) == surveyed.rate.notes
    assert shown == (surveyed.interval is not None)


def test_question_with_too_small_a_sample_leaves_the_denominator() -> None:
    several = [*answers("awareness", aware=20), *answers("satisfaction", dissatisfied=4)]

    assert F(100) == questionnaire_score(several, of="city", rules=rules()).exact
    assert questionnaire_score([], of="city", rules=rules()).exact is None


def test_answers_and_questions_without_a_rule_are_refused() -> None:
    with pytest.raises(WrongValue, match="satisfied, fairly_satisfied, dissatisfied"):
        questionnaire_score(answers("satisfaction", delighted=5), of="city", rules=rules())
    with pytest.raises(WrongValue, match="weather"):
        questionnaire_score(answers("weather", fine=5), of="city", rules=rules())
    with pytest.raises(WrongValue, match="weather"):
        question_rate([], question="weather", rules=rules())
