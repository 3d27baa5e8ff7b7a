"""Ledgers as clerks write them: good ones, and every kind of bad one."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, func, select

from models.errors import ActionNotAllowed, BadRows, WrongValue
from models.issue import FoundLevel, Issue, IssueEvent, Source
from models.lifecycle import State
from models.rights import SYSTEM
from services.imports import ledger
from tests.cast import HANDLER, OFFICE, at, shown, trail, who
from tests.services.imports.lives import LATER, NOW, a_workbook

GOOD: dict[str, Any] = {
    "编号": "创建-001",
    "来源": "暗访",
    "发现级别": "省级",
    "发现时间": datetime.fromisoformat("2026-11-17 09:30"),
    "标准编码": "01-01",
    "点位编号": "P-0001",
    "问题描述": "无公益广告",
    "主责单位": "自贡市城市管理局",
    "交办时间": "2026年11月17日 10:00",
    "状态": "整改中",
}


def the_file(tmp_path: Path, *rows: dict[str, Any], **how: Any) -> Path:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return a_workbook(tmp_path / "台账.xlsx", headings, [[row.get(name) for name in headings] for row in rows], **how)


def complaints(city: Session, path: Path) -> list[tuple[int, str, str]]:
    return [(bad.row, bad.column, bad.value) for bad in ledger.plan(city, path, now=NOW).bad]


def imported(city: Session, path: Path) -> Issue:
    ledger.apply(city, ledger.plan(city, path, now=NOW), by=who(city, OFFICE), now=NOW)
    return city.exec(select(Issue).order_by(Issue.id.desc())).first()


def count(city: Session) -> int:
    return city.exec(select(func.count()).select_from(Issue)).one()


def test_an_issue_of_another_ledger_keeps_its_number_there(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, GOOD))

    assert (issue.number, issue.external_ref) == ("ZG-2026-000001", "创建-001")
    assert (issue.state, issue.lead_unit, issue.source) == (State.RECTIFYING, "D-CGJ", Source.COVERT)
    assert (issue.found_level, issue.severity, issue.area_code) == (FoundLevel.PROVINCE, "S3", "510302001002001")


def test_its_deadline_is_computed_by_the_rules_of_today_where_the_ledger_has_none(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, GOOD))

    assert shown(issue.due_at) == "2026-11-20 17:00"
    assert (issue.next_step, issue.steps_taken) == ("E2", 1)


def test_the_deadline_of_the_ledger_is_kept(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, {**GOOD, "截止时间": date(2026, 11, 30), "时限": "9个工作日"}))

    assert shown(issue.due_at) == "2026-11-30 00:00"
    assert issue.limit == "9 working_days"


def test_steps_up_to_the_one_in_the_ledger_count_as_taken(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, {**GOOD, "督办级别": "催办", "截止时间": "2026-11-18 17:00"}))

    assert (issue.step, issue.steps_taken, issue.next_step) == (4, 0b11111, "E5")


def test_importing_another_ledger_twice_changes_nothing(city: Session, tmp_path: Path):
    path = the_file(tmp_path, GOOD, {**GOOD, "编号": None, "状态": None, "主责单位": None, "交办时间": None})
    imported(city, path)

    planned = ledger.plan(city, path, now=LATER)

    assert (planned.bad, planned.is_empty, planned.unchanged, count(city)) == ((), True, 2, 2)


def test_a_row_without_a_number_is_a_new_finding(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, {"问题描述": "井盖破损", "来源": "自查", "行政区划代码": 510302001002}))

    assert (issue.state, issue.found_by, issue.next_step) == (State.FOUND, OFFICE, "triage")
    assert issue.found_at == NOW


def test_remarks_and_reasons_of_returns_stay_readable(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, {**GOOD, "备注": "转自原台账", "退回次数": 1, "退回理由": "非我局"}))

    assert trail(city, issue.id) == ["take_over", "comment", "comment"]


def test_numbers_of_supervision_orders_go_on_behind_those_taken_over(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, {**GOOD, "督办单号": "督〔2026〕7号（已回复）\n督〔2026〕9号"}))

    last = city.connection().exec_driver_sql("SELECT last FROM number_series WHERE name = 'order/2026'").scalar_one()

    assert (issue.orders_unanswered, last) == (1, 9)


def test_title_rows_above_and_unknown_columns_do_no_harm(city: Session, tmp_path: Path):
    planned = ledger.plan(city, the_file(tmp_path, {**GOOD, "领导批示": "阅"}, above=3), now=NOW)

    assert (planned.bad, planned.ignored, len(planned.taken_over)) == ((), ("领导批示",), 1)


def test_english_headings_and_words_are_read(city: Session, tmp_path: Path):
    row = {
        "Number": "X-1",
        "Description": "no ads",
        "Source": "covert",
        "Found at": "2026-11-17 09:30",
        "Point": "P-0001",
    }

    issue = imported(city, the_file(tmp_path, {**row, "State": "void"}))

    assert issue.state == State.VOID


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("来源", "听说"),
        ("发现级别", "街坊"),
        ("发现人", "没有这个人"),
        ("发现时间", "昨天"),
        ("发现时间", 46345.5),
        ("发现时间", "2026-02-30"),
        ("发现时间", datetime.fromisoformat("2027-01-01")),
        ("类别", "99"),
        ("类别", "12"),
        ("标准编码", "77-77"),
        ("标准编码", datetime.fromisoformat("2026-01-01")),
        ("点位编号", "P-9999"),
        ("行政区划代码", "990000"),
        ("行政区划代码", "510303"),
        ("纬度", 129.3),
        ("经度", "东经"),
        ("问题照片", "见附件"),
        ("严重等级", "S9"),
        ("扣分", -1),
        ("扣分", "很多"),
        ("主责单位", "不存在局"),
        ("配合单位", "自贡市市场监督管理局、不存在局"),
        ("交办时间", "2026-11-16 10:00"),
        ("签收时间", "2026-11-17 09:59"),
        ("时限", "3光年"),
        ("时限", "三天"),
        ("截止时间", "2026-11-16 10:00"),
        ("延期次数", 1.5),
        ("返工次数", -1),
        ("督办级别", "E9"),
        ("群众满意度", "还行"),
        ("状态", "整改完"),
        ("状态", None),
        ("状态", "待复核"),
        ("销号人", "没有这个人"),
        ("问题描述", "长" * 2001),
        ("问题描述", None),
        ("主责单位", None),
        ("来源", None),
    ],
)
def test_a_bad_cell_is_told_with_row_column_and_value(city: Session, tmp_path: Path, column: str, value: Any):
    found = ledger.plan(city, the_file(tmp_path, {**GOOD, column: value, "编号": "A"}, GOOD), now=NOW).bad

    assert {bad.row for bad in found} == {2}
    blamed = {"状态": "完成时间"}.get(column, column) if value == "待复核" else column
    assert blamed in {bad.column for bad in found}
    assert all(bad.expected for bad in found)


def test_closed_before_found_is_refused(city: Session, tmp_path: Path):
    row = {**GOOD, "状态": "已销号", "完成时间": "2026-11-18", "销号时间": "2026-11-01 10:00"}

    assert ("销号时间", "2026-11-01 10:00") in [c[1:] for c in complaints(city, the_file(tmp_path, row))]


def test_every_bad_row_is_told_at_once_and_nothing_is_imported(city: Session, tmp_path: Path):
    rows = [{**GOOD, "编号": f"A-{n}", "来源": "听说", "扣分": "很多"} for n in range(3)]
    planned = ledger.plan(city, the_file(tmp_path, GOOD, *rows), now=NOW)

    with pytest.raises(BadRows) as refused:
        ledger.apply(city, planned, by=who(city, OFFICE), now=NOW)

    assert [(bad.row, bad.column) for bad in refused.value.rows] == [
        (row, column) for row in (3, 4, 5) for column in ("来源", "扣分")
    ]
    assert count(city) == 0


def test_the_same_number_twice_in_a_file_is_refused(city: Session, tmp_path: Path):
    assert complaints(city, the_file(tmp_path, GOOD, GOOD)) == [(3, "编号", "创建-001")]


def test_a_formula_that_was_never_worked_out_is_told(city: Session, tmp_path: Path):
    assert complaints(city, the_file(tmp_path, {**GOOD, "扣分": "=0.5*2"})) == [(2, "扣分", "=")]


def test_the_record_tells_what_the_ledger_said_and_no_more(city: Session, tmp_path: Path):
    issue = imported(city, the_file(tmp_path, GOOD))

    facts = city.exec(select(IssueEvent.facts).where(IssueEvent.issue_id == issue.id)).one()

    assert (facts["lead_unit"], facts["severity"]) == ("D-CGJ", "S3")
    assert {"verified_at", "rework", "satisfaction"} & set(facts) == set()


def test_the_same_finding_twice_in_a_file_is_refused(city: Session, tmp_path: Path):
    row = {"问题描述": "井盖破损", "来源": "自查", "点位编号": "P-0001"}

    assert [c[0] for c in complaints(city, the_file(tmp_path, row, row))] == [3]


def test_a_finding_that_is_further_on_needs_a_number(city: Session, tmp_path: Path):
    found = complaints(city, the_file(tmp_path, {**GOOD, "编号": None}))

    assert (2, "状态", "整改中") in found


def test_a_row_that_differs_from_the_record_is_refused_and_changes_nothing(city: Session, tmp_path: Path):
    imported(city, the_file(tmp_path, GOOD))
    changed = the_file(tmp_path, {**GOOD, "状态": "已销号", "销号时间": "2026-11-19 10:00", "问题描述": "改了"})

    found = ledger.plan(city, changed, now=NOW).bad

    assert {bad.column for bad in found} == {"问题描述", "销号时间", "状态"}
    assert city.exec(select(Issue.state)).one() == State.RECTIFYING


def test_document_numbers_are_used_once(city: Session, tmp_path: Path):
    rows = [{**GOOD, "编号": name, "督办单号": "督〔2026〕1号"} for name in ("A", "B")]

    assert complaints(city, the_file(tmp_path, *rows)) == [(3, "督办单号", "督〔2026〕1号")]


def test_somebody_without_the_right_imports_nothing(city: Session, tmp_path: Path):
    planned = ledger.plan(city, the_file(tmp_path, GOOD), now=NOW)

    with pytest.raises(ActionNotAllowed):
        ledger.apply(city, planned, by=who(city, HANDLER), now=NOW)

    assert count(city) == 0


def test_an_audit_that_only_the_ledger_knows_needs_a_person(city: Session, tmp_path: Path):
    planned = ledger.plan(city, the_file(tmp_path, {**GOOD, "测评轮次": "第三季度"}), now=NOW)

    with pytest.raises(WrongValue):
        ledger.apply(city, planned, by=SYSTEM, now=NOW)

    assert planned.new_rounds == ("第三季度",)


def test_progress_is_told(city: Session, tmp_path: Path):
    said: list[tuple[int, int]] = []
    path = the_file(tmp_path, GOOD, {**GOOD, "编号": "B"})

    planned = ledger.plan(city, path, now=NOW, progress=lambda done, total: said.append((done, total)))
    ledger.apply(city, planned, by=who(city, OFFICE), now=NOW, progress=lambda d, t: said.append((d, t)))

    assert said == [(1, 2), (2, 2), (2, 2)]


@pytest.mark.slow
def test_three_thousand_rows_come_in_without_waiting(city: Session, tmp_path: Path):
    rows = [{**GOOD, "编号": f"创建-{n:05d}", "备注": "原台账"} for n in range(3000)]

    imported(city, the_file(tmp_path, *rows))

    assert (count(city), city.exec(select(func.count()).select_from(IssueEvent)).one()) == (3000, 6000)


def test_times_of_the_ledger_are_city_time(city: Session, tmp_path: Path):
    assert imported(city, the_file(tmp_path, GOOD)).found_at == at("2026-11-17 09:30")
