"""A web server of its own, as it is really run: what it writes down holds no link."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from runtime.settings import PROJECT
from tests.cast import an_issue
from tests.web.link_desk import hidden, link, set_clock


@pytest.fixture
def server(city, database_url, tmp_path) -> Iterator[tuple[str, Callable[[], str]]]:
    """Its address, and what it has written down so far, to the last detail."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"DUBAN_DATABASE_URL": database_url, "DUBAN_HOME": str(tmp_path), "DUBAN_WEB_PORT": str(port)}
    environ = {**os.environ, **given, "DUBAN_LOG_LEVEL": "DEBUG"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "web"], cwd=PROJECT, env=environ, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}", (tmp_path / "log").read_text
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(url: str) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(url)


def test_the_servers_log_holds_no_link(server, city, tmp_path):
    address, written = server
    set_clock(city)
    path = link(city, tmp_path, "sign_in", an_issue(city, state="assigned"))
    city.commit()

    with httpx.Client(base_url=address, trust_env=False) as client:
        page = client.get(path).text
        city.connection().exec_driver_sql("ALTER TABLE link_use RENAME TO gone")
        city.commit()
        failed = [client.get(path).status_code, client.post(path, data=hidden(page)).status_code]
        city.connection().exec_driver_sql("ALTER TABLE gone RENAME TO link_use")
        city.commit()
        done = client.post(path, data=hidden(page)).status_code

    assert (failed, done) == ([503, 503], 200)
    assert "the database failed" in written()
    assert path.rsplit("/", 1)[1][:40] not in written()
    assert "/l/" not in written()
