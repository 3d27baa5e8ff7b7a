"""`python -m deployments.guard`: cleans up when `up` is killed so hard that it cannot do it itself.

`up` writes to it which process groups it has started (`+123`) and stopped (`-123`), and `bye` when it ends in order.
When the pipe ends without a `bye`, the guard stops those groups and lets go of the database.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

GRACE = 8.0
"""Seconds between asking and killing."""


def start(folder: Path | None) -> subprocess.Popen[str]:
    """A guard for this process. `folder` is the embedded cluster's, if there is one."""
    command = [sys.executable, "-m", "deployments.guard", *([str(folder)] if folder else [])]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    )


def tell(guard: subprocess.Popen[str], word: str) -> None:
    """Write one line to the guard; a guard that is gone cannot be told anything."""
    if guard.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            guard.stdin.write(f"{word}\n")
            guard.stdin.flush()


def watch(words: IO[str]) -> set[int]:
    """Read until the pipe ends; returns the groups that are left over then."""
    groups: set[int] = set()
    for word in map(str.strip, words):
        if word == "bye":
            return set()
        (groups.add if word[0] == "+" else groups.discard)(int(word[1:]))
    return groups


def end_groups(groups: Iterable[int], *, grace: float = GRACE) -> None:
    """Ask each group to end, then kill what is left of it."""
    left = {group for group in groups if _signal(group, signal.SIGTERM)}
    give_up = time.monotonic() + grace
    while left and time.monotonic() < give_up:
        time.sleep(0.1)
        left = {group for group in left if _signal(group, 0)}
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    """Wait for the end, whoever brings it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    cluster = None
    if len(sys.argv) > 1:
        from runtime.cluster import hold

        cluster = hold(Path(sys.argv[1]))
    end_groups(watch(sys.stdin))
    if cluster is not None:
        cluster.release()


if __name__ == "__main__":
    main()
