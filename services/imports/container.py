"""What kind of file it is, looked at before anything unpacks it; each kind that we do not read has its advice."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from models.errors import UnreadableFile

EXPECTED = "an Excel workbook (.xlsx)"
MOST_BYTES = 200 * 1024 * 1024
"""Of the tables in a workbook, unpacked: a larger one is a mistake or an attack. Pictures do not count."""
OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
LOOKED_AT = 1 << 20
READ = (".xml", ".rels", ".bin")
PROTECTED = "it is protected by a password; save it without one"
OLD = "it is an old .xls file; open it in Excel and save it as .xlsx"
EITHER = "it is protected by a password, or an old .xls file; save it as .xlsx without one"
BINARY = "it is a binary workbook (.xlsb); open it in Excel and save it as .xlsx"
OPEN_DOCUMENT = "it is an OpenDocument table (.ods); save it as .xlsx"
TEXT = "it is a text file such as CSV, not a workbook; open it in Excel and save it as .xlsx"
OTHER = "it is not a workbook, whatever its name says"


def unreadable(path: Path, why: str) -> UnreadableFile:
    """The refusal of a file."""
    return UnreadableFile(file=path.name, expected=EXPECTED, why=why)


def open_archive(path: Path) -> ZipFile:
    """The workbook's container, open. Raises UnreadableFile, with what to do about it, for everything else."""
    try:
        with path.open("rb") as file:
            start = file.read(LOOKED_AT)
        _check_start(path, start)
        archive = ZipFile(path)
    except BadZipFile as error:
        raise unreadable(path, OTHER) from error
    except OSError as error:
        raise unreadable(path, error.strerror or "it cannot be opened") from error
    try:
        _check_parts(path, archive)
    except UnreadableFile:
        archive.close()
        raise
    return archive


def _check_start(path: Path, start: bytes) -> None:
    if not start:
        raise unreadable(path, "it is empty")
    if start.startswith(OLE):
        raise unreadable(path, _old(start))
    if not start.startswith(ZIP):
        raise unreadable(path, TEXT if _is_text(start) else OTHER)


def _old(start: bytes) -> str:
    """Both a protected workbook and an .xls are of this kind; the names of their streams tell them apart."""
    if "EncryptedPackage".encode("utf-16-le") in start:
        return PROTECTED
    return OLD if "Workbook".encode("utf-16-le") in start or "Book".encode("utf-16-le") in start else EITHER


def _is_text(start: bytes) -> bool:
    """UTF-8, UTF-16 with its mark, or GB18030, as a table of text comes here; the cut may go through a character."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in start and any(_decodes(start[: len(start) - cut]) for cut in range(4))


def _decodes(start: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            start.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _check_parts(path: Path, archive: ZipFile) -> None:
    size = sum(part.file_size for part in archive.infolist() if part.filename.endswith(READ))
    names = set(archive.namelist())
    if size > MOST_BYTES:
        raise unreadable(path, f"it unpacks to {size // 2**20} MB; at most {MOST_BYTES // 2**20} MB are read")
    if "xl/workbook.bin" in names:
        raise unreadable(path, BINARY)
    if "[Content_Types].xml" not in names:
        raise unreadable(path, OPEN_DOCUMENT if "mimetype" in names else OTHER)
