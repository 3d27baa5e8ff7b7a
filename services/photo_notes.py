"""When and where a photo was taken, as the camera noted it (EXIF). Anybody can write there: hints, no proof."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

EXIF, GPS = 0x8769, 0x8825
TAKEN, OFFSET, CHANGED = 0x9003, 0x9011, 0x0132
LAT_SIDE, LAT, LNG_SIDE, LNG, GPS_TIME, GPS_DATE = 1, 2, 3, 4, 7, 29
FIRST_YEAR = 1995
"""A camera without a set clock says 1970 or 1980."""


@dataclass(frozen=True)
class Claim:
    """What a camera or a phone says of a photo. Degrees of WGS-84; no place is None for both."""

    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None

    def or_else(self, other: "Claim") -> "Claim":
        """With what the other one says where this one says nothing."""
        placed = self if self.lat is not None else other
        return Claim(self.taken_at or other.taken_at, placed.lat, placed.lng)


def notes_of(exif: Image.Exif, *, zone: str) -> Claim:
    """What the camera noted. A time without a zone is one of the city's."""
    camera, gps = _part(exif, EXIF), _part(exif, GPS)
    lat, lng = place(_degrees(gps, LAT, LAT_SIDE, "S"), _degrees(gps, LNG, LNG_SIDE, "W"))
    return Claim(_camera_time(camera, exif, ZoneInfo(zone)) or _gps_time(gps), lat, lng)


def place(lat: float | None, lng: float | None) -> tuple[float | None, float | None]:
    """A place on earth, or none: the point where both are zero is what devices say that know nothing."""
    known = lat is not None and lng is not None and math.isfinite(lat) and math.isfinite(lng)
    on_earth = known and abs(lat or 0) <= 90 and abs(lng or 0) <= 180 and (lat, lng) != (0.0, 0.0)
    return (lat, lng) if on_earth else (None, None)


def _part(exif: Image.Exif, which: int) -> Mapping[int, Any]:
    try:
        return dict(exif.get_ifd(which))
    except Exception:  # noqa: BLE001 - notes that cannot be read are no notes
        return {}


def _degrees(gps: Mapping[int, Any], where: int, side: int, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[where])
        whole = degrees + minutes / 60 + seconds / 3600
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return -whole if str(gps.get(side, "")).strip("\0 ").upper() == negative else whole


def _camera_time(camera: Mapping[int, Any], exif: Image.Exif, zone: ZoneInfo) -> datetime | None:
    written = _words(camera.get(TAKEN)) or _words(exif.get(CHANGED))
    offset = _words(camera.get(OFFSET))
    for text, form in ((f"{written} {offset}", "%Y:%m:%d %H:%M:%S %z"), (written, "%Y:%m:%d %H:%M:%S")):
        found = _parsed(text, form)
        if found is not None:
            return found if found.tzinfo else _sure(found.replace(tzinfo=zone))
    return None


def _gps_time(gps: Mapping[int, Any]) -> datetime | None:
    clock = gps.get(GPS_TIME)
    try:
        parts: Sequence[int] = [int(float(part)) for part in clock] if clock else []
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    text = f"{_words(gps.get(GPS_DATE))} " + ":".join(f"{part:02d}" for part in parts)
    found = _parsed(text, "%Y:%m:%d %H:%M:%S")
    return found.replace(tzinfo=UTC) if found else None


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return _sure(datetime.strptime(text, form))  # noqa: DTZ007 - the zone is put on by who asked
    except ValueError:
        return None


def _sure(found: datetime) -> datetime | None:
    """In UTC where it has a zone; nothing before there were such cameras, or that no calendar has."""
    if not FIRST_YEAR <= found.year < 9999:
        return None
    return found.astimezone(UTC) if found.tzinfo else found


def _words(value: object) -> str:
    return value.strip("\0 ") if isinstance(value, str) else ""
