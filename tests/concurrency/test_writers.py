"""Many people at once, through the services: one of them is heard, the others get an answer that they can read."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from models.errors import DubanError
from models.issue import RequestKind
from services import issues, requests
from services.commands import Outcome
from services.findings import Finding
from services.sweeps import Sessions
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, MONDAY, OFFICE, PHOTO, VERIFIER, an_issue, read, trail, who
from tests.concurrency.crowd import alone, at_once, deadlocks, in_processes, is_sealed, many, value
from tests.corners.verbs import ask_extension, take_back

WRITERS = 8


def ended(answers: list[Any]) -> Counter[str]:
    """How often each way: `done`, `repeated`, or the code of the refusal. Any other error is raised."""
    return Counter(_ending(answer) for answer in answers)


def _ending(answer: list[Outcome] | Exception) -> str:
    if isinstance(answer, DubanError):
        return answer.code
    if isinstance(answer, Exception):
        raise answer
    return "repeated" if answer[0].repeated else "done"


@pytest.fixture
def act(sessions: Sessions) -> Callable[..., Callable[[], Any]]:
    """A verb to be called later by somebody on one issue, on MONDAY."""

    def on(verb: Callable[..., Any], issue: int, *, by: str, **more: Any) -> Callable[[], Any]:
        return alone(sessions, verb, by=by, now=MONDAY, issue_ids=[issue], **more)

    return on


class TestOneKeyFromManySides:
    def test_is_one_event(self, city: Session, act) -> None:
        key = an_issue(city, state="assigned")
        city.commit()

        answers = at_once(*[act(issues.sign_in, key, by=HANDLER, key="tap")] * WRITERS)

        assert ended(answers) == {"done": 1, "repeated": WRITERS - 1}
        assert trail(city, key).count("sign_in") == 1

    def test_is_one_event_for_what_may_be_done_often(self, city: Session, act) -> None:
        key = an_issue(city)
        city.commit()

        answers = at_once(*[act(issues.comment, key, by=OFFICE, text="请抓紧", key="tap")] * WRITERS)

        assert ended(answers) == {"done": 1, "repeated": WRITERS - 1}
        assert trail(city, key) == ["find", "comment"]

    def test_is_one_issue_where_it_was_found(self, city: Session, sessions: Sessions) -> None:
        finding = Finding(description="垃圾桶满溢", point="P-0001", key="phone-7")

        answers = at_once(*[alone(sessions, issues.find, by=INSPECTOR, now=MONDAY, findings=[finding])] * WRITERS)

        assert ended(answers) == {"done": 1, "repeated": WRITERS - 1}
        assert len({answer[0].issue_id for answer in answers}) == 1
        assert value(city, "SELECT count(*) FROM issue") == 1

    def test_is_one_piece_of_evidence(self, city: Session, act) -> None:
        key = an_issue(city, state="rectifying")
        city.commit()

        handed_in = act(issues.submit, key, by=HANDLER, result="已清理", evidence=[PHOTO], key="tap")
        answers = at_once(*[handed_in] * WRITERS)

        assert ended(answers) == {"done": 1, "repeated": WRITERS - 1}
        assert value(city, "SELECT count(*) FROM evidence") == 1


class TestOfSeveralWhoActAtOnce:
    def test_one_changes_the_version_that_all_have_read(self, city: Session, act) -> None:
        key = an_issue(city)
        city.commit()
        version = read(city, key).version

        answers = at_once(
            *(act(issues.comment, key, by=OFFICE, text=f"第{n}条", version=version) for n in range(WRITERS))
        )

        assert ended(answers) == {"done": 1, "somebody_was_faster": WRITERS - 1}

    def test_all_comments_are_kept_in_one_chain(self, city: Session, act) -> None:
        key = an_issue(city)
        city.commit()

        at_once(*(act(issues.comment, key, by=OFFICE, text=f"第{n}条") for n in range(WRITERS)))

        assert trail(city, key) == ["find"] + ["comment"] * WRITERS
        assert is_sealed(city)

    def test_one_assigns(self, city: Session, act) -> None:
        key = an_issue(city)
        city.commit()

        answers = at_once(
            *(act(issues.assign, key, by=OFFICE, to=unit) for unit in ("D-CGJ", "D-SCJGJ", "T510302001", "T510302"))
        )

        assert ended(answers) == {"done": 1, "not_possible": 3}
        assert trail(city, key) == ["find", "assign"]

    def test_one_verdict_stands(self, city: Session, act) -> None:
        key = an_issue(city, state="rectified")
        city.commit()

        answers = at_once(
            act(issues.pass_verification, key, by=VERIFIER),
            act(issues.fail_verification, key, by=VERIFIER, reason="不合格"),
        )

        assert ended(answers) == {"done": 1, "not_possible": 1}

    def test_one_decision_on_a_request_stands(self, city: Session, act) -> None:
        key = an_issue(city, state="rectifying", severity="S5")
        ask_extension(city, key)
        city.commit()
        extension = {"kind": RequestKind.EXTENSION}

        answers = at_once(
            *[act(requests.grant, key, by=OFFICE, **extension)] * 4,
            *[act(requests.refuse, key, by=DISTRICT_OFFICE, reason="理由不足", **extension)] * 4,
        )

        assert ended(answers) == {"done": 1, "no_open_request": WRITERS - 1}
        assert read(city, key).extensions <= 1

    def test_one_request_of_a_kind_is_open(self, city: Session, act) -> None:
        key = an_issue(city, state="rectifying")
        city.commit()

        answers = at_once(*[act(requests.ask_return, key, by=HANDLER, reason="权属不清")] * WRITERS)

        assert ended(answers) == {"done": 1, "request_already_open": WRITERS - 1}

    def test_the_second_return_is_designated_once(self, city: Session, act) -> None:
        key = an_issue(city, state="rectifying")
        take_back(city, key)
        city.commit()

        answers = at_once(*[act(issues.assign, key, by=DISTRICT_OFFICE, to="D-CGJ")] * 4)

        assert ended(answers) == {"done": 1, "not_possible": 3}


def test_batches_that_name_the_same_issues_in_other_orders_do_not_wait_in_a_ring(
    city: Session, database_url: str
) -> None:
    keys = many(city, 60, state="found")

    def comment_on_all(sessions: Sessions, n: int) -> None:
        for turn in range(5):
            order = keys[::-1] if (n + turn) % 2 else keys
            alone(sessions, issues.comment, by=OFFICE, now=MONDAY, issue_ids=order, text=f"{n}/{turn}")()

    in_processes(4, comment_on_all, url=database_url)

    assert deadlocks(city) == 0
    assert value(city, "SELECT count(*) FROM issue_event WHERE action = 'comment'") == 4 * 5 * len(keys)
    assert is_sealed(city)


def test_numbers_have_no_gaps_whoever_finds(city: Session, database_url: str) -> None:
    def find_some(sessions: Sessions, n: int) -> None:
        for turn in range(10):
            finding = Finding(description=f"{n}/{turn}", point="P-0001")
            with sessions() as session:
                issues.find(session, findings=[finding], by=who(session, INSPECTOR), now=MONDAY)
                session.rollback() if turn % 3 == 2 else session.commit()

    in_processes(4, find_some, url=database_url)

    assert value(city, "SELECT max(number) FROM issue") == f"ZG-2026-{4 * 7:06d}"
    assert value(city, "SELECT count(*) FROM issue") == 4 * 7
