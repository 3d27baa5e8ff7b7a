"""What rounds and nights do for accountability, filing, task letters, struck anywhere: as if nothing had been."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.cast import MONDAY, OFFICE, an_issue, at
from tests.crash.counting import is_sealed, rewind, snapshot, told_of
from tests.crash.deaths import dies
from tests.crash.wholeness import check
from tests.crash.works import FEW, WORKS
from tests.services.filing.cabinet import an_item
from tests.services.surveys import field
from tests.services.tasks import desk

WARNED, LATE, NIGHT = at("2026-11-12 10:00"), at("2026-11-17 17:01"), at("2026-11-06 02:00")
UNSIGNED = at("2026-11-20 08:20")
SURVEY = (
    *("surveys", "start", "residents", "--title", "第四季度居民问卷", "--area", "5103"),
    *("--from", "2026-11-02", "--to", "2026-11-30", "--places", "3", "--seed", "42"),
    *("--interviewer", field.INTERVIEWER, "--key", "once", "--as", OFFICE),
)
Fill = Callable[[Session], object]


def missing(session: Session) -> None:
    """Material that is missing: more than is claimed in one go."""
    for n in range(FEW * 2 + 1):
        an_item(session, f"F-{n:02}")


def overdue(session: Session) -> None:
    """Issues that have climbed to an order, and enough of them for a card."""
    for minute in range(6):
        an_issue(session, state="rectifying", now=MONDAY + timedelta(minutes=minute))


def letters(session: Session) -> None:
    desk.issued(session)


def a_field(session: Session) -> None:
    field.a_field(session)


def a_survey(session: Session) -> None:
    field.a_field(session)
    field.a_survey(session)


def nothing(_: Session) -> None: ...


CASES = [
    ("tick", missing, WARNED, "missing material claimed", 1),
    ("tick", missing, WARNED, "missing material raised", 1),
    ("tick", missing, WARNED, "after a commit", 2),
    ("tick", overdue, LATE, "measures written", 2),
    ("tick", overdue, LATE, "measures proposed", 1),
    ("tick", overdue, LATE, "the mark moved", 1),
    ("night", overdue, NIGHT, "patrols planned", 1),
    ("night", overdue, NIGHT, "after a commit", 1),
    ("night", overdue, NIGHT, "measures proposed", 1),
    ("night", overdue, NIGHT, "after a commit", 2),
    ("chase", letters, UNSIGNED, "letters chased", 1),
    ("chase", letters, UNSIGNED, "letters chased", 2),
    ("chase", letters, UNSIGNED, "after a commit", 1),
    ("end_survey", a_survey, WARNED, "after a commit", 1),
]


@pytest.mark.parametrize(("work", "fill", "now", "point", "nth"), CASES)
def test_nothing_is_lost_or_done_twice(
    place, finished, work: str, fill: Fill, now: datetime, point: str, nth: int
) -> None:
    here = place(fill)
    before = snapshot(here.engine)
    dies(work, here.job(now), point=point, nth=nth)

    half = told_of(snapshot(here.engine))
    rewind(here.engine)
    WORKS[work](here.job(now))
    whole = finished(fill, work, now)

    assert before != whole
    assert snapshot(here.engine) == whole
    assert half.items() <= told_of(whole).items(), "an event without its messages, or the other way round"
    assert is_sealed(here.engine)


@pytest.mark.parametrize("point", ["letters filed", "units told", "after a commit"])
def test_task_letters_are_issued_all_or_none_and_their_numbers_have_no_gap(
    place, finished, tmp_path: Path, point: str
) -> None:
    typed = ("tasks", "issue", "--year", "2026", "--as", OFFICE)
    check(place, finished, typed, tmp_path, point=point, nth=1, now=MONDAY, fill=nothing)


@pytest.mark.parametrize("point", ["surveyors told", "after a commit"])
def test_a_survey_is_begun_whole_or_not_at_all(place, finished, tmp_path: Path, point: str) -> None:
    check(place, finished, SURVEY, tmp_path, point=point, nth=1, now=MONDAY, fill=a_field)
