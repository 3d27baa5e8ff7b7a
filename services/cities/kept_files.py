"""The files of a pack that fill no table, as the database keeps them: each content once, under its hash."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, delete, select

from models.administration import PackBody, PackFile
from services import bulk
from services.cities.diff import Change, TableDiff
from services.cities.pack import Pack
from services.cities.reading import FILES
from services.cities.writing import table_bytes
from services.pack_files import digest_of_hashes, sha256_of
from services.rulebook import the_city

STORIES = FILES["stories"][0]


NOTHING = TableDiff("pack_file")


@dataclass
class FilesWork:
    """What is to be written. `digest`: that of all files then; None where files are not kept yet and stay so."""

    digest: str | None = None
    bodies: Mapping[str, bytes] = field(default_factory=dict)
    changed: Sequence[tuple[str, str]] = ()
    gone: Sequence[str] = ()
    diff: TableDiff = NOTHING


def files_of(pack: Pack) -> dict[str, bytes]:
    """The files of a pack that are kept; the sample issues among them, which have no table of their own."""
    stories = {STORIES: table_bytes("stories", pack.stories)} if pack.stories else {}
    return {**pack.files, **stories}


def compare_files(session: Session, pack: Pack, *, kept: bool) -> FilesWork:
    """What of the pack's files the database has not yet, or otherwise."""
    if not kept:
        return FilesWork()
    bodies = {sha256_of(body): (path, body) for path, body in files_of(pack).items()}
    wanted = {path: sha256_of(body) for path, body in files_of(pack).items()}
    there = dict(session.exec(select(PackFile.path, PackFile.sha256)).all())
    changed = [(path, sha256) for path, sha256 in sorted(wanted.items()) if there.get(path) != sha256]
    gone = sorted(there.keys() - wanted.keys())
    return FilesWork(
        digest=digest_of_hashes(wanted.items()),
        bodies={sha256: bodies[sha256][1] for _, sha256 in changed},
        changed=changed,
        gone=gone,
        diff=TableDiff(
            "pack_file",
            new=tuple(path for path, _ in changed if path not in there),
            changed=tuple(Change(p, {"sha256": (there[p], sha256)}) for p, sha256 in changed if p in there),
            gone=tuple(gone),
            unchanged=len(wanted) - len(changed),
        ),
    )


def write_files(session: Session, work: FilesWork) -> None:
    """Write it. The caller commits, and writes the digest into the city's row."""
    keep_bodies(session, work.bodies.values())
    paths = [*work.gone, *(path for path, _ in work.changed)]
    if paths:
        session.exec(delete(PackFile).where(col(PackFile.path).in_(paths)))
    bulk.insert(session, PackFile, [{"path": path, "sha256": sha256} for path, sha256 in work.changed])


def keep_files(session: Session, pack: Pack) -> None:
    """Keep a pack's files for a city that was loaded before they were kept; nothing else of it. The caller commits."""
    work = compare_files(session, pack, kept=True)
    write_files(session, work)
    city = the_city(session)
    city.pack = {**city.pack, "files": work.digest}
    session.flush()


def keep_bodies(session: Session, bodies: Iterable[bytes]) -> None:
    """Keep contents under their hashes; those that are there already stay."""
    by_hash = {sha256_of(body): body for body in bodies}
    known = set(session.exec(select(PackBody.sha256).where(col(PackBody.sha256).in_(by_hash))))
    new = [{"sha256": sha256, "body": body} for sha256, body in by_hash.items() if sha256 not in known]
    bulk.insert(session, PackBody, new)
