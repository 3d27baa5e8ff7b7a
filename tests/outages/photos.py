"""A picture of a wanted size."""

import struct
import zlib
from pathlib import Path


def a_photo(path: Path, *, size: int) -> Path:
    """A PNG with one dot and a comment of so many bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    text = chunk(b"tEXt", b"Comment\0" + b"x" * size)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + dot + chunk(b"IEND", b""))
    return path
