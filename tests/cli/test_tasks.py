"""`duban tasks`: coverage with its exit code, letters from issue to signature, the table out and in."""

from pathlib import Path

import pytest
from sqlmodel import Session

from tests.cast import DIRECT, HANDLER, OFFICE
from tests.cli.conftest import Run
from tests.services.tasks.desk import letter_of, task_of


@pytest.fixture
def number(run: Run, session: Session) -> str:
    assert run("tasks", "issue", "--year", "2026", "--unit", "D-CGJ", "--as", OFFICE).code == 0
    return letter_of(session, "D-CGJ").number


def test_holes_end_with_one_and_are_listed(run: Run, session: Session) -> None:
    shown = run("tasks", "coverage", "--year", "2026", "--json")
    assert (shown.code, shown.json["all"]["no_person"]) == (1, 3)
    listed = run("tasks", "coverage", "--year", "2026", "--gap", "no_person")
    assert (listed.code, "P-0003" in listed.out) == (0, True)


def test_a_whole_table_ends_with_zero(run: Run, session: Session) -> None:
    for point in ("P-0001", "P-0002", "P-0003"):
        task_of(session, point).person_code = HANDLER
    session.commit()
    assert run("tasks", "coverage", "--year", "2026").code == 0


def test_an_unknown_gap_is_unusable(run: Run) -> None:
    assert run("tasks", "coverage", "--gap", "moon").code == 2


def test_progress_by_class_unit_and_tag(run: Run) -> None:
    rows = run("tasks", "progress", "--year", "2026", "--by", "class", "--json").json
    assert [(row["code"], row["points"]) for row in rows] == [("01", 2), ("12", 1)]
    assert run("tasks", "progress", "--year", "2026", "--by", "unit").code == 0
    assert run("tasks", "progress", "--from", "2026-12-01", "--to", "2026-11-01", "--year", "2026").code == 2


def test_a_dry_run_issues_nothing(run: Run) -> None:
    shown = run("tasks", "issue", "--year", "2026", "--as", OFFICE, "--dry-run", "--json").json
    assert [row["issued"] for row in shown] == [True, True, True]
    assert run("tasks", "letters", "--year", "2026", "--as", OFFICE, "--json").json == []


def test_a_letter_is_signed_for_and_shows_its_history(run: Run, number: str) -> None:
    assert run("tasks", "sign", number, "--as", HANDLER).code == 3
    assert run("tasks", "sign", number, "--as", DIRECT).code == 0
    shown = run("tasks", "show", number, "--as", OFFICE, "--json").json
    assert [one["act"] for one in shown["history"]] == ["issued", "signed"]
    (line,) = run("tasks", "letters", "--year", "2026", "--state", "signed", "--as", OFFICE, "--json").json
    assert line["number"] == number
    assert run("tasks", "show", "nothing", "--as", OFFICE).code == 4


def test_it_prints_like_any_paper(run: Run, number: str, tmp_path: Path) -> None:
    page = tmp_path / "letter.html"
    assert run("paper", "print", number, "--page", str(page), "--as", DIRECT).code == 0
    assert "任务书" in page.read_text("utf-8")
    assert number in run("paper", "list", "--kind", "task_letter").out


def test_nobody_is_chased_before_the_time(run: Run, number: str) -> None:
    assert run("tasks", "chase", "--json").json == {"reminded": 0, "climbed": 0, "dry_run": False}


def test_the_table_goes_out_and_in_again(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "2026.xlsx"
    assert run("tasks", "table", str(file), "--year", "2026", "--as", OFFICE).code == 0
    again = run("import", "tasks", str(file), "--as", OFFICE, "--whole", "--json").json
    assert (again["unchanged"], again["changes"], again["left_out"]) == (3, [], [])
