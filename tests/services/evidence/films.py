"""Videos for tests, made box by box and element by element: each says what it is told to say, and shows nothing.

What a real browser recorded and shows is in tests/browser/test_videos.py.
"""

import struct
from collections.abc import Sequence

SECONDS_1904 = 2_082_844_800
"""From 1904 to 1970."""


def box(kind: bytes, *inside: bytes) -> bytes:
    data = b"".join(inside)
    return struct.pack(">I", 8 + len(data)) + kind + data


def full(kind: bytes, *inside: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", flags), *inside)


def words(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


FLAT = words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
TURNED = words(0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000)


def mp4(
    *,
    seconds: float = 5,
    taken: int = 0,
    place: str = "",
    coding: bytes = b"avc1",
    kind: bytes = b"vide",
    brand: bytes = b"mp42",
    turned: bool = False,
    in_movie: Sequence[bytes] = (),
    behind: Sequence[bytes] = (),
    data: bytes = b"\0" * 64,
) -> bytes:
    """`taken`: seconds since 1970; `in_movie`, `behind`: more boxes."""
    length = round(seconds * 1000)
    moment = taken + SECONDS_1904 if taken else 0
    head = full(b"mvhd", words(moment, moment, 1000, length), b"\0" * 80)
    notes = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7), place.encode())) if place else b""
    movie = box(b"moov", head, track(length, coding=coding, kind=kind, turned=turned), notes, *in_movie)
    return box(b"ftyp", brand, words(0), b"isom") + movie + box(b"mdat", data) + b"".join(behind)


def track(length: int, *, coding: bytes = b"avc1", kind: bytes = b"vide", turned: bool = False) -> bytes:
    head = full(b"tkhd", words(0, 0, 1, 0, length), b"\0" * 16, TURNED if turned else FLAT, words(640 << 16, 480 << 16))
    entry = box(coding, b"\0" * 6, b"\0\1", b"\0" * 16, struct.pack(">HH", 640, 480), b"\0" * 50)
    table = box(b"stbl", full(b"stsd", words(1), entry))
    media = box(b"mdia", full(b"mdhd", words(0, 0, 1000, length, 0)), full(b"hdlr", words(0), kind, b"\0" * 13))
    return box(b"trak", head, _into(media, box(b"minf", table)))


def _into(outer: bytes, more: bytes) -> bytes:
    return struct.pack(">I", len(outer) + len(more)) + outer[4:] + more


def apple_notes(**values: str) -> bytes:
    """As an iPhone writes them: names in one list, values in another."""
    names = [f"com.apple.quicktime.{name.replace('_', '.')}" for name in values]
    keys = full(b"keys", words(len(names)), *(box(b"mdta", name.encode()) for name in names))
    held = [box(words(n), box(b"data", words(1, 0), text.encode())) for n, text in enumerate(values.values(), 1)]
    return box(b"meta", full(b"hdlr", words(0), b"mdta", b"\0" * 13), keys, box(b"ilst", *held))


def fragmented(*durations: int) -> bytes:
    """As a browser records: nothing says at the beginning how long it is; thousandths of a second a sample."""
    head = full(b"mvhd", words(0, 0, 1000, 0), b"\0" * 80)
    extends = box(b"mvex", full(b"trex", words(1, 1, 40, 0, 0)))
    made, at = [box(b"ftyp", b"isom", words(0)), box(b"moov", head, track(0), extends)], 0
    for length in durations:
        run = full(b"trun", words(2, 0), words(length // 2, length - length // 2), flags=0x101)
        part = box(b"traf", full(b"tfhd", words(1)), full(b"tfdt", words(at)), run)
        made += [box(b"moof", full(b"mfhd", words(1)), part), box(b"mdat", b"\0" * 8)]
        at += length
    return b"".join(made)


def element(number: int, *inside: bytes, unknown: bool = False) -> bytes:
    name = number.to_bytes((number.bit_length() + 7) // 8, "big")
    data = b"".join(inside)
    size = b"\x01" + b"\xff" * 7 if unknown else (1 << 56 | len(data)).to_bytes(8, "big")
    return name + size + data


def whole(number: int, value: int) -> bytes:
    return element(number, value.to_bytes(8, "big", signed=value < 0))


def webm(
    *,
    seconds: float = 5,
    said: bool = True,
    coding: bytes = b"V_VP9",
    kind: bytes = b"webm",
    taken: int = 0,
    more: Sequence[bytes] = (),
) -> bytes:
    """Without `said`: as a browser records, which knows neither lengths nor how long it will be."""
    length = element(0x4489, struct.pack(">d", seconds * 1000)) if said else b""
    date = whole(0x4461, (taken - 978_307_200) * 10**9) if taken else b""
    info = element(0x1549A966, whole(0x2AD7B1, 1_000_000), length, date)
    film = element(0xE0, whole(0xB0, 640), whole(0xBA, 480))
    tracks = element(0x1654AE6B, element(0xAE, whole(0xD7, 1), whole(0x83, 1), element(0x86, coding), film))
    last = round(seconds * 1000)
    clusters = [_cluster(0, unknown=not said), _cluster(max(0, last - 20), unknown=not said)]
    segment = element(0x18538067, info, tracks, *more, *clusters, unknown=not said)
    return element(0x1A45DFA3, element(0x4282, kind)) + segment


def _cluster(at: int, *, unknown: bool) -> bytes:
    blocks = [element(0xA3, b"\x81", struct.pack(">h", shift), b"\0", b"picture") for shift in (0, 20)]
    return element(0x1F43B675, whole(0xE7, at), *blocks, unknown=unknown)
