"""What a unit may ask for, and what it does to the deadline: more time, another owner, a place on the shelf."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.errors import (
    AlreadyDesignated,
    MilestoneTooFar,
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

    def test_a_milestone_lies_within_three_years(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        far = at("2029-11-20 17:00")
        with pytest.raises(MilestoneTooFar, match="3 years"):
            requests.ask_shelving(city, issue_ids=[key], by=who(city, HANDLER), now=START, reason="待", milestone=far)

    def test_nor_is_a_milestone_further_ahead_granted(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        near, far = at("2026-11-20 17:00"), at("2029-11-20 17:00")
        requests.ask_shelving(city, issue_ids=[key], by=who(city, HANDLER), now=START, reason="待", milestone=near)
        with pytest.raises(MilestoneTooFar):
            grant(city, key, RequestKind.SHELVING, milestone=far)

    @staticmethod
    def _shelve(city: Session, key: int, now) -> None:
        by = who(city, HANDLER)
        milestone = at("2026-11-20 17:00")
        requests.ask_shelving(city, issue_ids=[key], by=by, now=now, reason="待财政", milestone=milestone)
        grant(city, key, RequestKind.SHELVING, now=now)


def relapse(city: Session, key: int, now) -> None:
    issues.relapse(city, issue_ids=[key], by=who(city, VERIFIER, now=now), now=now, reason="反弹")
