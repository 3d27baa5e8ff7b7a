"""`duban system`: listed, shown, compared, out as a workbook and in again."""

from pathlib import Path

import openpyxl

from tests.cli.conftest import INSPECTOR, Run

ADMINISTRATOR = "R00005"


def taken_out(run: Run, tmp_path: Path, *, code: str = "CC-2027", deduction: float = 3) -> Path:
    """The edition as the next one, with another deduction."""
    path = tmp_path / "edition.xlsx"
    assert run("system", "export", "CC-2026", str(path), lang="zh-CN").code == 0
    book = openpyxl.load_workbook(path)
    book["版本"]["D2"], book["版本"]["G2"] = code, "2027-01-01"
    book["测评标准"]["G2"] = deduction
    book.save(path)
    return path


def test_the_editions_are_listed(run: Run) -> None:
    (one,) = run("system", "list", "--json").json

    assert (one["code"], one["in_force"], one["standards"]) == ("CC-2026", True, 4)
    assert run("system", "list").rows[1][1] == "CC-2026"


def test_an_edition_is_shown(run: Run) -> None:
    assert "CC-2026" in run("system", "show", "CC-2026").out
    assert run("system", "show", "CC-2026", "--json").json["loose"][0]["code"] == "01-01"
    assert run("system", "show", "nothing").code == 4


def test_a_new_edition_comes_in_from_a_workbook_unless_it_is_a_dry_run(run: Run, tmp_path: Path) -> None:
    path = str(taken_out(run, tmp_path))

    assert run("system", "import", path, "--as", ADMINISTRATOR, "--dry-run").code == 0
    assert len(run("system", "list", "--json").json) == 1
    assert run("system", "import", path, "--as", ADMINISTRATOR, "--why", "新版").code == 0
    assert len(run("system", "list", "--json").json) == 2


def test_two_editions_are_compared_by_a_script_too(run: Run, tmp_path: Path) -> None:
    run("system", "import", str(taken_out(run, tmp_path)), "--as", ADMINISTRATOR, "--why", "新版")

    ended = run("system", "diff", "CC-2026", "CC-2027")

    assert ended.code == 1
    assert ended.rows[1][0] == "standards"
    assert ended.rows[1][-3:] == ["deduction", "0.5", "3"]
    assert run("system", "diff", "CC-2026", "CC-2026").code == 0


def test_it_takes_a_reason_and_the_right(run: Run, tmp_path: Path) -> None:
    path = str(taken_out(run, tmp_path))

    assert run("system", "import", path, "--as", ADMINISTRATOR).code == 2
    assert run("system", "import", path, "--as", INSPECTOR, "--why", "x").code == 3
    assert len(run("system", "list", "--json").json) == 1


def test_every_bad_cell_is_told(run: Run, tmp_path: Path) -> None:
    path = taken_out(run, tmp_path)
    book = openpyxl.load_workbook(path)
    book["测评标准"]["G2"], book["测评标准"]["G3"] = "一", "二"
    book.save(path)

    ended = run("system", "import", str(path), "--as", ADMINISTRATOR, "--why", "x")

    assert ended.code == 2
    assert "一" in ended.err
    assert "二" in ended.err


def test_a_file_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    assert run("system", "export", "CC-2026", str(tmp_path / "no" / "where.xlsx")).code == 2
