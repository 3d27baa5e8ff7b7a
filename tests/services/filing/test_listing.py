"""The list as a workbook: read with every bad row told, written so that it reads again, changed on record."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import Session, select

from models.errors import BadRows, MissingInput, NotFound
from models.filing import FilingEvent, FilingItem
from services import issues
from services.exports.filing import export_filing
from services.exports.register import read_register
from services.filing import listing, looking
from services.filing.after import After
from services.filing.looking import Asked
from services.imports import filing
from tests.cast import (
    DISTRICT_OFFICE,
    DISTRICT_VERIFIER,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    STRANGER,
    VERIFIER,
    at,
    shown,
    who,
)
from tests.services.filing.cabinet import acts, an_item, hand_in, issue_of, item_of, sweep

HEADINGS = ("材料编号", "标准编码", "材料名称", "分值", "责任单位", "审核人", "截止日期", "提前预警天数", "等级")
ROW = ("F-01", "II-3", "道路保洁作业台账", 2, "自贡市城市管理局", "", "2026-11-20", 15, "S3")


def a_book(folder: Path, *rows: tuple, headings: tuple = HEADINGS) -> Path:
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    path = folder / "网报清单.xlsx"
    book.save(path)
    return path


def load(session: Session, path: Path, *, by: str = OFFICE) -> filing.Plan:
    actor = who(session, by)
    planned = filing.plan(session, path, by=actor, now=MONDAY)
    filing.apply(session, planned, by=actor, now=MONDAY)
    return planned


def test_a_list_is_taken_in(city: Session, tmp_path: Path) -> None:
    planned = load(city, a_book(tmp_path, ROW))

    (item,) = city.exec(select(FilingItem)).all()
    assert (len(planned.new), item.version_code, item.year, item.unit_code) == (1, "CC-2026", 2026, "D-CGJ")
    assert (shown(item.due_at), item.warn_days, item.severity, item.marks) == ("2026-11-20 17:00", 15, "S3", 2)
    assert acts(city, item.id) == [("listed", OFFICE)]


def test_the_same_list_again_changes_nothing(city: Session, tmp_path: Path) -> None:
    path = a_book(tmp_path, ROW)
    load(city, path)

    again = load(city, path)

    assert (again.new, again.changed, again.unchanged) == ((), (), 1)


def test_a_change_is_on_record_with_what_was_before(city: Session, tmp_path: Path) -> None:
    load(city, a_book(tmp_path, ROW))
    load(city, a_book(tmp_path, (*ROW[:6], "2026-11-27", *ROW[7:])))

    event = city.exec(select(FilingEvent).where(FilingEvent.act == "changed")).one()
    assert event.facts["due_on"] == ["2026-11-20", "2026-11-27"]
    assert city.exec(select(FilingItem.due_on)).one() == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        (0, None, "a value in every row that is new"),
        (2, None, "a value in every row that is new"),
        (3, "-1", "a number from 0 to 1000"),
        (4, "没有的单位", "the code or the name of a unit"),
        (5, "没有的人", "the code or the name of a person"),
        (6, "明年", "a date and time"),
        (7, 999, "a whole number from 0 to 365"),
        (8, "S9", "one of: S1"),
    ],
)
def test_a_bad_cell_is_told_and_nothing_is_loaded(
    city: Session, tmp_path: Path, cell: int, value: object, expected: str
) -> None:
    bad = (*ROW[:cell], value, *ROW[cell + 1 :])
    planned = filing.plan(city, a_book(tmp_path, ("F-00", *ROW[1:]), bad), by=who(city, OFFICE), now=MONDAY)

    assert [(row.row, expected in row.expected) for row in planned.bad] == [(3, True)]
    with pytest.raises(BadRows):
        filing.apply(city, planned, by=who(city, OFFICE), now=MONDAY)
    assert city.exec(select(FilingItem)).all() == []


def test_material_stands_once(city: Session, tmp_path: Path) -> None:
    planned = filing.plan(city, a_book(tmp_path, ROW, ROW), by=who(city, OFFICE), now=MONDAY)

    assert "row 2 already" in planned.bad[0].expected


def test_a_district_keeps_the_list_of_its_own_units(city: Session, tmp_path: Path) -> None:
    own = (*ROW[:4], "五星街街道办事处", *ROW[5:])

    assert filing.plan(city, a_book(tmp_path, ROW), by=who(city, DISTRICT_OFFICE), now=MONDAY).bad
    assert len(load(city, a_book(tmp_path, own), by=DISTRICT_OFFICE).new) == 1


def test_what_is_exported_imports_again(city: Session, tmp_path: Path) -> None:
    item = an_item(city)
    hand_in(city, item)
    lines = looking.every_line(city, Asked(), reader=who(city, OFFICE), now=MONDAY)
    path = tmp_path / "out.xlsx"

    written = export_filing(lines, path, register=read_register(city, now=MONDAY), lang="zh-CN")

    assert written == 1
    again = filing.plan(city, path, by=who(city, OFFICE), now=MONDAY)
    assert (again.bad, again.new, again.changed, again.unchanged) == ((), (), (), 1)


def test_the_unit_stays_while_its_issue_is_open(city: Session, sessions, tmp_path: Path) -> None:
    load(city, a_book(tmp_path, ROW))
    sweep(city, sessions, "2026-11-11 09:00")

    planned = filing.plan(
        city, a_book(tmp_path, (*ROW[:4], "D-SCJGJ", *ROW[5:])), by=who(city, OFFICE), now=at("2026-11-12 09:00")
    )

    assert "while its issue is open" in planned.bad[0].expected


def test_after_its_issue_was_dropped_a_changed_row_is_looked_at_anew(city: Session, sessions, tmp_path: Path) -> None:
    load(city, a_book(tmp_path, ROW))
    key, now = city.exec(select(FilingItem.id)).one(), at("2026-11-12 09:00")
    sweep(city, sessions, "2026-11-11 09:00")
    issue = issue_of(city, key)
    issues.give_back(city, issue_ids=[issue.id], by=who(city, HANDLER, now=now), now=now, reason="不归我管")
    issues.void(city, issue_ids=[issue.id], by=who(city, OFFICE, now=now), now=now, reason="改派")

    assert sweep(city, sessions, "2026-11-12 09:01").issues == 0
    load(city, a_book(tmp_path, (*ROW[:4], "D-SCJGJ", *ROW[5:])))
    assert sweep(city, sessions, "2026-11-12 09:02").issues == 1
    assert issue_of(city, key).lead_unit == "D-SCJGJ"


def test_it_is_taken_off_the_list_with_a_reason_once_nobody_works_on_it(city: Session, sessions) -> None:
    item, office = an_item(city), who(city, OFFICE)
    with pytest.raises(MissingInput):
        listing.drop(city, item, why="", by=office, now=MONDAY)
    sweep(city, sessions, "2026-11-11 09:00")
    with pytest.raises(listing.IssueOpen):
        listing.drop(city, item, why="不再要求", by=office, now=MONDAY)
    other = an_item(city, "F-02", due_at=at("2027-03-01 17:00"))
    listing.drop(city, other, why="不再要求", by=office, now=MONDAY)

    assert item_of(city, other).dropped
    with pytest.raises(NotFound):
        looking.item(city, other, reader=office)


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        (OFFICE, ["F-01", "F-02"]),
        (VERIFIER, ["F-01", "F-02"]),
        (HANDLER, ["F-01"]),
        (DISTRICT_VERIFIER, ["F-02"]),
        (OUTSIDER, []),
        (STRANGER, []),
    ],
)
def test_everybody_sees_what_lies_within_their_posts(city: Session, by: str, codes: list[str]) -> None:
    first = an_item(city)
    an_item(city, "F-02", unit_code="T510302001")
    reader = who(city, by)

    found, _ = looking.lines(city, Asked(), reader=reader, now=MONDAY)

    assert [line.item.code for line in found] == codes
    if "F-01" not in codes:
        with pytest.raises(NotFound):
            looking.item(city, first, reader=reader)


def test_progress_counts_each_unit_by_state(city: Session) -> None:
    an_item(city, "F-1", due_at=at("2026-10-01 17:00"))
    hand_in(city, an_item(city, "F-2"))
    an_item(city, "F-3", unit_code="D-SCJGJ")

    first, second = looking.progress(city, Asked(), reader=who(city, OFFICE), now=MONDAY)

    assert (first.unit, first.items, first.missing, first.submitted, first.overdue) == ("D-CGJ", 2, 1, 1, 1)
    assert (second.unit, second.items, second.overdue) == ("D-SCJGJ", 1, 0)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (Asked(state="submitted"), ["F-2"]),
        (Asked(late=True), ["F-1"]),
        (Asked(unit="D-SCJGJ"), ["F-3"]),
        (Asked(year=2025), []),
        (Asked(state="of my own"), []),
        (Asked(after=After(at("2026-11-20 17:00"), 2)), ["F-3"]),
    ],
)
def test_the_list_is_narrowed(city: Session, asked: Asked, codes: list[str]) -> None:
    an_item(city, "F-1", due_at=at("2026-10-01 17:00"))
    hand_in(city, an_item(city, "F-2"))
    an_item(city, "F-3", unit_code="D-SCJGJ", due_at=at("2026-12-01 17:00"))

    found, _ = looking.lines(city, asked, reader=who(city, OFFICE), now=MONDAY)

    assert [line.item.code for line in found] == codes
