"""Two administrators changed the same row: what each column is to be, theirs or mine, is chosen by who came second."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from starlette.datastructures import FormData

from services.administering import Conflict, Edit, FileEdit, Proposal
from web import forms
from web.admin.carrying import AnyEdit

MINE = "mine"


def settled(edits: Sequence[AnyEdit], proposal: Proposal, form: FormData) -> list[AnyEdit]:
    """The edits with what was chosen. What was seen is known by its mark: who was faster again is shown again."""
    conflicts = {one.edit: one for one in proposal.conflicts}
    return list(_settled(edits, conflicts, form))


def _settled(edits: Sequence[AnyEdit], conflicts: dict[int, Conflict], form: FormData) -> Iterator[AnyEdit]:
    for number, edit in enumerate(edits):
        conflict = conflicts.get(number)
        if conflict is None:
            yield edit
            continue
        mark = forms.cleaned(form.get(f"mark-{number}"))[:200]
        if isinstance(edit, FileEdit) or edit.gone or conflict.theirs is None:
            yield from _whole(edit, conflict, mark, mine=form.get(f"pick-{number}") == MINE)
            continue
        cells = {name: value for name, value in edit.cells.items() if _keeps(form, number, name, conflict)}
        if cells:
            yield replace(edit, cells=cells, mark=mark)


def _keeps(form: FormData, number: int, name: str, conflict: Conflict) -> bool:
    """Whether my value of a column stays: chosen, or nobody else has another."""
    return name not in conflict.differing or form.get(f"pick-{number}-{name}") == MINE


def _whole(edit: AnyEdit, conflict: Conflict, mark: str, *, mine: bool) -> Iterator[AnyEdit]:
    """A file, a row that I end, or a row that is gone: all of it or nothing."""
    if not mine:
        return
    if isinstance(edit, Edit) and conflict.theirs is None:
        yield Edit(edit.table, None, {name: value for name, value in (conflict.mine or {}).items() if value}, mark)
    else:
        yield replace(edit, mark=mark)
