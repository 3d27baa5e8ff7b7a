"""`make bench` or `make bench BENCH=engine`."""

import sys

from bench.engine import PARTS


def run(names: list[str]) -> None:
    for name in names or list(PARTS):
        for what, figure in PARTS[name]():
            print(f"{what:<55} {figure}", flush=True)


if __name__ == "__main__":
    run(sys.argv[1:])
