"""`duban filing`: the list in and out, and how far each unit has come."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE
from tests.cli.conftest import Run
from tests.services.filing.test_listing import ROW, a_book


@pytest.fixture
def book(run: Run, session: Session, tmp_path: Path) -> Path:
    return a_book(tmp_path, (*ROW[:6], "2026-12-30", *ROW[7:]), ("F-02", *ROW[1:6], "2026-11-01", *ROW[7:]))


def test_a_dry_run_takes_in_nothing(run: Run, book: Path) -> None:
    assert run("filing", "import", str(book), "--as", OFFICE, "--dry-run", "--json").json["new"] == 2
    assert run("filing", "list", "--as", OFFICE, "--json").json == []


def test_the_list_goes_in_is_shown_and_comes_out(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("filing", "import", str(book), "--as", OFFICE).code == 0
    assert run("filing", "import", str(book), "--as", OFFICE, "--json").json["unchanged"] == 2
    (late,) = run("filing", "list", "--late", "--as", OFFICE, "--json").json
    assert (late["code"], late["overdue"]) == ("F-02", True)
    (unit,) = run("filing", "progress", "--as", OFFICE, "--json").json
    assert (unit["items"], unit["missing"], unit["overdue"]) == (2, 2, 1)
    out = tmp_path / "out.xlsx"
    assert run("filing", "export", str(out), "--as", OFFICE).code == 0
    assert load_workbook(out).active.max_row == 3
    assert "missing" in run("filing", "list", "--as", OFFICE).out


def test_every_bad_row_is_told_and_nothing_is_loaded(run: Run, tmp_path: Path) -> None:
    bad = a_book(tmp_path, ROW, ("F-02", "", "", 1, "没有的单位", "", "明年", "", ""))

    ended = run("filing", "import", str(bad), "--as", OFFICE)

    assert (ended.code, "没有的单位" in ended.err) == (2, True)
    assert run("filing", "list", "--as", OFFICE, "--json").json == []


def test_a_unit_takes_in_no_list_and_a_state_is_one_of_ours(run: Run, book: Path) -> None:
    assert run("filing", "import", str(book), "--as", HANDLER).code == 2
    assert run("filing", "list", "--state", "lost", "--as", OFFICE).code == 2


def test_what_falls_due_becomes_an_issue_with_the_tick(run: Run, book: Path) -> None:
    run("filing", "import", str(book), "--as", OFFICE)
    assert run("tick", "--no-send").code == 0

    rows = {one["code"]: one["issue"] for one in run("filing", "list", "--as", OFFICE, "--json").json}
    assert rows["F-02"].startswith("ZG-2026-")
