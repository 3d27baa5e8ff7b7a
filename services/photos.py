"""Uploaded photos are hostile until looked at: is it really a photo, whole, and of a size that can be shown?"""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageOps, UnidentifiedImageError

MEGABYTE = 1024 * 1024
LARGEST = 15 * MEGABYTE
"""Bytes of one photo: a phone's best is about ten million."""
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}
"""Decoding takes up to four bytes a pixel, and six where a JPEG is progressive."""
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_DRAFT = (1024, 1024)
_AT_ONCE = BoundedSemaphore(2)

Image.MAX_IMAGE_PIXELS = None  # it would warn or raise by a size of its own; ours is checked before anything is decoded


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PHOTO = "not_a_photo"
    BROKEN = "broken"


class Unusable(Exception):
    """The file is not taken."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True)
class Photo:
    """What a file really is, whatever its name and its sender say."""

    media_type: str
    width: int
    height: int


def look_at(data: bytes) -> Photo:
    """Decode it, so that nothing is kept which is cut off or only pretends. Raises Unusable."""
    if not data:
        raise Unusable(Fault.EMPTY)
    if len(data) > LARGEST:
        raise Unusable(Fault.TOO_LARGE)
    with _AT_ONCE, _opened(data) as image:
        size = image.size  # as it is in the file: it is decoded smaller
        _decode(image)
        return Photo(MEDIA_TYPES[image.format or ""], *size)


def preview(data: bytes, *, most: int = 1024) -> bytes:
    """A small JPEG of it, upright, without what a camera writes into it (place, owner). Raises Unusable."""
    with _AT_ONCE, _opened(data) as image:
        _decode(image)
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((most, most))
        made = BytesIO()
        upright.save(made, "JPEG", quality=80)
        return made.getvalue()


def _opened(data: bytes) -> Image.Image:
    """Only the head is read yet. Formats other than ours are not even tried."""
    try:
        image = Image.open(BytesIO(data), formats=list(MEDIA_TYPES))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Unusable(Fault.NOT_A_PHOTO) from error
    if not 0 < image.width * image.height <= MOST_PIXELS[image.format or ""]:
        image.close()
        raise Unusable(Fault.TOO_LARGE)
    return image


def _decode(image: Image.Image) -> None:
    try:
        image.draft("RGB", _DRAFT)
        image.load()
    except Exception as error:  # a decoder meets hostile bytes: whatever it raises, the file is of no use
        raise Unusable(Fault.BROKEN) from error
