"""A year and a cycle from the database: modules by weight, gates, the negative list."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlmodel import Session

from models.audit import RoundKind
from models.errors import DubanError, NotFound, WrongValue
from models.scoring.filing import Filed
from models.scoring.negative import Standing
from models.scoring.questionnaire import Answer
from services.scores import modules, recording
from services.scores.year import YearFigures, annual, cycle
from tests.cast import DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, who
from tests.services.scores.facts import MET, NOT_MET, SEEN, a_round, the_round

TODAY = MONDAY.date()
ALL_MET = {point: dict.fromkeys(codes, MET) for point, codes in SEEN.items()}
NONE_MET = {point: dict.fromkeys(codes, NOT_MET) for point, codes in SEEN.items()}


def of_2026(session: Session, **of) -> YearFigures:
    return annual(session, year=2026, system="civilised_city", **of)


@pytest.fixture
def whole(monkeypatch) -> None:
    """Material that earns 90 of 100, and answers of which each is the best."""
    filed = [Filed(1, "a", Decimal(9), "accepted"), Filed(2, "b", Decimal(1), "missing")]
    best = {"awareness": "aware", "support": "supports", "satisfaction": "satisfied"}
    answers = [Answer(n * 10 + place, code, best[code]) for n in range(5) for place, code in enumerate(best)]
    monkeypatch.setattr(modules, "filing_material", lambda *_, **__: filed)
    monkeypatch.setattr(modules, "survey_answers", lambda *_, **__: answers)


def hit(session: Session, code: str, *, on: date = TODAY, by: str = OFFICE) -> int:
    given = {"area_code": "5103", "on": on, "evidence": "通报〔2026〕1号", "why": "查实"}
    return recording.record_hit(session, code=code, by=who(session, by), now=MONDAY, **given).id or 0


def test_a_year_weighs_its_three_modules(city: Session, whole) -> None:
    """0.4 × 90 + 0.4 × (mean of 100 and 0) + 0.2 × 100 = 76."""
    a_round(city, seen=ALL_MET)
    a_round(city, seen=NONE_MET, kind=RoundKind.MOCK, seed=2)

    found = of_2026(city)

    assert found.modules["on_site"].exact == 50
    assert found.score.exact == Fraction(76)


def test_a_year_without_a_module_has_no_score_yet_and_says_what_there_is(city: Session) -> None:
    a_round(city, seen=ALL_MET)

    found = of_2026(city)

    assert (found.score.exact, found.preliminary.exact) == (None, 100)
    assert found.needed(Fraction(80)) == Fraction(200, 3)


def test_rounds_that_are_not_over_or_weigh_nothing_are_shown_and_not_counted(city: Session) -> None:
    a_round(city, seen=ALL_MET)
    a_round(city, seen={"P-0001": SEEN["P-0001"]}, seed=2)
    a_round(city, seen=NONE_MET, kind=RoundKind.LOOK_BACK, seed=3)

    found = of_2026(city)

    assert [(one.kind, one.counts) for one in found.rounds] == [
        ("announced", True),
        ("announced", False),
        ("look_back", False),
    ]
    assert found.modules["on_site"].exact == 100


def test_a_covert_round_that_nobody_may_know_of_is_not_there(city: Session) -> None:
    number = a_round(city, seen=NONE_MET, kind=RoundKind.COVERT)
    assert of_2026(city).rounds == []

    the_round(city, number).published_at = MONDAY
    city.flush()
    assert [one.number for one in of_2026(city).rounds] == [number]


def test_a_hit_of_the_negative_list_costs_its_points_for_twelve_months(city: Session, whole) -> None:
    a_round(city, seen=ALL_MET)
    hit(city, "media_exposure")

    assert of_2026(city).judged.score.exact == Fraction(96) - Fraction("0.5")
    assert annual(city, year=2028, system="civilised_city").judged.counted_until == {}


def test_a_veto_bars_the_city_until_it_is_withdrawn(city: Session, whole) -> None:
    a_round(city, seen=ALL_MET)
    key = hit(city, "safety_accident")
    assert of_2026(city).judged.standing is Standing.VETOED

    recording.withdraw_hit(city, key, why="不属本市", by=who(city, OFFICE), now=MONDAY)
    assert of_2026(city).judged.standing is not Standing.VETOED


def test_a_precondition_that_nobody_measured_is_unknown(city: Session, whole) -> None:
    a_round(city, seen=ALL_MET)

    assert of_2026(city).judged.standing is Standing.UNKNOWN


def test_a_cycle_weighs_its_years(city: Session, whole) -> None:
    """0.15 × 56 + 0.25 × 56 + 0.60 × 96: rounds in the third year alone; without them a year has no score."""
    a_round(city, seen=ALL_MET)

    found = cycle(city, first_year=2024, system="civilised_city")

    assert {year: one and one.exact for year, one in found.years.items()} == {2024: None, 2025: None, 2026: 96}
    assert (found.score.exact, found.preliminary.exact) == (None, 96)


@pytest.mark.parametrize("of", [{"year": 1999}, {"system": "x"}, {"area_code": "x"}, {"system": "a\0"}])
def test_what_is_not_there_is_not_found(city: Session, of) -> None:
    with pytest.raises(NotFound):
        annual(city, **{"year": 2026, "system": "civilised_city", **of})


def test_only_an_office_records_and_only_what_the_rules_know(city: Session) -> None:
    for code, by, error in (
        ("media_exposure", HANDLER, "not_allowed"),
        ("media_exposure", DISTRICT_OFFICE, "not_allowed"),
        ("bad_weather", OFFICE, "wrong_value"),
    ):
        with pytest.raises(DubanError) as told:
            hit(city, code, by=by)
        assert told.value.code == error
    with pytest.raises(WrongValue):
        hit(city, "media_exposure", on=date(2027, 1, 1))


def test_nothing_is_withdrawn_twice(city: Session) -> None:
    key = hit(city, "media_exposure")
    back = recording.withdraw_hit(city, key, why="误记", by=who(city, OFFICE), now=MONDAY)

    for one in (key, back.id or 0):
        with pytest.raises(recording.WithdrawnAlready):
            recording.withdraw_hit(city, one, why="误记", by=who(city, OFFICE), now=MONDAY)
