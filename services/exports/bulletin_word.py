"""A bulletin as a Word file: the city's template, filled in with the frozen content, its charts drawn by Word itself.

What is filled in stays text, as in papers (paper_word.py); pictures and charts come from here alone.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage

from models.errors import UnreadableFile
from services.exports.bulletin_view import Illustrator, view
from services.exports.charts import WIDTH_CM, Figures, chart_xml, height_cm
from services.exports.paper_word import A_WORD_TEMPLATE, UNUSABLE, first_line, surroundings

Pictures = Mapping[int, bytes | None]
"""The photos of the pairs by the number of the evidence; None for one that is not there."""
PHOTO_HEIGHT = Cm(5.2)
PHOTO_WIDTH_CM = 7.4
CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
EMU = 360_000
"""Units of a drawing in one centimetre."""


def bulletin_file(
    template: bytes, content: Mapping[str, Any], *, name: str, edition: int, issued_on: str, pictures: Pictures
) -> bytes:
    """A Word file. `issued_on`: the day of publication, `2026-11-16`; empty for a draft, which says that it is one.

    Raises UnreadableFile where the template is none, or names what the content has not.
    """
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.init_docx()
        shown = view(content, edition=edition, issued_on=issued_on, illustrate=_Drawing(document, pictures))
        document.render(shown, surroundings(), autoescape=True)
        written = io.BytesIO()
        document.save(written)
    except UNUSABLE as error:
        raise UnreadableFile(file=name, expected=A_WORD_TEMPLATE, why=first_line(error)) from error
    return written.getvalue()


@dataclass
class _Drawing(Illustrator):
    """Puts charts and photos into a document that is being filled in."""

    document: DocxTemplate
    pictures: Pictures
    charts: int = 0

    def chart(self, figures: Figures) -> Any:
        return _Chart(self, figures)

    def photo(self, key: int) -> Any:
        data = self.pictures.get(key)
        return InlineImage(self.document, io.BytesIO(data), height=PHOTO_HEIGHT) if data else ""

    def add(self, figures: Figures) -> str:
        """Add the chart as a part of the document; the drawing that shows it, in the middle of a run's text."""
        self.charts += 1
        part = self.document.current_rendering_part
        uri = PackURI(f"/word/charts/bulletin{self.charts}.xml")
        key = part.relate_to(Part(uri, CHART, chart_xml(figures), part.package), RELATION)
        return _run(key, 1000 + self.charts, figures)


@dataclass(frozen=True)
class _Chart:
    """A chart where a template names it."""

    into: _Drawing
    figures: Figures

    def __html__(self) -> str:
        return self.into.add(self.figures)

    __str__ = __html__


def _run(relation: str, key: int, figures: Figures) -> str:
    """The run that holds a chart: the template's own run is closed before it, and one is opened after it."""
    size = f'cx="{round(WIDTH_CM * EMU)}" cy="{round(height_cm(figures) * EMU)}"'
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    chart = (
        f'<c:chart xmlns:c="{drawing}/chart"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        f' r:id="{relation}"/>'
    )
    inline = (
        f'<wp:inline xmlns:wp="{drawing}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{key}" name="chart {key}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/chart">{chart}</a:graphicData></a:graphic>'
        "</wp:inline>"
    )
    return f'</w:t></w:r><w:r><w:drawing>{inline}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


def tried(template: bytes, contents: Sequence[Mapping[str, Any]], *, name: str) -> None:
    """Fill a template in with each of these contents. Raises UnreadableFile."""
    for content in contents:
        bulletin_file(template, content, name=name, edition=1, issued_on="2026-11-16", pictures={})
