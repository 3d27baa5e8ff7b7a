"""How alike two pictures are: 64 bits that stay nearly the same when one is shrunk, saved again or brightened.

Each bit says whether a spot is brighter than its neighbour on the right, in a picture of 9 × 8 spots (a difference
hash). Bits are dealt out to three bands; two pictures that differ in at most five bits have a band that differs in at
most one, so all of them are found by looking up the neighbours of each band. Dealt out, not cut: a plain sky makes a
third of the bits say nothing, and then one band of three would be the same for a great many photos.
"""

import hashlib
from collections.abc import Sequence

from PIL import Image

COLUMNS, ROWS = 9, 8
BANDS, BAND_BITS = 3, 22
SURELY_FOUND = 5
"""Pictures that differ in so many bits are found, whichever bits they are."""
FLATTEST = 12
"""Brightness from the darkest spot to the brightest, of 255: below it is night, fog or a finger."""
NOISE = 1
"""Spots that are as bright as each other would say this or that by chance."""
STRIP = 256


def likeness(upright: Image.Image) -> int | None:
    """The 64 bits, as a signed number; None for a picture that shows hardly anything."""
    spots = upright.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX)
    values = spots.tobytes()
    if max(values) - min(values) < FLATTEST:
        return None
    rows = [values[at : at + COLUMNS] for at in range(0, COLUMNS * ROWS, COLUMNS)]
    bits = [row[column] > row[column + 1] + NOISE for row in rows for column in range(COLUMNS - 1)]
    whole = sum(bit << place for place, bit in enumerate(bits))
    return whole - (1 << 64) if whole >> 63 else whole


def bands(bits: int | None) -> list[int]:
    """What a picture is looked up by: each band with its number in front."""
    return [] if bits is None else [place << BAND_BITS | _band(bits, place) for place in range(BANDS)]


def neighbours(bits: int) -> Sequence[int]:
    """The bands of all pictures that may differ in at most five bits."""
    masks = (0, *(1 << bit for bit in range(BAND_BITS)))
    return [place << BAND_BITS | _band(bits, place) ^ mask for place in range(BANDS) for mask in masks]


def distance(one: int, other: int) -> int:
    """In how many bits two pictures differ."""
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def pixels(upright: Image.Image) -> str:
    """The SHA-256 of the dots: the same for a copy whose notes were taken out or changed."""
    seen = hashlib.sha256(f"{upright.width}×{upright.height}".encode())
    for top in range(0, upright.height, STRIP):
        seen.update(upright.crop((0, top, upright.width, min(top + STRIP, upright.height))).tobytes())
    return seen.hexdigest()


def _band(bits: int, place: int) -> int:
    """Every third bit."""
    return sum((bits >> at & 1) << n for n, at in enumerate(range(place, 64, BANDS)))
