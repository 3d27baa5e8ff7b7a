"""A row of a table as a form made from what its columns are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from models.errors import NotFound
from services import administering
from services.administering import Cells, ColumnInfo, ColumnKind, Edit, HeldRow, TableInfo
from services.administering.view_names import names_of
from services.administering.view_tables import suggested, table_info
from services.people import city_day
from web import forms
from web.admin.carrying import LONGEST_CELL, AnyEdit, carried
from web.admin.shared import show
from web.deps import Desk
from web.login import Reader

LONG = frozenset({"text", "text_en", "description", "story"})
"""Columns that want more than one line."""
SUGGESTED = 30
LATEST = 5
TOO_LONG = f"at most {LONGEST_CELL} characters"


def table_of(reader: Reader, name: str) -> TableInfo:
    """A table that the reader may see. Raises NotFound, for one that they may not see too."""
    found = table_info(name)
    if found.right not in reader.rights:
        raise NotFound(what="table", code=name)
    return found


@dataclass(frozen=True)
class RowForm:
    """A row as its form shows it: `cells` as they are filled in, `was` as they were read. `key` None: a new row."""

    table: str
    key: str | None = None
    cells: Cells = field(default_factory=dict)
    was: Cells = field(default_factory=dict)
    mark: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: str, held: HeldRow) -> "RowForm":
        """The row as it is held."""
        return cls(table, held.key, held.cells, held.cells, held.mark)

    def edit(self) -> Edit:
        """Only what was changed, so that nobody writes over what somebody else changes in another column."""
        if self.key is None:
            return Edit(self.table, None, {name: value for name, value in self.cells.items() if value})
        changed = {name: value for name, value in self.cells.items() if value != self.was.get(name, "")}
        return Edit(self.table, self.key, changed, self.mark)


def filled_in(table: str, key: str | None, form: FormData) -> RowForm:
    """What was typed: the columns of the table and no others; those of the key only for a new row."""
    open_ = [one.name for one in administering.columns(table) if key is None or not one.key]
    cells = {name: forms.cleaned(form.get(f"cell-{name}")) for name in open_}
    was = {name: forms.cleaned(form.get(f"was-{name}")) for name in open_}
    long = {name: TOO_LONG for name, value in cells.items() if len(value) > LONGEST_CELL}
    return RowForm(table, key, cells, was, forms.cleaned(form.get("mark"))[:200], long)


def again(here: Desk, edit: Edit) -> RowForm:
    """The form of an edit that was made before, to be corrected."""
    if edit.key is None:
        return RowForm(edit.table, None, edit.cells)
    held = administering.row(here.session, edit.table, edit.key)
    return RowForm(edit.table, edit.key, {**held.cells, **edit.cells}, held.cells, edit.mark)


def form_page(
    here: Desk,
    info: TableInfo,
    filled: RowForm,
    *,
    held: HeldRow | None = None,
    before: Sequence[AnyEdit] = (),
    status: int = 200,
    wrong: str = "",
) -> HTMLResponse:
    """The form; beside a row that is there what refers to it, and its history."""
    columns = administering.columns(filled.table)
    key = filled.key or ""
    return show(
        here,
        "row",
        status=status,
        info=info,
        filled=filled,
        held=held,
        columns=columns,
        long=LONG,
        names=names(here, columns, [filled.cells, *([held.cells] if held else [])]),
        hints={one.target: hints(here, one.target) for one in columns if one.target},
        refers=administering.references(here.session, filled.table, key) if held else {},
        past=administering.history(here.session, table=filled.table, key=key, limit=LATEST) if held else [],
        today=city_day(here.session, here.now).isoformat(),
        before=before,
        carried=carried(before),
        title=title({**filled.was, **filled.cells} if held is None else held.cells, key),
        wrong=wrong,
    )


def title(cells: Cells, key: str) -> str:
    """What a row is called."""
    return cells.get("name") or cells.get("title") or key


def hints(here: Desk, target: str, query: str = "") -> list[tuple[str, str]]:
    """The first codes of a table with their names, as suggestions."""
    return suggested(here.session, target, query, limit=SUGGESTED, now=here.now)


def names(here: Desk, shown: Sequence[ColumnInfo], cells: Sequence[Cells]) -> dict[str, dict[str, str]]:
    """Table → code → name, for what the cells refer to."""
    wanted: dict[str, set[str]] = {}
    for column in shown:
        if column.kind is ColumnKind.REFERENCE:
            wanted.setdefault(column.target, set()).update(one.get(column.name, "") for one in cells)
    return {target: names_of(here.session, target, codes) for target, codes in wanted.items()}
