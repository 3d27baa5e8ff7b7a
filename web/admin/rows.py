"""The tables of the pack: looked through, a row changed, a row ended or brought back."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, NotFound
from runtime.i18n import say
from services import administering
from services.administering import ColumnInfo, Edit, HeldRow, TableInfo
from web import forms
from web.admin import proposing, row_form, words
from web.admin.carrying import AnyEdit, edits_of
from web.admin.row_form import RowForm, form_page, table_of
from web.admin.shared import MANAGER, key_given, show
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent

router = APIRouter(prefix="/admin/t")
SHOWN = 50
MOST_COLUMNS = 7
ASIDE = frozenset({"sample", "name_en", "text_en", "story"})
"""Columns that a list leaves out."""


@router.get("/{table}", response_class=HTMLResponse)
def rows(table: str, here: Here, reader: MANAGER, q: str = "", after: str = "", gone: str = "") -> HTMLResponse:
    """A page of rows in the order of their keys, or of those that were found."""
    info = table_of(reader, table)
    query, start = forms.cleaned(q)[:100], key_given(after)
    found = administering.page(here.session, table, query=query, after=start, limit=SHOWN, gone=bool(gone))
    columns = administering.columns(table)
    keys = [one for one in columns if one.key]
    shown = [one for one in columns if one.name not in ASIDE and not one.key][:MOST_COLUMNS]
    names = row_form.names(here, [*keys, *shown], [row.cells for row in found.rows])
    return show(
        here,
        "rows",
        info=info,
        found=found,
        columns=shown,
        names=names,
        heading=" · ".join(words.column_title(one.name) for one in keys),
        label=lambda held: " · ".join(_named(one, held, names) for one in keys),
        query=query,
        after=start,
        gone=bool(gone),
    )


def _named(column: ColumnInfo, held: HeldRow, names: Mapping[str, Mapping[str, str]]) -> str:
    written = held.cells.get(column.name, "")
    return names.get(column.target, {}).get(written) or written


@router.get("/{table}/row", response_class=HTMLResponse)
def row(table: str, here: Here, reader: MANAGER, key: Annotated[str | None, Query()] = None) -> HTMLResponse:
    """The form of one row; without a key that of a new one, filled in with what the address says."""
    info = table_of(reader, table)
    if key is None:
        given = here.request.query_params
        cells = {one.name: forms.cleaned(given.get(one.name))[:200] for one in administering.columns(table)}
        return form_page(here, info, RowForm(table, None, cells))
    held = administering.row(here.session, table, key_given(key))
    return form_page(here, info, RowForm.of(table, held), held=held)


@router.post("/{table}/row")
def edit(table: str, here: Here, reader: MANAGER, form: Sent, key: Annotated[str | None, Query()] = None) -> Response:
    """What the change would do; the form again where a cell cannot be read."""
    info = table_of(reader, table)
    filled = row_form.filled_in(table, None if key is None else key_given(key), form)
    before: list[AnyEdit] = []
    try:
        before = edits_of(form)
        if filled.errors:
            return _refused(here, info, filled, before=before, status=400)
        edits = [*before, filled.edit()]
        proposal = proposing.propose(here, reader, edits)
    except DubanError as error:
        here.session.rollback()
        return _refused(here, info, filled, before=before, wrong=say(error), status=status_of(error))
    if bad := proposing.bad_cells(proposal, len(before)):
        told = RowForm(table, filled.key, filled.cells, filled.was, filled.mark, bad)
        return _refused(here, info, told, before=before, status=400)
    return proposing.page(here, reader, edits, proposal)


def _refused(here: Desk, info: TableInfo, filled: RowForm, **said: Any) -> HTMLResponse:
    """The form as it was filled in, beside the row as it is, if it still is."""
    try:
        held = None if filled.key is None else administering.row(here.session, filled.table, filled.key)
    except NotFound:
        held = None
    return form_page(here, info, filled, held=held, **said)


@router.get("/{table}/end", response_class=HTMLResponse)
def ending(table: str, here: Here, reader: MANAGER, key: Annotated[str, Query()]) -> HTMLResponse:
    """The row again: who changes the language of the proposal comes here."""
    return row(table, here, reader, key)


@router.post("/{table}/end")
def end(table: str, here: Here, reader: MANAGER, form: Sent, key: Annotated[str, Query()]) -> Response:
    """End a row, or close it; or bring back one that was."""
    info = table_of(reader, table)
    held = administering.row(here.session, table, key_given(key))
    try:
        edits = [_ending(here, info, held, form)]
        return proposing.page(here, reader, edits, proposing.propose(here, reader, edits))
    except DubanError as error:
        here.session.rollback()
        return form_page(here, info, RowForm.of(table, held), held=held, wrong=say(error), status=status_of(error))


def _ending(here: Desk, info: TableInfo, held: HeldRow, form: FormData) -> Edit:
    """Raises WrongValue."""
    if "back" not in form:
        return administering.ended(here.session, info.name, held.key, last_day=forms.text(form, "last_day", longest=40))
    if held.ended:
        return Edit(info.name, None, {name: value for name, value in held.cells.items() if value}, held.mark)
    return Edit(info.name, held.key, {"valid_to": ""}, held.mark)


@router.get("/{table}/suggest", response_class=HTMLResponse)
def suggest(table: str, here: Here, reader: MANAGER) -> HTMLResponse:
    """Suggestions for what is being typed, which is the one thing that the address says."""
    table_of(reader, table)
    typed = next(iter(here.request.query_params.values()), "")
    return show(here, "suggest", hints=row_form.hints(here, table, forms.cleaned(typed)[:60]))
