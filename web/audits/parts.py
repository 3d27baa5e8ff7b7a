"""What the pages of a round share: what stands on them, words for what is counted, a file to take away."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from models.audit import Round, RoundAct
from runtime.i18n import gettext as _
from services import audit_acts, audit_progress, audit_view
from services.same_fault_view import first_of
from services.same_fault_view import names_of as _names
from web.deps import Desk
from web.login import Reader
from web.security import NOT_KEPT

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def counts_words() -> Mapping[str, str]:
    """The words for what is counted and timed."""
    return {
        "found": _("Number found"),
        "required": _("Number required"),
        "faults": _("Number of faults"),
        "minutes": _("Minutes watched"),
    }


def act_words() -> Mapping[str, str]:
    """The words for what was done to a round."""
    return {
        RoundAct.RECHECK_DRAWN: _("quality re-check drawn"),
        RoundAct.DECIDED: _("difference decided"),
        RoundAct.PUBLISHED: _("published"),
        RoundAct.DISPATCHED: _("issues handed over"),
        RoundAct.CONTRADICTION_DECIDED: _("decided which of two results counts"),
    }


def seen(here: Desk, reader: Reader, round_: Round) -> dict[str, Any]:
    """What the part of the page that changes shows."""
    return {
        "round": round_,
        "first": first_of(here.session, round_, reader=reader.actor),
        "sheets": audit_view.sheets(here.session, round_, reader.actor),
        "progress": audit_progress.progress(here.session, round_.number),
        "issues": audit_view.issues_of(here.session, round_, reader.actor),
        "zone": audit_view.zone(here.session),
        "me": reader.code,
    }


def history(here: Desk, round_: Round) -> dict[str, Any]:
    """What was done to the round, with the names of those who did it."""
    events = audit_acts.history(here.session, round_)
    return {"history": events, "names": _names(here.session, {one.who for one in events}), "acts": act_words()}


def as_file(write: Callable[[Path], object], *, name: str, kind: str) -> FileResponse:
    """A file that is made, sent and forgotten."""
    with tempfile.NamedTemporaryFile(prefix="duban-", delete=False) as file:
        path = Path(file.name)
    try:
        write(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return FileResponse(
        path, headers=NOT_KEPT, media_type=kind, filename=name, background=BackgroundTask(path.unlink, missing_ok=True)
    )
