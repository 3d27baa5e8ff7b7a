"""The processes that `up` runs: each in a process group of its own, with a log file, started again when it dies."""

import contextlib
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deployments.errors import DidNotStart
from deployments.guard import end_groups
from runtime.settings import PROJECT

LARGEST_LOG = 20_000_000
"""Bytes. A longer log is put aside as `.1` when its process starts."""
BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds before the next start of a process that died; the last one holds for all that follow."""
STEADY = 120.0
"""Seconds after which a process counts as started well, and its next death as the first."""
LINES = 12


@dataclass
class Child:
    """One process. `tell` hears of each group that begins (+) and ends (-)."""

    name: str
    module: str
    log: Path
    environment: Mapping[str, str]
    tell: Callable[[str], None]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it, whatever happened before."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started = time.monotonic()
        self.tell(f"+{self.process.pid}")

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> int | None:
        """Start it again when it has died and its waiting time is over. Its exit code, once per death, else None."""
        if self.process is None or self.runs:
            return None
        if not self.again_at:
            end_groups([self.process.pid], grace=1.0)
            self.tell(f"-{self.process.pid}")
            self.deaths = 1 if time.monotonic() - self.started > STEADY else self.deaths + 1
            self.again_at = time.monotonic() + BACKOFF[min(self.deaths, len(BACKOFF)) - 1]
            return self.process.returncode
        if time.monotonic() >= self.again_at:
            self.again_at = 0.0
            self.start()
        return None

    def stop(self, *, grace: float) -> None:
        """Ask it to end, kill what is left of its group after so many seconds."""
        if self.process is None:
            return
        if self.runs:
            self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(grace)
        end_groups([self.process.pid], grace=1.0)
        self.process.wait()
        self.tell(f"-{self.process.pid}")
        self.process = None

    def offspring(self) -> int:
        """How many processes it has started that still run."""
        if self.process is None:
            return 0
        try:
            return len(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.Error:
            return 0

    def did_not_start(self) -> DidNotStart:
        """The error that shows the end of its log."""
        with self.log.open(errors="replace") as log:
            lines = "".join(deque(log, maxlen=LINES))
        return DidNotStart(name=self.name, log=self.log, lines=lines)
