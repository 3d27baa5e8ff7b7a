"""The files of the pack that are no tables: read, written anew, taken back."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from models.errors import DubanError
from runtime.i18n import say
from services import administering
from services.cities.lint_templates import BUILT_IN, FIXED
from services.papers.stationery import PAGE, WORD
from services.uploads import clean_name
from web import forms
from web.admin import file_form, preview, proposing
from web.admin.carrying import AnyEdit, edits_of
from web.admin.file_form import FileForm
from web.admin.shared import MANAGER, key_given, show
from web.admin.wording import kind_of
from web.deps import Here
from web.errors import status_of
from web.forms import Sent

router = APIRouter(prefix="/admin")
LANGUAGES = ("zh_CN", "en")


@router.get("/file", response_class=HTMLResponse)
def file(here: Here, _reader: MANAGER, file: str) -> HTMLResponse:
    """The file in force; of a message that the city has not worded itself, our own words to begin with."""
    return file_form.page(here, file_form.read(here, key_given(file)))


@router.get("/file/as-it-is")
def body(here: Here, _reader: MANAGER, file: str) -> Response:
    """The file, to be saved."""
    held = file_form.body(here, key_given(file))
    name = clean_name(file)
    headers = {"Content-Disposition": f'attachment; filename="{ascii_name(name)}"', "Cache-Control": "no-store"}
    return Response(held, media_type="application/octet-stream", headers=headers)


def ascii_name(name: str) -> str:
    """A file's name that a header may hold."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name)


@router.post("/file")
def write(here: Here, reader: MANAGER, form: Sent, file: str) -> Response:
    """What the new text would do; the text again where it cannot be read; with `preview` how a message would read."""
    known = file_form.read(here, key_given(file))
    typed = FileForm(known.file, forms.cleaned(form.get("text")), forms.cleaned(form.get("mark"))[:200], known.there)
    before: list[AnyEdit] = []
    try:
        before = edits_of(form)
        edits = [*before, file_form.edit_of(form, known)]
        if "preview" in form and preview.is_page(known.file):
            return preview.page(known.file, typed.text or "")
        if "preview" in form:
            return file_form.page(here, typed, before=before, preview=preview.of(here, known.file, typed.text or ""))
        proposal = proposing.propose(here, reader, edits)
    except DubanError as error:
        here.session.rollback()
        return file_form.page(here, typed, before=before, wrong=say(error), status=status_of(error))
    if bad := [one for one in proposal.bad_cells if one.edit == len(before)]:
        return file_form.page(here, typed, before=before, bad=bad, status=400)
    return proposing.page(here, reader, edits, proposal)


@router.get("/templates", response_class=HTMLResponse)
def templates(here: Here, _reader: MANAGER) -> HTMLResponse:
    """Messages in both languages, and papers: which of them the city has worded itself."""
    held = [one.file for one in administering.files(here.session)]
    kinds = sorted({path.stem for path in BUILT_IN.rglob("*.txt")} - FIXED)
    messages = [(kind_of(kind), [f"templates/{lang}/{kind}.txt" for lang in LANGUAGES]) for kind in kinds]
    papers = [(kind_of(name), [f"papers/{name}{suffix}" for suffix in (PAGE, WORD)]) for name in file_form.PAPERS]
    listed = {file for _, files in papers for file in files}
    more = [(one, kind_of(one)) for one in held if one.startswith("papers/") and one not in listed]
    return show(here, "templates", messages=messages, papers=papers, more=more, held=frozenset(held))
