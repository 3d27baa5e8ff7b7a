"""`duban verify`: is the sealed record as it was written? From the database, or from an export alone."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import options, showing, words
from cli.app import app
from cli.exits import Exit
from cli.opening import opened
from cli.options import argument
from models.errors import UnreadableFile
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from services.seal import Verified


@app.command(
    "verify", help=_("Check the sealed record, of the database or of an export. Names the first altered place.")
)
def verify(
    file: Annotated[Path | None, argument(_("An export of `duban export record`."))] = None,
    as_json: options.AsJson = False,
) -> int:
    seen = _of_file(showing.existing(file)) if file else _of_database()
    empty = file is not None and not seen.events
    if as_json:
        showing.print_json({"intact": not (seen.alteration or empty), **vars(seen)})
    else:
        showing.say(_sentence(seen, empty=empty))
    return Exit.FOUND if seen.alteration or empty else Exit.DONE


def _of_database() -> "Verified":
    from services import seal

    with opened() as work, work.sessions() as session:
        return seal.verify(seal.record_lines(session))


def _of_file(file: Path) -> "Verified":
    """Needs no database. Raises UnreadableFile."""
    from services import seal

    try:
        with file.open(encoding="utf-8") as lines:
            return seal.verify(_objects(seal.read_lines(lines)))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(file=file, expected=_("an exported record"), why=error) from error


def _objects(lines: Iterable[Any]) -> Iterable[Mapping[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not isinstance(line, dict):
            raise ValueError(f"line {number}: not an object")
        yield line


def _sentence(seen: "Verified", *, empty: bool) -> str:
    if empty:
        return _("The file holds no record.")
    counts = {"issues": seen.issues, "events": seen.events, "days": seen.days}
    if seen.alteration is None:
        return _("Intact: {issues} issues, {events} events, {days} sealed days.").format(**counts)
    place, seq = seen.alteration.number, seen.alteration.seq
    where = _("{number}, event {seq}").format(number=place, seq=seq) if seq is not None else place
    return _("ALTERED at {where}: {what}.").format(where=where, what=words.alteration(seen.alteration.what))
