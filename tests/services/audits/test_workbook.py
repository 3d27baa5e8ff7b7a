"""Sheets of a round out as a workbook and back in: the same checks as on the page, all of it or nothing."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from models.audit import Observation, Result, Round, RoundKind
from models.errors import BadRows, UnreadableFile
from services.audit_files import take_in
from services.exports.audit_sheets import COLUMNS, export_sheets
from services.imports.audit_sheets import read_sheets
from tests.cast import INSPECTOR, MONDAY, OFFICE, VERIFIER, who
from tests.services.audits.rounds import GOOD, fill, started
from tests.small_city import a_city

FIELDS = [column.field for column in COLUMNS]


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


@pytest.fixture
def round_(city: Session) -> Round:
    return started(city, kind=RoundKind.MOCK)


def written(session: Session, round_: Round, folder: Path, *, by: str = OFFICE, lang: str = "zh-CN") -> Path:
    path = folder / "sheets.xlsx"
    export_sheets(session, path, round_, by=who(session, by), lang=lang)
    return path


def set_cells(path: Path, **rows: dict[str, object]) -> Path:
    """`rows`: r2={"result": "符合"} puts a result into the second line of the sheet."""
    book = load_workbook(path)
    for row, cells in rows.items():
        for field, value in cells.items():
            book.active.cell(int(row[1:]), FIELDS.index(field) + 1).value = value
    book.save(path)
    return path


def seen(session: Session) -> dict[tuple[int, str], Result]:
    return {(one.sheet_id, one.standard_code): one.result for one in session.exec(select(Observation)).all()}


def handed_in(session: Session, path: Path):
    return take_in(session, read_sheets(path), file=path.name, by=who(session, OFFICE), now=MONDAY)


def test_each_standard_of_each_sheet_is_a_row(city: Session, round_: Round, tmp_path: Path) -> None:
    sheet = load_workbook(written(city, round_, tmp_path)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[FIELDS.index("point")], row[FIELDS.index("standard")]) for row in rows] == [
        ("P-0002", "12-01"),
        ("P-0002", "12-02"),
        ("P-0001", "01-01"),
        ("P-0001", "01-02"),
        ("P-0003", "01-01"),
        ("P-0003", "01-02"),
    ]


def test_the_result_is_chosen_from_three_words(city: Session, round_: Round, tmp_path: Path) -> None:
    sheet = load_workbook(written(city, round_, tmp_path)).active
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"符合,不符合,不适用"'


def test_an_inspector_takes_their_own_sheets_only(city: Session, tmp_path: Path) -> None:
    round_ = started(city, inspectors=(INSPECTOR, VERIFIER))
    path = written(city, round_, tmp_path, by=VERIFIER)
    inspectors = {row[FIELDS.index("inspector")].value for row in load_workbook(path).active.iter_rows(min_row=2)}
    assert inspectors == {VERIFIER}


@pytest.mark.parametrize(("lang", "met"), [("zh-CN", "符合"), ("en", "met")])
def test_what_is_filled_comes_in_and_the_rest_waits(
    city: Session, round_: Round, tmp_path: Path, lang: str, met: str
) -> None:
    path = set_cells(written(city, round_, tmp_path, lang=lang), r2={"result": met}, r4={"result": met})
    assert sum(one.written for one in handed_in(city, path)) == 2
    assert set(seen(city).values()) == {Result.MET}


def test_counts_alone_say_the_result(city: Session, round_: Round, tmp_path: Path) -> None:
    path = set_cells(written(city, round_, tmp_path), r4={"found": 1, "required": 3, "note": "只有一处"})
    handed_in(city, path)
    row = city.exec(select(Observation)).one()
    assert (row.result, row.facts) == (Result.NOT_MET, {"found": 1, "required": 3})


def test_a_workbook_with_what_is_recorded_already_changes_nothing(city: Session, round_: Round, tmp_path: Path) -> None:
    fill(city, round_, "P-0001", GOOD)
    done = handed_in(city, written(city, round_, tmp_path))
    assert [(one.written, one.repeated) for one in done] == [(0, 1)]


def test_one_bad_row_keeps_everything_out_and_each_is_told(city: Session, round_: Round, tmp_path: Path) -> None:
    wrong = {
        "r2": {"result": "符合"},
        "r3": {"result": "大概"},
        "r4": {"result": "符合", "found": 1, "required": 3},
        "r5": {"result": "不适用"},
    }
    path = set_cells(written(city, round_, tmp_path), **wrong)
    with pytest.raises(BadRows) as told:
        handed_in(city, path)
    assert [(row.row, row.column) for row in told.value.rows] == [(3, "result")]
    set_cells(path, r3={"result": None})
    with pytest.raises(BadRows) as told:
        handed_in(city, path)
    assert [(row.row, row.column) for row in told.value.rows] == [(4, "result"), (5, "note")]
    assert seen(city) == {}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"point": "P-7777", "result": "符合"}, "point"),
        ({"standard": "99-99", "result": "符合"}, "standard"),
        ({"inspector": "", "result": "符合"}, "inspector"),
        ({"found": "五", "required": 5}, "found"),
        ({"minutes": "NaN", "faults": 1, "result": "不符合"}, "minutes"),
        ({"found": 1}, "result"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_with_its_column(
    city: Session, round_: Round, tmp_path: Path, cells: dict[str, object], column: str
) -> None:
    path = set_cells(written(city, round_, tmp_path), r4=cells)
    with pytest.raises(BadRows) as told:
        handed_in(city, path)
    assert [row.row for row in told.value.rows] == [4]
    assert column in told.value.rows[0].column


def test_a_workbook_without_a_single_result_is_refused(city: Session, round_: Round, tmp_path: Path) -> None:
    with pytest.raises(BadRows):
        read_sheets(written(city, round_, tmp_path))


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheets.xlsx"
    path.write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(UnreadableFile):
        read_sheets(path)
