"""`up` for real: an empty folder becomes a running city, and one signal ends all of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from runtime.settings import PROJECT

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(240)]
UP = "from deployments.supervise import up; from runtime.settings import load_settings; up(load_settings())"


@pytest.fixture
def ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _up(home: Path, ports: tuple[int, int]) -> subprocess.Popen[str]:
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_"))},
        **{"DUBAN_HOME": str(home), "DUBAN_LANG": "en", "PYTHONPATH": str(PROJECT)},
        **{"DUBAN_WEB_PORT": str(ports[0]), "DUBAN_PREFECT_PORT": str(ports[1])},
    }
    command = [sys.executable, "-c", UP]
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _until_running(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if "Stop:" in line:
            return said
    raise AssertionError("".join(said))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_up_runs_everything_and_one_signal_ends_it(tmp_path: Path, ports: tuple[int, int]) -> None:
    with _up(tmp_path / "home", ports) as process:
        try:
            said = _until_running(process)
            health = httpx.get(f"http://127.0.0.1:{ports[0]}/healthz", trust_env=False).json()
            ready = httpx.get(f"http://127.0.0.1:{ports[1]}/api/ready", trust_env=False)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)

    assert any("loading the city pack" in line for line in said)
    assert (health["status"], health["city"]) == ("ok", "5103")
    assert ready.is_success
    assert process.returncode == 0
    assert not any(map(_listens, ports))


def test_nothing_is_left_running_when_up_is_killed(tmp_path: Path, ports: tuple[int, int]) -> None:
    home = tmp_path / "home"
    with _up(home, ports) as process:
        try:
            _until_running(process)
        finally:
            process.kill()
            process.communicate(timeout=60)

    give_up = time.monotonic() + 30
    while any(map(_listens, ports)) or (home / "postgres" / "data" / "postmaster.pid").exists():
        assert time.monotonic() < give_up
        time.sleep(0.1)
