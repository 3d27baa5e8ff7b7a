"""What the readers of videos share: what they find out, and a file that nobody can make them read for ever."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from services.photo_notes import Claim
from services.photos import Fault, Unusable

MOST_STEPS = 120_000
"""Pieces of a file that are looked at: ten minutes have about a third of it."""
MOST_PATCHES = 1000
LONGEST_TEXT = 4096


@dataclass(frozen=True)
class Patch:
    """So many bytes from `at` on that nobody is shown: `instead`, then zeros. The file stays as long as it is."""

    at: int
    length: int
    instead: bytes = b""


@dataclass(frozen=True)
class Film:
    """What a container says of its video. `milliseconds`: how long it plays; `coding`: the name of its video coding,
    such as avc1 or V_VP9; `claim`: when and where it was taken; `patches`: the notes of the camera, and what is no part
    of the video."""

    media_type: str
    milliseconds: int
    width: int
    height: int
    coding: str
    claim: Claim = field(default_factory=Claim)
    patches: Sequence[Patch] = ()


class Source:
    """A file that is read here and there. Whoever asks beyond its end, or too often, is told that it is broken."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, 2)
        self._left = MOST_STEPS

    def read(self, at: int, length: int) -> bytes:
        """So many bytes from there. Raises Unusable."""
        self._left -= 1
        if self._left < 0 or at < 0 or length < 0 or at + length > self.size:
            raise Unusable(Fault.BROKEN)
        self._file.seek(at)
        found = self._file.read(length)
        if len(found) < length:
            raise Unusable(Fault.BROKEN)
        return found

    def number(self, at: int, length: int) -> int:
        """A whole number, the highest byte first. Raises Unusable."""
        return int.from_bytes(self.read(at, length), "big")

    def text(self, at: int, end: int) -> str:
        """A short text; nothing for one that is none. Raises Unusable."""
        return self.read(at, min(end - at, LONGEST_TEXT)).decode("utf-8", "replace").strip("\0 ")


def patched(data: bytes, at: int, patches: Sequence[Patch]) -> bytes:
    """A part of a file that begins at `at`, without what nobody is shown."""
    found = bytearray(data)
    for patch in patches:
        first, last = max(patch.at, at), min(patch.at + patch.length, at + len(data))
        if first < last:
            kept = patch.instead[first - patch.at : last - patch.at]
            found[first - at : last - at] = kept + bytes(last - first - len(kept))
    return bytes(found)
