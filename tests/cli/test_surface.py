"""The command line as a whole: its help, its languages, its exit codes, how fast it is there."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli import lint_words, telling, tree
from cli.exits import Exit, exit_of
from cli.times import how_long, read_step, read_time
from models.errors import ActionNotAllowed, BadRow, BadRows, DubanError, MissingInput, NotFound, WrongValue
from runtime import i18n
from runtime.errors import DatabaseTrouble
from services.cities.finding import ERRORS, WARNINGS
from tests.cli.conftest import NOW, Run

PROJECT = Path(__file__).resolve().parents[2]


def help_in(lang: str, *words: str) -> str:
    surroundings = {**os.environ, "DUBAN_LANG": lang, "COLUMNS": "100"}
    command = [sys.executable, "-m", "cli.main", *words, "--help"]
    return subprocess.run(command, env=surroundings, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def test_the_help_speaks_both_languages() -> None:
    assert "Hand in proof" in help_in("en", "issue")
    assert "提交整改证明" in help_in("zh-CN", "issue")


def test_the_help_is_there_at_once_as_it_imports_little() -> None:
    code = """if True:
        import sys
        from cli.main import main
        sys.argv = ["duban", "--help"]
        try:
            main()
        except SystemExit:
            print(*sys.modules, file=sys.stderr)"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True)

    loaded = done.stderr.split()
    assert {"services", "notifications", "flows", "web", "sqlalchemy", "fastapi", "prefect"}.isdisjoint(loaded)
    assert 400 < len(loaded) < 700  # 0.35 s; the services would double both


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongValue(field="a", value="b", expected="c"), Exit.UNUSABLE),
        (ActionNotAllowed(action="a", who="b"), Exit.REFUSED),
        (NotFound(what="issue", code="1"), Exit.NOT_FOUND),
        (DatabaseTrouble(folder="/", why="full"), Exit.NOT_READY),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: DubanError, code: Exit) -> None:
    assert exit_of(error) == code


def test_an_empty_database_says_how_to_begin(run_empty: Run) -> None:
    ended = run_empty("issue", "list")

    assert ended.code == Exit.NOT_READY
    assert "duban city load cities/zigong" in ended.err
    assert "make run" in ended.err


def test_every_bad_row_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [BadRow("Sheet1", 3, "等级", "S9", "S1–S6"), BadRow("Sheet1", 7, "点位编号", "", "a point")]
    code = telling.tell(BadRows(file="a.xlsx", rows=rows))
    said = capsys.readouterr().err

    assert code == Exit.UNUSABLE
    assert "Sheet1 row 3, 等级: “S9”; expected S1–S6" in said
    assert "Sheet1 row 7" in said


def test_an_error_speaks_of_actions_and_inputs_in_words() -> None:
    with i18n.using("zh-CN"):
        said = telling.sentence(MissingInput(action="submit", missing="after photo"))

    assert said == "“提交整改”还需要：整改后照片。"


@pytest.mark.parametrize(
    "words", [["isue"], ["issue", "list", "--nonsense"], ["issue", "sign-in"], ["issue", "list", "-n", "0"]]
)
def test_what_is_typed_wrong_ends_with_2_and_one_sentence(run: Run, words: list[str]) -> None:
    ended = run(*words)

    assert ended.code == Exit.UNUSABLE
    assert len(ended.err.strip().splitlines()) == 2
    assert "Traceback" not in ended.err


def test_a_fault_of_ours_is_a_sentence_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("services.queries.listing", broken)
    ended = run("issue", "list")

    assert ended.code == Exit.FAULT
    assert "ZeroDivisionError: oops" in ended.err
    assert "Traceback" not in ended.err


def test_every_sentence_of_the_lint_can_be_translated() -> None:
    assert dict(lint_words.SENTENCES) == {**ERRORS, **WARNINGS}


def test_every_group_is_in_the_tree() -> None:
    files = {path.stem for path in (PROJECT / "cli").glob("*.py")}

    assert set(tree.GROUPS) <= files


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("3d", 259_200), ("1d12h", 129_600), ("30m", 1800), ("2 h", 7200), ("to 2026-11-23 11:00", 3600)],
)
def test_a_step_of_time_is_read(written: str, seconds: int) -> None:
    assert read_step(written, now=lambda: NOW).total_seconds() == seconds


@pytest.mark.parametrize("written", ["", "soon", "3", "3x", "d", "3d and more", "to nowhere", "999999w"])
def test_what_is_no_step_of_time_is_refused(written: str) -> None:
    with pytest.raises(WrongValue):
        read_step(written, now=lambda: NOW)


def test_a_time_without_an_offset_is_the_citys() -> None:
    assert read_time("2026-12-01 09:00", field="x").isoformat() == "2026-12-01T01:00:00+00:00"
    assert read_time("2026-12-01T09:00+00:00", field="x").isoformat() == "2026-12-01T09:00:00+00:00"


def test_a_stretch_of_time_is_shown_in_two_figures() -> None:
    assert how_long(read_step("3d4h5m", now=lambda: NOW)) == "3d 4h"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["inbox", "R00001"], "多出的参数：R00001"),
        (["outbox", "list", "--limit", "0"], "不应小于 1"),
        (["outbox", "list", "--limit", "x"], "应为整数"),
        (["issue", "list", "--state", "foo"], "foo 不在可选值之中："),
    ],
)
def test_what_the_library_says_in_english_is_translated(run: Run, words: list[str], sentence: str) -> None:
    ended = run(*words, lang="zh-CN")

    assert ended.code == 2
    assert sentence in ended.err


def test_the_help_has_no_english_of_the_library_in_chinese() -> None:
    shown = help_in("zh-CN", "issue", "submit")
    assert "[必填]" in shown
    assert "显示本页后退出。" in shown
    assert "required" not in shown
    assert "this message" not in shown


def test_a_bad_setting_is_told_in_chinese(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_WEB_PORT", "abc")

    ended = run("status", lang="zh-CN")

    assert ended.code == Exit.NOT_READY
    assert "DUBAN_WEB_PORT: 应为整数" in ended.err


def test_a_step_until_a_time_does_not_end_short_of_it() -> None:
    now = datetime(2026, 11, 23, 2, 0, 0, 500_000, tzinfo=UTC)
    step = read_step("to 2026-11-23 10:01", now=lambda: now)
    assert now + step >= datetime(2026, 11, 23, 2, 1, tzinfo=UTC)
    assert step.microseconds == 0
