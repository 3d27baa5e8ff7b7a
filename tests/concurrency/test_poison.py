"""More due rows than a batch, and the first hundred fail: the rest move in the same round, the bad ones are shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from services import sweeps, watch
from services.sweeps import Sessions
from tests.cast import MONDAY, at, read
from tests.concurrency.crowd import many, rows, trails
from tests.corners.verbs import add_rules, run

BAD, GOOD, BATCH = 100, 150, 120
DUE = at("2026-11-05 17:00")
ESCALATED = "escalate E2, escalate E3"
Fault = Callable[[Session, list[int]], None]


def an_unknown_severity(city: Session, bad: list[int]) -> None:
    run(city, "UPDATE issue SET severity = 'S9' WHERE id = ANY(:bad)", bad=bad)


def broken_rules(city: Session, bad: list[int]) -> None:
    def no_jump(rules: dict[str, Any]) -> None:
        del rules["ladder"]["jump"]

    add_rules(city, "broken", no_jump)
    run(city, "UPDATE issue SET rule_set_code = 'broken' WHERE id = ANY(:bad)", bad=bad)


def rules_that_name_no_post(city: Session, bad: list[int]) -> None:
    def a_mayor(rules: dict[str, Any]) -> None:
        next(step for step in rules["ladder"]["step"] if step["code"] == "E3")["territorial"] = ["L3.mayor"]

    add_rules(city, "mayor", a_mayor)
    run(city, "UPDATE issue SET rule_set_code = 'mayor' WHERE id = ANY(:bad)", bad=bad)


def a_record_that_refuses(city: Session, bad: list[int]) -> None:
    run(city, REFUSES.format(table="issue_event", column="issue_id"))
    run(city, "CREATE TABLE refused AS SELECT unnest(CAST(:bad AS bigint[])) AS id", bad=bad)


def an_issue_that_refuses(city: Session, bad: list[int]) -> None:
    """Nothing at all can be written to it, not even that it was set aside."""
    run(city, REFUSES.format(table="issue", column="id"))
    run(city, "CREATE TABLE refused AS SELECT unnest(CAST(:bad AS bigint[])) AS id", bad=bad)


REFUSES = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.{column} IN (SELECT id FROM refused) THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def a_step_taken_before(city: Session, bad: list[int]) -> None:
    """The record has the step already, so the database refuses it a second time (promise 1)."""
    run(
        city,
        "INSERT INTO issue_event (issue_id, seq, cycle, action, step, to_state, actor, at, reason, facts,"
        " previous_hash, hash) SELECT id, 99, cycle, 'escalate', 'E3', state, 'system', :now, '', '{}', '', ''"
        " FROM issue WHERE id = ANY(:bad)",
        bad=bad,
        now=MONDAY,
    )


FAULTS = {
    "an unknown severity": an_unknown_severity,
    "broken rules": broken_rules,
    "rules that name no post": rules_that_name_no_post,
    "a record that refuses": a_record_that_refuses,
    "a step taken before": a_step_taken_before,
}


@pytest.fixture
def spoilt(city: Session) -> Callable[[Fault], list[int]]:
    """The first hundred of the due issues are bad; more than a batch is due."""

    def make(fault: Fault) -> list[int]:
        keys = many(city, BAD + GOOD, state="rectifying")
        first = "UPDATE issue SET next_step_at = next_step_at - interval '1 minute' WHERE id = ANY(:bad)"
        run(city, first, bad=keys[:BAD])
        fault(city, keys[:BAD])
        city.commit()
        return keys

    return make


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_rest_moves_in_the_same_round_and_the_bad_ones_are_shown(
    city: Session, sessions: Sessions, spoilt: Callable[[Fault], list[int]], fault: Fault
) -> None:
    keys = spoilt(fault)

    counts = sweeps.tick(sessions, now=DUE, batch=BATCH)

    moved = rows(city, "SELECT issue_id FROM issue_event WHERE step = 'E3' AND seq < 99 ORDER BY 1")
    assert moved == [(key,) for key in keys[BAD:]]
    assert counts.set_aside == BAD
    seen = watch.look(city, now=DUE)
    assert (seen.set_aside.count, seen.late_steps.count) == (BAD, 0)
    assert all(why for (why,) in rows(city, "SELECT set_aside_why FROM issue WHERE set_aside > 0"))


def test_an_issue_to_which_nothing_can_be_written_holds_up_nobody(
    city: Session, sessions: Sessions, spoilt: Callable[[Fault], list[int]]
) -> None:
    spoilt(an_issue_that_refuses)

    counts = sweeps.tick(sessions, now=DUE, batch=BATCH)

    assert trails(city) == {ESCALATED: GOOD}
    assert counts.set_aside == BAD
    assert watch.look(city, now=DUE + timedelta(minutes=5)).late_steps.count == BAD


class TestARowThatKeepsFailing:
    @pytest.fixture
    def bad(self, city: Session, sessions: Sessions) -> int:
        """Set aside in the round before."""
        (key,) = many(city, 1, state="rectifying")
        an_unknown_severity(city, [key])
        city.commit()
        sweeps.tick(sessions, now=DUE)
        return key

    def test_does_not_eat_every_round(self, bad: int, sessions: Sessions) -> None:
        for minutes in (0, 1, 59):
            assert sweeps.tick(sessions, now=DUE + timedelta(minutes=minutes)).due == 0

    def test_is_tried_again_each_hour(self, city: Session, bad: int, sessions: Sessions) -> None:
        counts = sweeps.tick(sessions, now=DUE + timedelta(hours=1))

        assert (counts.set_aside, read(city, bad).set_aside) == (1, 2)

    def test_goes_on_by_itself_when_it_is_mended(self, city: Session, bad: int, sessions: Sessions) -> None:
        run(city, "UPDATE issue SET severity = 'S3' WHERE id = :bad", bad=bad)
        city.commit()

        sweeps.tick(sessions, now=DUE + timedelta(hours=1))

        assert trails(city) == {ESCALATED: 1}
        assert (read(city, bad).set_aside, read(city, bad).set_aside_why) == (0, None)
        assert watch.look(city, now=DUE + timedelta(hours=1)).set_aside.count == 0
