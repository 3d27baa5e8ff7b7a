"""The whole city as a pack: taken out, and one that is uploaded: first what it would change, then it is done."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import BadRows, DubanError, MissingInput, Refused, WrongValue
from runtime import clock
from runtime.i18n import say
from services import administering
from services.administering import Proposal
from services.administering.view_tables import table_infos
from services.administering.view_waiting import keep, path_of
from services.cities.pack import Pack
from services.people import city_day
from services.uploads import clean_name
from web import forms
from web.admin import proposing
from web.admin.changing import after
from web.admin.files import ascii_name
from web.admin.shared import MANAGER, show
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader

router = APIRouter(prefix="/admin")
LARGEST = 32 * 1024 * 1024
SUFFIXES = ("zip", "csv", "xlsx")


@router.get("/export.zip")
def export(here: Here, reader: MANAGER) -> Response:
    """The city in force as a pack, in one archive."""
    administering.must_export(here.session, reader.actor)
    pack = administering.held_pack(here.session)
    name = f"{ascii_name(pack.folder.name)}-{city_day(here.session, here.now)}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(administering.zipped(pack), media_type="application/zip", headers=headers)


@router.get("/upload", response_class=HTMLResponse)
def upload(here: Here, reader: MANAGER, table: str = "") -> HTMLResponse:
    """The form: a whole pack, or the file of one table."""
    return _page(here, reader, table=table)


@router.post("/upload")
def look(here: Here, reader: MANAGER, form: Sent) -> Response:
    """What the upload would change; with `fingerprint` and a reason it is done."""
    name, table = "", ""
    try:
        table = forms.text(form, "table", longest=100)
        name = forms.text(form, "kept", longest=100) or _kept(here, reader, form)
        pack = _read(here, reader, name, table)
        if "fingerprint" in form:
            return _applied(here, reader, form, pack, name, table)
        proposal = administering.propose_pack(here.session, pack, actor=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        bad = error.rows if isinstance(error, BadRows) else ()
        if name and error.params.get("file") == name:  # the name under which we keep it says nothing to its owner
            error.params["file"] = _theirs(form) or name
        return _page(here, reader, table=table, wrong=say(error), bad=bad, status=status_of(error))
    return _proposal(here, proposal, name=name, table=table)


def _kept(here: Desk, reader: Reader, form: FormData) -> str:
    """Raises MissingInput, WrongValue, NotStored."""
    given = forms.files(form, "file")
    if not given:
        raise MissingInput(action="upload_pack", missing="file")
    name, data = clean_name(given[0].filename or ""), given[0].file.read(LARGEST + 1)
    suffix = name.rsplit(".", 1)[-1].lower()
    if suffix not in SUFFIXES:
        raise WrongValue(field="file", value=name, expected=", ".join(f".{one}" for one in SUFFIXES))
    if len(data) > LARGEST:
        raise WrongValue(field="file", value=name, expected=f"at most {LARGEST // 1024**2} MB")
    now = clock.true_now(here.session)
    return keep(_folder(here), data, suffix=suffix, by=reader.code, now=now)


def _theirs(form: FormData) -> str:
    """What its owner calls the file that was sent just now."""
    return next((clean_name(one.filename or "") for one in forms.files(form, "file")), "")


def _folder(here: Desk) -> Path:
    return here.settings.home / "administration"


def _read(here: Desk, reader: Reader, name: str, table: str) -> Pack:
    """Raises NotFound, UnreadableFile, BadRows, ActionNotAllowed."""
    path = path_of(_folder(here), name, by=reader.code)
    if path.suffix == ".zip":
        administering.must_export(here.session, reader.actor)
        return administering.read_zip(path)
    if not table:
        raise MissingInput(action="upload_pack", missing="table")
    return administering.read_table(here.session, path, table=table)


def _applied(here: Desk, reader: Reader, form: FormData, pack: Pack, name: str, table: str) -> Response:
    """Raises BadRows, ActionNotAllowed."""
    fingerprint, why = forms.cleaned(form.get("fingerprint"))[:200], forms.cleaned(form.get("why"))
    try:
        why = forms.text(form, "why", longest=500)
        done = administering.apply_pack(
            here.session, pack, actor=reader.actor, why=why, fingerprint=fingerprint, now=here.now
        )
    except (MissingInput, WrongValue, Refused) as error:
        here.session.rollback()
        proposal = administering.propose_pack(here.session, pack, actor=reader.actor, now=here.now)
        return _proposal(here, proposal, name=name, table=table, wrong=say(error), why=why, status=status_of(error))
    here.session.commit()
    return RedirectResponse(after(reader, done.number), 303)


def _proposal(here: Desk, proposal: Proposal, *, name: str, table: str, status: int = 200, **more: Any) -> HTMLResponse:
    return proposing.plain_page(here, proposal, kept=name, table=table, status=status, **more)


def _page(here: Desk, reader: Reader, *, table: str = "", status: int = 200, **more: Any) -> HTMLResponse:
    return show(
        here,
        "upload",
        status=status,
        tables=[one for one in table_infos() if one.right in reader.rights],
        table=table,
        largest=LARGEST // 1024**2,
        **{"wrong": "", "bad": (), **more},
    )
