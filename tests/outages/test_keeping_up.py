"""`up` keeps the embedded PostgreSQL running, and what it says of trouble it says once."""

import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlmodel import Session

from deployments.keeper import Keeper
from deployments.pacemaker import Pacemaker
from runtime import clock, cluster, i18n
from runtime.cluster import Cluster, connection_string, hold
from runtime.database import make_engine
from runtime.errors import DatabaseTrouble
from runtime.settings import Settings
from tests.outages.hearing import hearing
from tests.outages.server import OPTIONS, Server


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What the operator reads, in English."""
    with i18n.using("en"):
        yield []


@pytest.fixture
def look(server: Server, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The keeper's look, without its pauses."""
    monkeypatch.setattr("deployments.keeper.EVERY", 0.0)
    monkeypatch.setattr("deployments.keeper.AGAIN_AFTER", 0.0)
    return Keeper(server.cluster, say=said.append).look


@pytest.fixture
def pacemaker_looks(
    city: Session, database_url: str, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], None]]:
    """A look of the pacemaker, fifteen seconds after the one before."""
    city.commit()
    engine, plain, looks = make_engine(database_url, patience=1.5), clock.system_now, [0]
    monkeypatch.setattr(clock, "system_now", lambda: plain() + timedelta(seconds=20 * looks[0]))
    pacemaker = Pacemaker(Settings(), lambda: Session(engine), say=said.append)

    def look() -> None:
        looks[0] += 1
        pacemaker.look()

    yield look
    engine.dispose()


def answers(server: Server) -> bool:
    with psycopg.connect(connection_string(server.sockets, database="postgres")) as connection:
        return connection.execute("SELECT true").fetchone() == (True,)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT])
def test_a_server_that_died_is_started_again_and_that_is_said_once(
    server: Server, look: Callable[[], None], said: list[str], how: signal.Signals
) -> None:
    top = server.postmaster
    assert top
    top.send_signal(how)
    psutil.wait_procs([top], timeout=10)
    for _ in range(3):
        look()

    assert answers(server)
    assert len(said) == 1
    assert "server.log" in said[0]


def test_a_server_that_cannot_be_started_is_said_once_and_tried_again(
    server: Server, look: Callable[[], None], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise DatabaseTrouble(folder="x", why="disk full")

    server.die()
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "_start", fails)
        for _ in range(3):
            look()
    heard = len(said)
    look()

    assert heard == 1
    assert "disk full" in said[0]
    assert answers(server)
    assert len(said) == 2


def test_a_server_that_only_does_not_answer_is_left_alone(
    server: Server, look: Callable[[], None], said: list[str]
) -> None:
    before = server.postmaster
    with server.frozen():
        look()

    assert (server.postmaster, said) == (before, [])


def test_a_server_that_does_not_listen_is_stopped_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "HANGS", 2.0)
    held = hold(tmp_path / "postgres", options=OPTIONS)
    server = Server(held)
    with psycopg.connect(connection_string(held.socket_folder, database="postgres"), autocommit=True) as kept:
        kept.execute("CREATE TABLE kept AS SELECT 7 AS number")
    top = server.postmaster
    assert top
    everybody = [top, *top.children(recursive=True)]
    with server.frozen():
        held.release()

    assert not any(process.is_running() and process.status() != "zombie" for process in everybody)
    again = hold(tmp_path / "postgres", options=OPTIONS)
    with psycopg.connect(connection_string(again.socket_folder, database="postgres")) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    again.release()


@pytest.mark.parametrize("how", ["dies", "hangs"])
def test_a_database_that_is_gone_is_said_once_and_once_more_when_it_is_back(
    server: Server, pacemaker_looks: Callable[[], None], said: list[str], how: str
) -> None:
    pacemaker_looks()
    with hearing("duban", "services", "notifications") as lines:
        gone(server, how, lambda: [pacemaker_looks() for _ in range(3)])
        for _ in range(3):
            pacemaker_looks()

    assert [line.partition("(")[0] for line in said] == ["The database does not answer ", "The database answers again."]
    assert lines == []


def gone(server: Server, how: str, meanwhile: Callable[[], object]) -> None:
    if how == "hangs":
        with server.frozen():
            meanwhile()
        return
    server.die()
    meanwhile()
    server.start()


def test_who_comes_to_a_server_that_hangs_is_told_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster.answers.__kwdefaults__, "within", 2)
    with server.frozen(), pytest.raises(DatabaseTrouble, match="does not answer"):
        hold(server.cluster.folder, options=OPTIONS)


def test_a_cluster_that_runs_need_not_be_looked_after(cluster: Cluster, server: Server) -> None:
    assert not cluster.look_after()
