"""The files of a pack that fill no table and are kept as they came: comments, wording, papers, notices."""

import re
from collections.abc import Iterator
from pathlib import Path

TEMPLATES, PAPERS = "templates", "papers"
_NAME = r"[^/\\\x00-\x1f]{1,100}"
_KEPT = re.compile(
    r"(?:city|tasks)\.toml"
    r"|rules/(?:severities|ladder|closeout|policy|scoring)\.toml"
    rf"|templates/(?:{_NAME}/){{0,3}}{_NAME}\.txt"
    rf"|papers/{_NAME}\.(?:toml|docx|html)"
    rf"|surveys/{_NAME}\.toml"
    rf"|calendar/notices/{_NAME}\.csv"
    r"|(?:[a-z_]{1,40}/){0,2}README\.md"
)
LARGEST = 5_000_000
"""Bytes of one such file: a template for Word with a coat of arms has a tenth of it."""


def is_kept(file: str) -> bool:
    """Whether a path in a pack is one of a file that is kept."""
    return _KEPT.fullmatch(file) is not None and "/." not in file


def kept(folder: Path) -> Iterator[Path]:
    """Those files of a folder, in order."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return (path for path in paths if is_kept(path.relative_to(folder).as_posix()))
