"""`duban sweep`: what would be looked at, the start, what came of it, the waiver."""

import pytest
from sqlmodel import Session

from models.issue import Source
from tests.cast import HANDLER, OFFICE, an_issue, read
from tests.cli.conftest import Run
from tests.services.same_fault.town import NOT_MET, fill, more_points, points_of


@pytest.fixture
def number(run: Run, session: Session) -> str:
    more_points(session)
    found = read(session, an_issue(session, state="rectifying", source=Source.SUPERIOR)).number
    session.commit()
    return found


def test_looking_writes_nothing(run: Run, number: str) -> None:
    shown = run("sweep", "look", number, "--as", HANDLER)
    assert shown.code == 0
    assert ("P-0011" in shown.out, "never" in shown.out) == (True, True)
    assert run("sweep", "show", number, "--as", HANDLER, "--json").json["sweeps"] == []


def test_a_dry_run_starts_nothing(run: Run, number: str) -> None:
    begun = run("sweep", "start", number, "--as", HANDLER, "--dry-run", "--json").json
    assert (begun["points"], begun["dry_run"]) == (3, True)
    assert run("sweep", "show", number, "--as", HANDLER, "--json").json["sweeps"] == []


def test_what_was_started_shows_how_far_it_is(run: Run, session: Session, number: str) -> None:
    area = ("--area", "510302", "--inspector", "R00002", "--most", "2", "--due", "2027-01-01")
    assert run("sweep", "start", number, *area, "--as", OFFICE).code == 0
    (point, *_) = points_of(session)
    fill(session, point, NOT_MET, by="R00002")
    session.commit()

    (shown,) = run("sweep", "show", number, "--as", OFFICE, "--json").json["sweeps"]
    assert (shown["sheets"], shown["filled"], shown["not_met"]) == (2, 1, 1)
    assert len(shown["issues"]) == 1


def test_who_may_not_is_refused_with_the_code_for_it(run: Run, number: str) -> None:
    assert run("sweep", "start", number, "--area", "510302", "--as", HANDLER).code == 3


def test_the_office_waives_it(run: Run, session: Session, number: str) -> None:
    assert run("sweep", "waive", number, "--reason", "仅此一处", "--as", HANDLER).code == 3
    assert run("sweep", "waive", number, "--reason", "仅此一处", "--as", OFFICE).code == 0
    assert not read(session, 1).sweep_required
