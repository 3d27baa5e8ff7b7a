"""A pack or a table that somebody uploads: hostile until it is read. Nothing of an archive touches the disk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from sqlmodel import Session

from models.errors import BadRow, BadRows, UnreadableFile
from services.administering.relations import known
from services.cities.cells import cell_of
from services.cities.held import held_pack
from services.cities.kept import is_kept
from services.cities.pack import Pack
from services.cities.reading import FILES, TABLE_OF, parse_pack, text_of
from services.cities.reading_tables import columns_of, read_row, read_rows, required, wrong_columns
from services.exports.columns import Column
from services.imports.workbook import read_table as read_workbook

MOST_FILES = 500
MOST_BYTES = 100_000_000
"""Of a whole pack, unpacked: the largest city that we measured has a tenth of it."""
LARGEST_TABLE = 50_000_000
ARCHIVE, TABLE = "a city pack as a ZIP archive", "a CSV file or an Excel workbook"
LINK = 0o120000
NOISE = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_zip(path: Path) -> Pack:
    """A whole pack from a ZIP archive. Raises UnreadableFile (no archive, a bomb, a path that leads out), BadRows."""
    try:
        with ZipFile(path) as archive:
            files = dict(_contents(archive, path.name))
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UnreadableFile(file=path.name, expected=ARCHIVE, why=str(error) or type(error).__name__) from error
    if not files:
        raise UnreadableFile(file=path.name, expected=ARCHIVE, why="no file of a city pack is in it")
    return parse_pack(files, folder=Path(Path(path.name).stem))


def read_table(session: Session, path: Path, *, table: str) -> Pack:
    """The city in force with one table replaced by a CSV file or a workbook.

    Raises UnreadableFile, NotFound for an unknown table, BadRows with every bad cell.
    """
    file, kind = FILES[known(table)]
    held = held_pack(session)
    body = _bytes(path)
    problems: list[BadRow] = []
    if body.startswith(b"PK"):
        rows = tuple(_of_workbook(path, kind, problems))
    else:
        rows = tuple(read_rows(file, text_of({file: body}, file, folder=held.folder), kind, problems))
    if problems:
        raise BadRows(file=file, rows=problems)
    changed: dict[str, Any] = {table: rows}
    return replace(held, **changed)


def _contents(archive: ZipFile, name: str) -> Iterator[tuple[str, bytes]]:
    parts = [part for part in archive.infolist() if not part.is_dir() and not _is_noise(part.filename)]
    _check(parts, name)
    top = _top(parts)
    for part in parts:
        file = part.filename.removeprefix(top)
        if file not in TABLE_OF and not is_kept(file):
            raise UnreadableFile(file=name, expected=ARCHIVE, why=f"“{file[:80]}” is no file of a city pack")
        with archive.open(part) as opened:
            body = opened.read(part.file_size + 1)
        if len(body) != part.file_size:
            raise UnreadableFile(file=name, expected=ARCHIVE, why=f"“{file[:80]}” is not as large as it says")
        yield file, body


def _check(parts: list[ZipInfo], name: str) -> None:
    names = [part.filename for part in parts]
    why = ""
    if len(parts) > MOST_FILES:
        why = f"{len(parts)} files; at most {MOST_FILES} are read"
    elif (size := sum(part.file_size for part in parts)) > MOST_BYTES:
        why = f"it unpacks to {size // 1_000_000} MB; at most {MOST_BYTES // 1_000_000} MB are read"
    elif len(set(names)) != len(names):
        why = "a file stands in it twice"
    elif bad := next((part.filename for part in parts if _leads_out(part)), None):
        why = f"“{bad[:80]}” is no path inside a pack"
    if why:
        raise UnreadableFile(file=name, expected=ARCHIVE, why=why)


def _leads_out(part: ZipInfo) -> bool:
    path = PurePosixPath(part.filename)
    link = (part.external_attr >> 16) & 0o170000 == LINK
    return link or path.is_absolute() or ".." in path.parts or "\\" in part.filename or ":" in part.filename


def _is_noise(name: str) -> bool:
    return any(part in NOISE or part.startswith("._") for part in name.split("/"))


def _top(parts: list[ZipInfo]) -> str:
    """The one folder that everything lies in, where somebody packed the folder and not what is in it."""
    tops = {part.filename.split("/")[0] for part in parts}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in part.filename for part in parts) else ""


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_TABLE + 1)
    except OSError as error:
        raise UnreadableFile(file=path.name, expected=TABLE, why=error.strerror or str(error)) from error
    if len(body) > LARGEST_TABLE:
        raise UnreadableFile(file=path.name, expected=TABLE, why=f"more than {LARGEST_TABLE // 1_000_000} MB")
    return body


def _of_workbook(path: Path, kind: Any, problems: list[BadRow]) -> Iterator[Any]:
    names = tuple(columns_of(kind))
    found = read_workbook(path, [Column(name, name, name) for name in names], needed=sorted(required(kind)))
    problems += found.bad
    problems += wrong_columns(found.sheet, [*found.headings, *found.ignored], kind) if found.ignored else ()
    for line in [] if problems else found.lines:
        cells = [_text(line.cells.get(name)) for name in names]
        yield from read_row(found.sheet, line.row, names, cells, kind, problems)


def _text(value: Any) -> str:
    """A cell of a workbook as the CSV would have it: days without a time, whole numbers without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else cell_of(value)
