"""A message as it would read with the words that are being typed."""

from pathlib import PurePosixPath

from notifications.words import Language
from services.administering.view_wording import Previewed, previewed
from web.deps import Desk


def of(here: Desk, file: str, text: str) -> Previewed | None:
    """How `templates/zh_CN/overdue_notice.txt` would read; None for what is no message."""
    path = PurePosixPath(file)
    if path.parts[:1] != ("templates",):
        return None
    lang: Language = "en" if "en" in path.parts else "zh-CN"
    reader = here.request.state.reader.code
    return previewed(here.session, text, kind=path.stem, lang=lang, reader=reader, now=here.now)
