"""Real processes that start at once: a mother process has imported everything, and they are forked from her."""

import multiprocessing
import os
from collections.abc import Callable
from contextlib import chdir
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from runtime.settings import PROJECT

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.preloaded"])


def born(
    work: Callable[..., object], *given: Any, said: Path, environ: dict[str, str] | None = None
) -> ForkServerProcess:
    """A process that does this work. What it prints is added to the file `said`; `environ` is added to ours."""
    with chdir(PROJECT):  # the mother looks for her modules where she is born
        forkserver.ensure_running()
    process = _context.Process(target=_live, args=(work, given, said, {**os.environ, **(environ or {})}), daemon=True)
    process.start()
    return process


def _live(work: Callable[..., object], given: tuple[Any, ...], said: Path, environ: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    with said.open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    work(*given)
