import pytest

from cli import words
from runtime import i18n
from tests.cli.conftest import HANDLER, OFFICE, Run


@pytest.fixture
def told(run: Run, assigned: str) -> str:
    """The number of an issue whose handler has been told."""
    run("tick")
    return assigned


def test_the_handler_reads_of_the_assignment_in_the_inbox(run: Run, told: str) -> None:
    entries = run("inbox", "--as", HANDLER, "--json").json

    assert [one["number"] for one in entries] == [told]


def test_what_was_read_is_no_longer_unread(run: Run, told: str) -> None:
    run("inbox", "--as", HANDLER, "--read")

    assert run("inbox", "--as", HANDLER, "--unread", "--json").json == []
    assert len(run("inbox", "--as", HANDLER, "--json").json) == 1


def test_the_whole_text_is_shown_on_request(run: Run, told: str) -> None:
    shown = run("inbox", "--as", HANDLER, "--full", lang="zh-CN").out

    assert "【交办】" in shown
    assert "故发给您" in shown


def test_the_inbox_of_a_stranger_ends_with_4(run: Run) -> None:
    assert run("inbox", "--as", "R77777").code == 4
    assert run("inbox").code == 2


def test_the_outbox_is_listed_by_state_and_issue(run: Run, assigned: str) -> None:
    waiting = run("outbox", "list", "--state", "pending", "--issue", assigned, "--json").json

    assert waiting
    assert {one["state"] for one in waiting} == {"pending"}
    assert run("outbox", "list", "--state", "sent", "--json").json == []
    assert run("outbox", "list", "--state", "lost").code == 2


def test_the_outbox_is_delivered_by_hand(run: Run, assigned: str) -> None:
    ended = run("outbox", "deliver", "--json")

    assert ended.json["sent"] > 0
    assert run("outbox", "list", "--state", "pending", "--json").json == []


def test_a_message_is_shown_with_its_tries_but_no_address(run: Run, told: str) -> None:
    first = run("outbox", "list", "--json").json[-1]["id"]
    shown = run("outbox", "show", str(first), "--json").json

    assert shown["message"]["id"] == first
    assert all("address" not in one for one in shown["attempts"])
    assert run("outbox", "show", "999999").code == 4


def test_a_sent_message_is_sent_again_as_a_new_one(run: Run, told: str) -> None:
    sent = [one["id"] for one in run("outbox", "list", "--state", "sent", "--json").json]

    assert run("outbox", "resend", str(sent[0]), "--sure", "--as", OFFICE).code == 0
    assert run("outbox", "resend", str(sent[0]), "--sure", "--as", OFFICE).code == 0
    assert len(run("outbox", "list", "--state", "pending", "--json").json) == 2


def test_a_dry_resend_sends_nothing(run: Run, told: str) -> None:
    sent = run("outbox", "list", "--state", "sent", "--json").json[0]["id"]
    run("outbox", "resend", str(sent), "--sure", "--as", OFFICE, "--dry-run")

    assert run("outbox", "list", "--state", "pending", "--json").json == []


def test_a_message_on_its_way_is_not_sent_twice(run: Run, assigned: str) -> None:
    waiting = run("outbox", "list", "--state", "pending", "--json").json[0]["id"]

    assert run("outbox", "resend", str(waiting), "--as", OFFICE).code == 3


def test_people_are_found_by_name_post_and_unit(run: Run) -> None:
    assert [one["person"] for one in run("people", "list", "何景行", "--json").json] == [HANDLER]
    assert len(run("people", "list", "--owner", "D-CGJ", "--json").json) == 4
    assert run("people", "list", "100%", "--json").json == []


def test_vacant_posts_are_listed(run: Run) -> None:
    posts = {one["post"] for one in run("people", "vacant", "--json").json}

    assert posts == {"510302001002001:building_chief", "D-SCJGJ:deputy_leader"}


def test_somebody_is_appointed_and_dismissed(run: Run) -> None:
    assert run("people", "appoint", "D-SCJGJ:deputy_leader", "R00099", "--as", OFFICE).code == 0
    assert len(run("people", "vacant", "--json").json) == 1
    assert (
        run("people", "dismiss", "D-SCJGJ:deputy_leader", "R00099", "--until", "2026-11-22", "--as", OFFICE).code == 0
    )
    assert len(run("people", "vacant", "--json").json) == 2


def test_a_dry_appointment_changes_nothing(run: Run) -> None:
    run("people", "appoint", "D-SCJGJ:deputy_leader", "R00099", "--dry-run", "--as", OFFICE)

    assert len(run("people", "vacant", "--json").json) == 2


def test_a_deputy_fills_in_from_today(run: Run) -> None:
    assert run("people", "deputy", HANDLER, "R00099", "--until", "2026-12-31", "--as", OFFICE).code == 0
    assert run("people", "list", HANDLER, "--json").json[0]["deputy"] == "R00099"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["appoint", "D-CGJ:nobody", OFFICE], 4),
        (["appoint", "D-CGJ:handler", "R77777"], 4),
        (["appoint", "D-CGJ:handler", OFFICE, "--from", "soon"], 2),
        (["dismiss", "D-CGJ:handler", OFFICE], 4),
        (["deputy", OFFICE, OFFICE, "--until", "2026-12-31"], 2),
        (["deputy", OFFICE, HANDLER, "--until", "2026-01-01"], 2),
    ],
)
def test_impossible_posts_people_and_days_are_refused(run: Run, words: list[str], code: int) -> None:
    assert run("people", *words, "--as", OFFICE).code == code


def test_a_handler_appoints_nobody(run: Run) -> None:
    assert run("people", "appoint", "5103:verifier", HANDLER, "--as", HANDLER).code == 3


@pytest.mark.parametrize(
    "typed", [["inbox", "--as", HANDLER, "--before"], ["outbox", "list", "--before"], ["outbox", "show"]]
)
def test_a_message_number_beyond_all_numbers_is_unusable(run: Run, typed: list[str]) -> None:
    ended = run(*typed, "9" * 30)

    assert ended.code == 2
    assert "9223372036854775807" in ended.err


def test_a_sample_in_the_outbox_is_called_so() -> None:
    with i18n.using("zh-CN"):
        assert words.word(words.FAILURES, "sample") == "样例"
