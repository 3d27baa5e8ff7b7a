"""A city's letter paper: what `papers.toml` may say, which template is taken, and what the lint finds."""

from pathlib import Path

import pytest

from models.errors import UnreadableFile, WrongValue
from models.paper import PaperKind
from services.cities import Level, lint, read_pack
from services.exports.paper_page import page_file, page_variables
from services.exports.paper_word import word_file, word_variables
from services.papers.samples import sample
from services.papers.stationery import BUILT_IN, PAGE, WORD, check_form, read_stationery, series
from tests.services.cities.packs import NOW, write_pack
from tests.services.papers.shelf import CITYS, OURS, ZIGONG, braces, text_of

ORDER_2, SLIP = PaperKind.SUPERVISION_ORDER_2, PaperKind.ASSIGNMENT_SLIP


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder `papers` of a small pack."""
    papers = write_pack(tmp_path) / "papers"
    papers.mkdir()
    return papers


def found(folder: Path) -> list[tuple[str, str]]:
    errors = [one for one in lint(read_pack(folder.parent), now=NOW) if one.level is Level.ERROR]
    assert all("{" not in one.message.replace("{n}", "").replace("{year}", "") for one in errors)
    return [(one.code, one.file) for one in errors]


class TestSettings:
    def test_the_example_city_says_its_forms(self) -> None:
        assert CITYS.form(SLIP) == "自交〔{year}〕{n}号"
        assert OURS.form(SLIP) == "〔{year}〕{n}号"

    @pytest.mark.parametrize("form", ["〔{year}〕{n}号", "{n}", "交{n}-{year}"])
    def test_a_form_that_counts_is_taken(self, form: str) -> None:
        check_form(form)

    @pytest.mark.parametrize(
        "form", ["〔{year}〕号", "{n}{n}", "{m}", "{n!r}", "{n:5}", "{", "{n.__class__}", "{0}{n}", "", 7, "{n}{n[0]}"]
    )
    def test_a_form_that_does_not_is_refused(self, form: object) -> None:
        with pytest.raises(WrongValue):
            check_form(form)

    def test_a_series_is_its_form(self) -> None:
        assert series("甲〔{year}〕{n}号", year=2026) != series("甲〔{year}〕{n}号", year=2027)
        assert series("甲{n}号", year=2026) == series("甲{n}号", year=2027)
        assert series("甲{n}号", year=2026) != series("乙{n}号", year=2026)

    @pytest.mark.parametrize(
        "written",
        [
            "colour = 1",
            "contact = 1",
            'reply_within = "soon"',
            "numbers = 1",
            '[numbers]\nsupervision_order_1 = "督{n}号"',
            '[numbers]\nassignment_slip = "交号"',
            "[numbers",
        ],
    )
    def test_settings_that_cannot_be_used_are_refused(self, folder: Path, written: str) -> None:
        (folder / "papers.toml").write_text(written, "utf-8")
        with pytest.raises((WrongValue, UnreadableFile)):
            read_stationery(folder)

        assert found(folder) == [("bad_template", "papers/papers.toml")]


class TestTemplates:
    def test_a_city_without_its_own_has_ours(self) -> None:
        assert OURS.template(SLIP, suffix=WORD).name == "paper.docx"
        assert read_stationery(Path("/nowhere")).template(SLIP, suffix=PAGE).name == "paper.html"

    def test_the_nearest_name_wins(self, folder: Path) -> None:
        (folder / "supervision_order.html").write_text("alle", "utf-8")
        assert read_stationery(folder).template(ORDER_2, suffix=PAGE).body == b"alle"
        (folder / "supervision_order_2.html").write_text("zwei", "utf-8")
        assert read_stationery(folder).template(ORDER_2, suffix=PAGE).body == b"zwei"

    @pytest.mark.parametrize("kind", list(PaperKind))
    def test_the_example_city_has_a_word_template_for_each_kind(self, kind: PaperKind) -> None:
        template = CITYS.template(kind, suffix=WORD)
        written = text_of(word_file(template.body, sample(kind), name=template.name))

        assert template.name != "paper.docx"
        assert braces(written) == []
        assert sample(kind)["title"] in written

    @pytest.mark.parametrize("kind", list(PaperKind))
    def test_ours_serve_every_kind(self, kind: PaperKind) -> None:
        word = word_file(OURS.template(kind, suffix=WORD).body, sample(kind), name="paper.docx")

        assert braces(text_of(word)) == []
        assert sample(kind)["title"] in text_of(word)
        assert sample(kind)["title"] in page_file(OURS.template(kind, suffix=PAGE).body, sample(kind), name="paper")

    def test_templates_say_what_they_take_from_outside(self) -> None:
        assert "number" in word_variables((BUILT_IN / "paper.docx").read_bytes(), name="paper.docx")
        assert page_variables(b"{{ a }}{% set b = 1 %}{{ b }}", name="x") == {"a"}

    @pytest.mark.parametrize("template", [b"", b"no zip", b"PK\x03\x04broken"])
    def test_a_word_file_that_is_none_is_told(self, template: bytes) -> None:
        for use in (lambda: word_variables(template, name="a.docx"), lambda: word_file(template, {}, name="a.docx")):
            with pytest.raises(UnreadableFile, match=r"a\.docx"):
                use()

    @pytest.mark.parametrize("template", ["{{ numbr }}", "{{ issue.nummer }}", "{{ number", "{% include 'x' %}"])
    def test_a_page_that_cannot_be_filled_in_is_told(self, template: str) -> None:
        with pytest.raises(UnreadableFile, match=r"a\.html"):
            page_file(template.encode(), sample(SLIP), name="a.html")

    @pytest.mark.parametrize("template", ["{{ ''.__class__.__mro__ }}", "{{ number.__init__.__globals__ }}"])
    def test_a_template_does_not_reach_into_the_program(self, template: str) -> None:
        with pytest.raises(UnreadableFile):
            page_file(template.encode(), sample(SLIP), name="a.html")


class TestLint:
    def test_the_example_citys_papers_are_without_a_fault(self, folder: Path) -> None:
        for path in ZIGONG.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())

        assert found(folder) == []

    @pytest.mark.parametrize(
        ("name", "template", "code"),
        [
            ("assignment_slip.html", "{{ numbr }}", "unknown_template_variable"),
            ("assignment_slip.html", "{{ issue.nummer }}", "bad_template"),
            ("supervision_order.html", "{{ number", "bad_template"),
            ("suspension_order.html", "{{ number }}", "bad_template"),
            ("assignment_slip.docx", "no Word file", "bad_template"),
            ("rectification_notice.html", "{{ issue.number }}", "bad_template"),
        ],
    )
    def test_finds_a_template_that_would_fail(self, folder: Path, name: str, template: str, code: str) -> None:
        (folder / name).write_text(template, "utf-8")

        assert found(folder) == [(code, f"papers/{name}")]

    def test_finds_a_word_template_of_another_kind(self, folder: Path) -> None:
        (folder / "assignment_slip.docx").write_bytes((ZIGONG / "rectification_notice.docx").read_bytes())

        assert found(folder) == [("bad_template", "papers/assignment_slip.docx")]

    def test_finds_the_form_of_supervision_orders_used_for_another_paper(self, folder: Path) -> None:
        (folder / "papers.toml").write_text('[numbers]\nassignment_slip = "督〔{year}〕{n}号"', "utf-8")

        assert found(folder) == [("bad_template", "papers/papers.toml")]
