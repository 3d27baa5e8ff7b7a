"""Two at once: one appeal, one decision, one draft; the other is told."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select

from models.appeal import Appeal, AppealDecision, AppealOutcome
from models.errors import DubanError
from models.publication import Publication
from services.ranking import appeals, drafting
from services.ranking.errors import AlreadyAppealed, AlreadyDecided
from tests.cast import DEPUTY, DIRECT, OFFICE, who
from tests.services.ranking.desk import (
    CITY,
    DRAFTED,
    HEADQUARTERS,
    OCTOBER,
    PLEADED,
    WITHIN,
    appealed,
    drafted,
    number_of,
    october,
)

Make = Callable[[], Session]


@pytest.fixture
def key(city: Session) -> int:
    found = october(city)[2]
    city.commit()
    return found


def both(sessions: Make, *works: Callable[[Session], object]) -> list[object]:
    """What came of each, begun at the same moment; a refusal is told, not raised."""
    start = threading.Barrier(len(works), timeout=20)

    def do(work: Callable[[Session], object]) -> object:
        with sessions() as session:
            start.wait()
            try:
                work(session)
                session.commit()
            except DubanError as error:
                return type(error)
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(do, works), key=str)


def test_two_leaders_appeal_against_one_case(city, sessions, key):
    drafted(city)
    number = number_of(city, key)

    def by(person: str) -> Callable[[Session], object]:
        return lambda session: appeals.appeal(
            session,
            number,
            month=OCTOBER,
            area_code=CITY,
            pleaded=PLEADED,
            by=who(session, person, now=WITHIN),
            now=WITHIN,
        )

    assert both(sessions, by(DEPUTY), by(DIRECT)) == [AlreadyAppealed, "done"]
    assert len(city.exec(select(Appeal)).all()) == 1


def test_two_decide_one_appeal(city, sessions, key):
    drafted(city)
    row = appealed(city, key).id or 0

    def to(outcome: AppealOutcome) -> Callable[[Session], object]:
        return lambda session: appeals.decide(
            session, row, outcome=outcome, reason="x", by=who(session, HEADQUARTERS, now=WITHIN), now=WITHIN
        )

    assert both(sessions, to(AppealOutcome.UPHELD), to(AppealOutcome.REFUSED)) == [AlreadyDecided, "done"]
    assert len(city.exec(select(AppealDecision)).all()) == 1


def test_two_draft_one_month(city, sessions, key):
    def draft(session: Session) -> object:
        by = who(session, OFFICE, now=DRAFTED)
        return drafting.draft(session, month=OCTOBER, area_code=CITY, by=by, now=DRAFTED)

    assert both(sessions, draft, draft) == ["done", "done"]
    assert len(city.exec(select(Publication)).all()) == 1
