"""On-site scores, worked by hand.

point   standard  worth  seen                       lost      Σ lost ÷ Σ worth           score
M1 (12) 12-01     0.5    met                        0
        12-02     1      not met                    1
        12-03     1      met                        0         1 ÷ 2.5                    60
M2 (12) 12-01     0.5    not applicable             –
        12-02     1      met                        0
        12-03     1      not met                    1         1 ÷ 2                      50
B1 (03) 03-01     1      met                        0
        03-02     1      76 of 100 lamps, 95 do     0.2       (1 − 76/95)
        03-03     0.5    met                        0         0.2 ÷ 2.5                  92
R1 (01) 01-01     4      2 of 3 ads, 2 points each  2
        01-02     0.5    met                        0
        01-03     1      met                        0         2 ÷ 5.5                    63.6363… → 63.64
X1 (02) 02-02     0.3    not applicable             –         nothing applicable         no score

market (weight 2): (60 + 50) ÷ 2 = 55      back street (1): 92      main road (1): 63.6363…
city: (2 × 55 + 92 + 63.6363…) ÷ 4 = 66.409… → 66.41
compliance: met 2 + 1 + 2 + 2 = 7 of judged 3 + 2 + 3 + 3 = 11 → 63.64 %
"""

from decimal import Decimal
from fractions import Fraction as F
from random import Random

import pytest

from models.errors import WrongValue
from models.scoring.number import Number, counted, unexplained
from models.scoring.on_site import (
    PointScore,
    RoundScore,
    compliance,
    place_score,
    place_scores,
    point_scores,
    year_score,
)
from tests.models.scoring.rows import MET, NOT_APPLICABLE, NOT_MET, rules, rules_with, seen

ROWS = [
    seen("M1", "12-01", "0.5", MET, id=1),
    seen("M1", "12-02", "1", NOT_MET, id=2),
    seen("M1", "12-03", "1", MET, id=3),
    seen("M2", "12-01", "0.5", NOT_APPLICABLE, id=4),
    seen("M2", "12-02", "1", MET, id=5),
    seen("M2", "12-03", "1", NOT_MET, id=6),
    seen("B1", "03-01", "1", MET, id=7),
    seen("B1", "03-02", "1", NOT_MET, id=8, found=76, required=100),
    seen("B1", "03-03", "0.5", MET, id=9),
    seen("R1", "01-01", "0.5", NOT_MET, id=10, found=2, required=3),
    seen("R1", "01-02", "0.5", MET, id=11),
    seen("R1", "01-03", "1", MET, id=12),
    seen("X1", "02-02", "0.3", NOT_APPLICABLE, id=13),
]


def points() -> dict[str, PointScore]:
    return point_scores(ROWS, rules=rules())


def printed(number: Number) -> str:
    return str(rules().rounding.score(number.exact))


def test_points_come_out_as_worked_by_hand() -> None:
    shown = {code: printed(one.score) for code, one in points().items()}

    assert shown == {"M1": "60.00", "M2": "50.00", "B1": "92.00", "R1": "63.64", "X1": "None"}


def test_city_comes_out_as_worked_by_hand() -> None:
    city = place_score(points().values(), of="city", rules=rules())

    assert printed(city) == "66.41"
    assert [printed(city.term("category", of)) for of in ("12", "03", "01")] == ["55.00", "92.00", "63.64"]


def test_rounding_on_the_way_would_have_given_another_number() -> None:
    """Three thirds: (33.33 + 33.33 + 33.34)… the sum of what is printed is not what is printed of the sum."""
    rows = [seen(f"P{n}", "09-01", "3", NOT_MET, found=1, required=3) for n in range(3)]
    measured = rules().on_site.measures | {"09-01": rules().on_site.measures["02-01"]}
    scores = point_scores(rows, rules=rules_with("on_site", measures=measured))

    assert F(100, 3) == place_score(scores.values(), of="city", rules=rules()).exact


def test_compliance_counts_what_was_judged() -> None:
    rate = compliance(points().values(), of="city")

    assert F(7, 11) == rate.exact
    assert Decimal("63.64") == rules().rounding.percent(rate.exact)
    assert {1, 3, 5, 7, 9, 11, 12} == rate.term("met").all_rows()


def test_every_figure_is_what_its_terms_give_and_leads_to_its_rows() -> None:
    city = place_score(points().values(), of="city", rules=rules())

    assert unexplained(city) == []
    assert {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12} == city.all_rows()
    lost = points()["M1"].score.term("lost_share")
    assert {2} == lost.term("deducted").all_rows()
    assert {1, 2, 3} == lost.term("full_marks").all_rows()


def test_order_of_the_rows_changes_nothing_at_all() -> None:
    shuffled = Random(7).sample(ROWS, len(ROWS))

    assert points() == point_scores(shuffled, rules=rules())


def test_two_inspectors_at_one_point_count_together() -> None:
    """1 of 2 points lost by one, none by the other: 1 ÷ 4 lost."""
    rows = [seen("P", "09-01", "1", NOT_MET), seen("P", "09-02", "1")] + [seen("P", f"09-0{n}", "1") for n in (1, 2)]

    assert printed(point_scores(rows, rules=rules())["P"].score) == "75.00"


def test_districts_streets_and_units_are_scored_from_their_points() -> None:
    places = {"M1": ["D1", "S1", "D1"], "M2": ["D1", "S2"], "B1": ["D2", "S1"], "gone": ["D3"]}
    shown = {code: printed(one) for code, one in place_scores(points(), places=places, rules=rules()).items()}

    # D1: both markets, 55. S1: market 60 (weight 2), back street 92: 212 ÷ 3 = 70.666…
    assert shown == {"D1": "55.00", "D2": "92.00", "S1": "70.67", "S2": "50.00"}


def test_point_in_two_categories_is_refused() -> None:
    with pytest.raises(WrongValue, match=r"P.*09, 10"):
        point_scores([seen("P", "10-01", "1"), seen("P", "09-01", "1")], rules=rules())


def test_row_that_stands_there_twice_is_refused_not_counted_twice() -> None:
    with pytest.raises(WrongValue, match="each row once"):
        point_scores([ROWS[0], ROWS[0]], rules=rules())


def test_rounds_of_a_year_weigh_by_their_kind() -> None:
    def a_round(key: int, kind: str, score: int | None) -> RoundScore:
        return RoundScore(key, kind, counted("on_site", score))

    rounds = [a_round(1, "covert", 80), a_round(2, "mock_evaluation", 90), a_round(3, "special", 10)]
    year = year_score([*rounds, a_round(4, "announced", None)], of="2026", rules=rules())

    assert F(85) == year.exact  # the special one weighs nothing, the one without a score is left out
    assert len(year.terms) == 4
