"""Settings come from DUBAN_* variables, or from files they name; bad ones are named."""

from pathlib import Path

import pytest

from runtime.errors import BadSettings
from runtime.settings import PREFIX, PROJECT, load_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith((PREFIX, "LC_", "LANG"))]:
        monkeypatch.delenv(name)


def test_without_any_variable_the_example_city_is_served_in_chinese_on_this_machine() -> None:
    settings = load_settings()

    assert settings.city_pack == PROJECT / "cities" / "zigong"
    assert settings.lang == "zh-CN"
    assert settings.public_url == "http://127.0.0.1:8400"
    assert settings.database_url is None
    assert settings.home.name == "duban"


def test_an_english_system_speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert load_settings().lang == "en"


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("smtp://me:secret@localhost:25\n")
    monkeypatch.setenv("DUBAN_SMTP_URL_FILE", str(tmp_path / "smtp"))

    assert load_settings().smtp_url.get_secret_value() == "smtp://me:secret@localhost:25"


def test_a_variable_wins_over_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "actor").write_text("R00009")
    monkeypatch.setenv("DUBAN_ACTOR_FILE", str(tmp_path / "actor"))
    monkeypatch.setenv("DUBAN_ACTOR", "R00001")

    assert load_settings().actor == "R00001"


def test_an_empty_variable_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_WEB_PORT", "")
    assert load_settings().web_port == 8400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DUBAN_WEB_PORT", "http"),
        ("DUBAN_WEB_PORT", "70000"),
        ("DUBAN_PREFECT_PORT", "0"),
        ("DUBAN_LANG", "fr"),
        ("DUBAN_LOG_LEVEL", "LOUD"),
        ("DUBAN_SMTP_URL", "mail.example.invalid"),
        ("DUBAN_ACTOR_FILE", "/nowhere/at/all"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name):
        load_settings()


def test_two_servers_on_one_port_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_WEB_PORT", "4200")
    with pytest.raises(BadSettings, match="DUBAN_PREFECT_PORT"):
        load_settings()


def test_a_bad_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SMTP_URL", "http://me:hunter2@localhost")
    with pytest.raises(BadSettings) as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)


def test_settings_do_not_show_secrets_when_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql://me:hunter2@localhost/duban")
    assert "hunter2" not in repr(load_settings())
