"""Papers are taken by what is in them."""

import zipfile
from io import BytesIO

import pytest

from services.documents import OFFICE, PDF, media_type_of
from services.photos import LARGEST, Fault, Unusable

WORD, EXCEL = OFFICE


def archive(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return made.getvalue()


def test_a_pdf_is_taken() -> None:
    assert media_type_of(b"%PDF-1.7\n...\n%%EOF\n") == PDF


@pytest.mark.parametrize("part", [WORD, EXCEL])
def test_an_office_file_is_taken(part: str) -> None:
    assert media_type_of(archive("[Content_Types].xml", part)) == OFFICE[part]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"%PDF-1.7 cut off", Fault.BROKEN),
        (b"PK\x03\x04 no archive", Fault.BROKEN),
        (archive("a.txt"), Fault.NOT_TAKEN),
        (archive("word/document.xml"), Fault.NOT_TAKEN),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), Fault.MACROS),
        (archive("[Content_Types].xml", "xl/workbook.xml", "xl/VBAPROJECT.BIN"), Fault.MACROS),
        (b"%PDF-" + b"x" * LARGEST, Fault.TOO_LARGE),
        (b"", Fault.EMPTY),
    ],
)
def test_what_is_none_is_not_taken(data: bytes, fault: Fault) -> None:
    with pytest.raises(Unusable) as caught:
        media_type_of(data)
    assert caught.value.fault is fault
