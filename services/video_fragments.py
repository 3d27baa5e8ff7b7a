"""How long a video in fragments plays: browsers record so, and do not know at the beginning how long it will be."""

from collections.abc import Callable, Iterable

from services.video_facts import Source

Inner = Callable[[Source, int, int], dict[bytes, tuple[int, int]]]
DURATION, SIZE, FLAGS, SHIFT = 0x100, 0x200, 0x400, 0x800
"""What a run says of each of its samples, four bytes each."""


def played(source: Source, parts: Iterable[tuple[int, int]], *, number: int, default: int, inner: Inner) -> int:
    """Time units until the last fragment of this track has played. `default`: how long a sample is if nothing says so.

    Of a fragment with several tracks the first counts, and of a track its first run. Raises Unusable.
    """
    ends = [_end(source, inner(source, *inner(source, *part).get(b"traf", (0, 0))), default, number) for part in parts]
    total = 0
    for start, length in ends:
        total = max(total, start + length) if start is not None else total + length
    return total


def _end(source: Source, boxes: dict[bytes, tuple[int, int]], default: int, number: int) -> tuple[int | None, int]:
    """When the fragment begins (None: where the one before ended), and how long it plays."""
    if b"tfhd" not in boxes or b"trun" not in boxes:
        return None, 0
    at = boxes[b"tfhd"][0]
    if source.number(at + 4, 4) != number:
        return None, 0
    flags = source.number(at, 4) & 0xFFFFFF
    here = at + 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
    each = source.number(here, 4) if flags & 0x8 else default
    return _begin(source, boxes), _run(source, boxes[b"trun"], each)


def _begin(source: Source, boxes: dict[bytes, tuple[int, int]]) -> int | None:
    if b"tfdt" not in boxes:
        return None
    at = boxes[b"tfdt"][0]
    return source.number(at + 4, 8 if source.number(at, 1) == 1 else 4)


def _run(source: Source, where: tuple[int, int], each: int) -> int:
    at, _end_of_it = where
    flags, count = source.number(at, 4) & 0xFFFFFF, source.number(at + 4, 4)
    if not flags & DURATION:
        return each * count
    width = 4 * sum(bool(flags & one) for one in (DURATION, SIZE, FLAGS, SHIFT))
    first = at + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    table = source.read(first, width * count)
    return sum(int.from_bytes(table[n : n + 4], "big") for n in range(0, len(table), width))
