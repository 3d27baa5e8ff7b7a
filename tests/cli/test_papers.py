"""`duban paper`: issued, listed and printed from the shell, with clear words where it is refused."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import Session

from cli.errors import FROM_SERVICES
from cli.exits import Exit
from services.papers import errors
from tests.cast import an_issue, read
from tests.cli.conftest import HANDLER, INSPECTOR, NOW, OFFICE, Run

SLIP = ("--kind", "assignment_slip")


@pytest.fixture
def paper(run: Run, assigned: str) -> str:
    """The number of a slip that was issued."""
    return str(run("paper", "issue", assigned, *SLIP, "--as", OFFICE, "--json").json[0]["number"])


def test_a_slip_is_issued_under_a_number(run: Run, assigned: str) -> None:
    ended = run("paper", "issue", assigned, *SLIP, "--as", OFFICE)

    assert ended.rows[1] == ["自交〔2026〕1号", "assignment slip", "D-CGJ", "no"]


def test_asked_again_it_says_that_it_was_issued_before(run: Run, assigned: str, paper: str) -> None:
    again = run("paper", "issue", assigned, "--kind", "assignment-slip", "--as", OFFICE, "--json").json[0]

    assert (again["number"], again["repeated"]) == (paper, True)


def test_a_dry_run_takes_no_number(run: Run, assigned: str) -> None:
    tried = run("paper", "issue", assigned, *SLIP, "--as", OFFICE, "--dry-run")

    assert "nothing was changed" in tried.err
    assert run("paper", "list", "--json").json == []
    assert run("paper", "issue", assigned, *SLIP, "--as", OFFICE, "--json").json[0]["number"] == "自交〔2026〕1号"


def test_papers_are_listed_with_what_they_are_about(run: Run, assigned: str, paper: str) -> None:
    ended = run("paper", "list", "--issue", assigned, "--unit", "D-CGJ", "--kind", "assignment_slip")

    assert ended.rows[1] == [paper, "assignment slip", assigned, "E0", "D-CGJ", "2026-11-23 10:00", OFFICE]


def test_it_is_printed_as_a_word_file_and_as_a_page(run: Run, paper: str, tmp_path: Path) -> None:
    word, page = tmp_path / "a.docx", tmp_path / "a.html"
    ended = run("paper", "print", paper, "--word", str(word), "--page", str(page), "--as", HANDLER)

    assert ended.out.split() == [str(word), str(page)]
    assert paper in "\n".join(p.text for p in Document(io.BytesIO(word.read_bytes())).paragraphs)
    assert paper in page.read_text("utf-8")


def test_printing_again_writes_the_same_page(run: Run, assigned: str, paper: str, tmp_path: Path) -> None:
    first, second = tmp_path / "1.html", tmp_path / "2.html"
    run("paper", "print", paper, "--page", str(first), "--as", OFFICE)
    run("issue", "sign-in", assigned, "--as", HANDLER)
    run("paper", "print", paper, "--page", str(second), "--as", OFFICE)

    assert first.read_bytes() == second.read_bytes()


def test_a_notice_of_a_round_is_issued(run: Run, tmp_path: Path) -> None:
    started = (
        "audit",
        "start",
        "--kind",
        "announced",
        "--area",
        "5103",
        "--points",
        "1",
        "--inspector",
        INSPECTOR,
        "--seed",
        "1",
    )
    run(*started, "--category", "12", "--as", OFFICE)
    seen = ("12-01=not_met", "12-02=met", "--note", "没有公平秤")
    ended = run("audit", "record", "ZG-A-2026-0001", "--point", "P-0002", *seen, "--as", INSPECTOR, "--json")
    run("issue", "assign", ended.json["issues"][0], "--to", "D-SCJGJ", "--as", OFFICE)
    done = run("paper", "notice", "ZG-A-2026-0001", "--unit", "D-SCJGJ", "--as", OFFICE)

    assert done.rows[1] == ["自改〔2026〕1号", "rectification notice", "D-SCJGJ", "no"]


def test_what_the_ladder_calls_for_is_listed_until_it_is_issued(run: Run, session: Session) -> None:
    number = read(session, an_issue(session, state="rectifying", now=NOW - timedelta(days=7))).number
    session.commit()
    run("tick")

    assert run("paper", "due").rows[1][:3] == ["reminder notice", number, "E4"]
    assert run("paper", "due", "--office", "5103:office", "--json").json == []
    run("paper", "issue", number, "--kind", "reminder_notice", "--as", OFFICE)
    assert run("paper", "due", "--json").json == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("issue", "{issue}", "--kind", "assignment_slip", "--as", HANDLER), Exit.REFUSED, "You may not do"),
        (("issue", "{issue}", "--kind", "reminder_notice", "--as", OFFICE), Exit.REFUSED, "goes with E4 of the ladder"),
        (("issue", "{issue}", "--kind", "poem", "--as", OFFICE), Exit.UNUSABLE, "assignment_slip, reminder_notice"),
        (("issue", "{issue}", "--kind", "rectification_notice", "--as", OFFICE), Exit.UNUSABLE, "interview_notice"),
        (("print", "无〔2026〕1号", "--word", "x.docx", "--as", OFFICE), Exit.NOT_FOUND, "There is no paper"),
        (("print", "{paper}", "--as", OFFICE), Exit.UNUSABLE, "Name a file to write"),
        (("print", "{paper}", "--page", "/nowhere/a.html", "--as", OFFICE), Exit.UNUSABLE, "cannot be written"),
        (("print", "{paper}", "--page", "a.html", "--as", INSPECTOR), Exit.REFUSED, "“print a paper”"),
        (("notice", "ZG-A-2026-0009", "--unit", "D-CGJ", "--as", OFFICE), Exit.NOT_FOUND, "There is no round"),
    ],
)
def test_what_is_refused_is_told(run: Run, assigned: str, paper: str, words, code, said: str) -> None:
    ended = run("paper", *(word.format(issue=assigned, paper=paper) for word in words))

    assert (ended.code, said in ended.err) == (code, True), ended.err


def test_it_is_told_in_chinese_too(run: Run, assigned: str) -> None:
    ended = run("paper", "issue", assigned, "--kind", "reminder_notice", "--as", OFFICE, lang="zh-CN")

    assert "催办通知书" in ended.err
    assert "E4" in ended.err


def test_every_sentence_about_papers_can_be_translated() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and one.__module__ == errors.__name__]

    assert {one.template for one in kinds} <= set(FROM_SERVICES)
