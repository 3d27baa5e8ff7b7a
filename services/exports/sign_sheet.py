"""Signs as pages of A4 to be printed: one HTML file, with nothing from elsewhere and nothing that runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import segno

from services.exports.paper_page import page_file
from services.signs import Sign

TEMPLATE = Path(__file__).parent / "signs.html"


class Size(StrEnum):
    """How many signs there are on a page of A4: six, or one for a wall."""

    SIX = "six"
    ONE = "one"


@dataclass(frozen=True)
class Said:
    """What stands on every sign of a sheet; `below` goes before the code of each."""

    title: str
    scan: str
    scan_en: str
    below: str = ""


OF_POINTS = Said("点位标识牌", "扫码上报问题", "Scan to report a problem here")


def sign_sheet(signs: Sequence[Sign], *, city: str, size: Size = Size.SIX, said: Said = OF_POINTS) -> str:
    """The page. What stands on a sign is Chinese and English at once: whoever passes reads one of them."""
    content = {
        "city": city,
        "size": size.value,
        "said": said,
        "signs": [{"code": one.code, "name": one.name, "area": one.area, "qr": picture(one.opens)} for one in signs],
    }
    return page_file(TEMPLATE.read_bytes(), content, name=TEMPLATE.name)


def survey_signs(signs: Sequence[Sign], *, city: str, closes: date, size: Size) -> str:
    """The same for the public form of a survey, which takes answers until a day."""
    below = f"不留姓名 · 截止 {closes:%Y-%m-%d} · "
    said = Said("问卷调查", "扫码答题，一分钟", "Scan to answer: it takes a minute", below)
    return sign_sheet(signs, city=city, size=size, said=said)


def picture(address: str) -> str:
    """A QR code as an SVG of its own; a quarter of it may be dirty or torn, and it is still read."""
    return segno.make(address, error="q", micro=False).svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
