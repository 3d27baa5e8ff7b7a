"""The evidence store: by content, whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from models.errors import WrongValue
from services.evidence import path_of, store


def test_bytes_lie_under_their_hash(tmp_path):
    sha256 = store(tmp_path, b"proof")

    assert sha256 == hashlib.sha256(b"proof").hexdigest()
    assert path_of(tmp_path, sha256).read_bytes() == b"proof"


def test_the_same_bytes_lie_once(tmp_path):
    store(tmp_path, b"proof")
    before = path_of(tmp_path, store(tmp_path, b"proof")).stat().st_mtime_ns
    store(tmp_path, b"proof")

    assert [path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()] == [before]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)

    with pytest.raises(OSError, match="disk full"):
        store(tmp_path, b"proof")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "AB" * 32, "", "0" * 63])
def test_what_is_no_hash_has_no_place(tmp_path, name):
    with pytest.raises(WrongValue):
        path_of(tmp_path, name)
