"""How material counts in scores."""

from decimal import Decimal

from sqlmodel import Session

from models.scoring.filing import filing_score
from services.filing.reading import filing_material
from services.scores.formula import in_force
from tests.cast import MONDAY, at
from tests.services.filing.cabinet import VERSION, accept, an_item, give_back, hand_in


def test_each_state_counts_as_the_rules_of_scoring_name_it(city: Session) -> None:
    good, late, returned, missing, waiting = (an_item(city, f"F-{n}") for n in range(5))
    hand_in(city, good)
    accept(city, good)
    hand_in(city, late, now=at("2026-11-21 09:00"))
    accept(city, late)
    hand_in(city, returned, now=at("2026-11-03 09:00"))
    give_back(city, returned)
    hand_in(city, waiting, now=at("2026-11-04 09:00"))

    found = {one.id: one.state for one in filing_material(city, year=2026, version=VERSION)}

    assert found == {good: "accepted", late: "late", returned: "returned", missing: "missing"}


def test_what_is_not_due_yet_is_not_held_against_anybody(city: Session) -> None:
    item = an_item(city)

    assert list(filing_material(city, year=2026, version=VERSION, now=MONDAY)) == []
    (one,) = filing_material(city, year=2026, version=VERSION, now=at("2026-11-21 09:00"))
    assert (one.id, one.marks, one.standard) == (item, Decimal(2), "II-3")


def test_the_score_by_hand(city: Session) -> None:
    """Two marks each: one accepted, one missing: half of the marks."""
    good = an_item(city, "F-1")
    an_item(city, "F-2")
    hand_in(city, good)
    accept(city, good)

    score = filing_score(filing_material(city, year=2026, version=VERSION), of="2026", rules=in_force(city))

    assert score.exact == 50
