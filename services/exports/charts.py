"""Charts that Word and Excel draw themselves, from numbers, with their own fonts: sharp at any size, and no picture.

One form for both: in a workbook a chart points at its cells, in a Word file it carries its numbers in itself.
Docs: docs/decisions/0024.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumVal, StrData, StrVal
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.xml.functions import tostring

COLOURS = ("2F6DB5", "C0392B", "8A8A8A")
WIDTH_CM, HEIGHT_CM = 15.5, 6.2
TITLE_SIZE = 1200
"""In hundredths of a point."""
BAR_CM, AROUND_CM = 0.62, 1.8
Number = int | float


@dataclass(frozen=True)
class Figures:
    """What a chart shows: a label for each place on its axis, and series with a name and a number for each label."""

    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[Number]]]
    lines: bool = False

    @property
    def flat(self) -> bool:
        """Names are long: bars lie, so that they can be read."""
        return not self.lines and max((len(label) for label in self.labels), default=0) > 5


def chart_xml(figures: Figures) -> bytes:
    """The chart as a part of a Word file."""
    chart = _empty(figures)
    for position, (name, values) in enumerate(figures.series):
        numbers = [NumVal(idx=n, v=value) for n, value in enumerate(values)]
        given = NumData(formatCode="General", ptCount=len(numbers), pt=numbers)
        labels = [StrVal(idx=n, v=label) for n, label in enumerate(figures.labels)]
        series = Series(
            idx=position,
            order=position,
            tx=SeriesLabel(v=name),
            cat=AxDataSource(strLit=StrData(ptCount=len(labels), pt=labels)),
            val=NumDataSource(numLit=given),
        )
        chart.series.append(series)
    _paint(chart, figures)
    return bytes(tostring(chart._write()))


def sheet_chart(sheet: Any, figures: Figures, *, columns: Sequence[int], names: int = 1) -> Any:
    """The chart of a table that begins at A1 with a heading; `columns` of its series, `names` that of its labels."""
    chart, last = _empty(figures), len(figures.labels) + 1
    for column in columns:
        chart.add_data(Reference(sheet, min_col=column, min_row=1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=names, min_row=2, max_row=last))
    _paint(chart, figures)
    return chart


def height_cm(figures: Figures) -> float:
    """Bars that lie need room for each of them."""
    bars = len(figures.labels) * max(len(figures.series), 1)
    return max(HEIGHT_CM, AROUND_CM + BAR_CM * bars) if figures.flat else HEIGHT_CM


def _empty(figures: Figures) -> Any:
    chart: Any = LineChart() if figures.lines else BarChart()
    if not figures.lines:
        chart.type, chart.gapWidth = ("bar" if figures.flat else "col"), 60
    chart.title = _title(figures.title)
    chart.width = WIDTH_CM
    chart.height = height_cm(figures)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    chart.y_axis.number_format = "0"
    if figures.flat:
        chart.x_axis.scaling.orientation = "maxMin"  # the first line of the table stands on top
    if len(figures.series) == 1:
        chart.legend = None
    else:
        chart.legend.position = "b"
    return chart


def _title(words: str) -> Title:
    """As large as the text around it; theirs is twice that."""
    look = CharacterProperties(sz=TITLE_SIZE, b=True)
    run = RegularTextRun(rPr=look, t=words)
    text = Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])]))
    return Title(tx=text, overlay=False)


def _paint(chart: Any, figures: Figures) -> None:
    for colour, series in zip(COLOURS, chart.series, strict=False):
        if figures.lines:
            series.graphicalProperties.line.solidFill = colour
            series.graphicalProperties.line.width = 22_000  # in 1/12,700 of a point
            series.smooth = False
        else:
            series.graphicalProperties.solidFill = colour
