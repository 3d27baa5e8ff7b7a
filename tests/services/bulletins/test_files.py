"""The Word file and the annex of a bulletin: what stands in them, in which form."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import Session

from models.errors import UnreadableFile
from models.publication import Publication, PublicationKind
from services import issues
from services.bulletins.files import Press, file_of
from services.bulletins.periods import KINDS
from services.bulletins.samples import sample
from services.cities.lint_papers import lint_papers
from services.exports.bulletin_word import bulletin_file
from services.papers.stationery import Stationery, read_stationery
from tests.cast import OFFICE, VERIFIER, an_issue, at, who
from tests.services.bulletins.desk import MONDAY, a_half_month, approved, drafted, published
from tests.services.evidence.handed import an_issue_with, hand_in, looked
from tests.services.evidence.pictures import photo
from tests.small_city import a_city

ZIGONG = Path(__file__).resolve().parents[3] / "cities" / "zigong" / "papers"
NEXT = at("2026-12-01 08:10")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    a_half_month(session)
    return session


def made(
    session: Session, row: Publication, name: str, *, folder: Path | None = None, place: Path | None = None
) -> bytes:
    press = Press(read_stationery(folder) if folder else Stationery(), place or Path("/nowhere"))
    return file_of(session, row, name, press=press)


def words_of(file: bytes) -> str:
    """Everything that is written in a Word file, in paragraphs and tables."""
    document = Document(BytesIO(file))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def parts_of(file: bytes, folder: str) -> list[str]:
    return sorted(name for name in ZipFile(BytesIO(file)).namelist() if name.startswith(folder))


@pytest.mark.parametrize("folder", [None, ZIGONG])
def test_the_word_file_says_all_that_the_bulletin_says(city: Session, folder: Path | None) -> None:
    text = words_of(made(city, published(city), "word", folder=folder))
    for wanted in (
        "2026年第21期",
        "自贡市半月调度通报",
        "（2026年11月1日至2026年11月15日）",
        "市创建办\t2026年11月16日",
        "一、总体情况",
        "到期应办结2件，已销号1件，整改率50.0%",
        "二、单位排名",
        "五星街街道办事处",
        "逾期未结1件",
        "垃圾桶满溢",
        "钱怀瑾",
        "下步要求",
        "公式版本：9f-1",
    ):
        assert wanted in text


def test_parts_that_have_nothing_to_say_are_left_out_and_the_rest_is_numbered_on(session: Session) -> None:
    a_city(session)
    text = words_of(made(session, published(session), "word"))
    assert "一、总体情况" in text
    assert "单位排名" not in text
    assert "二、领导包点情况" in text


def test_a_draft_says_that_it_is_one(city: Session) -> None:
    assert "（草稿，未发布）" in words_of(made(city, approved(city), "word"))


def test_the_charts_are_drawn_by_word_itself_from_the_numbers(city: Session) -> None:
    file = made(city, published(city), "word")
    charts = parts_of(file, "word/charts/")
    assert charts == [f"word/charts/bulletin{n}.xml" for n in (1, 2, 3)]
    drawn = ZipFile(BytesIO(file)).read(charts[0]).decode()
    assert ("逐日发现与销号" in drawn, "11.2" in drawn, "已销号" in drawn) == (True, True, True)


def test_braces_and_tags_in_a_text_stay_text(city: Session) -> None:
    an_issue(city, description="{{ 7*7 }} <b>&{% raw %}", state="rectifying", now=MONDAY)
    assert "{{ 7*7 }} <b>&{% raw %}" in words_of(made(city, drafted(city), "word"))


def test_long_groups_are_cut_and_say_so(city: Session) -> None:
    row = drafted(city)
    line = row.content["units"][0]
    units = [{**line, "unit_name": f"单位{n:02}", "rank": n} for n in range(1, 31)]
    text = words_of(made(city, Publication(**{**row.model_dump(), "content": {**row.content, "units": units}}), "word"))
    assert ("单位05" in text, "单位06" in text, "单位20" in text, "单位21" in text) == (True, False, False, True)
    assert "中间15个单位见附表" in text


def test_a_template_that_names_what_there_is_not_is_refused(city: Session) -> None:
    document, file = Document(), BytesIO()
    document.add_paragraph("{{ nonsense }}")
    document.save(file)
    press = Press(Stationery(files={"weekly_bulletin.docx": b"", "bulletin.docx": file.getvalue()}), Path("/nowhere"))
    with pytest.raises(UnreadableFile, match="nonsense"):
        file_of(city, drafted(city), "word", press=press)


def test_the_annex_has_every_table_and_every_row(city: Session) -> None:
    book = load_workbook(BytesIO(made(city, published(city), "excel.zh-CN")))
    assert book.sheetnames == [
        *("总体情况", "单位排名", "分区域", "逐日", "问题类别", "逾期突出", "领导包点", "明细"),
    ]
    total = {row[0]: row[1:] for row in book["总体情况"].iter_rows(values_only=True) if row[0]}
    assert (total["应办结"][0], total["整改率"][0], total["上期"][0]) == (2, 0.5, "无上期数据")
    rows = list(book["明细"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("ZG-2026-000001", "自贡市城市管理局", "已销号"),
        ("ZG-2026-000002", "五星街街道办事处", "待签收"),
    ]
    assert str(rows[0][4]) == "2026-11-05 17:00:00"


def test_the_annex_has_charts_that_point_at_its_cells(city: Session) -> None:
    file = made(city, published(city), "excel.zh-CN")
    assert len(parts_of(file, "xl/charts/chart")) == 3
    assert "'逐日'!$B$2:$B$16" in ZipFile(BytesIO(file)).read("xl/charts/chart2.xml").decode()


def test_in_english_the_annex_speaks_english(city: Session) -> None:
    book = load_workbook(BytesIO(made(city, published(city), "excel.en")))
    assert book.sheetnames[0] == "Summary"
    assert [cell.value for cell in next(book["Rows"].iter_rows())][:4] == ["Number", "Unit", "Place", "State"]
    assert book["Rows"]["D2"].value == "closed"


def test_no_text_of_a_bulletin_is_a_formula(city: Session) -> None:
    an_issue(city, description="=1+1", point=None, area="510302001002", address="=1+1", state="rectifying", now=MONDAY)
    book = load_workbook(BytesIO(made(city, drafted(city), "excel.zh-CN")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_annex_shows_what_changed_since_the_period_before(city: Session) -> None:
    published(city)
    an_issue(city, state="closed", now=at("2026-11-17 10:00"))
    book = load_workbook(BytesIO(made(city, drafted(city, now=NEXT), "excel.zh-CN")))
    total = {row[0]: row[1:4] for row in book["总体情况"].iter_rows(values_only=True) if row[0]}
    assert total["应办结"] == (1, 2, -1)
    assert total["整改率"] == (1, 0.5, 50)


def closed_with_photos(session: Session, folder: Path) -> int:
    """An issue closed in the period, with a photo of before and one of after."""
    key = an_issue_with(session, folder, photo(1))
    hand_in(session, folder, key, photo(2))
    looked(session, folder, key)
    issues.pass_verification(session, issue_ids=[key], by=who(session, VERIFIER), now=MONDAY)
    issues.close_out(session, issue_ids=[key], by=who(session, OFFICE), now=MONDAY)
    return key


def test_photo_pairs_stand_in_the_word_file(city: Session, tmp_path: Path) -> None:
    closed_with_photos(city, tmp_path)
    row = drafted(city)
    assert [(pair["place"], pair["unit"], pair["closed_on"], pair["shown"]) for pair in row.content["pairs"]] == [
        ("高山井社区大道", "自贡市城市管理局", "2026-11-02", True)
    ]
    assert len(parts_of(made(city, row, "word", place=tmp_path), "word/media/")) == 2


def test_a_pair_that_is_left_out_is_in_no_file(city: Session, tmp_path: Path) -> None:
    closed_with_photos(city, tmp_path)
    row = drafted(city)
    hidden = [{**pair, "shown": False} for pair in row.content["pairs"]]
    copy = Publication(**{**row.model_dump(), "content": {**row.content, "pairs": hidden}})
    file = made(city, copy, "word", place=tmp_path)
    assert (parts_of(file, "word/media/"), "、整改前后对比" in words_of(file)) == ([], False)


def test_a_photo_that_is_gone_is_told_of_and_the_rest_is_printed(city: Session, tmp_path: Path) -> None:
    closed_with_photos(city, tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "照片已不在" in words_of(made(city, drafted(city), "word", place=empty))


def test_photos_that_looked_wrong_are_not_offered(city: Session, tmp_path: Path) -> None:
    key = an_issue_with(city, tmp_path, photo(1))
    hand_in(city, tmp_path, key, photo(1))  # the same picture before and after
    looked(city, tmp_path, key)
    issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=MONDAY)
    issues.close_out(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY)
    assert drafted(city).content["pairs"] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("folder", [None, ZIGONG])
def test_a_sample_fills_in_every_part_of_the_templates(kind: PublicationKind, folder: Path | None) -> None:
    stationery = read_stationery(folder) if folder else Stationery()
    template = stationery.bulletin(kind)
    content = sample(kind)
    file = bulletin_file(template.body, content, name=template.name, edition=2, issued_on="2026-11-16", pictures={})
    text = words_of(file)
    for wanted in ("考核得分", "整改前后对比", "十、下步要求", "更正第1次", "红榜", "+1.2", "中间10个单位见附表"):
        assert wanted in text


def test_a_citys_own_template_of_one_kind_goes_before_that_of_all() -> None:
    own = Stationery(files={"weekly_bulletin.docx": b"w", "bulletin.docx": b"b"})
    assert [own.bulletin(kind).body for kind in KINDS] == [b"b", b"w", b"b"]


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        ({"bulletin.docx": (ZIGONG / "bulletin.docx").read_bytes()}, []),
        ({"weekly_bulletin.docx": b"no Word file"}, ["papers/weekly_bulletin.docx"]),
        ({"yearly_bulletin.docx": b""}, ["papers/yearly_bulletin.docx"]),
    ],
)
def test_the_lint_of_a_pack_tries_its_template_out(files: dict[str, bytes], wrong: list[str]) -> None:
    pack = SimpleNamespace(papers=files, city=SimpleNamespace(order_number="〔{year}〕{n}号"))
    assert [one.file for one in lint_papers(pack)] == wrong  # type: ignore[arg-type]
