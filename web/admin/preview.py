"""A message or a paper as it would read with the words that are being typed."""

from pathlib import PurePosixPath

from fastapi.responses import HTMLResponse

from notifications.words import Language
from services.administering.view_wording import Previewed, previewed, previewed_paper
from services.papers.stationery import PAGE
from web.deps import Desk
from web.issue.papers import ALONE


def of(here: Desk, file: str, text: str) -> Previewed | None:
    """How `templates/zh_CN/overdue_notice.txt` would read; None for what is no message."""
    path = PurePosixPath(file)
    if path.parts[:1] != ("templates",):
        return None
    lang: Language = "en" if "en" in path.parts else "zh-CN"
    reader = here.request.state.reader.code
    return previewed(here.session, text, kind=path.stem, lang=lang, reader=reader, now=here.now)


def is_page(file: str) -> bool:
    """Whether it is the template of a paper's page."""
    return file.startswith("papers/") and file.endswith(PAGE)


def page(file: str, text: str) -> HTMLResponse:
    """The paper alone, with sample content, in a sandbox of the browser. Raises NotFound, UnreadableFile."""
    made = previewed_paper(text, name=PurePosixPath(file).name)
    return HTMLResponse(made, headers={"Content-Security-Policy": ALONE, "Cache-Control": "no-store"})
