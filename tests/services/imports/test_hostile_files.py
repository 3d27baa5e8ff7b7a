"""Files that are made to hurt, or grew out of all measure by accident: refused, or read in little memory."""

import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from models.errors import UnreadableFile
from services.exports.columns import LEDGER
from services.imports import container
from services.imports.workbook import Table, read_table
from tests.services.imports.parts import HEADER, HEADINGS, MAIN, START, packed, texts

MB = 2**20
PARTS = (*[name for name in START if name != "[Content_Types].xml"], "xl/worksheets/sheet1.xml")
ONE = texts(2, "1", "井盖", "待交办")


def why(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_table(path, LEDGER)
    return str(refused.value.params["why"])


def the_one_line(table: Table) -> tuple[int, dict[str, object]]:
    (line,) = table.lines
    return line.row, line.cells


def test_a_sheet_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in START.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(201):
                part.write(b" " * MB)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("something was unpacked"))

    assert path.stat().st_size < 2 * MB
    assert "unpacks to 201 MB" in why(path)


def test_a_part_that_hides_its_size_behind_another_ending_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(container, "MOST_BYTES", 100_000)
    rels = START["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", "media/image1.png")
    path = packed(
        tmp_path / "x.xlsx", "", parts={"xl/_rels/workbook.xml.rels": rels, "xl/media/image1.png": " " * 200_000}
    )

    assert "damaged" in why(path)


def test_pictures_do_not_count(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(container, "MOST_BYTES", 100_000)
    path = packed(tmp_path / "x.xlsx", HEADER + ONE, parts={"xl/media/image1.jpeg": bytes(300_000)})

    assert len(read_table(path, LEDGER).lines) == 1


def test_entities_are_not_expanded(tmp_path: Path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    sheet = f'<?xml version="1.0"?>{bomb}<worksheet xmlns="{MAIN}"><sheetData>{HEADER}</sheetData></worksheet>'

    assert "damaged" in why(packed(tmp_path / "x.xlsx", "", parts={"xl/worksheets/sheet1.xml": sheet}))


@pytest.mark.parametrize("number", ["1048577", "999999999999999", "0", "-1", "1", "NaN", "1e400"])
def test_rows_that_cannot_be_are_refused_at_once(tmp_path: Path, number: str):
    far = ONE.replace('<row r="2">', f'<row r="{number}">')

    assert "damaged" in why(packed(tmp_path / "x.xlsx", HEADER + far))


def test_a_far_away_cell_costs_nothing(tmp_path: Path):
    far = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'

    assert the_one_line(read_table(packed(tmp_path / "x.xlsx", HEADER + ONE + far), LEDGER))[0] == 2


def test_a_row_of_a_million_cells_is_not_kept(tmp_path: Path):
    wide = '<row r="2">' + '<c t="str"><v>x</v></c>' * 300_000 + "</row>"

    row, cells = the_one_line(read_table(packed(tmp_path / "x.xlsx", HEADER + wide), LEDGER))

    assert (row, set(cells)) == (2, {"number", "description", "state"})


def test_a_text_without_end_is_cut(tmp_path: Path):
    long = texts(2, "1", "长" * 500_000, "待交办")

    _, cells = the_one_line(read_table(packed(tmp_path / "x.xlsx", HEADER + long), LEDGER))

    assert len(str(cells["description"])) == 40_000


def test_a_hundred_thousand_empty_rows_with_colours_are_no_rows(tmp_path: Path):
    empty = "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(3, 100_003))

    table = read_table(packed(tmp_path / "x.xlsx", HEADER + ONE + empty), LEDGER)

    assert [line.row for line in table.lines] == [2]


def test_coloured_cells_out_to_the_right_are_no_columns(tmp_path: Path):
    book = Workbook()
    book.active.append(list(HEADINGS))
    book.active.append(["1", "井盖", "待交办"])
    for column in range(4, 400):
        book.active.cell(1, column).fill = PatternFill("solid", fgColor="DDE7F0")
    book.save(tmp_path / "x.xlsx")

    assert len(read_table(tmp_path / "x.xlsx", LEDGER).lines) == 1


def test_more_than_two_hundred_headings_are_refused_rather_than_cut(tmp_path: Path):
    book = Workbook()
    book.active.append([*HEADINGS, *(f"另列{n}" for n in range(197)), "来源"])
    book.save(tmp_path / "x.xlsx")

    assert "200 columns" in why(tmp_path / "x.xlsx")


def test_two_hundred_headings_are_read(tmp_path: Path):
    book = Workbook()
    book.active.append([*HEADINGS, *(f"另列{n}" for n in range(196)), "来源"])
    book.active.append(["1", "井盖", "待交办", *[None] * 196, "暗访"])
    book.save(tmp_path / "x.xlsx")

    assert the_one_line(read_table(tmp_path / "x.xlsx", LEDGER))[1]["source"] == "暗访"


def test_a_million_merged_ranges_are_refused(tmp_path: Path):
    merged = "<mergeCells>" + '<mergeCell ref="A2:A9"/>' * 200_001 + "</mergeCells>"

    assert "damaged" in why(packed(tmp_path / "x.xlsx", HEADER + ONE, after=merged))


def test_ranges_that_overlap_do_not_multiply_the_work(tmp_path: Path):
    rows = HEADER + "".join(texts(n, "1", "井盖", "待交办") for n in range(2, 2_000))
    merged = "<mergeCells>" + "".join(f'<mergeCell ref="A{n}:A2000"/>' for n in range(2, 2_000)) + "</mergeCells>"

    assert len(read_table(packed(tmp_path / "x.xlsx", rows, after=merged), LEDGER).lines) == 1_998


def test_a_zip_with_a_password_is_refused(tmp_path: Path):
    path = packed(tmp_path / "x.xlsx", HEADER + ONE)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(content)

    assert "damaged" in why(path)


def test_a_zip_packed_in_a_way_of_its_own_is_refused(tmp_path: Path):
    path = packed(tmp_path / "x.xlsx", HEADER + ONE)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] = 99
            at = content.find(mark, at + 4)
    path.write_bytes(content)

    assert "damaged" in why(path)


@pytest.mark.parametrize(
    "part", [name for name in START if name != "[Content_Types].xml"] + ["xl/worksheets/sheet1.xml"]
)
@pytest.mark.parametrize("content", ["", "<a>", "<a/>", "\x00\x01", "<row/>" * 3])
def test_a_part_that_is_nonsense_is_refused_or_of_no_matter(tmp_path: Path, part: str, content: str):
    path = packed(tmp_path / "x.xlsx", HEADER + ONE, parts={part: content})
    with suppress(UnreadableFile):
        assert read_table(path, LEDGER).lines
