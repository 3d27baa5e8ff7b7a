import csv
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import INSPECTOR, OFFICE, Run

FEEDBACK = ["round", "point", "inspector", "standard", "result", "note", "photo"]


def test_the_ledger_goes_out_and_comes_in_again_unchanged(run: Run, assigned: str, tmp_path: Path) -> None:
    path = str(tmp_path / "ledger.xlsx")
    assert run("export", "ledger", path, lang="zh-CN").code == 0
    ended = run("import", "ledger", path, "--as", OFFICE, "--json")

    assert ended.code == 0, ended.err
    assert (ended.json["taken_over"], ended.json["found"], ended.json["unchanged"]) == (0, 0, 1)


def test_a_new_ledger_row_becomes_an_issue_unless_it_is_a_dry_run(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["点位编号", "问题描述", "来源"])
    book.active.append(["P-0001", "占道经营", "暗访"])
    book.save(path)

    assert run("import", "ledger", str(path), "--as", OFFICE, "--dry-run").code == 0
    assert run("issue", "list", "--json").json == []
    assert run("import", "ledger", str(path), "--as", OFFICE).code == 0
    assert len(run("issue", "list", "--json").json) == 1


def test_every_bad_row_of_a_ledger_is_told_and_nothing_is_loaded(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["点位编号", "问题描述", "来源"],
        ["P-0001", "占道", "自查"],
        ["P-9999", "一", "自查"],
        ["P-8888", "二", "?"],
    ):
        book.active.append(row)
    book.save(path)
    ended = run("import", "ledger", str(path), "--as", OFFICE)

    assert ended.code == 2
    assert "P-9999" in ended.err
    assert "P-8888" in ended.err
    assert run("issue", "list", "--json").json == []


@pytest.mark.parametrize("what", ["tasks", "ledger"])
def test_a_file_that_is_no_workbook_is_told(run: Run, tmp_path: Path, what: str) -> None:
    path = tmp_path / "text.xlsx"
    path.write_text("not a workbook")

    assert run("import", what, str(path), "--as", OFFICE).code == 2
    assert run("import", what, str(tmp_path / "none.xlsx"), "--as", OFFICE).code == 2


def test_the_plain_table_has_a_row_for_each_issue(run: Run, assigned: str, tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    assert run("export", "plain", str(path), "--area", "510302", lang="zh-CN").code == 0
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None

    assert sheet.max_row == 2


def test_an_export_into_nowhere_is_told(run: Run, tmp_path: Path) -> None:
    for what in ("ledger", "plain", "record"):
        assert run("export", what, str(tmp_path / "no" / "where")).code == 2


def test_a_refused_export_leaves_no_file_behind(run: Run, tmp_path: Path) -> None:
    ended = run("export", "ledger", str(tmp_path / "ledger.xlsx"), "--area", "999999")

    assert ended.code == 4
    assert not list(tmp_path.glob("*.xlsx"))


def test_an_export_of_reversed_days_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("export", "ledger", str(tmp_path / "a"), "--from", "2026-02-01", "--to", "2026-01-01").code == 2


def test_the_record_is_intact_in_the_database_and_in_its_export(run: Run, assigned: str, tmp_path: Path) -> None:
    path = str(tmp_path / "record.jsonl")
    run("export", "record", path)

    assert run("verify", "--json").json["intact"] is True
    assert run("verify", path, "--json").json["events"] == 2


def test_an_altered_record_ends_with_1_and_names_the_place(run: Run, assigned: str, tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    run("export", "record", str(path))
    path.write_text(path.read_text("utf-8").replace(INSPECTOR, "R00099", 1), "utf-8")
    ended = run("verify", str(path), lang="zh-CN")

    assert ended.code == 1
    assert f"{assigned} 第 1 条事件" in ended.out
    assert "内容被改动" in ended.out


@pytest.mark.parametrize(("text", "code"), [("", 1), ("not json\n", 2), ("[1]\n", 2), ('{"type": "event"}\n', 1)])
def test_what_is_no_record_is_told(run: Run, tmp_path: Path, text: str, code: int) -> None:
    path = tmp_path / "record.jsonl"
    path.write_text(text)

    assert run("verify", str(path)).code == code


def test_a_notice_is_tried_before_it_is_taken_in(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("date,kind,name\n2027-01-01,holiday,元旦\n2027-01-02,holiday,元旦\n", "utf-8")
    tried = run(
        "import", "notice", str(path), "--source", "国办发明电〔2026〕1号", "--as", "R00005", "--dry-run", "--json"
    )
    taken = run("import", "notice", str(path), "--source", "国办发明电〔2026〕1号", "--as", "R00005", "--json")

    assert (tried.code, taken.code) == (0, 0), tried.err + taken.err
    assert (tried.json["version"], taken.json["version"]) == (None, 2)


def test_a_bad_notice_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,kind,name\n2027-13-01,holiday,x\nsoon,party,y\n", "utf-8")
    ended = run("import", "notice", str(path), "--source", "x", "--as", "R00005")

    assert ended.code == 2
    assert "row 2" in ended.err
    assert "row 3" in ended.err


def start(run: Run, *more: str) -> str:
    order = ("--area", "510302", "--points", "2", "--inspector", INSPECTOR, "--seed", "7", "--as", OFFICE)
    order += ("--kind", "announced")
    ended = run("audit", "start", *order, *more, "--json")
    assert ended.code == 0, ended.err
    return str(ended.json["number"])


def test_an_audit_draws_points_and_is_listed(run: Run) -> None:
    number = start(run)

    assert [one["number"] for one in run("audit", "list", "--json").json] == [number]
    assert run("audit", "show", number, "--json").json["draw_repeats"] is True


def test_a_dry_audit_leaves_no_round(run: Run) -> None:
    start(run, "--dry-run")

    assert run("audit", "list", "--json").json == []


def test_a_standard_not_met_becomes_an_issue(run: Run) -> None:
    number = start(run)
    words = ("audit", "record", number, "01-01=met", "01-02=not_met", "--point", "P-0001", "--note", "占道3处")
    ended = run(*words, "--as", INSPECTOR, "--json")

    assert ended.json["written"] == 2, ended.err
    assert len(ended.json["issues"]) == 1


def test_results_come_in_from_a_file(run: Run, tmp_path: Path) -> None:
    number, path = start(run), tmp_path / "results.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([FEEDBACK, [number, "P-0001", INSPECTOR, "01-02", "不符合", "占道", ""]])

    assert run("audit", "results", str(path), "--as", INSPECTOR, "--dry-run").code == 0
    assert run("issue", "list", "--json").json == []
    assert run("audit", "results", str(path), "--as", INSPECTOR).code == 0
    assert len(run("issue", "list", "--json").json) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["record", "ZG-A-2026-0001", "01-01", "--point", "P-0001"],
        ["record", "ZG-A-2026-0001", "01-01=perhaps", "--point", "P-0001"],
        ["start", "--area", "510302", "--points", "-1", "--inspector", INSPECTOR, "--seed", "1"],
        ["start", "--area", "510302", "--points", "1", "--inspector", INSPECTOR, "--seed", "1", "--kind", "party"],
        ["start", "--area", "510302", "--points", "1", "--inspector", INSPECTOR, "--seed", "1", "--on", "2020-01-01"],
    ],
)
def test_impossible_audits_are_refused(run: Run, words: list[str]) -> None:
    start(run)

    assert run("audit", *words, "--as", OFFICE).code == 2


def test_an_audit_by_somebody_without_the_right_ends_with_3(run: Run) -> None:
    words = ("--area", "510302", "--points", "1", "--inspector", INSPECTOR, "--seed", "1")

    assert run("audit", "start", *words, "--as", "R00031").code == 3
    assert run("audit", "show", "ZG-A-2026-0404").code == 4


def test_an_unreadable_file_is_told_in_chinese_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_text("text")

    said = run("import", "ledger", str(file), "--as", OFFICE, lang="zh-CN").err

    why = "是 CSV 之类的文本文件，不是工作簿；请用 Excel 打开并另存为 .xlsx"
    assert said.strip() == f"台账.xlsx 无法作为Excel 工作簿（.xlsx）读取：{why}"


def test_a_binary_file_is_no_record_in_words(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    file.write_bytes(b"PK\x03\x04\xc7\x01")

    assert "不是 utf-8 编码的文本" in run("verify", str(file), lang="zh-CN").err
