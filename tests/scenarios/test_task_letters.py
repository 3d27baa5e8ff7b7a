"""A year's tasks: the table comes in, letters go out, one unit does not sign; it is reminded, its superiors hear, it
signs; the table changes, the letter is issued again with the difference, and is signed for again."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session

from flows import daily_digest
from services.imports import tasks
from services.tasks.coverage import coverage
from services.tasks.reading import letters, view
from services.tasks.table_file import write_table
from tests.cast import DIRECT, OFFICE, at, who
from tests.services.tasks.desk import acts, issued, sign, told

START = at("2026-11-23 09:30")
HEADINGS = ("年度", "类别", "点位编号", "点位名称", "行政区划代码", "主责单位", "责任人", "攻坚行动")
ROWS = (
    (2027, "01", "P-0001", None, None, "D-CGJ", "何景行", "环境卫生"),
    (2027, "12", "P-0002", None, None, "D-SCJGJ", "唐以沫", "环境卫生"),
    (2027, "01", "P-0003", None, None, "T510303001", "王若水", "环境卫生"),
    (2027, "01", "P-0100", "新街", "510302001002", "D-CGJ", None, "交通秩序"),
)
LATER, STILL = at("2026-11-27 08:20"), at("2026-12-01 08:20")
AGAIN = at("2026-12-02 09:00")


@pytest.fixture
def morning(city: Session, sessions, monkeypatch: pytest.MonkeyPatch):
    """The task of the daily flow, at a time."""

    def chase(now):
        monkeypatch.setattr(daily_digest.clock, "now", lambda _session: now)
        return daily_digest._letters(SimpleNamespace(sessions=sessions))

    return chase


def load(city: Session, path: Path, *, now=START, whole: bool = False) -> tasks.Plan:
    planned = tasks.plan(city, path, now=now)
    gone = planned.gone if whole else ()
    tasks.apply(city, planned, by=who(city, OFFICE, now=now), now=now, gone=gone)
    city.commit()
    return planned


def first_table(folder: Path) -> Path:
    book, path = Workbook(), folder / "2027.xlsx"
    for row in (HEADINGS, *ROWS):
        book.active.append(row)
    book.save(path)
    return path


def edited(city: Session, folder: Path) -> Path:
    """The table as it is taken out, with one person named, one row struck out."""
    path = folder / "edited.xlsx"
    write_table(city, path, year=2027, lang="zh-CN", by=who(city, OFFICE))
    book = load_workbook(path)
    sheet = book.active
    heading = [cell.value for cell in sheet[1]]
    codes = {row[heading.index("点位编号")].value: row for row in sheet.iter_rows(min_row=2)}
    codes["P-0100"][heading.index("责任人")].value = "胡思齐"
    sheet.delete_rows(codes["P-0001"][0].row)
    book.save(path)
    return path


def test_a_years_tasks_from_the_table_to_the_second_signature(city: Session, tmp_path: Path, morning) -> None:
    # The office takes the table in: three points are known, one is new and nobody is named for it.
    planned = load(city, first_table(tmp_path))
    assert (len(planned.new_tasks), len(planned.new_points)) == (4, 1)
    found = coverage(city, year=2027, today=START.date(), lang="zh-CN")
    assert (found.all.no_unit, found.all.no_person, found.all.standard) == (0, 1, 0)

    # Letters go out; two units sign, the bureau does not.
    first, *others = issued(city, now=START, year=2027)
    assert [first.unit, *(one.unit for one in others)] == ["D-CGJ", "D-SCJGJ", "T510303001"]
    assert len(told(city, "task_letter_issued")) == 5  # the street's unit has a handler alone
    sign(city, others[0].number, by="R00024", now=START)

    # Its time is up: it is reminded, then its principal leader and the headquarters hear, once each.
    assert (morning(LATER).reminded, morning(LATER).reminded) == (2, 0)
    assert morning(STILL).climbed == 2
    assert "D-CGJ:principal_leader" in told(city, "task_letter_unsigned")
    assert "5103:headquarters" in told(city, "task_letter_unsigned")
    assert "D-SCJGJ:principal_leader" not in told(city, "task_letter_unsigned")

    # It signs, and nobody hears more.
    sign(city, first.number, by=DIRECT, now=STILL)
    assert acts(city, first.number) == ["issued", "reminded", "climbed", "signed"]

    # The table is taken out, edited and taken in again; what it would do is shown before.
    path = edited(city, tmp_path)
    shown = tasks.plan(city, path, now=AGAIN)
    city.rollback()
    assert [(one.key, one.old, one.new) for one in shown.changes] == [("2027 01 P-0100", None, "R00007")]
    assert [one.key for one in shown.gone] == ["2027 01 P-0001"]
    load(city, path, now=AGAIN, whole=True)

    # Only the unit that it concerns gets another edition, with the difference; the one before stays as replaced.
    again = issued(city, now=AGAIN, year=2027)
    assert [(one.unit, one.edition) for one in again if one.letter] == [("D-CGJ", 2)]
    (second,) = (one for one in again if one.letter)
    seen = view(city, second.number, by=who(city, DIRECT), now=AGAIN)
    assert [row["point_code"] for row in seen.content["changes"]["gone"]] == ["P-0001"]
    assert [row["new"] for row in seen.content["changes"]["changed"]] == ["胡思齐"]
    assert seen.content["replaces"] == first.number
    assert acts(city, first.number) == ["issued", "reminded", "climbed", "signed", "replaced"]

    # It signs again, and the office sees all of it.
    sign(city, second.number, by=DIRECT, now=AGAIN)
    lines = letters(city, by=who(city, OFFICE), now=AGAIN, year=2027)
    assert [(one.unit, one.state.value) for one in lines] == [
        ("D-CGJ", "signed"),
        ("D-SCJGJ", "signed"),
        ("T510303001", "late"),
    ]
