"""When and where a video was taken, as its boxes note it. Anybody can write there: hints, no proof."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.photo_notes import FIRST_YEAR, Claim, place
from services.video_facts import Source

ERA = datetime(1904, 1, 1, tzinfo=UTC)
PLACE, TAKEN = "com.apple.quicktime.location.ISO6709", "com.apple.quicktime.creationdate"
ISO_6709 = re.compile(r"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?(?:CRS\w*)?/?")
MOST_KEYS = 200
Where = tuple[float | None, float | None]


@dataclass
class Notes:
    """What was noted. What Apple's keys say counts more: the moment there has a zone."""

    taken: datetime | None = None
    taken_by_key: datetime | None = None
    place: Where = (None, None)

    def claim(self) -> Claim:
        """As a claim of the camera."""
        return Claim(self.taken_by_key or self.taken, *self.place)


def moment(seconds: int) -> datetime | None:
    """Seconds since 1904, in UTC. Cameras without a clock write 0; some write local time, which makes it late by so
    many hours, and so never looks too old."""
    try:
        found = ERA + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return found if FIRST_YEAR <= found.year < 9999 else None


def place_of(written: str) -> Where:
    """Degrees, such as +29.3514+104.7858/ (ISO 6709)."""
    found = ISO_6709.match(written)
    return place(float(found[1]), float(found[2])) if found else (None, None)


def apple(source: Source, keys: tuple[int, int], values: Iterable[tuple[int, int, int]], notes: Notes) -> None:
    """Names in one list, values in another, each with the number of its name. Raises Unusable."""
    names = _names(source, *keys)
    for number, start, end in values:
        name = names.get(number)
        if name not in (PLACE, TAKEN) or end - start < 16:
            continue
        written = source.text(start + 16, end)  # after the head of the box `data`: its kind, and the language
        if name == PLACE:
            notes.place = place_of(written)
        else:
            notes.taken_by_key = _zoned(written)


def _names(source: Source, start: int, end: int) -> dict[int, str]:
    count, at = min(source.number(start + 4, 4), MOST_KEYS), start + 8
    found = {}
    for number in range(1, count + 1):
        if end - at < 8:
            break
        size = source.number(at, 4)
        found[number] = source.text(at + 8, min(at + max(size, 8), end))
        at += max(size, 8)
    return found


def _zoned(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo and FIRST_YEAR <= found.year < 9999 else None
