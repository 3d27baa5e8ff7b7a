"""The outbox as operators work it: numbers by channel, sending again, tests, the page's link, and the record of all."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from cli import posting
from models.message import Attempt, Message, MessageState, Outcome
from notifications.channels import Channels, Sent
from notifications.channels.base import Fault
from tests.cli.conftest import HANDLER, NOW, OFFICE, Run
from tests.notifications.desk import Memory, a_message

DUTY = "R00004"
ADDRESS = "secret-reader@example.org"


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """What all outside channels lead to."""
    kept = Memory()

    class Doors:
        def __enter__(self) -> Channels:
            return Channels({"mail": kept, "any_url": kept})

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(posting, "doors", lambda _work: Doors())
    return kept


@pytest.fixture
def lost(run: Run, engine: Engine) -> Iterator[dict[str, int]]:
    """Four messages whose tries ended: failed by mail, failed and unknown by a robot, sent."""
    with Session(engine) as session:
        yield {
            "mail": _ended(session, 1, "failed", "mail", ADDRESS, "550", "permanent"),
            "robot": _ended(session, 2, "failed", "chat", "wecombot://TOKEN", "93000", "permanent"),
            "doubt": _ended(session, 3, "unknown", "chat", "wecombot://TOKEN", "lost", "unknown"),
            "sent": _ended(session, 4, "sent", "mail", ADDRESS, "250", "sent"),
        }


def _ended(session: Session, n: int, state: str, channel: str, address: str, code: str, outcome: str) -> int:
    key = a_message(session, n=n, now=NOW - timedelta(hours=1), channels=["app", channel])
    message = session.get_one(Message, key)
    message.state, message.finished_at = MessageState(state), NOW
    words = "机器人已移除 / the robot was removed" if code == "93000" else ""
    session.add(
        Attempt(
            message_id=key,
            person_code=HANDLER,
            channel=channel,
            address=address,
            outcome=Outcome(outcome),
            code=code,
            detail=words,
            started_at=NOW,
            finished_at=NOW,
        )
    )
    session.commit()
    return key


def test_the_outbox_is_counted_by_channel_and_provider(run: Run, lost: dict[str, int]) -> None:
    seen = run("outbox", "--json").json

    assert {one["channel"]: one["by_state"] for one in seen["messages"]} == {
        "chat": {"failed": 1, "unknown": 1},
        "mail": {"failed": 1, "sent": 1},
    }
    assert {one["channel"]: one["by_state"] for one in seen["providers"]} == {
        "mail": {"permanent": 1, "sent": 1},
        "wecombot": {"permanent": 1, "unknown": 1},
    }


def test_the_outbox_alone_shows_a_table(run: Run, lost: dict[str, int]) -> None:
    assert ["mail", "0", "1", "0", "1"] in run("outbox").rows
    assert any(row[:1] == ["企业微信群机器人"] for row in run("outbox", lang="zh-CN").rows)


@pytest.mark.parametrize(("lang", "why"), [("zh-CN", "机器人已移除"), ("en", "the robot was removed")])
def test_the_list_gives_the_reason_in_the_readers_language(run: Run, lost: dict[str, int], lang: str, why: str) -> None:
    (row,) = run("outbox", "list", "--channel", "wecombot", "--state", "failed", "--json", lang=lang).json

    assert row["id"] == lost["robot"]
    assert row["reason"] == why


def test_no_listing_shows_an_address(run: Run, lost: dict[str, int]) -> None:
    shown = [run("outbox", "list"), run("outbox", "show", str(lost["mail"])), run("outbox", "show", str(lost["robot"]))]

    assert not any("secret-reader" in one.out or "TOKEN" in one.out for one in shown)


def test_only_an_operator_sends_again(run: Run, lost: dict[str, int]) -> None:
    assert run("outbox", "resend", str(lost["mail"])).code == 2
    assert run("outbox", "resend", str(lost["mail"]), "--as", HANDLER).code == 3
    assert run("outbox", "resend", str(lost["mail"]), "--as", DUTY).code == 0


@pytest.mark.parametrize("which", ["doubt", "sent"])
def test_what_may_have_arrived_is_sent_again_only_by_who_is_sure(run: Run, lost: dict[str, int], which: str) -> None:
    assert run("outbox", "resend", str(lost[which]), "--as", DUTY).code == 3
    assert run("outbox", "resend", str(lost[which]), "--as", DUTY, "--sure").code == 0


def test_a_second_time_too_only_who_is_sure(run: Run, lost: dict[str, int]) -> None:
    run("outbox", "resend", str(lost["mail"]), "--as", DUTY)

    assert run("outbox", "resend", str(lost["mail"]), "--as", DUTY).code == 3
    assert run("outbox", "resend", str(lost["mail"]), "--as", DUTY, "--sure").code == 0


def test_all_that_a_provider_lost_goes_again_once(run: Run, lost: dict[str, int]) -> None:
    first = run("outbox", "resend", "--channel", "wecombot", "--as", DUTY, "--json").json["messages"]

    assert len(first) == 1
    assert run("outbox", "resend", "--channel", "wecombot", "--as", DUTY, "--json").json["messages"] == []


def test_unknown_ones_of_a_channel_want_somebody_who_is_sure(run: Run, lost: dict[str, int]) -> None:
    both = ["outbox", "resend", "--channel", "chat", "--state", "failed", "--state", "unknown", "--as", DUTY]

    assert run(*both).code == 3
    assert len(run(*both, "--sure", "--json").json["messages"]) == 2


def test_what_was_lost_long_ago_is_left_alone(run: Run, lost: dict[str, int], engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE message SET finished_at = finished_at - interval '3 days'"))

    again = ["outbox", "resend", "--channel", "mail", "--as", DUTY, "--json"]
    assert run(*again).json["messages"] == []
    assert len(run(*again, "--hours", "100").json["messages"]) == 1


def test_a_dry_run_of_a_channel_changes_nothing(run: Run, lost: dict[str, int]) -> None:
    run("outbox", "resend", "--channel", "mail", "--as", DUTY, "--dry-run")

    assert run("outbox", "record", "--json").json == []


def test_who_sent_what_again_is_on_record(run: Run, lost: dict[str, int]) -> None:
    new = run("outbox", "resend", "--channel", "mail", "--as", DUTY, "--json").json["messages"]
    (act,) = run("outbox", "record", "--json").json

    assert (act["person_code"], act["operation"]) == (DUTY, "resend")
    assert (act["facts"]["messages"], act["facts"]["new"]) == ([lost["mail"]], new)


def test_a_test_message_tells_outcome_code_words_and_time(run: Run, memory: Memory) -> None:
    memory.answer(ADDRESS, Sent(Outcome.PERMANENT, "550", "550 no such user", fault=Fault.ADDRESS))
    ended = run("outbox", "test", "--channel", "mail", "--to", ADDRESS, "--as", OFFICE, "--json")

    assert ended.code == 1
    assert (ended.json["outcome"], ended.json["code"]) == ("permanent", "550")
    assert ended.json["reason"] == "no such mailbox, or it refuses"
    assert ended.json["seconds"] >= 0


def test_a_test_through_a_whole_url_needs_no_channel(run: Run, memory: Memory) -> None:
    assert run("outbox", "test", "--to", "wecombot://KEY", "--as", OFFICE, lang="zh-CN").code == 0

    ((address, letter),) = memory.letters
    assert address == "wecombot://KEY"
    assert "测试" in letter.title


def test_a_test_is_on_record_without_its_address(run: Run, memory: Memory) -> None:
    run("outbox", "test", "--channel", "mail", "--to", ADDRESS, "--as", OFFICE)
    ended = run("outbox", "record", "--json")

    assert [one["operation"] for one in ended.json] == ["tested", "test"]
    assert ended.json[0]["facts"]["outcome"] == "sent"
    assert ADDRESS not in ended.out


def test_a_channel_that_breaks_down_tells_no_address(
    run: Run, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    memory.answer(ADDRESS, RuntimeError(ADDRESS))
    ended = run("outbox", "test", "--channel", "mail", "--to", ADDRESS, "--as", OFFICE)

    assert ended.code == 1
    assert "unknown" in ended.out
    assert ADDRESS not in ended.out + ended.err + caplog.text


def test_nobody_else_sends_a_test(run: Run, memory: Memory) -> None:
    assert run("outbox", "test", "--channel", "mail", "--to", ADDRESS, "--as", HANDLER).code == 3
    assert memory.letters == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--to", ADDRESS], 2),
        (["--to", ADDRESS, "--channel", "pigeon"], 2),
        (["--to", "19900000001", "--channel", "sms"], 3),
    ],
)
def test_a_test_that_cannot_be_sent_is_refused(run: Run, memory: Memory, words: list[str], code: int) -> None:
    assert run("outbox", "test", *words, "--as", OFFICE).code == code


def test_the_link_of_the_page_is_made_for_operators_alone(run: Run) -> None:
    assert run("outbox", "page", "--as", HANDLER).code == 3

    ended = run("outbox", "page", "--as", OFFICE, "--minutes", "5")
    assert httpx.URL(ended.out.strip()).path.startswith("/outbox/")
    assert run("outbox", "record", "--json").json[0]["operation"] == "page"
