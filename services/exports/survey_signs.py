"""Signs of a survey's public form as pages of A4: one HTML file, with nothing from elsewhere and nothing that runs."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from services.exports.paper_page import page_file
from services.exports.sign_sheet import picture
from services.signs import Sign

TEMPLATE = Path(__file__).parent / "survey_signs.html"


def survey_signs(signs: Sequence[Sign], *, city: str, closes: date, size: str) -> str:
    """The page. What stands on a sign is Chinese and English at once. `size`: `six` to a page, or `one`."""
    content = {
        "city": city,
        "size": size,
        "closes": f"{closes:%Y-%m-%d}",
        "signs": [{"code": one.code, "name": one.name, "area": one.area, "qr": picture(one.opens)} for one in signs],
    }
    return page_file(TEMPLATE.read_bytes(), content, name=TEMPLATE.name)
