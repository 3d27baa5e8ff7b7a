"""What a change would do, as a page: in words, with what the lint says, and the form that confirms it."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse

from models.errors import NotFound
from models.permissions import Right
from services import administering
from services.administering import Cells, ColumnInfo, ColumnKind, Edit, FileEdit, Proposal
from services.administering.view_names import names_of
from services.administering.view_tables import table_infos
from services.cities.keys import key_parts
from services.cities.reading import RULES, rules_file
from services.papers.stationery import WORD
from web.admin.carrying import AnyEdit, carried
from web.admin.shared import show
from web.deps import Desk
from web.login import Reader

MOST_LINES = 400
RULE_FILES = frozenset(map(rules_file, RULES))
SHOWN_CHANGES = 200


@dataclass(frozen=True)
class Piece:
    """One edit of the change: what it is about, and the lines of a file that differ."""

    number: int
    place: str
    key: str
    file: bool
    lines: tuple[str, ...] = ()


def propose(here: Desk, reader: Reader, edits: Sequence[AnyEdit]) -> Proposal:
    """What they would do. Raises as the service does."""
    return administering.propose(here.session, edits, actor=reader.actor, now=here.now)


def bad_cells(proposal: Proposal, edit: int) -> Mapping[str, str]:
    """Column → what was expected, of one edit."""
    return {bad.column: bad.expected for bad in proposal.bad_cells if bad.edit == edit}


def page(
    here: Desk, reader: Reader, edits: Sequence[AnyEdit], proposal: Proposal, *, status: int = 200, **more: Any
) -> HTMLResponse:
    """The proposal; 409 where somebody was faster, 400 where it cannot be read."""
    manages = Right.MANAGE_CITY in reader.rights
    tables = [one for one in table_infos() if one.right in reader.rights] if manages else []
    return plain_page(
        here,
        proposal,
        status=status,
        pieces=list(_pieces(here, edits)),
        carried=carried(edits),
        rules=any(isinstance(one, FileEdit) and one.file in RULE_FILES for one in edits),
        manages=manages,
        tables=tables,
        **more,
    )


def plain_page(here: Desk, proposal: Proposal, *, status: int = 200, **more: Any) -> HTMLResponse:
    """What a proposal says. `kept`: the upload that it is of; else the form carries its edits."""
    said = status
    if status < 400:
        said = 409 if proposal.conflicts else 400 if proposal.bad_cells else 200
    known = {"pieces": [], "carried": "", "rules": False, "manages": False, "tables": [], "kept": "", "table": ""}
    return show(
        here,
        "change",
        status=said,
        proposal=proposal,
        names=_names(here, proposal),
        columns={place: _kinds(place) for place in _places(proposal)},
        before=[told for told in proposal.findings if not told.new],
        new=[told for told in proposal.findings if told.new],
        most=SHOWN_CHANGES,
        **{**known, "wrong": "", "why": "", "replayed": None, **more},
    )


def _pieces(here: Desk, edits: Iterable[AnyEdit]) -> Iterator[Piece]:
    for number, one in enumerate(edits):
        if isinstance(one, Edit):
            yield Piece(number, one.table, one.key or "", file=False)
        else:
            yield Piece(number, one.file, "", file=True, lines=tuple(_differing(here, one)))


def _differing(here: Desk, edit: FileEdit) -> list[str]:
    """The lines of a text that differ, with those around them."""
    new = edit.content if isinstance(edit.content, bytes) else (edit.content or "").encode("utf-8", "replace")
    old = text_of(here, edit.file)
    if old is None or edit.file.endswith(WORD):
        return []
    return differing(old, new.decode("utf-8-sig", "replace"))


def differing(old: str, new: str) -> list[str]:
    """Two texts line by line, as `diff -u` shows them, without its heading; cut where it is very long."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    return [line for line, _ in zip(lines, range(MOST_LINES), strict=False)][2:]


def text_of(here: Desk, file: str) -> str | None:
    """The file in force; empty where there is none, None for what is no text."""
    try:
        return administering.file(here.session, file).text
    except NotFound:
        return ""


def _places(proposal: Proposal) -> set[str]:
    return {one.place for one in proposal.changes} | {one.place for one in proposal.conflicts}


def _kinds(place: str) -> Mapping[str, ColumnInfo]:
    try:
        return {one.name: one for one in administering.columns(place)}
    except NotFound:
        return {}


def _names(here: Desk, proposal: Proposal) -> dict[str, str]:
    """The names of what changes and of what it refers to, by code."""
    wanted: dict[str, set[str]] = {}
    for place, key, sides in _sides(proposal):
        wanted.setdefault(place, set()).add(key)
        columns = _kinds(place)
        keyed = dict(zip([name for name, one in columns.items() if one.key], key_parts(key), strict=False))
        for name, column in columns.items():
            if column.kind is ColumnKind.REFERENCE:
                codes = wanted.setdefault(column.target, set())
                codes.update(side[name] for side in (*sides, keyed) if side.get(name))
    found = [names_of(here.session, table, codes) for table, codes in wanted.items()]
    return {code: name for names in found for code, name in names.items()}


def _sides(proposal: Proposal) -> Iterator[tuple[str, str, tuple[Cells, ...]]]:
    for change in proposal.changes[:SHOWN_CHANGES]:
        yield change.place, change.key, (change.before, change.after)
    for conflict in proposal.conflicts:
        yield conflict.place, conflict.key, (conflict.theirs or {}, conflict.mine or {})
