"""What is counted or timed: read, judged by the city's rules of scoring, kept with the observation."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlmodel import Session, select

from models.audit import Observation, Result
from models.errors import MissingInput, WrongValue
from models.scoring.rules import Measure, MeasureKind
from models.standard import Standard
from services import audit_facts
from services.audit_facts import Facts
from services.audit_results import Seen
from tests.services.audits.rounds import fill, started
from tests.small_city import a_city

LAMPS = Standard(version_code="x", code="03-02", category_code="03", text="路灯", severity="S3", lead="", deduction=2)
SHARE = Measure(kind=MeasureKind.SHARE, enough=Fraction(95, 100))
PER_FAULT = Measure(kind=MeasureKind.PER_FAULT, full_marks=4, per_fault=2)
TIMED = Measure(kind=MeasureKind.TIMED, per_fault=1, window=10, least=5)


@pytest.mark.parametrize(
    ("measure", "facts", "said"),
    [
        (SHARE, Facts(found=95, required=100), Result.MET),
        (SHARE, Facts(found=94, required=100), Result.NOT_MET),
        (SHARE, Facts(found=0, required=0), Result.NOT_APPLICABLE),
        (SHARE, Facts(found=3), None),
        (PER_FAULT, Facts(found=1, required=1), Result.MET),
        (PER_FAULT, Facts(faults=1), Result.NOT_MET),
        (TIMED, Facts(faults=0, minutes=Decimal(10)), Result.MET),
        (TIMED, Facts(faults=2, minutes=Decimal("7.5")), Result.NOT_MET),
        (TIMED, Facts(faults=2, minutes=Decimal(4)), Result.NOT_APPLICABLE),
        (Measure(), Facts(found=1, required=5), None),
    ],
)
def test_counts_say_what_is_met_by_the_rules_of_scoring(measure: Measure, facts: Facts, said: Result | None) -> None:
    assert audit_facts.verdict(facts, LAMPS, measure) is said


@pytest.mark.parametrize(
    "typed",
    [
        {"found": "-1"},
        {"found": "1.5"},
        {"required": "1000001"},
        {"faults": "三"},
        {"faults": "٣"},
        {"minutes": "1441"},
        {"minutes": "7.555"},
        {"minutes": "NaN"},
        {"minutes": "1e9"},
        {"found": "9" * 5000},
    ],
)
def test_what_is_no_count_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(WrongValue):
        audit_facts.read(typed)


def test_empty_fields_are_no_counts() -> None:
    assert not audit_facts.read({"found": "", "minutes": None})


def test_minutes_stay_exact() -> None:
    kept = audit_facts.read({"minutes": "7.50", "faults": "2"}).written()
    assert (kept, audit_facts.read(kept).minutes) == ({"minutes": "7.50", "faults": 2}, Decimal("7.50"))


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def test_an_observation_keeps_what_was_counted(city: Session) -> None:
    round_ = started(city)
    fill(city, round_, "P-0001", Seen("01-01", Result.NOT_MET, "只有一处", facts=Facts(found=1, required=3)))
    assert city.exec(select(Observation.facts)).one() == {"found": 1, "required": 3}


def test_a_tick_that_the_counts_do_not_bear_out_is_refused(city: Session) -> None:
    round_ = started(city)
    with pytest.raises(WrongValue) as told:
        fill(city, round_, "P-0001", Seen("01-01", Result.MET, facts=Facts(found=1, required=3)))
    assert told.value.params["expected"] == "not_met (found 1, required 3)"


def test_the_same_counts_sent_again_are_passed_over_and_others_refused(city: Session) -> None:
    round_ = started(city)
    seen = Seen("01-01", Result.NOT_MET, "少", facts=Facts(found=1, required=3))
    fill(city, round_, "P-0001", seen)
    assert fill(city, round_, "P-0001", seen).repeated == 1
    with pytest.raises(WrongValue):
        fill(city, round_, "P-0001", Seen("01-01", Result.NOT_MET, "少", facts=Facts(found=2, required=3)))


def test_not_applicable_wants_a_reason(city: Session) -> None:
    round_ = started(city)
    with pytest.raises(MissingInput):
        fill(city, round_, "P-0001", Seen("01-01", Result.NOT_APPLICABLE, " "))
    assert fill(city, round_, "P-0001", Seen("01-01", Result.NOT_APPLICABLE, "道路封闭施工")).written == 1
