"""Videos in elements: WebM and Matroska, as browsers record them (RFC 8794, RFC 9559).

An element is its number, its length and what is in it. What a browser records has lengths that nobody knew when they
were written: such a cluster ends where the next element of its level begins, and how long the video plays is what its
last block says.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.photo_notes import FIRST_YEAR, Claim
from services.photos import Fault, Unusable
from services.video_facts import MOST_PATCHES, Film, Patch, Source

HEAD, DOC_TYPE = 0x1A45DFA3, 0x4282
SEGMENT, INFO, TRACKS, CLUSTER, CUES, SEEK = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B, 0x114D9B74
TAGS, CHAPTERS, FILES = 0x1254C367, 0x1043A770, 0x1941A469
LEVEL_1 = frozenset({INFO, TRACKS, CLUSTER, CUES, SEEK, TAGS, CHAPTERS, FILES})
KEPT = frozenset({INFO, TRACKS, CLUSTER, CUES, SEEK})
SCALE, LENGTH, DATE, TITLE = 0x2AD7B1, 0x4489, 0x4461, 0x7BA9
TRACK, TRACK_KIND, CODEC, VIDEO, WIDTH, HEIGHT = 0xAE, 0x83, 0x86, 0xE0, 0xB0, 0xBA
TIME, SIMPLE, GROUP, BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
PICTURES = 1
CODINGS = frozenset({"V_VP8", "V_VP9", "V_AV1", "V_MPEG4/ISO/AVC", "V_MPEGH/ISO/HEVC"})
ERA = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Element:
    """`start` is where its number stands, `body` where its content begins; `end` None: nobody knew."""

    number: int
    start: int
    body: int
    end: int | None


@dataclass
class _Found:
    scale: int = 1_000_000
    said: float = 0.0
    last: int = 0
    taken: datetime | None = None
    coding: str = ""
    size: tuple[int, int] = (0, 0)
    patches: list[Patch] = field(default_factory=list)


def is_video(head: bytes) -> bool:
    """Whether a file begins as such a video does."""
    return head[:4] == HEAD.to_bytes(4, "big")


def read(source: Source) -> Film:
    """What the file says. Raises Unusable for one that is cut off, has no video, or one that no browser shows."""
    head = _element(source, 0, source.size)
    if head.number != HEAD or head.end is None:
        raise Unusable(Fault.BROKEN)
    kind = next((_text(source, one) for one in _inside(source, head) if one.number == DOC_TYPE), "")
    segment = _element(source, head.end, source.size)
    if kind not in ("webm", "matroska") or segment.number != SEGMENT:
        raise Unusable(Fault.BROKEN)
    found = _Found()
    _segment(source, segment, found)
    if segment.end is not None and segment.end < source.size:
        _behind(found, segment.end, source.size)
    return _film(found, "video/webm" if kind == "webm" else "video/x-matroska")


def _film(found: _Found, media_type: str) -> Film:
    if not found.coding:
        raise Unusable(Fault.NO_PICTURE)
    if found.coding not in CODINGS:
        raise Unusable(Fault.CODING)
    milliseconds = max(int(found.said), found.last) * found.scale // 1_000_000
    if milliseconds <= 0:
        raise Unusable(Fault.NO_LENGTH)
    return Film(media_type, milliseconds, *found.size, found.coding, Claim(found.taken), tuple(found.patches))


def _element(source: Source, at: int, end: int) -> Element:
    """The element that begins there. Raises Unusable for one that ends behind `end`."""
    number, body = _vint(source, at, keep=True)
    size, body = _vint(source, body)
    if size is None:
        return Element(number or 0, at, body, None)
    if body + size > end:
        raise Unusable(Fault.BROKEN)
    return Element(number or 0, at, body, body + size)


def _vint(source: Source, at: int, *, keep: bool = False) -> tuple[int | None, int]:
    """A number whose first byte says how long it is, and where it ends; None where all its bits are set.

    `keep`: with the bit that says so, as the numbers of elements are written.
    """
    first = source.number(at, 1)
    if not first:
        raise Unusable(Fault.BROKEN)
    length = 9 - first.bit_length()
    whole = source.number(at, length)
    value = whole if keep else whole & (1 << 7 * length) - 1
    return (None if not keep and value == (1 << 7 * length) - 1 else value), at + length


def _inside(source: Source, outer: Element) -> Iterator[Element]:
    """The elements in one whose length is known. Raises Unusable."""
    if outer.end is None:
        raise Unusable(Fault.BROKEN)
    at = outer.body
    while at < outer.end:
        one = _element(source, at, outer.end)
        if one.end is None:
            raise Unusable(Fault.BROKEN)
        yield one
        at = one.end


def _segment(source: Source, segment: Element, found: _Found) -> None:
    at, end = segment.body, segment.end if segment.end is not None else source.size
    while at < end:
        one = _element(source, at, end)
        if one.number not in KEPT:
            _hide(one, found)
        elif one.number == INFO:
            _info(source, one, found)
        elif one.number == TRACKS:
            _tracks(source, one, found)
        elif one.number == CLUSTER:
            at = _cluster(source, one, end, found)
            continue
        if one.end is None:
            raise Unusable(Fault.BROKEN)
        at = one.end


def _hide(one: Element, found: _Found) -> None:
    """From now on it is an element that says nothing (Void, 0xEC), as long as before."""
    if one.end is None or len(found.patches) >= MOST_PATCHES:
        raise Unusable(Fault.BROKEN)
    whole = one.end - one.start
    width = min(8, one.body - one.start - 1)
    instead = b"\xec" + (1 << 7 * width | whole - 1 - width).to_bytes(width, "big")
    found.patches.append(Patch(one.start, whole, instead))


def _behind(found: _Found, at: int, end: int) -> None:
    """What comes after the video is nothing of ours."""
    found.patches.append(Patch(at, end - at))


def _info(source: Source, info: Element, found: _Found) -> None:
    for one in _inside(source, info):
        if one.number == SCALE:
            found.scale = _number(source, one) or found.scale
        elif one.number == LENGTH:
            found.said = _real(source, one)
        elif one.number == DATE:
            found.taken = _date(_number(source, one, signed=True))
        elif one.number == TITLE:
            _hide(one, found)


def _date(nanoseconds: int) -> datetime | None:
    try:
        found = ERA + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return None
    return found if FIRST_YEAR <= found.year < 9999 else None


def _tracks(source: Source, tracks: Element, found: _Found) -> None:
    for track in _inside(source, tracks):
        parts = {one.number: one for one in _inside(source, track)} if track.number == TRACK else {}
        if TRACK_KIND not in parts or _number(source, parts[TRACK_KIND]) != PICTURES or found.coding:
            continue
        found.coding = _text(source, parts[CODEC]) if CODEC in parts else ""
        sizes = {one.number: one for one in _inside(source, parts[VIDEO])} if VIDEO in parts else {}
        width, height = (_number(source, sizes[side]) if side in sizes else 0 for side in (WIDTH, HEIGHT))
        found.size = (min(width, 65_535), min(height, 65_535))


def _cluster(source: Source, cluster: Element, end: int, found: _Found) -> int:
    """Notes its last block, and returns where it ends."""
    at, base = cluster.body, 0
    stop = end if cluster.end is None else cluster.end
    while at < stop:
        one = _element(source, at, stop)
        if cluster.end is None and one.number in LEVEL_1:
            return at
        if one.end is None:
            raise Unusable(Fault.BROKEN)
        if one.number == TIME:
            base = _number(source, one)
        elif one.number == SIMPLE:
            found.last = max(found.last, base + _shift(source, one))
        elif one.number == GROUP:
            blocks = [inside for inside in _inside(source, one) if inside.number == BLOCK]
            found.last = max(found.last, *(base + _shift(source, block) for block in blocks), 0)
        at = one.end
    return stop


def _shift(source: Source, block: Element) -> int:
    """How much later than its cluster a block is shown."""
    _track, at = _vint(source, block.body)
    return struct.unpack(">h", source.read(at, 2))[0]  # type: ignore[no-any-return]


def _number(source: Source, one: Element, *, signed: bool = False) -> int:
    data = source.read(one.body, min((one.end or one.body) - one.body, 8))
    return int.from_bytes(data, "big", signed=signed)


def _real(source: Source, one: Element) -> float:
    data = source.read(one.body, (one.end or one.body) - one.body if (one.end or 0) - one.body in (4, 8) else 0)
    value = struct.unpack(">f" if len(data) == 4 else ">d", data)[0] if data else 0.0
    return value if 0 <= value < 1e15 else 0.0  # also for what is no number


def _text(source: Source, one: Element) -> str:
    return source.text(one.body, one.end or one.body)
