"""One real Prefect server for all tests that need it, on the run's own PostgreSQL; and a small city in the environment
of the flows."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_HOME,
    PREFECT_LOGGING_TO_API_ENABLED,
    PREFECT_SERVER_EPHEMERAL_ENABLED,
    temporary_settings,
)
from sqlmodel import Session

from deployments.environment import DEFAULTS, HOST
from runtime.cluster import Cluster
from runtime.database import embedded_url, make_databases
from runtime.settings import PROJECT
from tests.small_city import a_city

READY_WITHIN = 90.0


@pytest.fixture(scope="package")
def prefect_server(cluster: Cluster, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of its API. Takes some ten seconds, so tests share it (`-n` keeps them on one worker by their group).

    It ends with the last test of its folder: it is never idle.
    """
    folder, port, name = tmp_path_factory.mktemp("prefect"), _free_port(), f"prefect_{worker}"
    make_databases(cluster, names=(name,))
    variables = _variables(folder, port) | {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": embedded_url(cluster, database=name, driver="postgresql+asyncpg")
    }
    with (folder / "server.log").open("wb") as log:
        command = [sys.executable, "-m", "deployments.prefect_server"]
        server = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=log, stderr=log)
    try:
        _wait_until_ready(server, f"http://{HOST}:{port}/api/ready", folder / "server.log")
        yield f"http://{HOST}:{port}/api"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def prefect(prefect_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Flows of this test, and the processes it starts, talk to the shared server."""
    for name, value in DEFAULTS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PREFECT_API_URL", prefect_server)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.chdir(PROJECT)
    settings = {
        PREFECT_API_URL: prefect_server,
        PREFECT_HOME: tmp_path / "prefect",
        PREFECT_SERVER_EPHEMERAL_ENABLED: False,
        PREFECT_LOGGING_TO_API_ENABLED: False,  # its sender would outlive the test
    }
    with temporary_settings(settings):
        yield prefect_server


@pytest.fixture
def city(session: Session, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session on the small city that the flows of this test work on."""
    a_city(session)
    session.commit()
    monkeypatch.setenv("DUBAN_DATABASE_URL", database_url)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    return session


def _variables(folder: Path, port: int) -> dict[str, str]:
    where = {"PREFECT_SERVER_API_HOST": HOST, "PREFECT_SERVER_API_PORT": str(port), "PREFECT_HOME": str(folder)}
    return {**os.environ, **DEFAULTS, **where}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up and server.poll() is None:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"Prefect's server did not start:\n{log.read_text()}")
