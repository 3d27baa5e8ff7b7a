"""Missing material becomes an issue in time, once, climbs by itself, and ends with the acceptance."""

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from models.issue import Issue
from services import issues, sweeps
from services.decisions.filed import FiledElsewhere
from services.filing import handing_in
from tests.cast import HANDLER, OFFICE, VERIFIER, at, read, shown, trail, who
from tests.services.filing.cabinet import (
    DUE,
    accept,
    acts,
    an_item,
    give_back,
    hand_in,
    issue_of,
    item_of,
    sweep,
)


def test_nothing_happens_before_the_days_of_warning(city: Session, sessions) -> None:
    item = an_item(city)

    assert sweep(city, sessions, "2026-11-10 16:59").issues == 0
    assert issue_of(city, item) is None


def test_missing_material_becomes_an_issue_of_its_unit_due_on_its_day(city: Session, sessions) -> None:
    item = an_item(city)

    sweep(city, sessions, "2026-11-10 17:00")

    issue = issue_of(city, item)
    assert issue is not None
    assert (issue.state, issue.lead_unit, issue.source, shown(issue.due_at)) == (
        "assigned",
        "D-CGJ",
        "online_filing",
        DUE,
    )
    assert "F-01" in issue.description
    assert acts(city, item) == [("raised", "system")]


def test_it_is_made_once_whatever_runs_again(city: Session, sessions) -> None:
    for n in range(3):
        an_item(city, f"F-{n}")

    raised = [sweep(city, sessions, f"2026-11-{day} 09:00").issues for day in (12, 12, 13, 25)]

    assert raised == [3, 0, 0, 0]
    assert city.exec(select(func.count()).select_from(Issue)).one() == 3


def test_material_that_is_there_or_off_the_list_makes_none(city: Session, sessions) -> None:
    handed, dropped = an_item(city, "F-1"), an_item(city, "F-2")
    hand_in(city, handed)
    item_of(city, dropped).dropped = True

    assert sweep(city, sessions, "2026-11-19 09:00").issues == 0


def test_after_the_deadline_it_gets_the_limit_of_its_severity(city: Session, sessions) -> None:
    item = an_item(city)

    sweep(city, sessions, "2026-11-23 09:00")

    issue = issue_of(city, item)
    assert issue is not None
    assert shown(issue.due_at) > "2026-11-30"


def test_it_climbs_by_itself_and_ends_with_the_acceptance(city: Session, sessions) -> None:
    item = an_item(city)
    for when in ("2026-11-10 17:00", "2026-11-20 17:05", "2026-11-23 17:05"):
        city.commit()
        sweeps.tick(sessions, now=at(when))
    hand_in(city, item, now=at("2026-11-24 09:00"))
    accept(city, item, now=at("2026-11-24 10:00"))
    city.commit()
    sweeps.tick(sessions, now=at("2026-11-24 10:01"))

    issue = issue_of(city, item)
    assert issue is not None
    assert (issue.state, issue.verified_by) == ("closed", VERIFIER)
    assert [one for one in trail(city, issue.id) if one.startswith("escalate E")] == [
        "escalate E1",
        "escalate E2",
        "escalate E3",
        "escalate E4",
    ]
    assert (item_of(city, item).state, item_of(city, item).late) == ("accepted", True)


def test_returned_material_fails_the_check_of_its_issue(city: Session, sessions) -> None:
    item = an_item(city)
    sweep(city, sessions, "2026-11-11 09:00")
    hand_in(city, item, now=at("2026-11-12 09:00"))
    give_back(city, item, now=at("2026-11-12 10:00"))

    issue = issue_of(city, item)
    assert issue is not None
    assert (issue.state, issue.rework, issue.verdict) == ("rectifying", 1, "缺章")


def test_material_returned_before_it_was_an_issue_becomes_one_in_time(city: Session, sessions) -> None:
    item = an_item(city)
    hand_in(city, item)
    give_back(city, item)

    assert sweep(city, sessions, "2026-11-11 09:00").issues == 1


def test_what_was_taken_back_becomes_another_issue(city: Session, sessions) -> None:
    item = an_item(city)
    sweep(city, sessions, "2026-11-11 09:00")
    first = issue_of(city, item)
    hand_in(city, item, now=at("2026-11-12 09:00"))
    accept(city, item, now=at("2026-11-12 10:00"))
    city.commit()
    sweeps.tick(sessions, now=at("2026-11-12 10:01"))
    office = who(city, OFFICE, now=at("2026-11-13 09:00"))
    handing_in.take_back(city, item, why="省里退回", by=office, now=at("2026-11-13 09:00"))
    sweep(city, sessions, "2026-11-13 09:01")

    second = issue_of(city, item)
    assert first is not None
    assert second is not None
    assert (read(city, first.id).state, second.state, second.id != first.id) == ("closed", "assigned", True)


def test_its_issue_is_not_worked_on_at_its_own_page(city: Session, sessions) -> None:
    item = an_item(city)
    sweep(city, sessions, "2026-11-11 09:00")
    issue, now = issue_of(city, item), at("2026-11-12 09:00")
    assert issue is not None
    handler = who(city, HANDLER, now=now)
    issues.sign_in(city, issue_ids=[issue.id], by=handler, now=now)

    with pytest.raises(FiledElsewhere):
        issues.submit(city, issue_ids=[issue.id], by=handler, now=now, result="好了")
    hand_in(city, item, now=now)
    with pytest.raises(FiledElsewhere):
        issues.pass_verification(city, issue_ids=[issue.id], by=who(city, VERIFIER, now=now), now=now)


def test_one_item_that_cannot_be_made_an_issue_is_set_aside_and_the_rest_goes_on(city: Session, sessions) -> None:
    an_item(city, "F-1")
    odd = an_item(city, "F-2", severity="S9")
    an_item(city, "F-3")

    done = sweep(city, sessions, "2026-11-12 09:00")

    assert (done.issues, done.set_aside) == (2, 1)
    assert "S9" in (item_of(city, odd).set_aside_why or "")
    assert sweep(city, sessions, "2026-11-12 09:30") == type(done)(0, 0)


def test_an_item_whose_unit_gave_the_issue_back_is_handed_in_all_the_same(city: Session, sessions) -> None:
    item, now = an_item(city), at("2026-11-12 09:00")
    sweep(city, sessions, "2026-11-11 09:00")
    issue = issue_of(city, item)
    assert issue is not None
    issues.give_back(city, issue_ids=[issue.id], by=who(city, HANDLER, now=now), now=now, reason="不归我管")
    hand_in(city, item, now=now)

    assert (read(city, issue.id).state, item_of(city, item).state) == ("rectified", "submitted")
