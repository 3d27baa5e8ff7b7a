"""Reading the sheets of an .xlsx as a stream of values, whatever its size, in memory that does not grow with it.

A reader of our own, since speed and limits both lie here: openpyxl takes three times as long, and calamine keeps a
sheet as one block, so that one cell in the last corner of a tiny file ends the process. It takes what a cell shows:
text, number, date, the last result of a formula. Pictures, charts and what else a file may hold are never opened.
"""

import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from services.imports.xlsx_cells import Formats, Row, Rows, Strings

BROKEN = (
    ExpatError,
    BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    ArithmeticError,
    OSError,
    RuntimeError,
)
"""What reading a file that is damaged, or packed in a way of its own, may raise."""
CHUNK = 1 << 16
START = "_rels/.rels"
Attributes = dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook, still closed."""

    name: str
    hidden: bool
    part: str


class Book:
    """An open workbook. What is not well-formed raises one of BROKEN."""

    def __init__(self, archive: ZipFile, *, most_bytes: int) -> None:
        self._archive, self._most_bytes = archive, most_bytes
        start = self._related("", START)
        main = dict(start.values())["officeDocument"]
        parts = self._related(main, join(dirname(main), "_rels", f"{main.rpartition('/')[2]}.rels"))
        self._of_kind = dict(parts.values())
        self.epoch = WINDOWS_EPOCH
        self.sheets: list[Sheet] = []
        for name, given in self._elements(main):
            if name == "workbookPr" and given.get("date1904", "0") in ("1", "true"):
                self.epoch = MAC_EPOCH
            elif name == "sheet" and parts.get(given["id"], ("", ""))[0] == "worksheet":
                hidden = given.get("state", "visible") != "visible"
                self.sheets.append(Sheet(given["name"], hidden, parts[given["id"]][1]))
        self._strings: list[str | None] | None = None
        self._formats: Formats | None = None

    def rows(self, sheet: Sheet, *, merged: list[str] | None = None) -> Generator[Row, None, None]:
        """The rows that hold anything, top down; stop whenever you have enough.

        `merged` is filled, at the end, with the ranges of merged cells, such as B2:B5.
        """
        if self._strings is None or self._formats is None:
            self._strings, self._formats = self._read_strings(), self._read_formats()
        reading = Rows(self._strings, self._formats, self.epoch, merged if merged is not None else [])
        for _ in self._parse(sheet.part, reading.start, reading.end, reading.text):
            yield from reading.finished
            reading.finished.clear()

    def _read_strings(self) -> list[str | None]:
        if "sharedStrings" not in self._of_kind:
            return []
        reading = Strings()
        for _ in self._parse(self._of_kind["sharedStrings"], reading.start, reading.end, reading.text):
            pass
        return reading.strings

    def _read_formats(self) -> Formats:
        """Which styles show a number as a date or as a length of time."""
        written: dict[int, str] = dict(BUILTIN_FORMATS)
        used: list[int] = []
        inside = ""
        for name, given in self._elements(self._of_kind["styles"]) if "styles" in self._of_kind else ():
            if name == "numFmt":
                written[int(given["numFmtId"])] = given.get("formatCode", "")
            elif name in ("cellXfs", "cellStyleXfs", "cellStyles"):
                inside = name
            elif name == "xf" and inside == "cellXfs":
                used.append(int(given.get("numFmtId", "0")))
        codes = [written.get(number, "") for number in used]
        return Formats(
            dates=frozenset(str(style) for style, code in enumerate(codes) if is_date_format(code)),
            lengths=frozenset(str(style) for style, code in enumerate(codes) if is_timedelta_format(code)),
        )

    def _related(self, of: str, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id → (kind, part)."""
        found = {}
        for name, given in self._elements(part):
            if name == "Relationship" and given.get("TargetMode") != "External":
                target = normpath(join("/", dirname(of), given["Target"])).lstrip("/")
                found[given["Id"]] = (given["Type"].rpartition("/")[2], target)
        return found

    def _elements(self, part: str) -> Iterator[tuple[str, Attributes]]:
        """The elements of a part in their order, by their names without prefixes."""
        found: list[tuple[str, Attributes]] = []

        def start(name: str, given: Attributes) -> None:
            found.append((_local(name), {_local(key): value for key, value in given.items()}))

        for _ in self._parse(part, start):
            yield from found
            found.clear()

    def _parse(
        self,
        part: str,
        start: Callable[[str, Any], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_doctype
        if self._archive.getinfo(part).file_size > self._most_bytes:
            raise ValueError("a part that is too large")
        with self._archive.open(part) as source:  # gives no more than the size that was just looked at
            while chunk := source.read(CHUNK):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
            yield


def _no_doctype(*_: Any) -> None:
    """A workbook has none; an attack by entities has."""
    raise ValueError("a document type")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
