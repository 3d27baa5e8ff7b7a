"""Signs as pages of A4 to be printed: one HTML file, with nothing from elsewhere and nothing that runs."""

from collections.abc import Sequence
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


def sign_sheet(signs: Sequence[Sign], *, city: str, size: Size = Size.SIX) -> str:
    """The page. What stands on a sign is Chinese and English at once: whoever passes reads one of them."""
    content = {
        "city": city,
        "size": size.value,
        "signs": [{"code": one.code, "name": one.name, "area": one.area, "qr": picture(one.opens)} for one in signs],
    }
    return page_file(TEMPLATE.read_bytes(), content, name=TEMPLATE.name)


def picture(address: str) -> str:
    """A QR code as an SVG of its own; a quarter of it may be dirty or torn, and it is still read."""
    return segno.make(address, error="q", micro=False).svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
