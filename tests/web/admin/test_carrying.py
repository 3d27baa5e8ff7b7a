"""Edits that travel through the browser: what comes back is read like any other input."""

import json

import pytest
from starlette.datastructures import FormData

from models.errors import NotFound, WrongValue
from services.administering import Edit, FileEdit
from web.admin.carrying import MOST_EDITS, carried, edits_of

UNIT = {"table": "units", "key": "D-CGJ", "cells": {"name": "城管局"}, "mark": "m"}


def back(written: str) -> list[Edit | FileEdit]:
    return edits_of(FormData({"carried": written}))


@pytest.mark.parametrize(
    "edit",
    [
        Edit("units", "D-CGJ", {"name": "城管局 <b>", "kind": ""}, "mark"),
        Edit("tenures", None, {"post_code": "D-CGJ:handler"}),
        Edit("points", "P-0001", {}, "mark", gone=True),
        FileEdit("rules/ladder.toml", "# 一\n[[step]]\n", "mark"),
        FileEdit("papers/interview_notice.docx", b"PK\x03\x04\xff", "mark"),
        FileEdit("templates/en/closed.txt", None, "mark"),
    ],
)
def test_an_edit_comes_back_as_it_went(edit: Edit | FileEdit) -> None:
    assert back(carried([edit])) == [edit]


def test_no_field_carries_nothing() -> None:
    assert edits_of(FormData({})) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "not json",
        "{}",
        "null",
        '"text"',
        "[" * 5000,
        json.dumps([1]),
        json.dumps([UNIT] * (MOST_EDITS + 1)),
        json.dumps([{**UNIT, "cells": {"sample_flag": "1"}}]),
        json.dumps([{**UNIT, "cells": {"row": "1"}}]),
        json.dumps([{**UNIT, "cells": {"name": 1}}]),
        json.dumps([{**UNIT, "cells": {"name": "x" * 5000}}]),
        json.dumps([{**UNIT, "cells": [["name", "x"]]}]),
        json.dumps([{**UNIT, "key": {"$ne": ""}}]),
        json.dumps([{**UNIT, "mark": None}]),
        json.dumps([{**UNIT, "key": "a\x00b"}]),
        json.dumps([{**UNIT, "key": "\ud800"}]),
        json.dumps([{"file": 1, "content": "x", "mark": ""}]),
        json.dumps([{"file": "city.toml", "content": 1, "mark": ""}]),
        json.dumps([{"file": "city.toml", "base64": "ü", "mark": ""}]),
        json.dumps([{"file": "city.toml", "content": "x" * 1_000_000, "mark": ""}]),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(hostile: str) -> None:
    with pytest.raises(WrongValue):
        back(hostile)


def test_a_table_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        back(json.dumps([{**UNIT, "table": "person; DROP TABLE issue"}]))


def test_signs_that_nobody_sees_are_taken_out_of_cells() -> None:
    (edit,) = back(json.dumps([{**UNIT, "cells": {"name": "城管\x07局\x00 "}}]))
    assert isinstance(edit, Edit)
    assert edit.cells == {"name": "城管局"}
