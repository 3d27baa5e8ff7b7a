"""The evidence store: by content, whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from models.errors import NotStored, WrongValue
from services.evidence import path_of, store


def test_bytes_lie_under_their_hash(tmp_path):
    sha256 = store(tmp_path, b"proof")

    assert sha256 == hashlib.sha256(b"proof").hexdigest()
    assert path_of(tmp_path, sha256).read_bytes() == b"proof"


def pieces(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/*") if path.is_file()]


def test_the_same_bytes_lie_once(tmp_path):
    store(tmp_path, b"proof")
    before = path_of(tmp_path, store(tmp_path, b"proof")).stat().st_mtime_ns
    store(tmp_path, b"proof")

    assert [path.stat().st_mtime_ns for path in pieces(tmp_path)] == [before]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)

    with pytest.raises(NotStored, match="disk full"):
        store(tmp_path, b"proof")
    assert pieces(tmp_path) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "AB" * 32, "", "0" * 63])
def test_what_is_no_hash_has_no_place(tmp_path, name):
    with pytest.raises(WrongValue):
        path_of(tmp_path, name)
