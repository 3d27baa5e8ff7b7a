"""Bad rows among the messages: the others are sent, passed up and listed all the same; the bad ones are shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from services import digests, reach, watch
from services.sweeps import Sessions
from tests.cast import DISTRICT_OFFICE, HANDLER, MONDAY, an_issue, at, messages, trail
from tests.concurrency.crowd import value
from tests.corners.verbs import add_rules, ask_extension
from tests.corners.verbs import run as execute
from tests.notifications.desk import Memory, a_message, doors, forget_claims, run

GOOD, BAD = 30, 60  # more bad ones than one claim takes, and they come first
DUTY = "5103:duty_officer"


def broken_rules(city: Session, issue: int) -> None:
    def no_jump(rules: dict[str, Any]) -> None:
        del rules["ladder"]["jump"]

    add_rules(city, "broken", no_jump)
    execute(city, "UPDATE issue SET rule_set_code = 'broken' WHERE id = :issue", issue=issue)


def an_unknown_severity(city: Session, issue: int) -> None:
    execute(city, "UPDATE issue SET severity = 'S9' WHERE id = :issue", issue=issue)


ROWS = {
    "a kind without a template": {"kind": "nonsense"},
    "a date that is none": {"kind": "assigned", "facts": {"due_at": "soon"}},
    "a fact that is missing": {"kind": "failed_check", "facts": {}},
    "a channel that is none": {"channels": ["pigeon"]},
    "a post that is none": {"post_code": "nobody"},
}


@pytest.fixture
def bad_issue(city: Session) -> int:
    key = an_issue(city, state="rectifying")
    execute(city, "DELETE FROM message")
    city.commit()
    return key


@pytest.mark.parametrize("bad", ROWS.values(), ids=ROWS)
def test_a_bad_message_holds_up_no_other(city: Session, engine: Engine, bad_issue: int, bad: dict[str, Any]) -> None:
    fill(city, bad_issue, bad)

    deliver_all(engine, Memory())

    assert sent(city, "good") == GOOD
    assert_nothing_is_hidden(city)


@pytest.mark.parametrize("fault", [broken_rules, an_unknown_severity])
def test_a_message_about_a_bad_issue_holds_up_no_other(
    city: Session, engine: Engine, bad_issue: int, fault: Callable[[Session, int], None]
) -> None:
    fault(city, bad_issue)
    fill(city, bad_issue, {"kind": "due_warning"})

    deliver_all(engine, Memory())

    assert sent(city, "good") == GOOD
    assert_nothing_is_hidden(city)


def fill(city: Session, issue: int, bad: dict[str, Any]) -> None:
    for n in range(BAD):
        a_message(city, **{"key": f"bad-{n}", "issue_id": issue, "post_code": "D-CGJ:handler", "urgency": 0, **bad})
    for n in range(GOOD):
        a_message(city, key=f"good-{n}", person_code="R00002")


def deliver_all(engine: Engine, memory: Memory) -> None:
    """As a run of the flow does it: again while there is more."""
    for _ in range(20):
        if run(engine, doors(memory)).claimed == 0:
            return


def sent(city: Session, which: str) -> int:
    return value(city, "SELECT count(*) FROM message WHERE state = 'sent' AND key LIKE :key", key=f"{which}-%")


def assert_nothing_is_hidden(city: Session) -> None:
    """Each bad one was sent in other words, or is among what the watchdog or the duty officer is shown."""
    forget_claims(city, minutes=15)
    seen = watch.look(city, now=MONDAY + timedelta(hours=1))
    shown = seen.stale_sending.count + seen.waiting_messages.count + seen.not_passed_up.count
    ended = "SELECT count(*) FROM message WHERE state IN ('sent', 'unknown') AND key LIKE 'bad-%'"
    assert value(city, ended) + shown == BAD


class TestWhatReachedNobody:
    @pytest.mark.parametrize("fault", [broken_rules, an_unknown_severity])
    def test_of_a_bad_issue_is_shown_and_the_rest_is_passed_up(
        self, city: Session, sessions: Sessions, bad_issue: int, fault: Callable[[Session, int], None]
    ) -> None:
        good = an_issue(city, state="rectifying")
        execute(city, "DELETE FROM message")
        fault(city, bad_issue)
        self.failed(city, "bad", issue_id=bad_issue, post_code="D-CGJ:handler")
        self.failed(city, "good", issue_id=good, post_code="D-CGJ:handler")

        assert self.pass_up(sessions) == 2

        assert trail(city, good)[-1] == "unreachable"
        assert ("unreachable", DUTY) in messages(city, good)
        assert ("unreachable", DUTY) in messages(city, bad_issue)
        assert self.pass_up(sessions) == 0

    @pytest.mark.parametrize("post", ["nobody", "5103:mayor", ":", "D-CGJ:handler:x"])
    def test_at_a_post_that_is_none_is_shown_and_the_rest_is_passed_up(
        self, city: Session, sessions: Sessions, bad_issue: int, post: str
    ) -> None:
        self.failed(city, "bad", issue_id=bad_issue, post_code=post)
        self.failed(city, "good", issue_id=bad_issue, post_code="D-CGJ:handler")

        assert self.pass_up(sessions) == 2

        assert messages(city, bad_issue).count(("unreachable", DUTY)) == 2
        assert trail(city, bad_issue).count("unreachable") == 1
        assert self.pass_up(sessions) == 0
        assert value(city, "SELECT count(*) FROM message WHERE state = 'failed' AND passed_up_at IS NULL") == 0

    @staticmethod
    def failed(city: Session, name: str, **fields: Any) -> None:
        a_message(city, key=f"{name}-1-{fields['post_code']}", state="failed", failure="vacant", **fields)

    @staticmethod
    def pass_up(sessions: Sessions) -> int:
        with sessions() as session:
            count = reach.pass_up(session, now=MONDAY)
            session.commit()
        return count


@pytest.mark.parametrize("fault", [broken_rules, an_unknown_severity])
def test_a_request_on_a_bad_issue_costs_nobody_the_daily_list(
    city: Session, fault: Callable[[Session, int], None]
) -> None:
    key = an_issue(city, state="rectifying")
    ask_extension(city, key)
    fault(city, key)
    city.commit()

    digests.daily_digest(city, now=at("2026-11-03 08:20"))

    told = city.connection().exec_driver_sql("SELECT person_code FROM message WHERE kind = 'daily_digest'")
    assert {code for (code,) in told} >= {HANDLER, DISTRICT_OFFICE}  # whose work it is, and who decides the request
