"""`run` types a command against a small city on a real database; its clock stands at Monday 23 November 2026, 10:00."""

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from typer.testing import CliRunner

from cli import opening, times
from cli.tree import app
from runtime import clock, i18n
from tests.small_city import a_city

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
OFFICE, INSPECTOR, VERIFIER, HANDLER = "R00001", "R00002", "R00003", "R00006"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.splitlines()]


Run = Callable[..., Ended]


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A clock that stands, a home of this test, English; whatever a command has set is put back."""
    for name in ("DUBAN_ACTOR", "DUBAN_DATABASE_URL", "DUBAN_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(clock, "system_now", lambda: NOW)
    with i18n.using("en"):
        yield
    times.use_zone("Asia/Shanghai")


@pytest.fixture
def run_empty(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types commands against an empty database."""

    @contextmanager
    def connected(settings: object) -> Iterator[Engine]:
        yield engine

    monkeypatch.setattr(opening, "connected", connected)

    def typed(*words: str, lang: str = "en") -> Ended:
        with i18n.using(lang):  # type: ignore[arg-type]
            result = CliRunner().invoke(app, list(words), prog_name="duban")
        return Ended(result.exit_code, result.stdout, result.stderr)

    return typed


@pytest.fixture
def run(run_empty: Run, session: Session) -> Run:
    """Types commands against the small city."""
    a_city(session)
    session.close()
    return run_empty


@pytest.fixture
def png(tmp_path: Path) -> Path:
    """A photo: one red dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    )
    path = tmp_path / "after.png"
    path.write_bytes(data)
    return path


@pytest.fixture
def found(run: Run) -> str:
    """The number of an issue that is found at P-0001."""
    ended = run("issue", "find", "占道经营", "--point", "P-0001", "--standard", "01-02", "--as", INSPECTOR, "--json")
    return str(ended.json[0]["number"])


@pytest.fixture
def assigned(run: Run, found: str) -> str:
    """The number of an issue that is assigned to D-CGJ."""
    assert run("issue", "assign", found, "--to", "D-CGJ", "--as", OFFICE).code == 0
    return found


@pytest.fixture
def rectifying(run: Run, assigned: str) -> str:
    """The number of an issue that its handler signed in."""
    assert run("issue", "sign-in", assigned, "--as", HANDLER).code == 0
    return assigned
