"""Uploaded photos are hostile until looked at: is it really a photo, whole, and of a size that can be shown?

Nobody is ever shown the bytes that somebody sent: what people see is drawn anew from the dots, so that whatever else
was in the file (scripts, other files, the camera's notes) stays behind.
"""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from threading import BoundedSemaphore

import pi_heif
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
LARGEST = 15 * MEGABYTE
"""Bytes of one photo: a phone's best is about ten million."""
MOST_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000, "PNG": 40_000_000, "WEBP": 40_000_000, "HEIF": 50_000_000}
"""Decoding takes up to four bytes a pixel, and six where a JPEG is progressive."""
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with a second picture behind it: depth, or a brighter one
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}
IMAGES = frozenset(MEDIA_TYPES.values())
LONGEST_SIDE, SMALL_SIDE = 2560, 480
_DRAFT = (1024, 1024)
_AT_ONCE = BoundedSemaphore(2)
_PAPER = (255, 255, 255)

Image.MAX_IMAGE_PIXELS = None  # it would warn or raise by a size of its own; ours is checked before anything is decoded
pi_heif.register_heif_opener(thumbnails=False)


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PHOTO = "not_a_photo"
    BROKEN = "broken"
    NOT_TAKEN = "not_taken"
    MACROS = "macros"
    VIDEO_LARGE = "video_too_large"
    VIDEO_LONG = "video_too_long"
    NO_PICTURE = "no_picture"
    CODING = "coding"
    NO_LENGTH = "no_length"
    NO_VIDEOS = "no_videos"


TOO_LARGE = frozenset({Fault.TOO_LARGE, Fault.VIDEO_LARGE})


class Unusable(Exception):
    """The file is not taken. `facts`: the limit that it is beyond, where there is one."""

    def __init__(self, fault: Fault, **facts: int) -> None:
        self.fault = fault
        self.facts = facts
        super().__init__(fault.value)


@dataclass(frozen=True)
class Photo:
    """What a file really is, whatever its name and its sender say."""

    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Drawn:
    """A photo drawn anew. `upright` are its dots, `exif` what the camera noted (hostile too).

    `width` and `height` are those of the whole photo as people see it.
    """

    photo: Photo
    upright: Image.Image
    exif: Image.Exif

    @property
    def width(self) -> int:
        return self.photo.height if self._was_turned else self.photo.width

    @property
    def height(self) -> int:
        return self.photo.width if self._was_turned else self.photo.height

    @property
    def _was_turned(self) -> bool:
        lay = self.photo.width > self.photo.height
        return self.photo.width != self.photo.height and lay != (self.upright.width > self.upright.height)


def look_at(data: bytes) -> Photo:
    """Decode it, so that nothing is kept which is cut off or only pretends. Raises Unusable."""
    _check_size(data)
    with _AT_ONCE, _opened(data) as image:
        size = image.size  # as it is in the file: it is decoded smaller
        media_type = MEDIA_TYPES[image.format or ""]
        _decode(image, _DRAFT)
        return Photo(media_type, *size)


def draw(data: bytes, *, most: int = LONGEST_SIDE) -> Drawn:
    """The dots of it, upright, at most `most` dots long. Raises Unusable."""
    _check_size(data)
    with _AT_ONCE, _opened(data) as image:
        photo = Photo(MEDIA_TYPES[image.format or ""], *image.size)
        exif = _notes(image)
        _decode(image, (most, most))
        upright = _upright(image)
        upright.thumbnail((most, most))
        return Drawn(photo, upright, exif)


def preview(data: bytes, *, most: int = 1024) -> bytes:
    """A small JPEG of it, upright, without what a camera writes into it (place, owner). Raises Unusable."""
    return jpeg(draw(data, most=most).upright, most=most, quality=80)


def jpeg(image: Image.Image, *, most: int, quality: int) -> bytes:
    """A copy as JPEG, at most so long; nothing but the dots."""
    copy = image.copy()
    copy.thumbnail((most, most))
    copy.info = {}
    made = BytesIO()
    copy.save(made, "JPEG", quality=quality)
    return made.getvalue()


def _check_size(data: bytes) -> None:
    if not data:
        raise Unusable(Fault.EMPTY)
    if len(data) > LARGEST:
        raise Unusable(Fault.TOO_LARGE)


def _opened(data: bytes) -> Image.Image:
    """Only the head is read yet. Formats other than ours are not even tried."""
    try:
        image = Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP", "HEIF"])
    except Exception as error:  # a reader of heads meets hostile bytes too
        raise Unusable(Fault.NOT_A_PHOTO) from error
    if not 0 < image.width * image.height <= MOST_PIXELS[image.format or ""]:
        image.close()
        raise Unusable(Fault.TOO_LARGE)
    return image


def _decode(image: Image.Image, size: tuple[int, int]) -> None:
    try:
        image.draft("RGB", size)
        image.load()
    except Exception as error:  # a decoder meets hostile bytes: whatever it raises, the file is of no use
        raise Unusable(Fault.BROKEN) from error


def _notes(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # noqa: BLE001 - notes that cannot be read are no notes; the picture may be fine
        return Image.Exif()


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; what is see-through lies on white."""
    try:
        turned = ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - as above
        turned = image
    if "A" in turned.getbands() or "transparency" in turned.info:
        clear = turned.convert("RGBA")
        turned = Image.new("RGB", clear.size, _PAPER)
        turned.paste(clear, mask=clear)
    return turned.convert("RGB")
