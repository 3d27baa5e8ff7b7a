"""The embedded PostgreSQL: one cluster per data folder, shared by every process of this machine.

Who starts and who stops it: each process that uses the cluster holds a shared lock on the file `users`. The first one
starts the server, the last one to let go stops it. The kernel drops the lock of a process that dies, so nothing has to
be counted or cleaned up: after a `kill -9` of the last user the server idles until somebody uses it again, and that
process then stops it. So a command typed while `duban up` runs joins its server, and one typed while nothing runs
starts a server and takes it down again.

Only the folder's owner reaches the server: it listens on a socket in a folder of mode 0700 and on no port. PostgreSQL
refuses to run as root; for root the server runs as the account `duban-postgres`, which is made when it is missing.
"""

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from runtime import postgres_programs as programs
from runtime.errors import DatabaseTrouble
from runtime.limited import CONNECT_WITHIN

PORT = 5432
"""Only a part of the socket's file name; there is no TCP port."""
LONGEST_SOCKET_FOLDER = 85
"""Bytes. A socket's path may have 107 (Linux) or 103 (macOS), `/.s.PGSQL.5432.lock` included."""
START_SECONDS = 60.0
STOP_SECONDS = 60.0
"""A stop writes everything down first, which takes a while."""
HANGS = 3.0
"""Seconds after which a server that says nothing counts as one that hangs."""
NO_PROCESS = 2**31 - 2
"""Above every system's largest process number."""

ONE_MACHINE: Mapping[str, str] = MappingProxyType(
    {
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_connections": "200",  # Prefect's server, its flow processes, web, CLI
        "max_wal_size": "1GB",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",  # solid-state disks
        "jit": "off",  # short statements: compiling costs more than it saves
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
)


@dataclass(frozen=True)
class Cluster:
    """A running server that this process holds. Release it when done."""

    folder: Path
    socket_folder: Path
    _held: IO[bytes] = field(repr=False, compare=False)
    options: Mapping[str, str] = field(default_factory=lambda: ONE_MACHINE, repr=False, compare=False)

    def look_after(self) -> bool:
        """Start the server again when it is gone, as it was killed or ran out of memory. Whether that was needed.

        Cheap while it runs, also when it does not answer. Raises DatabaseTrouble when it cannot be started.
        """
        if _postmaster(self.folder / "data") is not None:
            return False
        with _locked(self.folder / "starting"):
            if answers(self.socket_folder):  # somebody was faster
                return False
            _start(self.folder, sockets=self.socket_folder, options=self.options)
        return True

    def release(self) -> None:
        """Let go; the last one to do so stops the server. Safe to call twice."""
        if self._held.closed:
            return
        with _locked(self.folder / "starting"):
            self._held.close()
            if _nobody_holds(self.folder):
                stop(self.folder)


def hold(folder: Path, *, options: Mapping[str, str] = ONE_MACHINE) -> Cluster:
    """Join the cluster in `folder`, starting it (and making it) when nobody runs it.

    `options` are server settings; they count only for the one that starts it.
    Raises DatabaseTrouble when it cannot be started, or belongs to another user.
    """
    folder = _prepared(folder)
    with _locked(folder / "starting"):
        sockets = _private(_socket_folder(folder))
        held = (folder / "users").open("ab")
        try:
            fcntl.flock(held, fcntl.LOCK_SH)
            if not answers(sockets):
                _start(folder, sockets=sockets, options=options)
        except BaseException:
            held.close()
            raise
    return Cluster(folder=folder, socket_folder=sockets, _held=held, options=options)


def stop(folder: Path) -> None:
    """Stop the server of `folder`, whoever uses it. Nothing happens when it does not run.

    One that does not listen is killed in the end: what is committed is safe in its log, and the next start reads that.
    """
    data = folder / "data"
    if _postmaster(data) is not None:
        wait = f"{STOP_SECONDS if answers(_socket_folder(folder), within=HANGS) else HANGS:.0f}"
        for mode in ("fast", "immediate"):
            with suppress(DatabaseTrouble):
                programs.run("pg_ctl", ["-D", str(data), "-s", "-w", "-t", wait, "-m", mode, "stop"], folder=folder)
            if _postmaster(data) is None:
                break
    _kill(data)
    if (sockets := _socket_folder(folder)).parent != folder:
        shutil.rmtree(sockets, ignore_errors=True)


def is_held(folder: Path) -> bool:
    """Whether any living process holds the cluster in `folder`."""
    return (folder / "users").exists() and not _nobody_holds(folder)


def answers(sockets: Path, *, database: str = "postgres", within: float = CONNECT_WITHIN) -> bool:
    """Whether a server is there; waits while it starts up, recovers or shuts down, but not for one that hangs."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        try:
            psycopg.connect(connection_string(sockets, database=database), connect_timeout=round(within)).close()
        except psycopg.OperationalError as error:
            if not any(word in str(error) for word in ("starting up", "shutting down", "recovery")):
                return "FATAL" in str(error)  # an answer, though a refusal such as "too many clients"
            time.sleep(0.1)
        else:
            return True
    return False


def connection_string(sockets: Path, *, database: str) -> str:
    """For libpq. Port and user are named, so that PGPORT and PGUSER of the environment do not matter."""
    return make_conninfo(host=str(sockets), port=PORT, user="postgres", dbname=database)


def _prepared(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"DUBAN_HOME cannot be used ({error.strerror})"
        raise DatabaseTrouble(folder=folder, why=why) from error
    folder = folder.resolve()
    owner = programs.account()
    if owner is not None:
        programs.open_the_way(folder, account=owner)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    elif folder.stat().st_uid != os.geteuid():
        raise DatabaseTrouble(folder=folder, why="it belongs to another user of this machine")
    folder.chmod(0o700)
    return folder


def _socket_folder(folder: Path) -> Path:
    """Always the same for a data folder, and short enough: inside it, or else in /tmp under a name made of its path."""
    inside = folder / "socket"
    plain = re.fullmatch(r"[\w./+-]+", str(inside), flags=re.ASCII)
    if plain and len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/tmp") / f"duban-{name}"


def _private(sockets: Path) -> Path:
    sockets.mkdir(mode=0o700, exist_ok=True)
    owner = programs.account()
    uid = os.geteuid() if owner is None else owner.pw_uid
    if sockets.is_symlink() or sockets.stat().st_uid not in {uid, os.geteuid()}:
        raise DatabaseTrouble(folder=sockets, why="the socket folder belongs to another user of this machine")
    if owner is not None:
        os.chown(sockets, owner.pw_uid, owner.pw_gid)
    sockets.chmod(0o700)
    return sockets


def _start(folder: Path, *, sockets: Path, options: Mapping[str, str]) -> None:
    data = folder / "data"
    _make(data, folder=folder)
    _forget_the_dead(data, sockets=sockets)
    everything = {**options, "listen_addresses": "", "unix_socket_directories": str(sockets), "port": str(PORT)}
    arguments = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in everything.items())
    log = folder / "data" / "server.log"
    wait = ["-s", "-w", "-t", f"{START_SECONDS:.0f}"]
    command = ["-D", str(data), *wait, "-l", str(log), "-o", arguments, "start"]
    for patience in (0.5, 1.0, 2.0, 0.0):
        try:
            programs.run("pg_ctl", command, folder=folder, log=log)
        except DatabaseTrouble as trouble:
            # The children of a killed server need a moment to notice, and keep its shared memory until then.
            if not patience or "shared memory block" not in str(trouble):
                raise
            time.sleep(patience)
        else:
            return


def _make(data: Path, *, folder: Path) -> None:
    """Make the cluster. Built in another place and renamed, so a broken-off attempt leaves nothing half-made."""
    if (data / "PG_VERSION").exists():
        programs.same_version(data)
        return
    new = folder / "new"
    shutil.rmtree(new, ignore_errors=True)
    # Sorting must not change with the system's C library; letters are the system's, or trigrams would skip Chinese.
    words = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8"]
    trust = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--data-checksums"]
    programs.run("initdb", ["-D", str(new), *trust, *words], folder=folder)
    new.rename(data)


def _forget_the_dead(data: Path, *, sockets: Path) -> None:
    """Let a start succeed although the number of the server that died belongs to another program, or to a zombie.

    That happens after a reboot and in containers. The files stay, with a number that no process can have: PostgreSQL
    also finds there the shared memory which the killed server's children may still be using.
    """
    if _postmaster(data) is not None:
        raise DatabaseTrouble(folder=data, why="a server runs there but does not answer on its socket; stop it first")
    for file in (data / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"):
        if file.exists():
            rest = file.read_text().splitlines(keepends=True)[1:]
            file.write_text("".join([f"{NO_PROCESS}\n", *rest]))


def _postmaster(data: Path) -> int | None:
    """The process number of the server that runs on `data`, if one does."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        command = psutil.Process(pid).cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return pid if str(data) in command and Path(command[0]).name == "postgres" else None


def _kill(data: Path) -> None:
    """The server and its children, if they still run. A child left alone would keep the next start waiting."""
    number = _postmaster(data)
    if number is None:
        return
    with suppress(psutil.Error):
        top = psutil.Process(number)
        everybody = [top, *top.children(recursive=True)]
        for process in everybody:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(everybody, timeout=5.0)


def _nobody_holds(folder: Path) -> bool:
    with (folder / "users").open("ab") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
