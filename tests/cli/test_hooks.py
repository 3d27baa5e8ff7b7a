"""Webhooks from the command line: for administrators; what is not taken ends with 1."""

import pytest

from cli.exits import Exit
from tests.cli.conftest import HANDLER, INSPECTOR, OFFICE, Run
from tests.notifications.channels.noting import noting_sink

ADMIN = "R00005"


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DUBAN_WEBHOOK_NETWORKS", "127.0.0.1")
    monkeypatch.setenv("DUBAN_ACTOR", ADMIN)
    with noting_sink() as sink:
        sink.answer = (204, {}, "")
        yield sink


def add(run: Run, sink) -> int:
    ended = run("hook", "add", f"{sink.http}/in", "--name", "cockpit", "--kind", "issue.*", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["secret"].startswith("whsec_")
    return int(ended.json["id"])


def test_a_hook_is_added_told_logged_and_ended(run: Run, sink) -> None:
    key = str(add(run, sink))
    assert run("issue", "find", "占道经营", "--point", "P-0001", "--standard", "01-02", "--as", INSPECTOR).code == 0
    assert run("hook", "deliver", "--json").json == {"ok": 1}
    assert [row["state"] for row in run("hook", "log", key, "--json").json] == ["sent"]
    assert [row["status"] for row in run("hook", "log", key, "--tries", "--json").json] == [204]
    assert run("hook", "replay", key, "--since", "2026-11-23").code == 0
    assert run("hook", "list", "--json").json[0]["waiting"] == 1
    assert run("hook", "end", key).code == 0
    assert run("hook", "list", "--json").json == []
    assert run("hook", "ping", key).code == Exit.REFUSED


def test_a_test_that_is_not_taken_ends_with_1(run: Run, sink) -> None:
    key = str(add(run, sink))
    assert run("hook", "ping", key).code == Exit.DONE
    sink.answer = (500, {}, "kaputt")
    ended = run("hook", "ping", key)
    assert (ended.code, "kaputt" in ended.out) == (Exit.FOUND, True)


def test_a_secret_is_changed_and_a_hook_paused_and_resumed(run: Run, sink) -> None:
    key = str(add(run, sink))
    assert run("hook", "rotate", key, "--hours", "0", "--json").json["secret"].startswith("whsec_")
    assert run("hook", "pause", key).code == 0
    assert run("hook", "list", "--json").json[0]["state"] == "paused"
    assert run("hook", "resume", key).code == 0


@pytest.mark.parametrize("person", [OFFICE, HANDLER])
def test_others_may_not(run: Run, person: str) -> None:
    ended = run("hook", "add", "https://h/x", "--name", "x", "--kind", "*", "--as", person)
    assert (ended.code, "manage webhooks" in ended.err) == (Exit.REFUSED, True), ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("add", "https://10.0.0.1/", "--name", "x", "--kind", "*"),
        ("add", "https://h/x", "--name", "x", "--kind", "nope"),
        ("replay", "1"),
        ("replay", "1", "--since", "x"),
    ],
)
def test_what_cannot_be_meant_is_told(run: Run, words: tuple[str, ...]) -> None:
    ended = run("hook", *words, "--as", ADMIN)
    assert (ended.code, ended.out) == (Exit.UNUSABLE, "")
    assert ended.err


def test_a_tick_tells_subscribers_too(run: Run, sink) -> None:
    add(run, sink)
    run("issue", "find", "占道经营", "--point", "P-0001", "--standard", "01-02", "--as", INSPECTOR)
    assert run("tick", "--json").json["messages"]["webhooks"] == len(sink.requests) > 0
