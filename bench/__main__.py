"""`make bench` or `make bench BENCH="engine imports"`."""

import importlib
import sys

PARTS = (
    "engine",
    "imports",
    "delivery",
    "outbox",
    "queries",
    "tags",
    "photos",
    "pages",
    "year",
    "memory",
    "scoring",
    "bulletin",
)


def run(names: list[str]) -> None:
    for name in names or PARTS:
        print(f"\n{name}", flush=True)
        for what, figure in importlib.import_module(f"bench.{name}").main():
            print(f"  {what:<60} {figure}", flush=True)


if __name__ == "__main__":
    run(sys.argv[1:])
