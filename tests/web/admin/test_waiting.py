"""Packs that wait for being confirmed: for their person, and not for ever."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import NotFound, NotStored
from services.administering.view_waiting import LASTS, keep, path_of

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def kept(folder: Path, *, by: str = "R1", now: datetime = NOW) -> str:
    return keep(folder, b"data", suffix="zip", by=by, now=now)


def test_what_is_kept_is_there_for_who_sent_it(tmp_path: Path) -> None:
    assert path_of(tmp_path, kept(tmp_path), by="R1").read_bytes() == b"data"


def test_it_is_not_there_for_anybody_else(tmp_path: Path) -> None:
    name = kept(tmp_path)
    with pytest.raises(NotFound):
        path_of(tmp_path, name, by="R2")


def test_it_goes_after_a_day(tmp_path: Path) -> None:
    name = kept(tmp_path)
    os.utime(tmp_path / name, (NOW.timestamp(), NOW.timestamp()))
    kept(tmp_path, by="R2", now=NOW + LASTS + timedelta(seconds=1))
    with pytest.raises(NotFound):
        path_of(tmp_path, name, by="R1")


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotStored):
        kept(tmp_path / "file")
