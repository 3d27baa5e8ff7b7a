"""The history of the city's data: what was changed, by whom, when and why; two states of a file side by side."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.errors import NotFound
from models.permissions import Right
from services import administering
from services.administering import Past
from services.administering.view_tables import table_infos
from web import forms
from web.admin.proposing import differing
from web.admin.shared import MANAGER, key_given, show
from web.deps import Desk, Here
from web.login import Reader

router = APIRouter(prefix="/admin/history")
SHOWN = 50
LARGEST = 2**63 - 1


@router.get("", response_class=HTMLResponse)
def history(
    here: Here,
    reader: MANAGER,
    table: str = "",
    key: str = "",
    who: str = "",
    change: str = "",
    after: str = "",
    done: str = "",
) -> HTMLResponse:
    """Newest first, as the filters in the address say; nothing where they cannot be read."""
    asked = {"table": key_given(table), "key": key_given(key), "who": key_given(who)}
    found = administering.history(
        here.session, **asked, set_number=_number(change), after=_number(after), limit=SHOWN + 1
    )
    tables = table_infos()
    shown = _visible(reader, {one.name: one.right for one in tables}, found[:SHOWN])
    return show(
        here,
        "history",
        past=shown,
        more=found[SHOWN - 1].id if len(found) > SHOWN else None,
        asked=asked,
        change=_number(change),
        tables=[one.name for one in tables if one.right in reader.rights],
        files=[one.file for one in administering.files(here.session)],
        done=bool(done),
    )


def _visible(reader: Reader, rights: dict[str, Right], past: list[Past]) -> list[Past]:
    """Without what stands in tables that the reader may not see."""
    return [one for one in past if rights.get(one.changed.place, Right.MANAGE_CITY) in reader.rights]


def _number(written: str) -> int | None:
    return min(int(written), LARGEST) if written.isdecimal() and written.isascii() else None


@router.get("/file", response_class=HTMLResponse)
def states(here: Here, _reader: MANAGER, file: str, before: str = "", after: str = "") -> HTMLResponse:
    """How two states of a file differ; empty hashes stand for no file."""
    if not before and not after:
        raise NotFound(what="file", code=file)
    old, new = _text(here, before), _text(here, after)
    return show(here, "states", file=forms.cleaned(file)[:200], lines=differing(old, new), after=after, text=new)


def _text(here: Desk, sha256: str) -> str:
    """Raises NotFound."""
    if not sha256:
        return ""
    return administering.body_of(here.session, key_given(sha256)).decode("utf-8", errors="replace")
