"""On which line of a TOML file a setting stands. For messages: what cannot be found has the line of its table, or 0."""

import re
from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'")


def line_of(lines: Mapping[Path, int], path: Sequence[str | int]) -> int:
    """The line of a setting, else that of what it stands in, else 0."""
    return next((lines[tuple(path[:end])] for end in range(len(path), 0, -1) if tuple(path[:end]) in lines), 0)


def lines_of(text: str) -> Mapping[Path, int]:
    """Every setting and table of a file → the line on which it begins; the tables of a list by their numbers from 0."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            table = _table(_parts(header[2]), counts, is_list=header[1] == "[[")
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def _table(parts: Sequence[str], counts: dict[Path, int], *, is_list: bool) -> Path:
    """The path of a header: where a table before it in the path is of a list, its last one is meant."""
    path: Path = ()
    for nth, part in enumerate(parts, 1):
        path = (*path, part)
        if nth == len(parts) and is_list:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]
