"""Months in a row on the black list: an interview first, a proposal after the third, each once."""

from sqlmodel import Session

from services.accountability.rounds import every_night
from tests.cast import at
from tests.services.accountability.shorthand import measures
from tests.services.ranking.desk import OCTOBER
from tests.services.ranking.test_past import cases, publish

SEPTEMBER = OCTOBER.before
AUGUST = SEPTEMBER.before


def test_each_published_month_in_a_row_weighs_more(city: Session) -> None:
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        cases(city, month)
        publish(city, month)
    for night in ("2026-11-21 02:00", "2026-11-22 02:00"):
        every_night(city, now=at(night))

    black = [one for one in measures(city) if one.because["when"] == "black_list"]
    assert [(one.kind.value, one.unit_code, one.because["count"], one.because["month"]) for one in black] == [
        ("transfer_proposal", "D-CGJ", 3, "2026-10"),
        ("interview", "D-CGJ", 2, "2026-09"),
        ("interview", "D-CGJ", 1, "2026-08"),
    ]
    assert {one.state.value for one in black} == {"proposed"}
