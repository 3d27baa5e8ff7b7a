"""Promises 1, 2, 4, 5, 6 and 10 of the design, each with somebody trying to break it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from models.issue import IssueEvent
from models.message import Message, MessageState
from services import appointments, issues, people, recording, round_end, sweeps
from tests.cast import (
    HANDLER,
    INSPECTOR,
    OFFICE,
    PHOTO,
    an_issue,
    at,
    messages,
    read,
    trail,
    who,
)

START = at("2026-11-02 10:00")
DUE = at("2026-11-05 17:00")


class TestPromise1AnEscalationIsDecidedExactlyOnce:
    def test_rounds_side_by_side_decide_each_step_once(self, city: Session, sessions, engine) -> None:
        keys = [an_issue(city, state="rectifying", now=START) for _ in range(40)]
        city.commit()
        ready = threading.Barrier(6)

        def sweep(_: int) -> None:
            ready.wait()
            for stage in sweeps.STAGES:
                sweeps.sweep(sessions, stage, now=DUE + timedelta(minutes=1), batch=7)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(sweep, range(6)))

        assert [trail(city, key)[3:] for key in keys] == [["escalate E2", "escalate E3"]] * len(keys)

    def test_a_second_round_at_the_same_time_finds_nothing(self, city: Session, tick) -> None:
        an_issue(city, state="rectifying", now=START)
        tick(DUE)

        assert tick(DUE).due == 0

    def test_the_database_refuses_a_second_decision_whatever_the_code_thinks(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying", now=START)
        tick(DUE)
        city.connection().execute(
            text("UPDATE issue SET steps_taken = 1, next_step_at = :now WHERE id = :id"), {"now": DUE, "id": key}
        )

        counts = tick(DUE + timedelta(minutes=1))

        assert (trail(city, key).count("escalate E3"), counts.set_aside) == (1, 1)

    def test_a_bad_row_does_not_hold_up_the_others(self, city: Session, tick) -> None:
        bad, *good = [an_issue(city, state="rectifying", now=START) for _ in range(5)]
        city.connection().execute(text("UPDATE issue SET severity = 'S9' WHERE id = :id"), {"id": bad})

        counts = tick(DUE)

        assert counts.set_aside == 1
        assert "S9" in (read(city, bad).set_aside_why or "")
        assert read(city, bad).next_step_at == DUE + timedelta(hours=1)
        assert all("escalate E3" in trail(city, key) for key in good)


class TestPromise2StateEventAndMessagesCommitTogether:
    def test_a_failure_while_writing_messages_leaves_nothing(self, city: Session, sessions, monkeypatch) -> None:
        key = an_issue(city, state="rectifying", now=START)
        city.commit()
        before = (read(city, key).version, trail(city, key), messages(city, key))

        def broken(*_: object, **__: object) -> None:
            raise OperationalError("INSERT", {}, ConnectionError("the database went away"))

        monkeypatch.setattr(recording, "_write_messages", broken)
        with pytest.raises(OperationalError), sessions() as session:
            sweeps.sweep(lambda: session, read(city, key).state, now=DUE)

        assert (read(city, key).version, trail(city, key), messages(city, key)) == before

    def test_a_rolled_back_verb_leaves_no_number_behind(self, city: Session) -> None:
        an_issue(city, now=START)
        city.rollback()

        key = an_issue(city, now=START)

        assert read(city, key).number == "ZG-2026-000001"


class TestPromise4NobodyReachableIsAnEvent:
    def test_a_vacant_post_is_passed_up_recorded_and_shown(self, city: Session, tick, pass_up) -> None:
        key = an_issue(city, state="assigned", now=START)
        self._fail(city, "510302001002001:building_chief", "vacant")

        pass_up(START)

        assert trail(city, key)[-1] == "unreachable"
        # the grid chief, next above, was told of the same event already: nobody is told twice
        assert messages(city, key)[-1] == ("unreachable", "5103:duty_officer")
        assert messages(city, key).count(("assigned", "510302001002001:grid_chief")) == 1

    def test_a_post_that_does_not_exist_is_stepped_over_without_noise(self, city: Session, tick, pass_up) -> None:
        key = an_issue(city, state="rectifying", now=START, point="P-0002", standard="12-01")
        city.commit()
        tick(DUE + timedelta(days=30))
        self._fail(city, "D-CGJ:principal_leader", "no_such_post")

        pass_up(DUE + timedelta(days=30))

        assert "unreachable" not in trail(city, key)

    def test_passing_up_ends_at_the_duty_officer(self, city: Session, pass_up) -> None:
        an_issue(city, state="assigned", now=START)
        for _ in range(12):
            city.connection().execute(
                text("UPDATE message SET state = 'failed', failure = 'all_failed' WHERE state = 'pending'")
            )
            pass_up(START)

        waiting = city.exec(select(Message).where(Message.state == MessageState.PENDING)).all()
        assert waiting == []

    @staticmethod
    def _fail(city: Session, post: str, why: str) -> None:
        city.connection().execute(
            text("UPDATE message SET state = 'failed', failure = :why WHERE post_code = :post AND kind = 'assigned'"),
            {"why": why, "post": post},
        )


class TestPromise5ACommentNeverMovesAClock:
    @pytest.mark.parametrize("state", ["found", "assigned", "rectifying", "rectified", "verified"])
    def test_neither_words_nor_evidence_change_any_date(self, city: Session, state: str) -> None:
        key = an_issue(city, state=state, now=START)
        clocks = ("due_at", "stage_due_at", "sign_in_due_at", "clock_started_at", "original_due_at", "steps_taken")
        before = [getattr(read(city, key), name) for name in clocks]

        later = START + timedelta(hours=5)
        issues.comment(city, issue_ids=[key], by=who(city, OFFICE), now=later, text="请抓紧")
        issues.attach(
            city, issue_ids=[key], by=who(city, INSPECTOR), now=later, evidence=[{**PHOTO, "sha256": "cd" * 32}]
        )

        assert [getattr(read(city, key), name) for name in clocks] == before


class TestPromise6RulesAreFrozenAtAssignment:
    def test_a_changed_limit_changes_no_running_issue_until_reapplied(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", now=START)
        new_limit(city, "S3", "1 working_days")

        assert read(city, key).due_at == DUE
        issues.reapply_rules(city, issue_ids=[key], by=who(city, OFFICE), now=START + timedelta(hours=1))

        event = city.exec(select(IssueEvent).order_by(col(IssueEvent.id).desc())).first()
        assert read(city, key).due_at == at("2026-11-03 17:00")
        assert event is not None
        assert event.facts["old_due_at"] == "2026-11-05T09:00:00.000000+00:00"

    def test_a_new_holder_of_the_post_is_told_not_the_old_one(self, city: Session) -> None:
        an_issue(city, state="assigned", now=START)
        appointments.dismiss(
            city, by=who(city, OFFICE), post_code="D-CGJ:handler", person_code=HANDLER, last_day=START.date(), now=START
        )
        appointments.appoint(
            city,
            by=who(city, OFFICE),
            post_code="D-CGJ:handler",
            person_code="R00099",
            start=START.date() + timedelta(days=1),
            now=START,
        )

        assert people.holders(city, "D-CGJ:handler", today=START.date() + timedelta(days=1)) == ["R00099"]


class TestPromise10ALateEngineCatchesUpWithoutAStorm:
    def test_each_passed_step_is_on_record_but_only_the_highest_is_told(self, city: Session, tick) -> None:
        key = an_issue(city, state="assigned", now=START)
        told_before = len(messages(city, key))

        tick(at("2026-11-10 18:00"))

        assert trail(city, key)[-5:] == [f"escalate E{n}" for n in (1, 2, 3, 4, 5)]
        assert {kind for kind, _ in messages(city, key)[told_before:]} == {"supervision_order_1"}

    def test_messages_of_a_late_round_wait_for_its_end(self, city: Session, sessions) -> None:
        key = an_issue(city, state="assigned", now=START)
        city.commit()
        late = at("2026-11-10 18:00")
        sweeps.sweep(sessions, read(city, key).state, now=late)
        held = city.exec(select(Message.not_before).where(Message.kind == "supervision_order_1")).first()

        round_end.end_round(sessions, now=late)

        city.expire_all()
        freed = city.exec(select(Message.not_before).where(Message.kind == "supervision_order_1")).first()
        assert (held, freed) == (late + round_end.HELD_BACK, late)


def new_limit(city: Session, severity: str, limit: str) -> None:
    """Another rule set becomes the current one."""
    import copy

    from models.rule import RuleSet
    from services.rulebook import the_city

    row = the_city(city)
    old = city.get(RuleSet, row.rule_set_code)
    assert old is not None
    content = copy.deepcopy(old.content)
    content["severities"][severity]["limit"] = limit
    city.add(RuleSet(code=f"{severity}-{limit}", content=content, created_at=START))
    city.flush()
    row.rule_set_code = f"{severity}-{limit}"
    city.add(row)
    city.flush()
