"""What the close-out waits for: where the rules ask for sheets a count is not enough, and a waiver takes a reason."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlmodel import Session

from models.errors import ActionNotAllowed, ConditionsNotMet, MissingInput, NoSweepWanted, SheetsWanted
from models.issue import FoundLevel, Issue, Source
from models.lifecycle import Action
from models.rules import Rules, parse_rules
from models.same_fault import asks_for_sheets
from services import issues
from services.acting import Seen, act
from tests.cast import DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, PHOTO, VERIFIER, an_issue, read, trail, who
from tests.services.same_fault.town import MET, fill, more_points, points_of, swept
from tests.small_city import rule_content

SUPERIOR = {"source": Source.SUPERIOR}
REAL = parse_rules("real", rule_content())


def rules_with(*lines: dict) -> Rules:
    conditions = [row | {"sheets": list(lines)} for row in REAL.close_out if row["code"] == "same_fault_sweep"]
    return replace(REAL, close_out=tuple(conditions))


def like(**given) -> Issue:
    plain = {"source": "covert", "found_level": "city", "severity": "S3", "relapses": 0}
    return cast(Issue, SimpleNamespace(**{**plain, **given}))


@pytest.mark.parametrize(
    ("line", "issue", "asked"),
    [
        ({"severities": ["S1"]}, like(severity="S1"), True),
        ({"severities": ["S1"]}, like(), False),
        ({"sources": ["media"]}, like(source=Source.MEDIA), True),
        ({"found_levels": ["central"]}, like(found_level=FoundLevel.CENTRAL), True),
        ({"relapses": 2}, like(relapses=1), False),
        ({"relapses": 2}, like(relapses=2), True),
        ({"severities": ["S1"], "sources": ["media"]}, like(severity="S1"), False),
        ({"severities": ["S1"], "sources": ["media"]}, like(severity="S1", source="media"), True),
        ({}, like(), False),
        ({"relapses": 0}, like(), False),
    ],
)
def test_a_line_fits_where_everything_that_it_names_fits(line: dict, issue: Issue, asked: bool) -> None:
    assert asks_for_sheets(issue, rules_with(line)) is asked


def test_any_of_the_lines_is_enough_and_none_asks_for_nothing() -> None:
    assert asks_for_sheets(like(source="media"), rules_with({"severities": ["S1"]}, {"sources": ["media"]}))
    assert not asks_for_sheets(like(), rules_with())


@pytest.mark.parametrize(
    ("issue", "asked"),
    [
        (like(), False),
        (like(severity="S1"), False),
        (like(source="superior_feedback"), True),
        (like(found_level="central"), True),
        (like(found_level="province"), True),
        (like(relapses=1), True),
    ],
)
def test_the_example_city_asks_for_superiors_feedback_high_finders_and_relapses(issue: Issue, asked: bool) -> None:
    assert asks_for_sheets(issue, REAL) is asked


class TestSheetsAskedFor:
    def test_are_waited_for_until_the_last_one_is_in(self, city: Session, tick) -> None:
        more_points(city)
        key = an_issue(city, state="verified", **SUPERIOR)
        with pytest.raises(ConditionsNotMet, match="same_fault_sweep"):
            issues.close_out(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY)
        swept(city, key)
        *first, last = points_of(city)
        for point in first:
            fill(city, point, MET)
        tick(MONDAY)
        assert read(city, key).state == "verified"
        fill(city, last, MET)
        tick(MONDAY)

        assert read(city, key).state == "closed"
        assert trail(city, key)[-2:] == ["finish_sweep", "close_out"]

    def test_a_count_without_sheets_is_refused(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", **SUPERIOR)
        with pytest.raises(SheetsWanted, match="ZG-2026-000001"):
            issues.report_sweep(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, checked=5)

    def test_an_assigner_who_does_not_tick_it_cannot_do_without(self, city: Session) -> None:
        key = an_issue(city, **SUPERIOR)
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="D-CGJ", sweep=False)

        assert read(city, key).sweep_required

    def test_come_with_a_relapse(self, city: Session) -> None:
        key = an_issue(city, state="closed")
        issues.relapse(city, issue_ids=[key], by=who(city, VERIFIER), now=MONDAY, reason="反弹")

        assert read(city, key).sweep_required
        with pytest.raises(SheetsWanted):
            issues.report_sweep(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, checked=5)

    def test_an_ordinary_issue_needs_none_and_a_tick_is_met_by_a_count(self, city: Session) -> None:
        key = an_issue(city)
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="D-CGJ", sweep=True)
        issues.sign_in(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY)
        issues.report_sweep(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, checked=5)

        assert read(city, key).sweep_checked == 5

    def test_a_sweep_of_a_cycle_before_does_not_count_for_a_relapse(self, city: Session) -> None:
        more_points(city)
        key = an_issue(city, state="rectifying")
        swept(city, key)
        for point in points_of(city):
            fill(city, point, MET)
        close(city, key)
        issues.relapse(city, issue_ids=[key], by=who(city, VERIFIER), now=MONDAY, reason="反弹")

        assert (read(city, key).sweep_required, read(city, key).sweep_checked) == (True, None)


class TestWaiver:
    def test_lets_the_issue_be_closed_and_stays_on_record(self, city: Session, tick) -> None:
        key = an_issue(city, state="verified", **SUPERIOR)
        waive(city, key, reason="全市仅此一处")
        tick(MONDAY)

        assert read(city, key).state == "closed"
        assert trail(city, key)[-2:] == ["waive_sweep", "close_out"]

    def test_takes_a_reason(self, city: Session) -> None:
        with pytest.raises(MissingInput):
            waive(city, an_issue(city, state="verified", **SUPERIOR), reason=" ")

    @pytest.mark.parametrize("person", [HANDLER, VERIFIER])
    def test_is_the_offices(self, city: Session, person: str) -> None:
        with pytest.raises(ActionNotAllowed):
            waive(city, an_issue(city, state="verified", **SUPERIOR), by=person)

    def test_is_the_districts_too(self, city: Session) -> None:
        key = an_issue(city, state="verified", **SUPERIOR)
        waive(city, key, by=DISTRICT_OFFICE)
        assert not read(city, key).sweep_required

    def test_where_nothing_is_waited_for_is_refused(self, city: Session) -> None:
        with pytest.raises(NoSweepWanted):
            waive(city, an_issue(city, state="verified"))

    def test_does_not_outlive_a_relapse(self, city: Session, tick) -> None:
        key = an_issue(city, state="verified", **SUPERIOR)
        waive(city, key)
        tick(MONDAY)
        later = MONDAY + timedelta(days=3)
        issues.relapse(city, issue_ids=[key], by=who(city, VERIFIER), now=later, reason="反弹")

        assert read(city, key).sweep_required


def waive(session: Session, key: int, *, by: str = OFFICE, reason: str = "仅此一处") -> None:
    issue = read(session, key)
    seen = Seen(issue.version, issue.event_count)
    who_ = who(session, by)
    act(session, Action.WAIVE_SWEEP, issue, given={"reason": reason}, by=who_, seen=seen, key="k1", now=MONDAY)


def close(session: Session, key: int) -> None:
    issues.submit(session, issue_ids=[key], by=who(session, HANDLER), now=MONDAY, result="ok", evidence=[PHOTO])
    issues.pass_verification(session, issue_ids=[key], by=who(session, VERIFIER), now=MONDAY)
    issues.close_out(session, issue_ids=[key], by=who(session, OFFICE), now=MONDAY)
