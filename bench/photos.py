"""Looking for photos that are alike among 10,000 and 1,000,000: as many as 5 of 64 bits apart, all of them found.

A third of the pictures has a plain sky and a tenth a plain wall below it: bits that say nothing, as in real ones.
"""

import random
import statistics
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, text

from bench.bed import a_database
from services.likeness import SURELY_FOUND, bands, neighbours

SIZES = (10_000, 1_000_000)
SEARCHES = 400
SKY, WALL = (1 << 24) - 1, (1 << 40) - 1
COPY = "COPY photo (sha256, media_type, width, height, fault, looked_at, likeness, bands) FROM STDIN"
SEARCH = text(
    "SELECT likeness FROM photo p WHERE p.bands && CAST(:near AS integer[])"
    " AND bit_count((p.likeness # :bits)::bit(64)) <= :most"
)


def main(sizes: Sequence[int] = SIZES) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    dice = random.Random(5)
    with a_database() as fresh:
        engine = fresh("photos")
        there: list[int] = []
        for size in sizes:
            there += _add(engine, dice, start=len(there), end=size)
            took, found = _search(engine, dice, there)
            yield f"alike among {size:,}: median", f"{statistics.median(took):.1f} ms"
            yield f"alike among {size:,}: 95 % under", f"{statistics.quantiles(took, n=20)[-1]:.1f} ms"
            yield f"alike among {size:,}: found", f"{found} of {SEARCHES}"


def _add(engine: Engine, dice: random.Random, *, start: int, end: int) -> list[int]:
    made = [_picture(dice) for _ in range(start, end)]
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        with raw.cursor() as cursor, cursor.copy(COPY) as rows:
            for n, bits in enumerate(made, start):
                rows.write_row((f"{n:064x}", "image/jpeg", 1, 1, "", "2026-11-01T00:00:00Z", bits, bands(bits)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE photo"))
    return made


def _picture(dice: random.Random) -> int:
    bits, plain = dice.getrandbits(64), dice.random()
    bits &= ~(WALL if plain < 0.1 else SKY if plain < 0.3 else 0)
    return _signed(bits)


def _search(engine: Engine, dice: random.Random, there: Sequence[int]) -> tuple[list[float], int]:
    """Milliseconds of each search, and how many found what they were looking for."""
    took, found = [], 0
    with engine.connect() as connection:
        for wanted in dice.choices(there, k=SEARCHES):
            changed = wanted & (1 << 64) - 1
            for bit in dice.sample(range(64), SURELY_FOUND):
                changed ^= 1 << bit
            bits = _signed(changed)
            start = time.perf_counter()
            given = {"near": list(neighbours(bits)), "bits": bits, "most": SURELY_FOUND}
            rows = {bits for (bits,) in connection.execute(SEARCH, given)}
            took.append((time.perf_counter() - start) * 1000)
            found += wanted in rows
    return took, found


def _signed(bits: int) -> int:
    return bits - (1 << 64) if bits >> 63 else bits
