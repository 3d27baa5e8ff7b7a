"""A piece of evidence as a file that is read here and there, for what is too large to be held as a whole."""

from io import SEEK_CUR, SEEK_SET, BufferedReader, RawIOBase
from typing import BinaryIO, cast

from services import evidence
from services.evidence import Place

AHEAD = 256 * 1024
"""Bytes that are fetched at once: a bucket is asked over the network."""


class Stored(RawIOBase):
    """What lies under a name. Raises NotFound, NotReadable."""

    def __init__(self, place: Place, sha256: str) -> None:
        super().__init__()
        self._place, self._sha256, self._at = place, sha256, 0
        self._size = evidence.length(place, sha256)

    def readable(self) -> bool:
        """It is read only."""
        return True

    def seekable(self) -> bool:
        """Here and there."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Where it is read next."""
        base = 0 if whence == SEEK_SET else self._at if whence == SEEK_CUR else self._size
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As much as there is room for."""
        end = min(self._at + len(buffer), self._size)
        data = evidence.part(self._place, self._sha256, start=self._at, end=end) if end > self._at else b""
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def opened(place: Place, sha256: str) -> BinaryIO:
    """The file. Raises NotFound, NotReadable."""
    return cast(BinaryIO, BufferedReader(Stored(place, sha256), AHEAD))
