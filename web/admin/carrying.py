"""Several edits in one change: they travel in the form from page to page, and nothing is kept of what is not confirmed.

They come back from a browser, so they are read like any other input.
"""

import base64
import json
from binascii import Error as NoBase64
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from models.errors import WrongValue
from services.administering import Edit, FileEdit, columns
from web import forms

AnyEdit = Edit | FileEdit
MOST_EDITS = 50
LONGEST = 900_000
"""Characters of all edits together; a form's field may hold a megabyte."""
LONGEST_CELL = 4000


def carried(edits: Sequence[AnyEdit]) -> str:
    """As a hidden field holds them."""
    return json.dumps([_row(one) if isinstance(one, Edit) else _file(one) for one in edits], ensure_ascii=False)


def _row(edit: Edit) -> dict[str, Any]:
    known = {"table": edit.table, "key": edit.key, "cells": dict(edit.cells), "mark": edit.mark}
    return {**known, "gone": True} if edit.gone else known


def _file(edit: FileEdit) -> dict[str, Any]:
    if isinstance(edit.content, bytes):
        return {"file": edit.file, "base64": base64.b64encode(edit.content).decode(), "mark": edit.mark}
    return {"file": edit.file, "content": edit.content, "mark": edit.mark}


def edits_of(form: FormData) -> list[AnyEdit]:
    """Those that the form carries; none where it carries nothing. Raises WrongValue, NotFound for an unknown table."""
    written = form.get("carried")
    if not isinstance(written, str) or not written:
        return []
    if len(written) > LONGEST:
        raise _wrong("…")
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        raise _wrong(written) from None
    if not isinstance(found, list) or len(found) > MOST_EDITS:
        raise _wrong(written)
    return [_edit(one) for one in found]


def _edit(one: Any) -> AnyEdit:
    if not isinstance(one, dict):
        raise _wrong(one)
    return _row_edit(one) if "table" in one else _file_edit(one)


def _row_edit(one: Mapping[str, Any]) -> Edit:
    table, cells = _text(one, "table"), one.get("cells")
    known = {column.name for column in columns(table)}
    if not isinstance(cells, dict) or not known.issuperset(cells):
        raise _wrong(one)
    if not all(isinstance(value, str) and len(value) <= LONGEST_CELL for value in cells.values()):
        raise _wrong(one)
    key = None if one.get("key") is None else _text(one, "key")
    cleaned = {name: forms.cleaned(value) for name, value in cells.items()}
    return Edit(table, key, cleaned, _text(one, "mark"), gone=one.get("gone") is True)


def _file_edit(one: Mapping[str, Any]) -> FileEdit:
    file, mark = _text(one, "file"), _text(one, "mark")
    if "base64" in one:
        return FileEdit(file, _bytes(one), mark)
    content = None if one.get("content") is None else _text(one, "content")
    return FileEdit(file, content, mark)


def _bytes(one: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(_text(one, "base64"), validate=True)
    except (NoBase64, ValueError):
        raise _wrong(one) from None


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    if not isinstance(value, str) or "\x00" in value or not _is_unicode(value):
        raise _wrong(one)
    return value


def _is_unicode(value: str) -> bool:
    """Half a pair of surrogates is a text for JSON, and for nobody else."""
    return not any("\ud800" <= sign <= "\udfff" for sign in value)


def _wrong(value: Any) -> WrongValue:
    return WrongValue(field="carried", value=str(value)[:80], expected="edits")
