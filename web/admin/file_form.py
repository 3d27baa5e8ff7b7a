"""A file of the pack that is no table, as a form: rules, city.toml, templates as text; papers for Word to exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from models.errors import MissingInput, NotFound, WrongValue
from models.paper import PaperKind
from services import administering
from services.administering import BadCell, FileEdit
from services.cities.lint_templates import BUILT_IN, known_variables
from services.papers.stationery import PAGE, WORD, family
from services.papers.stationery import built_in as our_paper
from web import forms
from web.admin import preview, wording
from web.admin.carrying import AnyEdit, carried
from web.admin.shared import show
from web.deps import Desk

LONGEST_FILE = 200_000
"""Characters of a text, bytes of a paper for Word."""
BINARY = (WORD,)
MESSAGES = "templates/"
PAPERS = list(dict.fromkeys(family(kind) for kind in PaperKind))
"""The names that templates of papers have; one serves all degrees of a supervision order."""


@dataclass(frozen=True)
class FileForm:
    """A file as its form shows it. `there`: the city has one of its own; else `text` is the built-in one."""

    file: str
    text: str | None
    mark: str = ""
    there: bool = True


def read(here: Desk, file: str) -> FileForm:
    """The file in force. Raises NotFound for one that neither the city has nor we."""
    try:
        held = administering.file(here.session, file)
    except NotFound:
        ours = built_in(file)
        return FileForm(file, None if file.endswith(BINARY) else ours.decode(), there=False)
    return FileForm(file, held.text, held.mark)


def body(here: Desk, file: str) -> bytes:
    """The file in force as it is, else our own. Raises NotFound."""
    try:
        return administering.file(here.session, file).body
    except NotFound:
        return built_in(file)


def built_in(file: str) -> bytes:
    """Our own wording of a message, or our paper of a kind. Raises NotFound."""
    known = {f"{MESSAGES}{path.relative_to(BUILT_IN).as_posix()}": path for path in BUILT_IN.rglob("*.txt")}
    known |= {f"papers/{name}{suffix}": our_paper(name, suffix) for name in PAPERS for suffix in (PAGE, WORD)}
    if file not in known:
        raise NotFound(what="file", code=file)
    return known[file].read_bytes()


def edit_of(form: FormData, known: FileForm) -> FileEdit:
    """What was sent. Raises MissingInput, WrongValue."""
    mark = forms.cleaned(form.get("mark"))[:200]
    if "back" in form:
        return FileEdit(known.file, None, mark)
    if known.file.endswith(BINARY):
        return FileEdit(known.file, _uploaded(form), mark)
    text = forms.text(form, "text", longest=LONGEST_FILE)
    return FileEdit(known.file, f"{text}\n", mark)


def _uploaded(form: FormData) -> bytes:
    given = forms.files(form, "upload")
    if not given:
        raise MissingInput(action="record", missing="file")
    data = given[0].file.read(LONGEST_FILE + 1)
    if len(data) > LONGEST_FILE:
        raise WrongValue(field="file", value=f"{len(data)}", expected=f"at most {LONGEST_FILE // 1000} KB")
    return data


def again(here: Desk, edit: FileEdit, *, before: Sequence[AnyEdit] = ()) -> HTMLResponse:
    """The form of an edit that was made before, to be corrected."""
    known = read(here, edit.file)
    text = edit.content if isinstance(edit.content, str) else known.text
    return page(here, FileForm(edit.file, text, edit.mark, known.there), before=before)


def page(
    here: Desk,
    known: FileForm,
    *,
    before: Sequence[AnyEdit] = (),
    bad: Sequence[BadCell] = (),
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """The form; of a message also the words that it may use, and how it reads."""
    message = known.file.startswith(MESSAGES)
    return show(
        here,
        "file",
        status=status,
        known=known,
        binary=known.file.endswith(BINARY),
        message=message,
        paper=preview.is_page(known.file),
        goes=message or (known.file.startswith("papers/") and known.file.endswith((PAGE, WORD))),
        variables=sorted(known_variables(BUILT_IN)) if message else [],
        up=wording.up(known.file),
        what=wording.what(known.file),
        past=administering.history(here.session, table=known.file, limit=5),
        before=before,
        carried=carried(before),
        bad=bad,
        **{"wrong": "", "preview": None, **more},
    )
