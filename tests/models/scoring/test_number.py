"""Numbers explain themselves, and are rounded once."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F

import pytest

from models.scoring.document import from_document, to_document
from models.scoring.number import Number, Term, counted, mean, ratio, recomputed, summed, unexplained
from models.scoring.rounding import Rounding, half_up

NOTHING = counted("nothing", None)


def number(value: str, *rows: int) -> Number:
    return counted("n", F(value), rows)


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("0.125", 2, "0.13"),
        ("0.135", 2, "0.14"),
        ("-0.125", 2, "-0.13"),
        ("94.1249999", 2, "94.12"),
        ("2/3", 2, "0.67"),
        ("-2/3", 4, "-0.6667"),
        ("100", 2, "100.00"),
        ("0.5", 0, "1"),
        ("-0.004", 2, "0.00"),
        ("1.005", 2, "1.01"),
    ],
)
def test_halves_go_away_from_zero(value: str, places: int, printed: str) -> None:
    assert printed == str(half_up(F(value), places=places))


def test_rates_are_printed_in_per_cent_and_scores_in_points() -> None:
    assert Decimal("66.7") == Rounding(score_places=2, rate_places=1).percent(F(2, 3))
    assert Decimal("0.67") == Rounding(score_places=2, rate_places=1).score(F(2, 3))
    assert Rounding().percent(None) is None


def test_mean_leaves_out_what_has_no_value_and_a_sum_does_not() -> None:
    terms = (Term(number("80"), F(1)), Term(NOTHING, F(3)), Term(number("90"), F(3)))

    assert F("87.5") == mean("m", terms).exact  # (80 + 3 × 90) ÷ 4
    assert summed("s", terms).exact is None
    assert F(350) == summed("s", (terms[0], terms[2], Term(NOTHING, F(0)))).exact


def test_ratio_over_nothing_is_no_number() -> None:
    assert ratio("r", number("0"), number("0")).exact is None
    assert ratio("r", number("1"), NOTHING).exact is None


def test_sum_is_cut_at_its_bounds() -> None:
    terms = (Term(number("7")), Term(number("3"), F(-4)))

    assert F(-5) == summed("s", terms).exact
    assert F(0) == summed("s", terms, low=F(0)).exact
    assert F(-6) == summed("s", terms, high=F(-6)).exact


def test_all_rows_are_found_however_far_down() -> None:
    inner = ratio("r", number("1", 7), number("2", 7, 8))

    assert {3, 7, 8} == summed("s", (Term(inner), Term(number("1", 3)))).all_rows()


def test_number_that_was_altered_is_found_wherever_it_stands() -> None:
    inner = ratio("inner", number("1"), number("2"))
    whole = summed("whole", (Term(inner),))

    assert unexplained(whole) == []
    assert [one.name for one in unexplained(replace(whole, exact=F(1)))] == ["whole"]
    altered = replace(inner, exact=F(1, 3))
    found = unexplained(replace(whole, terms=(Term(altered),)))
    assert [one.name for one in found] == ["whole", "inner"]


def test_part_is_found_by_its_name_and_of_what_it_is() -> None:
    whole = summed("s", (Term(counted("a", 1, of="x")), Term(counted("a", 2, of="y"))))

    assert F(2) == whole.term("a", "y").exact
    with pytest.raises(KeyError):
        whole.term("b")


def test_frozen_explanation_comes_back_to_the_last_place() -> None:
    whole = summed("s", (Term(ratio("r", number("1", 5), number("3", 6)), F("-0.3")),), of="A", low=F(-1), notes=("x",))
    written = json.loads(json.dumps(to_document(whole)))

    assert whole == from_document(written)
    assert F("-0.1") == recomputed(from_document(written))
