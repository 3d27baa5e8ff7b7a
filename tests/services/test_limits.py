"""Deadlines as they move through an issue's life: rework, extension, shelving, rules re-applied, jumps, speeds."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.errors import (
    AlreadyDesignated,
    NeedsHigherLevel,
    NoOpenRequest,
    RequestAlreadyOpen,
    TimeInThePast,
    TooLate,
    TooMany,
    TooMuch,
    WrongValue,
)
from models.issue import Request, RequestKind, RequestState
from services import issues, requests
from tests.cast import (
    DISTRICT_OFFICE,
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


def ask(city: Session, key: int, amount: str = "2 working_days", now=START) -> None:
    requests.ask_extension(city, issue_ids=[key], by=who(city, HANDLER), now=now, reason="雨", amount=amount)


def grant(city: Session, key: int, kind=RequestKind.EXTENSION, by=OFFICE, now=START, **more) -> None:
    requests.grant(city, issue_ids=[key], by=who(city, by), now=now, kind=kind, **more)


class TestExtension:
    def test_granted_time_is_added_to_the_deadline(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        ask(city, key)
        grant(city, key)

        assert shown(read(city, key).due_at) == "2026-11-09 17:00"

    def test_asking_alone_moves_nothing(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        ask(city, key)

        assert read(city, key).due_at == DUE

    def test_must_be_asked_for_before_the_deadline(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)

        with pytest.raises(TooLate):
            ask(city, key, now=DUE)

    def test_may_be_granted_after_the_deadline_when_it_was_asked_before(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START)
        ask(city, key, now=DUE - timedelta(minutes=1))
        tick(DUE)
        grant(city, key, now=DUE + timedelta(hours=1))

        assert shown(read(city, key).due_at) == "2026-11-09 17:00"

    def test_only_so_often(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        ask(city, key)
        grant(city, key)

        with pytest.raises(TooMany):
            ask(city, key)

    def test_only_so_long(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)

        with pytest.raises(TooMuch):
            ask(city, key, "4 working_days")

    def test_of_nothing_is_no_extension(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)

        with pytest.raises(WrongValue):
            ask(city, key, "0 working_days")

    def test_urgent_issues_have_none(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START, severity="S1")

        with pytest.raises(TooMany):
            ask(city, key, "1 natural_hours")

    def test_a_key_difficulty_is_decided_by_the_city(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START, severity="S5")
        ask(city, key)

        with pytest.raises(NeedsHigherLevel):
            grant(city, key, by=DISTRICT_OFFICE)
        grant(city, key, by=OFFICE)

    def test_only_one_at_a_time(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        ask(city, key)

        with pytest.raises(RequestAlreadyOpen):
            ask(city, key)

    def test_nothing_asked_nothing_granted(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)

        with pytest.raises(NoOpenRequest):
            grant(city, key)

    def test_a_refusal_is_told_and_frees_the_way_for_another(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        ask(city, key)
        by = who(city, OFFICE)
        requests.refuse(city, issue_ids=[key], by=by, now=START, kind=RequestKind.EXTENSION, reason="理由不足")
        ask(city, key)

        assert ("request_refused", "D-CGJ:handler") in messages(city, key)

    def test_lapses_when_the_proof_is_handed_in(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        ask(city, key)
        issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=START, result="ok", evidence=[PHOTO])

        assert city.exec(select(Request.state)).all() == [RequestState.LAPSED]


class TestReturn:
    def test_goes_back_to_be_assigned_and_starts_a_ladder_of_its_own(self, city: Session, tick) -> None:
        key = an_issue(city, state="assigned", now=START)
        tick(at("2026-11-02 16:00"))
        issues.give_back(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-02 16:10"), reason="非本单位")
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=at("2026-11-02 16:20"), to="T510302001")
        tick(at("2026-11-05 17:00"))

        assert trail(city, key).count("escalate E1") == 2

    def test_the_new_unit_gets_the_whole_limit(self, city: Session) -> None:
        key = an_issue(city, state="assigned", now=START)
        back = at("2026-11-04 10:00")
        issues.give_back(city, issue_ids=[key], by=who(city, HANDLER), now=back, reason="非本单位")
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=back, to="T510302001")

        assert shown(read(city, key).due_at) == "2026-11-09 17:00"

    def test_after_two_returns_the_owner_is_designated_for_good(self, city: Session) -> None:
        key = an_issue(city, state="assigned", now=START)
        for _ in range(2):
            issues.give_back(city, issue_ids=[key], by=who(city, HANDLER), now=START, reason="非本单位")
            issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=START, to="D-CGJ")

        with pytest.raises(AlreadyDesignated):
            issues.give_back(city, issue_ids=[key], by=who(city, HANDLER), now=START, reason="非本单位")

    def test_after_signing_in_it_must_be_asked_for(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        requests.ask_return(city, issue_ids=[key], by=who(city, HANDLER), now=START, reason="权属不清")
        grant(city, key, RequestKind.RETURN, by=DISTRICT_OFFICE)

        assert (read(city, key).state, read(city, key).lead_unit) == ("found", None)


class TestShelving:
    def test_time_on_the_shelf_is_neither_lost_nor_gained(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        self._shelve(city, key, at("2026-11-03 11:00"))
        issues.resume(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-17 11:00"))

        assert shown(read(city, key).due_at) == "2026-11-19 17:00"

    def test_an_overdue_issue_comes_back_as_overdue_as_it_was(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        self._shelve(city, key, at("2026-11-06 10:00"))
        issues.resume(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-20 12:00"))

        assert shown(read(city, key).due_at) == "2026-11-20 11:00"

    def test_no_step_of_the_ladder_is_taken_on_the_shelf(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START)
        self._shelve(city, key, START)
        tick(at("2026-11-19 10:00"))

        assert trail(city, key)[-1] == "grant_shelving"

    def test_the_milestone_is_told_once(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START)
        self._shelve(city, key, START)
        tick(at("2026-11-20 17:00"))
        tick(at("2026-11-25 17:00"))

        assert [kind for kind, _ in messages(city, key)].count("milestone_due") == 3
        assert trail(city, key)[-1].startswith("escalate M1")

    def test_a_milestone_lies_ahead(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)

        with pytest.raises(TimeInThePast):
            requests.ask_shelving(city, issue_ids=[key], by=who(city, HANDLER), now=START, reason="待", milestone=START)

    @staticmethod
    def _shelve(city: Session, key: int, now) -> None:
        by = who(city, HANDLER)
        milestone = at("2026-11-20 17:00")
        requests.ask_shelving(city, issue_ids=[key], by=by, now=now, reason="待财政", milestone=milestone)
        grant(city, key, RequestKind.SHELVING, now=now)


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
