"""Month after month: black lists in a row, changes against the month before, what the rules propose."""

import pytest
from sqlmodel import Session

from services import issues, publications
from services.ranking import drafting, past
from services.ranking.months import Month
from services.scores import formula
from tests.cast import OFFICE, PHOTO, VERIFIER, an_issue, at, who
from tests.services.ranking.desk import CITY, HEADQUARTERS, OCTOBER, drafted, line

SEPTEMBER, AUGUST = Month(2026, 9), Month(2026, 8)
DAY = {AUGUST: "2026-08-10 10:00", SEPTEMBER: "2026-09-07 10:00", OCTOBER: "2026-10-12 10:00"}


def cases(session: Session, month: Month, *, bad: bool = True) -> None:
    """Two units of one group: D-CGJ with all closed or nothing, the street of the other district always good."""
    now = at(DAY[month])
    an_issue(session, state="rectifying" if bad else "closed", now=now)
    key = an_issue(session, now=now, point="P-0003")
    close(session, key, now)
    session.commit()


def close(session: Session, key: int, now) -> None:
    def by(code: str):
        return who(session, code, now=now)

    issues.assign(session, issue_ids=[key], by=by(OFFICE), now=now, to="T510303001")
    issues.sign_in(session, issue_ids=[key], by=by("R00031"), now=now)
    issues.submit(session, issue_ids=[key], by=by("R00031"), now=now, result="已清理", evidence=[PHOTO])
    issues.pass_verification(session, issue_ids=[key], by=by(VERIFIER), now=now)
    issues.close_out(session, issue_ids=[key], by=by(OFFICE), now=now)


def publish(session: Session, month: Month) -> None:
    row = drafted(session, month)
    later = at(f"{month.after}-20 10:00")
    drafting.approve(session, row, by=who(session, HEADQUARTERS, now=later), seen=row.content_sha256, now=later)
    publications.publish(session, row.id or 0, by=who(session, OFFICE, now=later), seen=row.content_sha256, now=later)
    session.commit()


def test_the_last_of_a_group_below_the_threshold_is_black_and_the_first_is_red(city):
    cases(city, OCTOBER)
    drafted(city)
    assert (line(city).listed, line(city).rank) == ("black", 2)
    assert (line(city, "T510303001").listed, line(city, "T510303001").rank) == ("red", 1)


def test_black_lists_in_a_row_are_counted_over_published_months_and_propose_more_each_time(city):
    proposed = []
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        cases(city, month)
        publish(city, month)
        proposed += [(one.unit, one.times, one.code) for one in past.proposals_due(city, month)]

    assert proposed == [
        ("D-CGJ", 1, "interview_deputy"),
        ("D-CGJ", 2, "interview_organisation"),
        ("D-CGJ", 3, "accountability_proposal"),
    ]
    (last,) = past.proposals_due(city, OCTOBER)
    assert (last.months, last.name[0]) == ((AUGUST, SEPTEMBER, OCTOBER), "启动问责程序建议")


def test_a_month_off_the_list_ends_the_row(city):
    for month, bad in ((AUGUST, True), (SEPTEMBER, False), (OCTOBER, True)):
        cases(city, month, bad=bad)
        publish(city, month)
    (last,) = past.proposals_due(city, OCTOBER)
    assert (last.times, last.months) == (1, (OCTOBER,))


def test_drafts_make_no_row_longer_and_propose_nothing(city):
    cases(city, SEPTEMBER)
    drafted(city, SEPTEMBER)
    cases(city, OCTOBER)
    drafted(city)
    assert line(city).in_a_row == 1
    assert past.proposals_due(city, OCTOBER) == []


def test_change_is_told_against_the_published_month_before(city):
    cases(city, SEPTEMBER)
    publish(city, SEPTEMBER)
    cases(city, OCTOBER, bad=False)
    an_issue(city, state="closed", now=at("2026-10-13 10:00"))
    drafted(city)
    found = line(city)
    assert (found.rank_before, found.moved) == (2, 2 - (found.rank or 0))
    assert found.points is not None
    assert found.points > 0


def test_under_another_formula_no_change_is_told(city):
    cases(city, SEPTEMBER)
    publish(city, SEPTEMBER)
    document = dict(formula.default_document())
    document["appraisal"] = {**document["appraisal"], "weights": {"disposal": 100}}
    formula.the_city(city).scoring_code = formula.keep(city, document, now=at("2026-10-01 10:00"))
    cases(city, OCTOBER)
    drafted(city)
    found = line(city)
    assert (found.changed, found.moved, found.points, found.rank_before) == ("other_formula", None, None, 2)


def test_unit_without_cases_has_no_place_and_is_on_no_list(city):
    cases(city, OCTOBER)
    drafted(city)
    market = line(city, "D-SCJGJ")
    assert (market.rank, market.why, market.listed) == (None, "no_cases", "")


@pytest.mark.parametrize("closed", [1, 2])
def test_units_with_equal_figures_share_a_place(city, closed):
    for _ in range(closed):
        now = at(DAY[OCTOBER])
        an_issue(city, state="closed", now=now)
        close(city, an_issue(city, now=now, point="P-0003"), now)
    city.commit()
    drafted(city)
    assert [line(city, unit).rank for unit in ("D-CGJ", "T510303001")] == [1, 1]
    assert [line(city, unit).listed for unit in ("D-CGJ", "T510303001")] == ["red", "red"]


def test_nothing_is_proposed_for_another_area(city):
    cases(city, OCTOBER)
    publish(city, OCTOBER)
    assert past.proposals_due(city, OCTOBER, area_code=CITY)
    assert past.proposals_due(city, OCTOBER, area_code="510303") == []


def test_who_has_no_place_in_a_month_is_on_no_list_in_it_and_the_row_goes_on_afterwards(city):
    cases(city, AUGUST)
    publish(city, AUGUST)
    close(city, an_issue(city, now=at(DAY[SEPTEMBER]), point="P-0003"), at(DAY[SEPTEMBER]))
    publish(city, SEPTEMBER)
    assert (line(city, month=SEPTEMBER).rank, line(city, month=SEPTEMBER).in_a_row) == (None, 0)
    cases(city, OCTOBER)
    drafted(city)
    assert line(city).in_a_row == 2


def test_change_is_told_against_the_month_before_and_no_other(city):
    cases(city, AUGUST)
    publish(city, AUGUST)
    cases(city, OCTOBER)
    drafted(city)
    assert (line(city).rank_before, line(city).changed) == (None, "")
