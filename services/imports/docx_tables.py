"""The tables of a Word file (.docx) as rows of text, read as carefully as a workbook: nothing else of it is opened.

A cell merged downwards says the same in each row, as it looks on paper.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from models.errors import UnreadableFile

EXPECTED = "a Word file (.docx)"
PART = "word/document.xml"
MOST_BYTES = 50 * 1024 * 1024
"""Of the text of a document, unpacked: a larger one is a mistake or an attack. Pictures do not count."""
MOST_CELLS = 200_000
CHUNK = 1 << 16
BROKEN = (ExpatError, BadZipFile, zlib.error, KeyError, ValueError, OSError, RuntimeError)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
GOES_ON = "continue"


@dataclass
class _Cell:
    text: list[str] = field(default_factory=list)
    span: int = 1
    goes_on: bool = False


@dataclass
class _Reading:
    """The tables so far. A table within a cell is text of that cell."""

    tables: list[list[list[str]]] = field(default_factory=list)
    depth: int = 0
    row: list[str] = field(default_factory=list)
    cell: _Cell | None = None
    writing: bool = False
    cells: int = 0

    def start(self, name: str, given: Mapping[str, str]) -> None:
        tag = name.removeprefix(f"{WORD} ")
        if tag == "tbl":
            self.depth += 1
            if self.depth == 1:
                self.tables.append([])
        elif self.depth == 1 and tag == "tr":
            self.row = []
        elif self.depth == 1 and tag == "tc":
            self.cell = _Cell()
        elif self.cell is not None:
            self._inside(tag, given)

    def _inside(self, tag: str, given: Mapping[str, str]) -> None:
        assert self.cell is not None
        if tag == "gridSpan" and self.depth == 1:
            self.cell.span = max(1, min(int(given.get(f"{WORD} val", "1")), 100))
        elif tag == "vMerge" and self.depth == 1:
            self.cell.goes_on = given.get(f"{WORD} val", GOES_ON) == GOES_ON
        elif tag == "t":
            self.writing = True
        elif tag in ("br", "tab"):
            self.cell.text.append(" ")

    def end(self, name: str) -> None:
        tag = name.removeprefix(f"{WORD} ")
        if tag == "t":
            self.writing = False
        elif tag == "p" and self.cell is not None:
            self.cell.text.append("\n")
        elif tag == "tc" and self.depth == 1:
            self._finish_cell()
        elif tag == "tr" and self.depth == 1:
            self.tables[-1].append(self.row)
        elif tag == "tbl":
            self.depth -= 1

    def _finish_cell(self) -> None:
        assert self.cell is not None
        text = "".join(self.cell.text).strip()
        above = self.tables[-1][-1] if self.tables[-1] else []
        if self.cell.goes_on and not text and len(above) > len(self.row):
            text = above[len(self.row)]
        self.row += [text, *[""] * (self.cell.span - 1)]
        self.cells += self.cell.span
        self.cell = None
        if self.cells > MOST_CELLS:
            raise ValueError("too many cells")

    def text(self, written: str) -> None:
        if self.writing and self.cell is not None:
            self.cell.text.append(written)


def read_tables(path: Path) -> list[list[list[str]]]:
    """Table → row → cell. Raises UnreadableFile for what is no Word file, is protected, damaged or too large."""
    try:
        with ZipFile(path) as archive:
            return _tables(path, archive)
    except BROKEN as error:
        raise _unreadable(path, "it is no .docx file, it is damaged, or it is protected by a password") from error


def _tables(path: Path, archive: ZipFile) -> list[list[list[str]]]:
    if PART not in archive.namelist():
        raise _unreadable(path, "it is no .docx file; open it in Word and save it as .docx")
    if archive.getinfo(PART).file_size > MOST_BYTES:
        raise _unreadable(path, f"its text unpacks to more than {MOST_BYTES // 2**20} MB")
    reading = _Reading()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = _no_doctype
    with archive.open(PART) as source:
        while chunk := source.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    return reading.tables


def _no_doctype(*_: Any) -> None:
    """A Word file has none; an attack by entities has."""
    raise ValueError("a document type")


def _unreadable(path: Path, why: str) -> UnreadableFile:
    return UnreadableFile(file=path.name, expected=EXPECTED, why=why)
