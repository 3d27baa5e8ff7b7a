"""Scores in the monthly bulletin: those of the month's published appraisal, and of no other."""

from datetime import date

import pytest
from sqlmodel import Session

from models.publication import Publication, PublicationKind, PublicationState
from models.rights import SYSTEM
from services.bulletins.drafting import count_again, draft
from services.bulletins.scores import month_scores
from services.ranking.table import Row
from tests.cast import OFFICE, at, who
from tests.services.bulletins.desk import a_half_month, drafted
from tests.small_city import a_city

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
MORNING = at("2026-12-03 08:14")
MONTHLY = PublicationKind.MONTHLY
ROW = {
    **dict.fromkeys(("code", "name", "group"), "D-CGJ"),
    **{
        "rank": 1,
        "of": 3,
        "score": "95.50",
        "points": "-0.50",
        "moved": 1,
        "listed": "red",
        "in_a_row": 0,
        "cases": 12,
    },
}


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    a_half_month(session)
    return session


def an_appraisal(session: Session, state: PublicationState, *, first: date = NOVEMBER[0], edition: int = 1) -> None:
    session.add(
        Publication(
            kind=PublicationKind.APPRAISAL,
            area_code="5103",
            period_from=first,
            period_to=NOVEMBER[1],
            edition=edition,
            state=state,
            formula=f"2026-{edition}",
            content={"units": [{**ROW, "figures": {}}]},
            content_sha256="-",
            drafted_at=MORNING,
        )
    )
    session.flush()


def monthly(session: Session) -> Publication:
    return draft(session, MONTHLY, on=date(2026, 12, 3), by=SYSTEM, now=MORNING).publication


def test_the_published_scores_of_the_month_stand_in_it(city: Session) -> None:
    an_appraisal(city, PublicationState.PUBLISHED)
    scores = monthly(city).content["scores"]
    assert (scores["formula"], scores["rows"]) == ("2026-1", [ROW])


def test_the_last_edition_of_them_counts(city: Session) -> None:
    for edition in (1, 2):
        an_appraisal(city, PublicationState.PUBLISHED, edition=edition)
    assert monthly(city).content["scores"]["formula"] == "2026-2"


@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.APPROVED])
def test_scores_that_are_not_published_are_not_shown(city: Session, state: PublicationState) -> None:
    an_appraisal(city, state)
    assert monthly(city).content["scores"] is None


def test_published_later_they_are_taken_over_when_it_is_counted_again(city: Session) -> None:
    row = monthly(city)
    an_appraisal(city, PublicationState.PUBLISHED)
    again = count_again(city, row, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING)
    assert again.content["scores"]["rows"] == [ROW]


def test_another_period_or_kind_has_none(city: Session) -> None:
    an_appraisal(city, PublicationState.PUBLISHED, first=date(2026, 11, 2))
    assert monthly(city).content["scores"] is None
    assert drafted(city).content["scores"] is None
    assert month_scores(city, PublicationKind.WEEKLY, area_code="5103", period=NOVEMBER) is None


def test_what_is_shown_of_a_row_is_there_in_the_appraisal() -> None:
    assert set(ROW) <= set(Row.__dataclass_fields__)
