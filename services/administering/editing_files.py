"""Whole files anew, in memory: rules, city.toml, templates, papers, the CSV of a table."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.errors import BadRow, NotFound, UnreadableFile
from models.scoring.parsing import FILE as SCORING
from services.administering.editing import Draft
from services.administering.marks import mark_of_file
from services.administering.settling import settled_rows
from services.administering.values import BadCell, Conflict, FileEdit
from services.cities.kept import LARGEST, is_kept
from services.cities.reading import FILES, RULES, TABLE_OF, read_toml, rules_file, text_of
from services.cities.reading_city import read_city
from services.cities.reading_tables import read_rows
from services.cities.writing import CITY, file_bytes

NEEDED = "this file: the city cannot do without it"
FIXED = ("code", "demo")
LINE, MOST_SHOWN = re.compile(r"at line (\d+)"), 80
RULES_OF: Mapping[str, str] = {rules_file(name): name for name in RULES}


def edit_file(draft: Draft, edit: FileEdit, *, number: int) -> None:
    """One file: anew, or gone. Raises NotFound for a path that no pack has."""
    if edit.file not in TABLE_OF and not is_kept(edit.file):
        raise NotFound(what="file of the pack", code=edit.file[:80])
    draft.settle()
    there, body = file_bytes(draft.pack, edit.file), _bytes(edit.content)
    if body == there:
        return
    if _is_stale(edit, there):
        draft.conflicts.append(_conflict(edit, there, number=number))
    elif body is None:
        _remove(draft, edit, number=number)
    elif len(body) > LARGEST:
        draft.bad.append(BadCell(number, edit.file, "-", f"{len(body)}", f"at most {LARGEST} bytes"))
    else:
        _put(draft, edit, body, number=number)


def _bytes(content: str | bytes | None) -> bytes | None:
    """A form sends CRLF at the end of each line, whatever it was given."""
    return content.replace("\r\n", "\n").encode("utf-8", "replace") if isinstance(content, str) else content


def _is_stale(edit: FileEdit, there: bytes | None) -> bool:
    if there is None:
        return bool(edit.mark)
    return mark_of_file(there) != edit.mark


def _conflict(edit: FileEdit, there: bytes | None, *, number: int) -> Conflict:
    theirs = None if there is None else {"content": there.decode("utf-8", "replace")}
    mine = None if edit.content is None else {"content": (_bytes(edit.content) or b"").decode("utf-8", "replace")}
    return Conflict(number, edit.file, "", theirs, mine, mark_of_file(there) if there is not None else "")


def _remove(draft: Draft, edit: FileEdit, *, number: int) -> None:
    if edit.file in TABLE_OF or edit.file == CITY or edit.file in RULES_OF:
        draft.bad.append(BadCell(number, edit.file, "-", "", NEEDED))
        return
    files = {file: body for file, body in draft.pack.files.items() if file != edit.file}
    draft.pack = replace(draft.pack, files=files)


def _put(draft: Draft, edit: FileEdit, body: bytes, *, number: int) -> None:
    problems: list[BadRow] = []
    try:
        made = _made(draft, edit.file, body, problems)
    except UnreadableFile as error:
        draft.bad.append(_unreadable(edit, body, error, number=number))
        return
    if problems:
        draft.bad += (BadCell(number, edit.file, p.column, p.value, p.expected, p.row) for p in problems)
        return
    draft.pack = replace(draft.pack, **made)


def _unreadable(edit: FileEdit, body: bytes, error: UnreadableFile, *, number: int) -> BadCell:
    """With the line that cannot be read, where the reader names one; else with what it says."""
    why, expected = str(error.params["why"]), str(error.params["expected"])
    lines, told = body.decode("utf-8", "replace").splitlines(), LINE.search(why)
    line = int(told[1]) if told else 0
    value = lines[line - 1].strip()[:MOST_SHOWN] if 0 < line <= len(lines) else why
    return BadCell(number, edit.file, "-", value, expected, line)


def _made(draft: Draft, file: str, body: bytes, problems: list[BadRow]) -> dict[str, Any]:
    """What of the pack becomes new. Raises UnreadableFile."""
    if file.endswith((".csv", ".toml", ".txt", ".html", ".md")):
        text = text_of({file: body}, file, folder=draft.pack.folder)
    if name := TABLE_OF.get(file):
        kind: Any = FILES[name][1]
        rows = tuple(read_rows(file, text, kind, problems))
        return {} if problems else {name: settled_rows(name, draft.base, rows, today=draft.today)}
    files = {"files": {**draft.pack.files, file: body}}
    if file == CITY:
        return {"city": _city(draft, text, problems), **files}
    if file == SCORING:
        read_toml(file, text)
    if name := RULES_OF.get(file):
        return {"rules": {**draft.pack.rules, name: read_toml(file, text)}, **files}
    return files


def _city(draft: Draft, text: str, problems: list[BadRow]) -> Any:
    made = read_city(read_toml(CITY, text), problems)
    for name in FIXED if made is not None else ():
        was, new = getattr(draft.base.city, name), getattr(made, name)
        if was != new:
            problems.append(BadRow(CITY, 0, name, str(new), f"{str(was).lower()}: a city that runs stays what it is"))
    return made
