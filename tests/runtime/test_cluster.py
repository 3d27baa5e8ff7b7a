"""The embedded PostgreSQL: who starts it, who stops it, and what it survives. Each test uses a folder of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from runtime import cluster, postgres_programs
from runtime.errors import DatabaseTrouble
from tests.bed import FAST, SMALL

OPTIONS = FAST | SMALL | {"max_connections": "20"}
HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from runtime.cluster import hold
held = hold(Path(sys.argv[1]))
print("holding", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path):
    yield tmp_path / "postgres"
    if (tmp_path / "postgres" / "data").exists():
        cluster.stop(tmp_path / "postgres")


def runs(held: cluster.Cluster) -> bool:
    return cluster._postmaster(held.folder / "data") is not None


def test_the_last_one_to_let_go_stops_the_server(folder: Path) -> None:
    first = cluster.hold(folder, options=OPTIONS)
    second = cluster.hold(folder, options=OPTIONS)

    first.release()
    assert runs(second)
    second.release()
    assert not runs(second)


def test_releasing_twice_does_not_take_the_server_from_others(folder: Path) -> None:
    first = cluster.hold(folder, options=OPTIONS)
    second = cluster.hold(folder, options=OPTIONS)

    first.release()
    first.release()

    assert runs(second)
    second.release()


def test_a_killed_holder_does_not_count(folder: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD_UNTIL_KILLED, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        other.stdout.readline()
        mine = cluster.hold(folder, options=OPTIONS)
        other.kill()

    mine.release()
    assert not runs(mine)


def test_data_survive_the_server_being_killed(folder: Path) -> None:
    held = cluster.hold(folder, options=OPTIONS | {"fsync": "on", "synchronous_commit": "on"})
    where = cluster.connection_string(held.socket_folder, database="postgres")
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(cluster._postmaster(held.folder / "data"), signal.SIGKILL)

    again = cluster.hold(folder, options=OPTIONS)
    with psycopg.connect(where) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    again.release()
    held.release()
    assert not runs(held)


def test_a_process_number_that_now_belongs_to_another_program_does_not_stop_the_start(folder: Path) -> None:
    cluster.hold(folder, options=OPTIONS).release()
    stale = folder / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{folder / 'data'}\n1\n5432\n{folder}\n\n0 0\nready\n")
    held = cluster.hold(folder, options=OPTIONS)

    assert runs(held)
    held.release()


def test_a_folder_with_a_path_too_long_for_a_socket_works(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30) / "with space" / "postgres"
    held = cluster.hold(folder, options=OPTIONS)

    assert len(str(held.socket_folder)) < 40
    assert cluster.answers(held.socket_folder)
    held.release()
    assert not held.socket_folder.exists()


def test_only_the_owner_can_reach_the_socket(folder: Path) -> None:
    held = cluster.hold(folder, options=OPTIONS)

    assert held.socket_folder.stat().st_mode & 0o777 == 0o700
    assert not psutil.Process(cluster._postmaster(held.folder / "data")).net_connections("inet")
    held.release()


def test_the_variables_of_other_postgres_clients_do_not_matter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "elsewhere", "PGDATA": "/nowhere", "PGUSER": "nobody"}.items():
        monkeypatch.setenv(name, value)
    held = cluster.hold(folder, options=OPTIONS)

    assert cluster.answers(held.socket_folder)
    held.release()


def test_data_of_another_major_version_are_refused_by_name(folder: Path) -> None:
    cluster.hold(folder, options=OPTIONS).release()
    (folder / "data" / "PG_VERSION").write_text("12\n")

    with pytest.raises(DatabaseTrouble, match="written by PostgreSQL 12"):
        cluster.hold(folder, options=OPTIONS)
    (folder / "data" / "PG_VERSION").write_text("18\n")


def test_a_server_that_cannot_start_tells_why(folder: Path) -> None:
    with pytest.raises(DatabaseTrouble, match="shared_buffers"):
        cluster.hold(folder, options=OPTIONS | {"shared_buffers": "nonsense"})
    assert not cluster.is_held(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_runs_the_server_as_an_account_of_its_own(folder: Path) -> None:
    held = cluster.hold(folder, options=OPTIONS)

    owner = psutil.Process(cluster._postmaster(held.folder / "data")).username()
    assert owner == postgres_programs.ACCOUNT
    held.release()


def test_fresh_data_have_checksums_and_trigrams_of_chinese(folder: Path) -> None:
    held = cluster.hold(folder, options=OPTIONS)
    with psycopg.connect(cluster.connection_string(held.socket_folder, database="postgres")) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT current_setting('data_checksums'), similarity('垃圾桶满溢', '垃圾桶已满')")
        checksums, alike = row.fetchone()
    held.release()

    assert checksums == "on"
    assert alike > 0.3
