"""Papers that are handed in beside photos: PDF, Word and Excel files. Never opened by us, never shown inside a page.

They are handed on as they came, as downloads; files with macros are not taken.
"""

import zipfile
from collections.abc import Collection
from io import BytesIO

from services import videos
from services.photos import IMAGES, LARGEST, Fault, Unusable, look_at
from services.videos import VIDEOS

PDF = "application/pdf"
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {
    PDF: ".pdf",
    OFFICE["word/document.xml"]: ".docx",
    OFFICE["xl/workbook.xml"]: ".xlsx",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    **videos.ENDINGS,
}
DOCUMENTS = frozenset({PDF, *OFFICE.values()})
CONTENTS = "[Content_Types].xml"


def media_type_of(data: bytes) -> str:
    """What a photo or a paper really is, looked at whole. Raises Unusable."""
    if data.startswith(b"%PDF-") or data.startswith(b"PK\x03\x04"):
        return _document(data)
    return look_at(data).media_type


def shows(media_type: str) -> bool:
    """Whether it shows how a place looks: a photo or a video."""
    return media_type in IMAGES or media_type in VIDEOS


def is_photo(media_type: str) -> bool:
    """Whether it is a picture that people can be shown."""
    return media_type in IMAGES


def _document(data: bytes) -> str:
    if len(data) > LARGEST:
        raise Unusable(Fault.TOO_LARGE)
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise Unusable(Fault.BROKEN)
        return PDF
    names = _names(data)
    if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names):
        raise Unusable(Fault.MACROS)
    found = next((kind for part, kind in OFFICE.items() if part in names and CONTENTS in names), None)
    if found is None:
        raise Unusable(Fault.NOT_TAKEN)
    return found


def _names(data: bytes) -> Collection[str]:
    """The list of what an archive holds; nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except Exception as error:  # hostile bytes: whatever it raises, it is no archive
        raise Unusable(Fault.BROKEN) from error
