"""Figures of a period, with denominators, and the ranking made of them."""

import pytest
from sqlmodel import Session

from models.issue import RequestKind
from services import issues, requests, sweeps
from services.figures import UnitFigures, bottom, ranking, total, unit_figures
from tests.cast import HANDLER, OFFICE, PHOTO, VERIFIER, an_issue, at, read, who
from tests.small_city import a_city

START, END = at("2026-11-01 00:00"), at("2026-11-16 00:00")
MONDAY = at("2026-11-02 10:00")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def of_unit(session: Session, unit: str = "D-CGJ") -> UnitFigures:
    return next(one for one in unit_figures(session, start=START, end=END) if one.unit_code == unit)


def finished(session: Session, key: int, moment: str) -> None:
    now = at(moment)
    by = who(session, HANDLER)
    issues.submit(session, issue_ids=[key], by=by, now=now, result="完成", evidence=[PHOTO])
    issues.pass_verification(session, issue_ids=[key], by=who(session, VERIFIER), now=now)
    issues.close_out(session, issue_ids=[key], by=who(session, OFFICE), now=now)


def test_closed_in_time_closed_late_and_still_open_are_told_apart(city: Session) -> None:
    an_issue(city, state="closed", now=MONDAY)
    finished(city, an_issue(city, state="rectifying", now=MONDAY), "2026-11-09 10:00")
    an_issue(city, state="rectifying", now=MONDAY)
    seen = of_unit(city)
    assert (seen.assigned, seen.due, seen.closed, seen.closed_on_time, seen.overdue_open) == (3, 3, 2, 1, 1)
    assert (seen.rectification_rate, seen.on_time_rate, seen.overdue_open_rate) == (2 / 3, 1 / 3, 1 / 3)


def test_waiting_for_verification_does_not_make_it_late(city: Session) -> None:
    key = an_issue(city, state="rectified", now=at("2026-11-05 16:00"))
    issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=at("2026-11-12 10:00"))
    issues.close_out(city, issue_ids=[key], by=who(city, OFFICE), now=at("2026-11-12 10:00"))
    assert (of_unit(city).closed_on_time, of_unit(city).overdue_open) == (1, 0)


def test_what_is_closed_after_the_period_was_open_in_it(city: Session) -> None:
    finished(city, an_issue(city, state="rectifying", now=MONDAY), "2026-11-17 10:00")
    assert (of_unit(city).closed, of_unit(city).overdue_open) == (0, 1)


def test_what_is_validly_shelved_leaves_the_denominator(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=MONDAY)
    ask = {"issue_ids": [key], "now": MONDAY}
    requests.ask_shelving(city, by=who(city, HANDLER), reason="待料", milestone=at("2026-12-01 09:00"), **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.SHELVING, **ask)
    seen = of_unit(city)
    assert (seen.due, seen.suspended, seen.to_close, seen.rectification_rate) == (1, 1, 0, None)


def test_rework_and_extensions_have_their_own_denominators(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=MONDAY)
    ask = {"issue_ids": [key], "now": MONDAY}
    requests.ask_extension(city, by=who(city, HANDLER), reason="雨", amount="1 working_days", **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.EXTENSION, **ask)
    issues.submit(city, by=who(city, HANDLER), result="完成", evidence=[PHOTO], **ask)
    issues.fail_verification(city, by=who(city, VERIFIER), reason="未清", **ask)
    finished(city, key, "2026-11-03 10:00")
    seen = of_unit(city)
    assert (seen.checks, seen.failed_checks, seen.rework_rate) == (2, 1, 0.5)
    assert (seen.extended, seen.extension_rate) == (1, 1.0)


def test_a_returned_issue_counts_for_the_unit_that_returned_it(city: Session) -> None:
    key = an_issue(city, state="assigned", now=MONDAY)
    issues.give_back(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, reason="非本单位")
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="D-SCJGJ")
    assert (of_unit(city).assigned, of_unit(city).returns, of_unit(city).due) == (1, 1, 0)
    other = of_unit(city, "D-SCJGJ")
    assert (other.assigned, other.returns, other.due) == (1, 0, 1)


def test_escalations_are_counted_by_level(city: Session, engine) -> None:
    an_issue(city, state="rectifying", now=MONDAY)
    city.commit()
    sweeps.tick(lambda: Session(engine), now=at("2026-11-10 17:30"))
    assert of_unit(city).escalations == {4: 1, 3: 2, 2: 1}


def test_an_open_issue_that_is_not_due_yet_is_in_no_rate(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-11-13 10:00"))
    assert read(city, key).due_at > END
    assert (of_unit(city).assigned, of_unit(city).due, of_unit(city).rectification_rate) == (1, 0, None)


def test_a_quiet_unit_is_not_listed(city: Session) -> None:
    assert unit_figures(city, start=START, end=END) == []


def unit(code: str, *, due: int = 10, closed: int = 10, on_time: int | None = None, **more) -> UnitFigures:
    given = {"ranking_group": "districts", "closed_on_time": closed if on_time is None else on_time, **more}
    return UnitFigures(code, due=due, closed=closed, **given)


def test_units_are_ranked_by_rate_then_punctuality_then_overdue_then_volume() -> None:
    units = [
        unit("late", on_time=5),
        unit("best"),
        unit("big", due=20, closed=20),
        unit("poor", closed=3),
        unit("overdue", on_time=5, overdue_open=1),
    ]
    assert [(one.rank, one.figures.unit_code) for one in ranking(units)] == [
        (1, "big"),
        (2, "best"),
        (3, "late"),
        (4, "overdue"),
        (5, "poor"),
    ]


def test_equal_units_share_a_rank_and_units_without_cases_have_none() -> None:
    ranked = ranking([unit("a"), unit("b"), unit("c", closed=1), unit("d", due=0, closed=0)])
    assert [(one.rank, one.figures.unit_code) for one in ranked] == [(1, "a"), (1, "b"), (3, "c"), (None, "d")]


def test_each_group_is_ranked_for_itself() -> None:
    ranked = ranking([unit("a", closed=1), unit("b", ranking_group="streets", closed=2)])
    assert [one.rank for one in ranked] == [1, 1]


def test_the_bottom_lists_all_that_tie_and_nobody_where_all_are_equal() -> None:
    assert [one.unit_code for one in bottom(ranking([unit("a"), unit("b", closed=1), unit("c", closed=1)]))] == [
        "b",
        "c",
    ]
    assert bottom(ranking([unit("a", closed=1), unit("b", closed=1)])) == []
    assert bottom(ranking([unit("a", due=20, closed=20), unit("b")])) == []


def test_the_total_adds_up() -> None:
    summed = total([unit("a", escalations={3: 1}), unit("b", closed=4, escalations={3: 2, 2: 1})])
    assert (summed.due, summed.closed, summed.escalations, summed.rectification_rate) == (20, 14, {3: 3, 2: 1}, 0.7)
