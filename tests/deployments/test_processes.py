"""Processes that `up` starts: started again when they die, stopped with all they have started."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from deployments import children, guard
from deployments.children import Child
from deployments.errors import DidNotStart


def a_child(tmp_path: Path, *, told: list[str], module: str = "http.server") -> Child:
    """`http.server` on no fixed port runs until it is stopped; `this` ends at once."""
    log = tmp_path / "logs" / "child.log"
    return Child("child", module, log, {**os.environ, "PORT": "0"}, told.append)


@pytest.fixture
def told() -> list[str]:
    return []


def test_a_child_ends_with_its_whole_group(tmp_path: Path, told: list[str]) -> None:
    sleeper = subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60"], start_new_session=True)
    child = a_child(tmp_path, told=told)
    child.process = sleeper  # type: ignore[assignment]
    offspring = _wait_for_offspring(sleeper.pid)

    child.stop(grace=2.0)

    assert told == [f"-{sleeper.pid}"]
    assert not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in offspring)


def test_a_child_that_died_is_told_once_and_started_again(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "BACKOFF", (0.0,))
    child = a_child(tmp_path, told=told, module="this")
    child.start()
    assert child.process
    child.process.wait()

    codes = [child.look_after(), child.look_after()]

    assert codes == [0, None]
    assert child.process is not None
    assert len([word for word in told if word.startswith("+")]) == 2
    child.stop(grace=2.0)


def test_waiting_grows_with_each_death(tmp_path: Path, told: list[str]) -> None:
    child = a_child(tmp_path, told=told, module="this")
    child.start()
    assert child.process
    child.process.wait()
    child.look_after()

    assert child.deaths == 1
    assert child.again_at > time.monotonic()


def test_a_child_that_did_not_start_shows_the_end_of_its_log(tmp_path: Path, told: list[str]) -> None:
    child = a_child(tmp_path, told=told, module="no_such_module")
    child.start()
    assert child.process
    child.process.wait()

    error = child.did_not_start()

    assert isinstance(error, DidNotStart)
    assert "no_such_module" in str(error)


def test_the_guard_knows_the_groups_that_are_left_over() -> None:
    assert guard.watch(io.StringIO("+11\n+12\n-11\n")) == {12}


def test_the_guard_has_nothing_to_do_after_a_bye() -> None:
    assert guard.watch(io.StringIO("+11\nbye\n")) == set()


def test_the_guard_ends_the_groups_when_its_pipe_breaks() -> None:
    sleeper = subprocess.Popen(["sleep", "60"], start_new_session=True)
    watching = guard.start(None)
    guard.tell(watching, f"+{sleeper.pid}")
    assert watching.stdin
    watching.stdin.close()

    assert sleeper.wait(10) == -signal.SIGTERM
    assert watching.wait(10) == 0


def test_a_group_that_does_not_listen_is_killed() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); signal.pause()"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True)
    with process:
        assert process.stdout
        process.stdout.readline()

        guard.end_groups([process.pid], grace=0.2)

        assert process.wait(5) == -signal.SIGKILL


def _wait_for_offspring(pid: int) -> list[psutil.Process]:
    give_up = time.monotonic() + 5
    while not (found := psutil.Process(pid).children()) and time.monotonic() < give_up:
        pass
    return found
