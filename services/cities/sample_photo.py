"""Pictures for the sample stories: a coloured field with the word SAMPLE, drawn and written without any library."""

import hashlib
import struct
import zlib

WIDTH, HEIGHT, SCALE = 160, 120, 4
LETTERS = {
    "S": ("01111", "10000", "01110", "00001", "11110"),
    "A": ("01110", "10001", "11111", "10001", "10001"),
    "M": ("10001", "11011", "10101", "10001", "10001"),
    "P": ("11110", "10001", "11110", "10000", "10000"),
    "L": ("10000", "10000", "10000", "10000", "11111"),
    "E": ("11111", "10000", "11110", "10000", "11111"),
}
WORD = "SAMPLE"


def sample_photo(name: str) -> bytes:
    """A PNG of 160 × 120 that says SAMPLE; each name has its own colours, the same name always the same bytes."""
    seed = hashlib.sha256(name.encode()).digest()
    field, stripe, ink = bytes(128 + b // 2 for b in seed[:3]), bytes(96 + b // 2 for b in seed[3:6]), b"\x20\x20\x20"
    word = _word_pixels()
    lines = []
    for y in range(HEIGHT):
        row = (ink if (x, y) in word else stripe if (x + y) // 12 % 2 else field for x in range(WIDTH))
        lines.append(b"\0" + b"".join(row))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    remark = b"Comment\0sample, not a photo: " + name.encode("latin-1", "replace")
    parts = ((b"IHDR", header), (b"tEXt", remark), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _word_pixels() -> frozenset[tuple[int, int]]:
    left, top = (WIDTH - len(WORD) * 6 * SCALE) // 2, (HEIGHT - 5 * SCALE) // 2
    dots = [
        (left + (place * 6 + column) * SCALE, top + line * SCALE)
        for place, letter in enumerate(WORD)
        for line, bits in enumerate(LETTERS[letter])
        for column, bit in enumerate(bits)
        if bit == "1"
    ]
    return frozenset((x + i, y + j) for x, y in dots for i in range(SCALE) for j in range(SCALE))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
