"""Pictures for the sample stories: coloured tiles with the word SAMPLE, drawn and written without any library."""

import hashlib
import struct
import zlib

WIDTH, HEIGHT, SCALE, TILE = 160, 120, 4, 20
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
    """A PNG of 160 × 120 that says SAMPLE; the same name always the same bytes.

    Each name has its own colours and its own pattern of light and dark: no two are alike to who compares photos.
    """
    seed = hashlib.sha512(name.encode()).digest()
    tones, ink = [bytes(low + b // 3 for b in seed[:3]) for low in (60, 100, 140, 170)], b"\x20\x20\x20"
    word = _word_pixels()
    lines = []
    for y in range(HEIGHT):
        tiles = seed[8 + y // TILE * 8 :]
        row = (ink if (x, y) in word else tones[tiles[x // TILE] % 4] for x in range(WIDTH))
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
