"""Years, cycles and two-level co-creation, worked by hand.

annual: 0.40 × 92.5 (filing) + 0.40 × 88 (on-site) + 0.20 × 96 (questionnaire) = 37 + 35.2 + 19.2 = 91.40
mock:   0.70 × 88 + 0.30 × 96 = 61.6 + 28.8 = 90.40
cycle:  0.15 × 88 + 0.25 × 91.4 + 0.60 × 93.15 = 13.2 + 22.85 + 55.89 = 91.94
so far: (0.15 × 88 + 0.25 × 91.4) ÷ 0.40 = 36.05 ÷ 0.40 = 90.125 → 90.13
for 92 in the cycle the third year must reach (92 − 36.05) ÷ 0.60 = 93.25
city with two counties, share 0.2: 0.8 × 91.4 + 0.2 × (80 + 90) ÷ 2 = 73.12 + 17 = 90.12
"""

from fractions import Fraction as F

import pytest

from models.errors import WrongValue
from models.scoring.number import Number, counted, unexplained
from models.scoring.parsing import parse_scoring
from models.scoring.yearly import co_created, composed, cycle, so_far, still_needed
from tests.models.scoring.rows import document, rules

MODULES = {
    "online_filing": counted("online_filing", F("92.5")),
    "on_site": counted("on_site", 88),
    "questionnaire": counted("questionnaire", 96),
    "minors": counted("minors", 84),
}


def year(value: str) -> Number:
    return counted("year", F(value))


@pytest.mark.parametrize(("name", "score"), [("annual", "91.4"), ("mock", "90.4")])
def test_compositions_as_worked_by_hand(name: str, score: str) -> None:
    number = composed(name, modules=MODULES, of="2026", rules=rules())

    assert F(score) == number.exact
    assert unexplained(number) == []


def test_composition_without_a_module_is_incomplete_and_says_what_there_is() -> None:
    modules = {name: MODULES[name] for name in ("online_filing", "on_site")}
    number = composed("annual", modules=modules, of="2026", rules=rules())

    assert number.exact is None
    assert number.notes == ("incomplete",)
    assert F("90.25") == so_far(number).exact  # (0.4 × 92.5 + 0.4 × 88) ÷ 0.8
    assert unexplained(so_far(number)) == []


def test_unknown_composition_is_refused() -> None:
    with pytest.raises(WrongValue, match="annual, mock"):
        composed("monthly", modules=MODULES, of="2026", rules=rules())


def test_cycle_as_worked_by_hand() -> None:
    number = cycle([year("88"), year("91.4"), year("93.15")], of="2024–2026", rules=rules())

    assert F("91.94") == number.exact
    assert still_needed(number, target=F(92)) is None


def test_unfinished_cycle_shows_what_there_is_and_what_is_needed() -> None:
    number = cycle([year("88"), year("91.4")], of="2024–2026", rules=rules())

    assert number.exact is None
    assert str(rules().rounding.score(so_far(number).exact)) == "90.13"
    assert F("93.25") == still_needed(number, target=F(92))


def test_fourth_year_of_three_is_refused() -> None:
    with pytest.raises(WrongValue, match="at most 3"):
        cycle([None] * 4, of="x", rules=rules())


def co_creation(share: float, *counties: str | None) -> Number:
    written = document()
    written["co_creation"]["share"] = share
    several = {f"C{n}": counted("annual", F(c) if c else None) for n, c in enumerate(counties)}
    return co_created(year("91.4"), counties=several, rules=parse_scoring(written))


def test_counties_count_by_their_share() -> None:
    assert F("90.12") == co_creation(0.2, "80", "90").exact
    assert F("89.12") == co_creation(0.2, "80", None).exact  # 73.12 + 16: without a score it is left out
    assert unexplained(co_creation(0.2, "80", None)) == []


@pytest.mark.parametrize(("share", "counties"), [(0, ("80",)), (0.2, ()), (0.2, (None,))])
def test_without_a_share_or_a_county_the_city_stands_alone(share: float, counties: tuple[str | None, ...]) -> None:
    assert F("91.4") == co_creation(share, *counties).exact


def test_city_without_a_score_is_not_carried_by_its_counties() -> None:
    own = counted("year", None)

    assert co_created(own, counties={"C": year("90")}, rules=rules()).exact is None
