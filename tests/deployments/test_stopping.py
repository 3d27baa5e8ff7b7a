"""The end of `up`: all that it started is stopped, whatever else has failed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.children import Child
from deployments.supervise import Orders, Running, _say_bye, _stop_all
from runtime.database import Database
from runtime.settings import Settings

GONE = Database(url="postgresql+psycopg://postgres@/x?host=/nowhere", prefect_url="")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Three processes that run, and a database that does not."""
    children = {name: _child(name, tmp_path) for name in ("prefect", "web", "flows")}
    processes = [child.process for child in children.values() if child.process]
    life = Child("demo", "", tmp_path / "log", {}, lambda _: None)
    yield Running(Settings(), GONE, print, children, life, Orders(hurry=True))
    for process in processes:
        process.kill()
        process.wait()


def _child(name: str, folder: Path) -> Child:
    child = Child(name, "", folder / "log", {}, lambda _: None)
    child.process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    return child


def test_a_database_that_is_gone_does_not_keep_anything_running(running: Running) -> None:
    _stop_all(running)

    assert not any(child.runs for child in running.children.values())


def test_a_child_that_cannot_be_stopped_does_not_keep_the_others(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.children["flows"], "stop", _fail)

    with pytest.raises(OSError, match="no"):
        _stop_all(running)

    assert [name for name, child in running.children.items() if child.runs] == ["flows"]


def test_the_guard_hears_a_bye_only_when_all_is_stopped(running: Running) -> None:
    told: list[str] = []
    _say_bye(running, told.append)
    assert told == []

    _stop_all(running)
    _say_bye(running, told.append)

    assert told == ["bye"]


def _fail(*, grace: float) -> None:
    raise OSError("no")
