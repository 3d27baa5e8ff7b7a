"""A round from the database to the score of the city, calculated by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlmodel import Session, select

from models.audit import Observation
from models.errors import NotFound
from models.scoring.number import unexplained
from services.scores.round import RoundFigures, round_scores
from tests.services.scores.facts import MET, NOT_APPLICABLE, NOT_MET, SEEN, a_round


def figures(session: Session, **seen) -> RoundFigures:
    return round_scores(session, a_round(session, seen={**SEEN, **seen}))


def fault(session: Session) -> Observation:
    query = select(Observation).where(Observation.standard_code == "01-01", Observation.result == NOT_MET)
    return session.exec(query).one()


def test_points_categories_and_the_city(city: Session) -> None:
    """P-0001: 100·(1 − 4/4.5); P-0003: 100·(1 − 0.5/4.5); their mean is 50. The market, 100, weighs twice: 250 ÷ 3."""
    found = figures(city)

    assert found.points["P-0001"].score.exact == Fraction(100, 9)
    assert found.points["P-0003"].score.exact == Fraction(800, 9)
    assert found.categories["01"].exact == 50
    assert found.formula.rounding.score(found.score.exact) == Decimal("83.33")


def test_what_is_not_applicable_leaves_the_denominator(city: Session) -> None:
    found = figures(city)

    assert found.points["P-0002"].score.exact == 100
    assert found.compliance.exact == Fraction(3, 5)


def test_districts_streets_and_units_have_their_own(city: Session) -> None:
    """District 510302 has P-0001 and the market: (100/9 + 2·100) ÷ 3."""
    found = figures(city)

    assert found.areas["510302"].exact == Fraction(1900, 27)
    assert found.areas["510302001"].exact == found.areas["510302"].exact
    assert found.areas["510303"].exact == found.units["T510303001"].exact == Fraction(800, 9)


def test_counts_decide_where_a_standard_is_counted(city: Session) -> None:
    """01-01 is worth 4 and loses 2 for each that is missing; one of three is."""
    number = a_round(city)
    row = fault(city)
    row.facts = {"found": 2, "required": 3}
    city.flush()

    assert round_scores(city, number).points["P-0001"].score.exact == 100 * (1 - Fraction(2) / Fraction("4.5"))


def test_what_a_second_look_replaced_does_not_count(city: Session) -> None:
    number = a_round(city)
    row = fault(city)
    row.counted = False
    city.flush()

    assert round_scores(city, number).points["P-0001"].score.exact == 100


def test_every_number_leads_to_its_observations(city: Session) -> None:
    found = figures(city)

    assert unexplained(found.score) == []
    assert found.score.all_rows() == {row.id for row in found.rows if row.result is not NOT_APPLICABLE}


def test_a_better_result_never_lowers_a_score(city: Session) -> None:
    worse = figures(city)
    better = round_scores(city, a_round(city, seen={**SEEN, "P-0001": {"01-01": MET, "01-02": MET}}, seed=2))

    assert (better.score.exact or 0) > (worse.score.exact or 0)


def test_a_round_that_saw_nothing_has_no_score(city: Session) -> None:
    found = round_scores(city, a_round(city, seen={}))

    assert (found.score.exact, found.points, found.finished) == (None, {}, False)
    assert found.sheets == (0, 3)


def test_a_point_where_nothing_applies_has_no_score_and_no_weight(city: Session) -> None:
    found = figures(city, **{"P-0002": {"12-01": NOT_APPLICABLE, "12-02": NOT_APPLICABLE}})

    assert found.points["P-0002"].score.exact is None
    assert found.score.exact == 50


def test_an_unknown_round_is_not_found(city: Session) -> None:
    with pytest.raises(NotFound):
        round_scores(city, "R-0")
