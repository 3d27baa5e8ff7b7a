"""What `up` checks before it starts anything, and what it gives to its children."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from deployments.environment import environment
from deployments.errors import AlreadyRunning, PortInUse
from deployments.janitor import _lives
from deployments.ports import check_ports
from deployments.supervise import _alone, where_everything_is
from runtime.database import Database
from runtime.i18n import using
from runtime.settings import Settings, load_settings

DATABASE = Database(url="postgresql+psycopg://h/duban", prefect_url="postgresql+asyncpg://h/prefect")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        yield somebody.getsockname()[1]


def test_a_port_in_use_names_the_setting_of_the_web_page(taken: int) -> None:
    with pytest.raises(PortInUse, match="DUBAN_WEB_PORT"):
        check_ports(Settings(web_port=taken))


def test_a_port_in_use_names_the_setting_of_prefect(taken: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(PortInUse, match="DUBAN_PREFECT_PORT"):
        check_ports(Settings(web_port=port, prefect_port=taken))


def test_a_data_folder_serves_one_at_a_time(tmp_path: Path) -> None:
    with _alone(tmp_path), pytest.raises(AlreadyRunning, match=str(os.getpid())), _alone(tmp_path):
        pass


def test_a_data_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with _alone(tmp_path):
        pass
    with _alone(tmp_path):
        pass


def test_children_get_the_settings_as_variables(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, web_port=18400, smtp_url=SecretStr("smtp://h:25"))

    variables = environment(settings, DATABASE)

    assert variables["DUBAN_WEB_PORT"] == "18400"
    assert variables["DUBAN_SMTP_URL"] == "smtp://h:25"
    assert variables["DUBAN_HOME"] == str(tmp_path)


def test_a_secret_that_came_from_a_file_stays_in_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "smtp").write_text("smtp://h:25")
    monkeypatch.setenv("DUBAN_SMTP_URL_FILE", str(tmp_path / "smtp"))
    monkeypatch.delenv("DUBAN_SMTP_URL", raising=False)

    variables = environment(load_settings(home=tmp_path), DATABASE)

    assert "DUBAN_SMTP_URL" not in variables


def test_an_operators_prefect_setting_wins_but_not_over_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_EVENTS_RETENTION_PERIOD", "9d")
    monkeypatch.setenv("PREFECT_API_URL", "http://elsewhere/api")

    variables = environment(Settings(prefect_port=14200), DATABASE)

    assert variables["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == "9d"
    assert variables["PREFECT_API_URL"] == "http://127.0.0.1:14200/api"


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "网页"), ("en", "Web page")])
def test_where_everything_is_is_said_in_both_languages(lang: str, word: str) -> None:
    with using(lang):  # type: ignore[arg-type]
        assert word in where_everything_is(Settings())


def test_a_run_of_a_process_that_is_gone_is_dead(tmp_path: Path) -> None:
    file = tmp_path / "run"
    file.write_text("2147483646")

    assert not _lives(file)


def test_a_run_of_a_process_that_is_there_lives(tmp_path: Path) -> None:
    file = tmp_path / "run"
    file.write_text(str(os.getppid()))

    assert _lives(file)


def test_children_read_the_same_settings_again(monkeypatch, tmp_path) -> None:
    given = Settings(home=tmp_path, webhook_networks=("10.0.0.0/8", "192.168.7.9"), sms_url="smsgates://gate.example/")
    for name, value in environment(given, DATABASE).items():
        if name.startswith("DUBAN_"):
            monkeypatch.setenv(name, value)

    assert load_settings() == given
