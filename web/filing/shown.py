"""One piece of material as its page shows it, with what was typed where something was refused."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi.responses import HTMLResponse

from models.evidence import Upload
from services.audit_view import zone
from services.filing.looking import Seen
from services.uploads import MOST
from web.deps import Desk


@dataclass
class Typed:
    """A form as it was sent: words, files that have arrived already, what is wrong."""

    note: str = ""
    why: str = ""
    uploads: Sequence[Upload] = ()
    wrong: str = ""
    act: str = ""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))


def show_item(here: Desk, seen: Seen, typed: Typed | None = None, *, status: int = 200) -> HTMLResponse:
    """The page."""
    return here.pages.show(
        here.request,
        "filing/one",
        status=status,
        seen=seen,
        item=seen.item,
        typed=typed or Typed(),
        most=MOST,
        done=here.request.query_params.get("done", ""),
        overdue=seen.item.state in ("missing", "returned") and seen.item.due_at <= here.now,
        zone=zone(here.session),
    )
