"""Clocks and limits where several things move them: rework, shelving, granted days, late rounds, a new year."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from models.errors import TimeInThePast
from models.issue import RequestKind
from tests.cast import MONDAY, an_issue, at, read, shown, trail
from tests.corners.verbs import DUE, ask_extension, ask_shelving, fail, grant, reapply, run, shelve, sign_in, submit


class TestTheSameRulesReapplied:
    def test_keep_the_shorter_limit_after_a_failed_check(self, city: Session) -> None:
        key = an_issue(city, state="rectified")
        fail(city, key)
        before = read(city, key).due_at

        reapply(city, key)

        assert read(city, key).due_at == before

    def test_keep_what_was_left_after_the_shelf(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        back = at("2026-11-09 15:00")
        shelve(city, key, now=at("2026-11-03 10:00"), until=back)
        before = read(city, key).due_at

        reapply(city, key, now=back)

        assert read(city, key).due_at == before

    def test_a_day_granted_stays_a_day_under_another_severity(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        ask_extension(city, key, "3 working_days")
        grant(city, key, RequestKind.EXTENSION)

        reapply(city, key, severity="S2")

        assert shown(read(city, key).due_at) == "2026-11-06 10:00"  # 24 hours, and three days


class TestShelving:
    def test_twice_keeps_exactly_what_was_left(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")

        shelve(city, key, now=at("2026-11-03 10:00"), until=at("2026-11-09 15:00"))  # 7 of 27 hours used
        shelve(city, key, now=at("2026-11-10 10:30"), until=at("2026-11-21 15:00"))  # another 3½

        assert shown(read(city, key).due_at) == "2026-11-25 11:30"

    def test_is_not_granted_until_a_time_that_has_passed(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        ask_shelving(city, key, milestone=at("2026-11-20 10:00"))

        with pytest.raises(TimeInThePast):
            grant(city, key, RequestKind.SHELVING, milestone=at("2020-01-01 10:00"))


class TestSteps:
    def test_a_failed_check_after_a_late_one_leaves_a_step_of_the_ladder(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectified")
        fail(city, key)
        submit(city, key, now=MONDAY + timedelta(minutes=5))
        late = MONDAY + timedelta(days=4, hours=1)
        tick(late)

        fail(city, key, now=late)

        assert trail(city, key)[-1] == "escalate E3"
        assert read(city, key).step == 3

    def test_those_passed_before_a_late_submission_are_on_record(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")

        submit(city, key, now=DUE + timedelta(days=30))

        assert trail(city, key)[-2:] == ["escalate E8", "submit"]

    def test_a_late_signature_leaves_its_own_step_on_record_and_the_rest_to_the_round(
        self, city: Session, tick
    ) -> None:
        key = an_issue(city, state="assigned")
        late = DUE + timedelta(hours=1)

        sign_in(city, key, now=late)
        assert trail(city, key)[-2:] == ["escalate E1", "sign_in"]

        tick(late)
        assert trail(city, key)[-1] == "escalate E3"


def test_the_year_of_the_task_table_is_the_citys(city: Session, tick) -> None:
    run(
        city,
        "INSERT INTO task (year, category_code, point_code, unit_code, campaign)"
        " VALUES (2027, '01', 'P-0001', 'D-SCJGJ', '环境卫生')",
    )
    new_year = at("2027-01-01 06:00")  # still 2026 in UTC
    key = an_issue(city, now=new_year)

    tick(new_year)

    assert read(city, key).suggested_unit == "D-SCJGJ"
