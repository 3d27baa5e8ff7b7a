"""The files of the city's pack in force that fill no table: message templates, papers, rules with their comments.

They lie in the database, so an edit holds at once for every process and machine. Their contents never change under
their hash; a process reads them again only when the hash of all of them, in the city's row, is another one.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlmodel import Session, col, select

from models.administration import PackBody, PackFile
from models.city import City

log = logging.getLogger(__name__)
TEMPLATES, PAPERS = "templates/", "papers/"
MOST_KEPT = 4
_kept: dict[str, Mapping[str, bytes]] = {}


def files_in_force(session: Session) -> Mapping[str, bytes] | None:
    """Each file by its path in the pack. None where the city was loaded before its files were kept."""
    pack = session.exec(select(City.pack)).first()
    digest = (pack or {}).get("files")
    if digest is None:
        return None
    if digest not in _kept:
        rows = session.exec(
            select(PackFile.path, PackBody.body).join(PackBody, col(PackBody.sha256) == col(PackFile.sha256))
        ).all()
        found = {path: bytes(body) for path, body in rows}
        if digest_of(found) != digest:  # somebody changed them between the two questions
            return found
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[digest] = found
    return _kept[digest]


def papers_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the folder `papers`, by their names."""
    return {path.removeprefix(PAPERS): body for path, body in files.items() if path.startswith(PAPERS)}


def templates_in_force(session: Session, *, home: Path, otherwise: Path | None) -> Path | None:
    """A folder with the city's own wording of messages, None where it has none; written below `home` where it is new.

    `otherwise`: the folder for a city that was loaded before its files were kept. A disk that takes nothing is
    logged, and messages go out in our words.
    """
    files = files_in_force(session)
    if files is None:
        return otherwise
    own = {path.removeprefix(TEMPLATES): body for path, body in files.items() if path.startswith(TEMPLATES)}
    if not own:
        return None
    folder = home / "wording" / digest_of(own)[:16]
    try:
        return folder if folder.is_dir() else _written(folder, own)
    except OSError as error:
        log.error("the city's own wording cannot be written to %s: %s", folder, error)
        return None


def _written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """All of it or nothing: whoever else writes the same at this moment writes the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as made:
        for path, body in files.items():
            target = Path(made) / "all" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        try:
            os.rename(Path(made) / "all", folder)
        except OSError:
            if not folder.is_dir():
                raise
    return folder


def sha256_of(body: bytes) -> str:
    """The hash under which a content is kept."""
    return hashlib.sha256(body).hexdigest()


def digest_of(files: Mapping[str, bytes]) -> str:
    """The hash of all files together, whatever their order."""
    return digest_of_hashes((path, sha256_of(body)) for path, body in files.items())


def digest_of_hashes(hashes: Iterable[tuple[str, str]]) -> str:
    """The hash of all files together, from the hash of each."""
    lines = (f"{sha256} {path}\n" for path, sha256 in sorted(hashes))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
