"""Backup and restore on an embedded cluster of their own."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.exits import Exit
from cli.tree import app
from runtime.database import MIGRATIONS


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "own"))
    return tmp_path


@pytest.mark.slow
def test_a_backup_is_restored_and_a_bad_file_changes_nothing(own_home: Path) -> None:
    dump = own_home / "duban.dump"
    (own_home / "bad.dump").write_bytes(b"not a dump")
    (own_home / "short.dump").write_bytes(b"PGDMP and no more")

    assert typed("db", "migrate").exit_code == 0
    assert typed("db", "backup", str(dump)).exit_code == 0
    assert typed("db", "restore", str(own_home / "bad.dump")).exit_code == Exit.UNUSABLE
    assert typed("db", "restore", str(own_home / "short.dump")).exit_code == Exit.NOT_READY
    assert typed("db", "restore", str(dump)).exit_code == 0
    assert typed("db", "migrate").stdout.strip().endswith(f"{newest()}.")
    assert "dbname=duban" in typed("db", "shell-url").stdout


def test_a_given_server_is_backed_up_with_its_own_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql://duban:geheim@127.0.0.1:1/duban")
    ended = typed("db", "backup", str(tmp_path / "a"))

    assert ended.exit_code == Exit.NOT_READY
    assert "pg_dump" in ended.stderr


def test_the_url_is_shown_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql://duban:geheim@127.0.0.1:1/duban")

    assert "geheim" not in typed("db", "shell-url").stdout


def test_a_database_that_does_not_answer_ends_with_5_and_hides_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql://duban:geheim@127.0.0.1:1/duban")
    ended = typed("issue", "list")

    assert ended.exit_code == Exit.NOT_READY
    assert "geheim" not in ended.stderr


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_WEB_PORT", "eighty")
    ended = typed("status")

    assert ended.exit_code == Exit.NOT_READY
    assert "DUBAN_WEB_PORT" in ended.stderr


def newest() -> str:
    """The last of the migrations."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))
