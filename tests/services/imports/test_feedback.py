"""A superior's feedback out of Word and Excel: every bad row told, nothing by halves, what is open already shown."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from sqlmodel import Session, select

from models.audit import Observation, Round, RoundKind, Sheet
from models.errors import ActionNotAllowed, BadRows, UnreadableFile, WrongValue
from models.issue import FoundLevel, Issue, IssueEvent, Source
from services.imports.docx_tables import read_tables
from services.imports.feedback import Brought, FeedbackOrder, Known, Plan, apply, plan
from tests.cast import DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, an_issue, who
from tests.small_city import a_city

HEADER = ("序号", "点位名称", "所在区域", "存在问题", "标准编码", "扣分")
ROWS = (
    ("1", "高山井社区大道", "", "1、占道经营三处", "01-02", "0.5"),
    ("2", "五星街农贸市场", "", "未公示投诉电话", "12-01", ""),
    ("3", "釜溪河边空地", "自流井区", "垃圾成堆", "", "1"),
)
ORDER = FeedbackOrder(FoundLevel.PROVINCE, "5103", date(2026, 11, 1))


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def word(folder: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    """A Word file as superiors send it: a heading, a table that is none of ours, the table, a signature."""
    document = Document()
    document.add_heading("省级测评反馈问题清单")
    document.add_table(1, 2).rows[0].cells[0].text = "签发"
    table = document.add_table(1 + len(rows), len(header))
    for line, values in zip(table.rows, (header, *rows), strict=True):
        for cell, value in zip(line.cells, values, strict=True):
            cell.text = value
    path = folder / "反馈.docx"
    document.save(path)
    return path


def excel(folder: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    book = Workbook()
    for row in (("省级测评反馈",), header, *rows):
        book.active.append(row)
    path = folder / "反馈.xlsx"
    book.save(path)
    return path


MAKERS = pytest.mark.parametrize("made", [word, excel])


def planned(session: Session, path: Path, order: FeedbackOrder = ORDER, *, by: str = OFFICE) -> Plan:
    return plan(session, path, order, by=who(session, by), now=MONDAY)


def brought(session: Session, path: Path, order: FeedbackOrder = ORDER) -> Brought:
    return apply(session, planned(session, path, order), order, by=who(session, OFFICE), now=MONDAY)


@MAKERS
def test_the_rows_become_a_round_with_issues_of_the_superiors_level(city: Session, tmp_path: Path, made) -> None:
    done = brought(city, made(tmp_path, *ROWS))
    round_ = city.exec(select(Round)).one()
    issues = city.exec(select(Issue).order_by(Issue.id)).all()
    assert (round_.kind, round_.organiser, round_.finished_at) == (RoundKind.SUPERIOR, "province", MONDAY)
    assert [(one.source, one.found_level, one.round_id) for one in issues] == [
        (Source.SUPERIOR, FoundLevel.PROVINCE, round_.id)
    ] * 3
    assert [one.description for one in issues] == ["占道经营三处", "未公示投诉电话", "垃圾成堆"]
    assert done.issues == tuple(one.number for one in issues)


@MAKERS
def test_each_fault_of_a_standard_is_an_observation_on_a_full_sheet(city: Session, tmp_path: Path, made) -> None:
    brought(city, made(tmp_path, *ROWS))
    sheets = city.exec(select(Sheet).order_by(Sheet.id)).all()
    seen = city.exec(select(Observation).order_by(Observation.id)).all()
    assert [(one.point_code, one.inspector, one.filled_at) for one in sheets] == [
        ("P-0001", OFFICE, MONDAY),
        ("P-0002", OFFICE, MONDAY),
    ]
    assert [(one.standard_code, one.result.value) for one in seen] == [("01-02", "not_met"), ("12-01", "not_met")]
    assert all(one.issue_id for one in seen)


def test_a_place_that_is_no_point_of_ours_is_kept_as_the_address(city: Session, tmp_path: Path) -> None:
    brought(city, word(tmp_path, ROWS[2]))
    issue = city.exec(select(Issue)).one()
    assert (issue.point_code, issue.area_code, issue.address) == (None, "510302", "釜溪河边空地")


@MAKERS
def test_every_bad_row_is_told_with_where_and_what_and_nothing_comes_in(city: Session, tmp_path: Path, made) -> None:
    bad = [
        ROWS[0],
        ("2", "没有这个点位", "", "脏", "", ""),
        ("3", "五星街农贸市场", "", "", "12-01", ""),
        ("4", "长征大道", "", "少", "12-01", "一点"),
        ("5", "长征大道", "", "乱", "99-99", ""),
        ROWS[0],
    ]
    path = made(tmp_path, *bad)
    found = planned(city, path)
    told = [(row.row - found.bad[0].row, row.column) for row in found.bad]
    assert told == [
        (0, "点位名称"),
        (1, "存在问题"),
        (2, "扣分"),
        (2, "标准编码"),
        (3, "标准编码"),
        (4, "-"),
    ]
    with pytest.raises(BadRows):
        apply(city, found, ORDER, by=who(city, OFFICE), now=MONDAY)
    assert city.exec(select(Round)).all() == []
    assert city.exec(select(Issue)).all() == []


def test_what_is_open_already_is_shown_and_gets_a_word(city: Session, tmp_path: Path) -> None:
    key = an_issue(city, state="rectifying", standard="01-02")
    number = city.get_one(Issue, key).number
    path = word(tmp_path, *ROWS)
    assert [(one.row, one.known) for one in planned(city, path).known] == [(2, number)]
    done = brought(city, path)
    assert (len(done.issues), done.linked) == (2, (number,))
    event = city.exec(select(IssueEvent).where(IssueEvent.issue_id == key).order_by(IssueEvent.seq.desc())).first()
    assert (event.action, done.number in str(event.facts)) == ("comment", True)
    assert city.exec(select(Observation.issue_id)).first() == key


def test_what_is_open_already_becomes_another_issue_where_somebody_says_so(city: Session, tmp_path: Path) -> None:
    an_issue(city, state="rectifying", standard="01-02")
    done = brought(city, word(tmp_path, *ROWS), replace(ORDER, known=Known.NEW))
    assert (len(done.issues), done.linked) == (3, ())


def test_the_same_file_comes_in_once(city: Session, tmp_path: Path) -> None:
    path = word(tmp_path, *ROWS)
    first = brought(city, path)
    assert brought(city, path) == Brought(first.number, (), (), repeated=True)
    assert len(city.exec(select(Issue)).all()) == 3


def test_a_look_writes_nothing(city: Session, tmp_path: Path) -> None:
    assert len(planned(city, word(tmp_path, *ROWS)).entries) == 3
    assert city.exec(select(Round)).all() == []


def test_cells_merged_downwards_say_the_same_in_each_row(city: Session, tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(3, 2)
    for row, values in enumerate((("点位", "存在问题"), ("高山井社区大道", "脏"), ("", "乱"))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    path = tmp_path / "合并.docx"
    document.save(path)
    assert [(one.point, one.description) for one in planned(city, path).entries] == [("P-0001", "脏"), ("P-0001", "乱")]


@pytest.mark.parametrize("by", [HANDLER, DISTRICT_OFFICE])
def test_who_may_start_no_audit_there_brings_nothing_in(city: Session, tmp_path: Path, by: str) -> None:
    with pytest.raises(ActionNotAllowed):
        planned(city, word(tmp_path, *ROWS), by=by)


def test_a_place_outside_what_the_feedback_is_about_is_told(city: Session, tmp_path: Path) -> None:
    order = replace(ORDER, area_code="510303")
    assert [row.row for row in planned(city, word(tmp_path, *ROWS), order).bad] == [2, 3, 4]


@pytest.mark.parametrize(
    "wrong", [{"level": FoundLevel.CITY}, {"on_date": date(2026, 11, 3)}, {"on_date": date(2025, 10, 1)}]
)
def test_a_wrong_order_is_refused(city: Session, tmp_path: Path, wrong: dict) -> None:
    with pytest.raises(WrongValue):
        planned(city, word(tmp_path, *ROWS), replace(ORDER, **wrong))


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", b"no archive"), ("a.docx", b""), ("a.xlsx", b"no archive"), ("a.doc", b"\xd0\xcf\x11\xe0old")],
)
def test_what_is_no_such_file_is_refused(city: Session, tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        planned(city, path)


def test_a_word_file_without_such_a_table_is_refused(city: Session, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        planned(city, word(tmp_path, ("1", "2"), header=("甲", "乙")))


def test_a_word_file_with_a_document_type_is_refused(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(UnreadableFile):
        read_tables(path)
