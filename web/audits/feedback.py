"""A superior's feedback out of a Word file or a workbook: looked at first, then brought in as a round with issues."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models import terms
from models.errors import BadRows, DubanError, MissingInput, WrongValue
from models.issue import FoundLevel
from models.permissions import Right
from runtime.expectations import expected
from runtime.i18n import language, say
from services.audit_choices import choices
from services.imports.feedback import LEVELS, FeedbackOrder, Known, Plan, apply, plan
from services.people import city_day
from web import forms
from web.audits.rounds import LARGEST_FILE, SHOWN_BAD_ROWS
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed

router = APIRouter()
Starter = Annotated[Reader, Depends(allowed(Right.START_AUDIT))]


@dataclass(frozen=True)
class Filled:
    """The form as it was sent; a file has to be chosen again."""

    level: str = FoundLevel.PROVINCE
    area: str = ""
    on: str = ""
    known: str = Known.LINK


@router.get("/feedback", response_class=HTMLResponse)
def form_of_feedback(here: Here, reader: Starter) -> HTMLResponse:
    """Whose feedback, about what place, and the file."""
    return _page(here, reader, Filled())


@router.post("/feedback")
def bring_in(here: Here, reader: Starter, form: Sent) -> Response:
    """Look at the file, or bring it in; with a bad row nothing comes in and every one is told."""
    filled = Filled(**{name: forms.cleaned(form.get(name))[:100] for name in ("level", "area", "on", "known")})
    try:
        order = _order(here, filled)
        with _file(form) as path:
            planned = plan(here.session, path, order, by=reader.actor, now=here.now)
        if form.get("look"):
            here.session.rollback()
            return _page(here, reader, filled, planned=planned)
        done = apply(here.session, planned, order, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        rows = error.rows[:SHOWN_BAD_ROWS] if isinstance(error, BadRows) else ()
        return _page(here, reader, filled, wrong=say(error), bad_rows=rows, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{done.number}", 303)


def _order(here: Desk, filled: Filled) -> FeedbackOrder:
    """Raises WrongValue, MissingInput."""
    if filled.level not in LEVELS:
        raise WrongValue(field="level", value=filled.level, expected=", ".join(LEVELS))
    if filled.known not in tuple(Known):
        raise WrongValue(field="known", value=filled.known, expected=", ".join(Known))
    if not filled.area:
        raise MissingInput(action="feedback", missing="area")
    return FeedbackOrder(FoundLevel(filled.level), filled.area, _day(here, filled.on), Known(filled.known))


def _day(here: Desk, written: str) -> date:
    if not written:
        return city_day(here.session, here.now)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongValue(field="on", value=written, expected="2026-11-02") from None


@contextmanager
def _file(form: FormData) -> Iterator[Path]:
    """The file under its own name, for as long as it is read. Raises MissingInput."""
    uploads = forms.files(form, "file")
    if not uploads:
        raise MissingInput(action="feedback", missing="file")
    name = (uploads[0].filename or "").replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "")[-60:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (name if name.strip(".") else "feedback")
        path.write_bytes(uploads[0].file.read(LARGEST_FILE))
        yield path


def _page(
    here: Desk,
    reader: Reader,
    filled: Filled,
    *,
    planned: Plan | None = None,
    wrong: str = "",
    bad_rows: Any = (),
    status: int = 200,
) -> HTMLResponse:
    today = city_day(here.session, here.now)
    offered = choices(here.session, reader.held(Right.START_AUDIT), today=today, lang=language())
    return here.pages.show(
        here.request,
        "audits/feedback",
        status=status,
        filled=filled,
        planned=planned,
        wrong=wrong,
        bad_rows=planned.bad[:SHOWN_BAD_ROWS] if planned else bad_rows,
        levels=[(level.value, terms.term(terms.FOUND_LEVELS, level, language())) for level in LEVELS],
        areas=offered.areas,
        today=today,
        expected=expected,
    )
