"""Backup and restore of the embedded database, with the programs that come with it.

A restore goes into a new database, which takes the old one's name when it is complete: a bad file changes nothing.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import DatabaseInUse, GivenServer, NotWritable
from models.errors import UnreadableFile
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from psycopg import Connection

    from runtime.cluster import Cluster
    from runtime.settings import Settings

FRESH, KEPT = "duban_restoring", "duban_before_restore"
SIGN = b"PGDMP"


def url(settings: "Settings") -> str:
    """For psql: libpq's form of the database's URL, without its password."""
    from runtime.cluster import connection_string
    from runtime.database import OURS

    if settings.database_url is not None:
        from sqlalchemy import make_url

        given = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
        return given.render_as_string(hide_password=True)
    with _embedded(settings) as cluster:
        return connection_string(cluster.socket_folder, database=OURS)


def backup(settings: "Settings", file: Path) -> None:
    """Write the database into a file of pg_dump's own format. Raises GivenServer, DatabaseTrouble, NotWritable."""
    from runtime import postgres_programs as programs
    from runtime.cluster import connection_string
    from runtime.database import OURS

    with _embedded(settings) as cluster, _beside(cluster, "backup.new") as new:
        source = connection_string(cluster.socket_folder, database=OURS)
        arguments = ["--format=custom", "--no-owner", f"--file={new}", f"--dbname={source}"]
        programs.run("pg_dump", arguments, folder=cluster.folder)
        _put(new, file)


def _put(new: Path, file: Path) -> None:
    """The whole backup or none: a disk that fills up leaves the one of yesterday. Raises NotWritable."""
    part = file.with_name(f"{file.name}.part")
    try:
        if file.exists() and not file.is_file():  # such as /dev/stdout
            shutil.copyfile(new, file)
            return
        shutil.copyfile(new, part)
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise NotWritable(file=file, why=error.strerror or error) from error


def restore(settings: "Settings", file: Path) -> None:
    """Read a backup into the database's place. Raises GivenServer, DatabaseInUse, UnreadableFile, DatabaseTrouble."""
    from runtime.cluster import connection_string

    with file.open("rb") as opened:
        if opened.read(len(SIGN)) != SIGN:
            raise UnreadableFile(file=file, expected=_("a backup"), why=_("it was not written by `duban db backup`"))
    with _embedded(settings) as cluster, _beside(cluster, "restore.new") as copy:
        _hand_over(file, copy)
        with _admin(cluster) as admin:
            _check_unused(admin)
            _make_fresh(admin)
            _fill(cluster, copy, connection_string(cluster.socket_folder, database=FRESH))
            _take_the_place(admin)


@contextmanager
def _embedded(settings: "Settings") -> Iterator["Cluster"]:
    from runtime.database import open_database

    if settings.database_url is not None:
        raise GivenServer()
    with open_database(settings) as database:
        assert database.cluster is not None
        yield database.cluster


@contextmanager
def _beside(cluster: "Cluster", name: str) -> Iterator[Path]:
    """A file in the server's own folder: as root the programs run under an account that sees nothing else."""
    path = cluster.folder / name
    path.unlink(missing_ok=True)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _hand_over(file: Path, copy: Path) -> None:
    from runtime.postgres_programs import account

    shutil.copyfile(file, copy)
    owner = account()
    if owner is not None:
        shutil.chown(copy, owner.pw_uid, owner.pw_gid)


@contextmanager
def _admin(cluster: "Cluster") -> Iterator["Connection"]:
    import psycopg

    from runtime.cluster import connection_string

    with psycopg.connect(connection_string(cluster.socket_folder, database="postgres"), autocommit=True) as admin:
        yield admin


def _check_unused(admin: "Connection") -> None:
    from runtime.database import OURS

    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    row = admin.execute(query, [OURS]).fetchone()
    if row and row[0]:
        raise DatabaseInUse(n=row[0])


def _make_fresh(admin: "Connection") -> None:
    from psycopg.sql import SQL, Identifier

    admin.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(FRESH)))
    admin.execute(SQL("CREATE DATABASE {}").format(Identifier(FRESH)))


def _fill(cluster: "Cluster", copy: Path, target: str) -> None:
    from runtime import postgres_programs as programs

    arguments = ["--exit-on-error", "--no-owner", "--single-transaction", f"--dbname={target}", str(copy)]
    programs.run("pg_restore", arguments, folder=cluster.folder)


def _take_the_place(admin: "Connection") -> None:
    from psycopg.sql import SQL, Identifier

    from runtime.database import OURS

    _check_unused(admin)
    admin.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(KEPT)))
    for old, new in ((OURS, KEPT), (FRESH, OURS)):
        admin.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(old), Identifier(new)))
