"""Pictures for tests: each seed its own scene, with what a camera would note."""

import random
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

HEIC = Path(__file__).with_name("phone.heic")
"""What a phone makes: 160 × 120, taken 2026-11-02 09:30 +08:00 at 29.34, 104.77."""


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Blocks of light and dark; the same seed is the same picture in any size."""
    dice = random.Random(seed)
    image = Image.new("RGB", (64, 48), (120, 120, 120))
    pen = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = dice.randrange(64), dice.randrange(48)
        colour = tuple(dice.randrange(256) for _ in range(3))
        pen.rectangle((x, y, x + dice.randrange(4, 24), y + dice.randrange(4, 20)), fill=colour)
    return image.resize(size, Image.Resampling.BICUBIC)


def notes(
    *, taken: str = "", offset: str = "", lat: float | None = None, lng: float | None = None, turned: int = 1
) -> Image.Exif:
    """What the camera writes: `taken` as `2026:11:02 09:30:00`."""
    exif = Image.Exif()
    exif[0x0112] = turned
    camera, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    if taken:
        camera[0x9003] = taken
    if offset:
        camera[0x9011] = offset
    if lat is not None and lng is not None:
        gps.update({1: "N" if lat >= 0 else "S", 2: _parts(lat), 3: "E" if lng >= 0 else "W", 4: _parts(lng)})
    return exif


def _parts(degrees: float) -> tuple[float, float, float]:
    minutes = abs(degrees) % 1 * 60
    return float(int(abs(degrees))), float(int(minutes)), round(minutes % 1 * 60, 4)


def saved(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    made = BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def photo(seed: int = 1, **noted) -> bytes:
    """A JPEG of a scene; `noted` as for `notes`."""
    return saved(scene(seed), exif=notes(**noted), quality=90)
