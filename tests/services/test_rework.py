"""What failing, coming back and hurry do to deadlines and ladder."""

from datetime import timedelta

from sqlmodel import Session

from models.issue import RequestKind
from services import issues, requests
from tests.cast import (
    HANDLER,
    OFFICE,
    PHOTO,
    VERIFIER,
    an_issue,
    at,
    messages,
    read,
    shown,
    trail,
    who,
)

START = at("2026-11-02 10:00")
DUE = at("2026-11-05 17:00")


def grant(city: Session, key: int, kind=RequestKind.EXTENSION, by=OFFICE, now=START, **more) -> None:
    requests.grant(city, issue_ids=[key], by=who(city, by), now=now, kind=kind, **more)


class TestRework:
    def test_a_failed_check_gives_half_the_limit(self, city: Session) -> None:
        key = an_issue(city, state="rectified", now=START, severity="S4")
        fail(city, key, START)

        assert shown(read(city, key).due_at) == "2026-11-06 13:30"  # 3.5 of 7 working days

    def test_waiting_for_the_check_does_not_count_against_the_handler(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectified", now=START)
        tick(at("2026-11-12 10:00"))

        assert not [step for step in trail(city, key) if step.startswith("escalate E")]
        assert [step for step in trail(city, key) if "V" in step] == ["escalate V1-0", "escalate V2-0"]

    def test_a_second_failure_goes_up_a_level_at_once(self, city: Session) -> None:
        key = an_issue(city, state="rectified", now=START)
        fail(city, key, START)
        issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=START, result="再")
        fail(city, key, START)

        assert trail(city, key)[-2:] == ["fail", "escalate E3"]
        assert ("level_jump", "510302001:street_chief") in messages(city, key)

    def test_a_first_failure_does_not(self, city: Session) -> None:
        key = an_issue(city, state="rectified", now=START)
        fail(city, key, START)

        assert trail(city, key)[-1] == "fail"


class TestRelapse:
    def test_within_thirty_days_starts_a_level_higher_and_counts_double(self, city: Session) -> None:
        key = an_issue(city, state="closed", now=START)
        relapse(city, key, START + timedelta(days=20))

        issue = read(city, key)
        assert (issue.cycle, issue.state, issue.deduction) == (2, "rectifying", 1)
        assert trail(city, key)[-1] == "escalate E3"

    def test_later_it_starts_anew_without_a_jump(self, city: Session) -> None:
        key = an_issue(city, state="closed", now=START)
        relapse(city, key, START + timedelta(days=31))

        assert trail(city, key)[-1] == "relapse"

    def test_the_ladder_of_the_new_cycle_is_climbed_again(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START)
        tick(DUE)
        issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=DUE, result="ok", evidence=[PHOTO])
        issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=DUE)
        issues.close_out(city, issue_ids=[key], by=who(city, OFFICE), now=DUE)
        issues.reopen(city, issue_ids=[key], by=who(city, OFFICE), now=DUE, reason="未彻底")
        tick(at("2026-11-10 17:00"))

        assert trail(city, key).count("escalate E3") == 2


class TestSpeed:
    def test_s1_climbs_round_the_clock_at_an_eighth(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START, severity="S1")
        due = read(city, key).due_at
        assert due == START + timedelta(hours=24)
        tick(due + timedelta(hours=3))

        assert trail(city, key)[-1] == "escalate E4"
        tick(due + timedelta(hours=30))
        assert trail(city, key)[-1] == "escalate E8"

    def test_s2_climbs_in_half_days(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START, severity="S2")
        tick(at("2026-11-03 14:29"))
        assert trail(city, key)[-1] == "escalate E3"
        tick(at("2026-11-03 14:30"))

        assert trail(city, key)[-1] == "escalate E4"

    def test_the_last_step_only_recommends(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START)
        tick(at("2026-11-19 17:00"))

        assert trail(city, key)[-1] == "escalate E8"
        assert read(city, key).next_step_at is None
        assert read(city, key).state == "rectifying"


def fail(city: Session, key: int, now) -> None:
    issues.fail_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=now, reason="不合格")


def relapse(city: Session, key: int, now) -> None:
    issues.relapse(city, issue_ids=[key], by=who(city, VERIFIER, now=now), now=now, reason="反弹")
