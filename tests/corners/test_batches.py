"""Several commands at once: keys, the same issue twice, refusals, and what it costs."""

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from models.errors import ActionNotPossible, NoOpenRequest
from models.issue import Request, RequestKind
from models.lifecycle import Action
from services import issues, requests
from services.commands import Command
from services.findings import Finding
from services.transition import apply, attempt
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, an_issue, read, trail, who
from tests.corners.verbs import ask_extension


class TestKeys:
    def test_a_repetition_is_known_although_the_version_has_moved_on(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        version = read(city, key).version
        by = who(city, HANDLER)
        issues.sign_in(city, issue_ids=[key], by=by, now=MONDAY, version=version, key="tap")

        (again,) = issues.sign_in(city, issue_ids=[key], by=by, now=MONDAY, version=version, key="tap")

        assert again.repeated

    def test_each_command_of_a_batch_keeps_its_own(self, city: Session) -> None:
        key = an_issue(city)
        batch = [said(city, key, words) for words in ("甲", "乙")]
        apply(city, batch, now=MONDAY)

        again = apply(city, batch, now=MONDAY)

        assert [outcome.repeated for outcome in again] == [True, True]

    def test_the_same_command_twice_in_a_batch_is_done_once(self, city: Session) -> None:
        key = an_issue(city)

        apply(city, [said(city, key, "甲")] * 2, now=MONDAY)

        assert trail(city, key).count("comment") == 1

    def test_the_same_finding_twice_in_a_batch_is_one_issue(self, city: Session) -> None:
        finding = Finding(description="垃圾桶满溢", point="P-0001", key="phone-7")

        first, second = issues.find(city, findings=[finding, finding], by=who(city, INSPECTOR), now=MONDAY)

        assert first.issue_id == second.issue_id


class TestTheSameIssueTwice:
    def test_is_asked_for_once(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")

        requests.ask_return(city, issue_ids=[key, key], by=who(city, HANDLER), now=MONDAY, reason="权属不清")

        assert len(city.exec(select(Request)).all()) == 1
        assert trail(city, key).count("ask_return") == 1

    def test_is_granted_once(self, city: Session) -> None:
        key = an_issue(city, state="rectifying", severity="S5")
        ask_extension(city, key)

        by = who(city, OFFICE)
        requests.grant(city, issue_ids=[key, key], by=by, now=MONDAY, kind=RequestKind.EXTENSION)

        assert read(city, key).extensions == 1

    def test_what_was_granted_cannot_be_refused_in_the_same_batch(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        ask_extension(city, key)

        _, refused = attempt(
            city,
            [
                Command(Action.GRANT_EXTENSION, who(city, OFFICE), key),
                Command(Action.REFUSE_EXTENSION, who(city, OFFICE), key, {"reason": "理由不足"}),
            ],
            now=MONDAY,
        )

        assert isinstance(refused.error, NoOpenRequest)

    def test_what_was_refused_may_be_asked_again_in_the_same_batch(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        requests.ask_return(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, reason="权属不清")

        outcomes = attempt(
            city,
            [
                Command(Action.REFUSE_RETURN, who(city, OFFICE), key, {"reason": "理由不足"}),
                Command(Action.ASK_RETURN, who(city, HANDLER), key, {"reason": "另有证据"}),
            ],
            now=MONDAY,
        )

        assert [outcome.error for outcome in outcomes] == [None, None]


def test_a_refusal_that_is_caught_has_changed_nothing(city: Session) -> None:
    fine, closed = an_issue(city), an_issue(city, state="closed")

    with pytest.raises(ActionNotPossible):
        issues.void(city, issue_ids=[fine, closed], by=who(city, OFFICE), now=MONDAY, reason="误报")
    city.commit()

    assert read(city, fine).state == "found"


def test_deciding_many_requests_takes_no_more_statements_than_deciding_two(city: Session, engine: Engine) -> None:
    assert statements_to_refuse(city, engine, 12) == statements_to_refuse(city, engine, 2)


def statements_to_refuse(city: Session, engine: Engine, count: int) -> int:
    keys = [an_issue(city, state="rectifying") for _ in range(count)]
    requests.ask_return(city, issue_ids=keys, by=who(city, HANDLER), now=MONDAY, reason="权属不清")
    by, seen = who(city, OFFICE), []

    def note(*call: object) -> None:
        seen.append(call)

    event.listen(engine, "before_cursor_execute", note)
    requests.refuse(city, issue_ids=keys, by=by, now=MONDAY, kind=RequestKind.RETURN, reason="理由不足")
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def said(city: Session, key: int, words: str) -> Command:
    return Command(Action.COMMENT, who(city, OFFICE), key, {"text": words}, key=words)
