"""Videos in boxes: MP4, QuickTime and 3GP, as phones write them (ISO/IEC 14496-12; QuickTime File Format).

A box is its length, four letters and what is in it, often more boxes. Every box must end where the one around it does
or before; only the boxes that are asked for are entered, none deeper than their place, so that nothing can loop.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from services.photos import Fault, Unusable
from services.video_facts import MOST_PATCHES, Film, Patch, Source
from services.video_fragments import played
from services.video_notes import Notes, apple, moment, place_of

PICTURES = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
PICTURES |= {b"avif", b"avis", b"crx ", b"jxl "}
"""Brands of photos in the same kind of boxes."""
QUICKTIME = b"qt  "
LONGEST_HEAD = 1024
CODINGS = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe", b"vp08", b"vp09", b"av01"})
"""What at least one kind of browser shows: H.264, H.265, VP8, VP9, AV1."""
WHOLE = frozenset({b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx"})
KEPT: Mapping[bytes, frozenset[bytes]] = {
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"trak": frozenset({b"tkhd", b"mdia", b"edts", b"tref"}),
}
"""What a player needs; every other box is notes, or nothing of ours."""


@dataclass(frozen=True)
class Box:
    """`start` is where its length stands, `body` where its content begins."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass
class Track:
    """One track. `units`: so many of its time units are a second."""

    number: int = 0
    kind: bytes = b""
    coding: bytes = b""
    units: int = 0
    length: int = 0
    size: tuple[int, int] = (0, 0)
    turned: bool = False


@dataclass
class _Found:
    """What was found on the way."""

    milliseconds: int = 0
    notes: Notes = field(default_factory=Notes)
    tracks: list[Track] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    fragments: list[Box] = field(default_factory=list)
    defaults: dict[int, int] = field(default_factory=dict)


def is_video(head: bytes) -> bool:
    """Whether a file begins as such a video does (and not as a photo in the same kind of boxes)."""
    return head[4:8] == b"ftyp" and head[8:12] not in PICTURES


def read(source: Source) -> Film:
    """What the file says. Raises Unusable for one that is cut off, has no video, or one that no browser shows."""
    found, kinds = _Found(), []
    for box in boxes(source, 0, source.size):
        kinds.append(box.kind)
        if box.kind == b"ftyp" and box.end - box.start > LONGEST_HEAD:
            raise Unusable(Fault.BROKEN)
        if box.kind == b"moov":
            _movie(source, box, found)
        elif box.kind == b"moof":
            found.fragments.append(box)
        elif box.kind not in WHOLE:
            _hide(source, box, found)
    if kinds[:1] != [b"ftyp"] or kinds.count(b"moov") != 1 or b"mdat" not in kinds:
        raise Unusable(Fault.BROKEN)
    return _film(source, found)


def _film(source: Source, found: _Found) -> Film:
    film = next((track for track in found.tracks if track.kind == b"vide"), None)
    if film is None:
        raise Unusable(Fault.NO_PICTURE)
    if film.coding not in CODINGS:
        raise Unusable(Fault.CODING)
    width, height = film.size[::-1] if film.turned else film.size
    return Film(
        media_type="video/quicktime" if source.read(8, 4) == QUICKTIME else "video/mp4",
        milliseconds=_length(source, found, film),
        width=width,
        height=height,
        coding=film.coding.decode("ascii"),
        claim=found.notes.claim(),
        patches=tuple(found.patches),
    )


def _length(source: Source, found: _Found, film: Track) -> int:
    """The longest that is said anywhere: of the whole, of a track, of the fragments."""
    tracks = [one.length * 1000 // one.units for one in found.tracks if one.units]
    parts = [(box.body, box.end) for box in found.fragments]
    units = played(source, parts, number=film.number, default=found.defaults.get(film.number, 0), inner=inner)
    in_parts = units * 1000 // film.units if film.units else 0
    longest = max(found.milliseconds, in_parts, *tracks)
    if longest <= 0:
        raise Unusable(Fault.NO_LENGTH)
    return longest


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, which they fill. Raises Unusable. A few bytes too many are the end of a list."""
    at = start
    while end - at >= 8:
        size, kind, body = source.number(at, 4), source.read(at + 4, 4), at + 8
        if size == 1:
            size, body = source.number(at + 8, 8), at + 16
        elif size == 0 and start:
            return
        elif size == 0:
            size = end - at
        if size < body - at or size > end - at:
            raise Unusable(Fault.BROKEN)
        yield Box(kind, at, body, at + size)
        at += size


def inner(source: Source, start: int, end: int) -> dict[bytes, tuple[int, int]]:
    """Where the content of each box in there is; of several of a kind the first."""
    found: dict[bytes, tuple[int, int]] = {}
    for box in boxes(source, start, end):
        found.setdefault(box.kind, (box.body, box.end))
    return found


def _hide(source: Source, box: Box, found: _Found) -> None:
    """From now on it is free space, as long as before: everything behind it stays where it is."""
    if len(found.patches) >= MOST_PATCHES:
        raise Unusable(Fault.BROKEN)
    if source.number(box.start, 4) == 1:
        found.patches.append(Patch(box.start + 4, 4, b"free"))
        found.patches.append(Patch(box.body, box.end - box.body))
    else:
        found.patches.append(Patch(box.start + 4, box.end - box.start - 4, b"free"))


def _movie(source: Source, movie: Box, found: _Found) -> None:
    for box in boxes(source, movie.body, movie.end):
        if box.kind not in KEPT[b"moov"]:
            _hide(source, box, found)
        if box.kind in _NEEDED:
            _NEEDED[box.kind](source, box, found)
        elif box.kind in _NOTES:
            with suppress(Unusable):  # notes that cannot be read are no notes
                _NOTES[box.kind](source, box, found)


def _head(source: Source, box: Box, found: _Found) -> None:
    wide = source.number(box.body, 1) == 1
    at = box.body + 4
    taken = source.number(at, 8 if wide else 4)
    units = source.number(at + (16 if wide else 8), 4)
    length = _duration(source, at + (20 if wide else 12), wide=wide)
    found.milliseconds = length * 1000 // units if units else 0
    found.notes.taken = moment(taken)


def _duration(source: Source, at: int, *, wide: bool) -> int:
    """All ones: it was not known when that was written."""
    size = 8 if wide else 4
    length = source.number(at, size)
    return 0 if length == (1 << 8 * size) - 1 else length


def _track(source: Source, box: Box, found: _Found) -> None:
    track = Track()
    for one in boxes(source, box.body, box.end):
        if one.kind not in KEPT[b"trak"]:
            _hide(source, one, found)
        elif one.kind == b"tkhd":
            _track_head(source, one, track)
        elif one.kind == b"mdia":
            _media(source, one, track)
    found.tracks.append(track)


def _track_head(source: Source, box: Box, track: Track) -> None:
    wide = source.number(box.body, 1) == 1
    track.number = source.number(box.body + (20 if wide else 12), 4)
    matrix = box.body + (52 if wide else 40)
    track.turned = source.number(matrix, 4) == 0 and source.number(matrix + 4, 4) != 0


def _media(source: Source, box: Box, track: Track) -> None:
    parts = inner(source, box.body, box.end)
    if b"hdlr" in parts:
        track.kind = source.read(parts[b"hdlr"][0] + 8, 4)
    if b"mdhd" in parts:
        at = parts[b"mdhd"][0]
        wide = source.number(at, 1) == 1
        track.units = source.number(at + (20 if wide else 12), 4)
        track.length = _duration(source, at + (24 if wide else 16), wide=wide)
    if b"minf" in parts and track.kind == b"vide":
        _coding(source, parts[b"minf"], track)


def _coding(source: Source, media: tuple[int, int], track: Track) -> None:
    table = inner(source, *media).get(b"stbl")
    samples = inner(source, *table).get(b"stsd") if table else None
    if samples is None:
        raise Unusable(Fault.BROKEN)
    entry = next(boxes(source, samples[0] + 8, samples[1]), None)
    if entry is None:
        raise Unusable(Fault.BROKEN)
    track.coding = entry.kind
    track.size = (source.number(entry.body + 24, 2), source.number(entry.body + 26, 2))


def _user_data(source: Source, box: Box, found: _Found) -> None:
    where = inner(source, box.body, box.end).get(b"\xa9xyz")
    if where:
        found.notes.place = place_of(source.text(where[0] + 4, where[1]))


def _meta(source: Source, box: Box, found: _Found) -> None:
    start = box.body if source.read(box.body + 4, 4) == b"hdlr" else box.body + 4
    parts = inner(source, start, box.end)
    if b"keys" in parts and b"ilst" in parts:
        values = [(int.from_bytes(one.kind, "big"), one.body, one.end) for one in boxes(source, *parts[b"ilst"])]
        apple(source, parts[b"keys"], values, found.notes)


def _defaults(source: Source, box: Box, found: _Found) -> None:
    for one in boxes(source, box.body, box.end):
        if one.kind == b"trex":
            found.defaults[source.number(one.body + 4, 4)] = source.number(one.body + 12, 4)


_NEEDED: Mapping[bytes, Callable[[Source, Box, _Found], None]] = {b"mvhd": _head, b"trak": _track, b"mvex": _defaults}
_NOTES: Mapping[bytes, Callable[[Source, Box, _Found], None]] = {b"udta": _user_data, b"meta": _meta}
