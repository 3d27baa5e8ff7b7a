from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from services import sweeps
from tests.cast import an_issue, at, read
from tests.cli.conftest import HANDLER, INSPECTOR, OFFICE, VERIFIER, Run

REMINDED, ORDERED = at("2026-11-10 10:00"), at("2026-11-11 10:00")
"""When the ladder has come to its reminder, and to its first order."""


def state(run: Run, number: str) -> str:
    return str(run("issue", "show", number, "--json").json["issue"]["state"])


def test_a_unit_gives_an_issue_back_with_a_reason(run: Run, assigned: str) -> None:
    assert run("issue", "return", assigned, "--reason", "不归我局", "--as", HANDLER).code == 0
    assert state(run, assigned) == "found"


def test_a_failed_check_sends_the_issue_back(run: Run, rectifying: str, png: Path) -> None:
    run("issue", "submit", rectifying, "--result", "好", "--photo", str(png), "--as", HANDLER)
    assert run("issue", "fail", rectifying, "--reason", "仍有摊位", "--as", VERIFIER).code == 0
    assert state(run, rectifying) == "rectifying"


def test_the_handler_may_not_verify_their_own_work(run: Run, rectifying: str, png: Path) -> None:
    run("issue", "submit", rectifying, "--result", "好", "--photo", str(png), "--as", HANDLER)

    assert run("issue", "pass", rectifying, "--as", HANDLER).code == 3


def closed(run: Run, number: str, png: Path) -> None:
    run("issue", "submit", number, "--result", "好", "--photo", str(png), "--as", HANDLER)
    run("issue", "pass", number, "--as", VERIFIER)
    run("issue", "close", number, "--as", OFFICE)


@pytest.mark.parametrize(("words", "who"), [(["reopen"], OFFICE), (["relapse"], INSPECTOR)])
def test_a_closed_issue_begins_again(run: Run, rectifying: str, png: Path, words: list[str], who: str) -> None:
    closed(run, rectifying, png)

    assert run("issue", *words, rectifying, "--reason", "又占道了", "--as", who).code == 0
    assert state(run, rectifying) == "rectifying"


def test_a_look_back_leaves_a_closed_issue_closed(run: Run, rectifying: str, png: Path) -> None:
    closed(run, rectifying, png)

    assert run("issue", "look-back", rectifying, "--as", INSPECTOR).code == 0
    assert state(run, rectifying) == "closed"


def test_a_disputed_issue_goes_back_to_the_unit(run: Run, rectifying: str, png: Path) -> None:
    run("issue", "submit", rectifying, "--result", "好", "--photo", str(png), "--as", HANDLER)
    run("issue", "pass", rectifying, "--as", VERIFIER)

    assert run("issue", "dispute", rectifying, "--reason", "群众不认可", "--as", OFFICE).code == 0
    assert state(run, rectifying) == "rectifying"


def test_a_duplicate_is_merged_into_the_other(run: Run, found: str, assigned: str) -> None:
    other = run("issue", "find", "同一处占道", "--point", "P-0001", "--as", INSPECTOR, "--json").json[0]["number"]

    assert run("issue", "merge", other, "--into", assigned, "--as", OFFICE).code == 0
    assert state(run, other) == "void"


def test_an_issue_is_not_merged_into_itself(run: Run, found: str) -> None:
    assert run("issue", "merge", found, "--into", found, "--as", OFFICE).code == 2


def test_what_is_no_problem_is_void(run: Run, found: str) -> None:
    assert run("issue", "void", found, "--reason", "不属实", "--as", OFFICE).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["comment", "--text", "已联系商户"],
        ["sweep", "--checked", "12", "--found", "1"],
    ],
)
def test_what_moves_no_clock_leaves_the_deadline(run: Run, rectifying: str, words: list[str]) -> None:
    before = run("issue", "show", rectifying, "--json").json["issue"]["due_at"]

    assert run("issue", words[0], rectifying, *words[1:], "--as", HANDLER).code == 0
    assert run("issue", "show", rectifying, "--json").json["issue"]["due_at"] == before


def test_an_order_is_replied_to_and_where_none_waits_it_is_said(run: Run, session: Session, rectifying: str) -> None:
    number = climbed(session, until=ORDERED)
    due = run("issue", "show", number, "--json").json["issue"]["due_at"]

    assert run("issue", "reply", number, "--text", "已部署", "--as", HANDLER).code == 0
    assert run("issue", "show", number, "--json").json["issue"]["due_at"] == due
    again = run("issue", "reply", number, "--text", "已部署", "--as", HANDLER)
    assert (again.code, "No supervision order" in again.err) == (3, True)
    assert "没有待回复的督办单" in run("issue", "reply", rectifying, "--text", "x", "--as", HANDLER, lang="zh-CN").err


def test_an_impossible_sweep_is_refused(run: Run, rectifying: str) -> None:
    assert run("issue", "sweep", rectifying, "--checked", "1", "--found", "2", "--as", HANDLER).code == 2


def test_a_call_back_takes_three_answers_only(run: Run, rectifying: str, png: Path) -> None:
    run("issue", "submit", rectifying, "--result", "好", "--photo", str(png), "--as", HANDLER)

    assert run("issue", "call-back", rectifying, "--answer", "fairly-satisfied", "--as", OFFICE).code == 0
    assert run("issue", "call-back", rectifying, "--answer", "great", "--as", OFFICE).code == 2


def test_the_rules_of_today_are_put_on_a_running_issue(run: Run, rectifying: str) -> None:
    assert run("issue", "reapply", rectifying, "--severity", "S3", "--reason", "误判", "--as", OFFICE).code == 0
    assert run("issue", "show", rectifying, "--json").json["issue"]["severity"] == "S3"


def test_attaching_without_a_photo_is_refused(run: Run, rectifying: str) -> None:
    assert run("issue", "attach", rectifying, "--as", HANDLER).code == 2


@pytest.fixture
def plain(run: Run) -> str:
    """An S3 issue in work: one that may be extended."""
    number = run("issue", "find", "无公益广告", "--point", "P-0001", "--standard", "01-01", "--as", INSPECTOR, "--json")
    name = str(number.json[0]["number"])
    run("issue", "assign", name, "--as", OFFICE)
    run("issue", "sign-in", name, "--as", HANDLER)
    return name


def test_an_extension_is_asked_for_and_granted(run: Run, plain: str) -> None:
    before = run("issue", "show", plain, "--json").json["issue"]["due_at"]
    asked = run("issue", "ask-extension", plain, "--amount", "1 working_days", "--reason", "等料", "--as", HANDLER)
    granted = run("issue", "grant", plain, "--kind", "extension", "--as", OFFICE)

    assert (asked.code, granted.code) == (0, 0), asked.err + granted.err
    assert run("issue", "show", plain, "--json").json["issue"]["due_at"] > before


def test_a_request_is_refused_with_a_reason(run: Run, plain: str) -> None:
    run("issue", "ask-return", plain, "--reason", "权属不清", "--as", HANDLER)

    assert run("issue", "refuse", plain, "--kind", "return", "--reason", "权属清楚", "--as", OFFICE).code == 0
    assert run("issue", "show", plain, "--json").json["requests"][0]["state"] == "refused"


def test_a_shelved_issue_is_resumed(run: Run, plain: str) -> None:
    ask = ("issue", "ask-shelving", plain, "--reason", "待资金", "--milestone", "2027-03-01 18:00", "--as", HANDLER)
    assert run(*ask).code == 0
    assert run("issue", "grant", plain, "--kind", "shelving", "--as", OFFICE).code == 0
    assert state(run, plain) == "shelved"
    assert run("issue", "resume", plain, "--as", HANDLER).code == 0
    assert state(run, plain) == "rectifying"


@pytest.mark.parametrize("when", ["2020-01-01", "tomorrow"])
def test_a_milestone_in_the_past_or_no_time_at_all_is_refused(run: Run, plain: str, when: str) -> None:
    ended = run("issue", "ask-shelving", plain, "--reason", "待资金", "--milestone", when, "--as", HANDLER)

    assert ended.code == 2


def test_a_grant_of_what_nobody_asked_for_is_refused(run: Run, plain: str) -> None:
    assert run("issue", "grant", plain, "--kind", "extension", "--as", OFFICE).code == 3


def test_an_unknown_kind_of_request_is_told(run: Run, plain: str) -> None:
    assert run("issue", "grant", plain, "--kind", "holiday", "--as", OFFICE).code == 2


def test_an_error_can_be_json(run: Run) -> None:
    ended = run("issue", "show", "ZG-2026-000009", "--json")

    assert ended.code == 4
    assert '"code": "not_found"' in ended.err


def test_a_unit_is_reminded_once_a_day(run: Run, session: Session) -> None:
    number = climbed(session)
    tried = run("issue", "remind", number, "--as", OFFICE, "--dry-run", "--json").json
    done, again = (run("issue", "remind", number, "--as", OFFICE, "--json").json for _ in range(2))
    assert [(one[0]["done"], one[0]["repeated"]) for one in (tried, done, again)] == [
        (["remind"], False),
        (["remind"], False),
        ([], True),
    ]


def test_who_may_not_remind_is_told(run: Run, session: Session, assigned: str) -> None:
    assert run("issue", "remind", climbed(session), "--as", HANDLER).code == 3
    assert "goes with E4" in run("issue", "remind", assigned, "--as", OFFICE).err


def climbed(session: Session, *, until: datetime = REMINDED) -> str:
    """An issue up which the ladder has climbed."""
    key = an_issue(session, state="assigned", now=at("2026-11-02 10:00"))
    session.commit()
    sweeps.tick(lambda: Session(session.get_bind(), expire_on_commit=False), now=until)
    return str(read(session, key).number)
