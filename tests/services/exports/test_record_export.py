"""The sealed record as a file that anybody can check."""

import json
from pathlib import Path

from sqlmodel import Session

from models.seal import SEALED
from services.exports.record import export_record
from services.seal import read_lines, seal_day, verify
from tests.cast import an_issue, at
from tests.services.imports.lives import NOW, some_lives


def exported(city: Session, tmp_path: Path) -> list[str]:
    for day in ("2026-11-02 10:00", "2026-11-03 10:00", "2026-11-04 10:00"):
        an_issue(city, state="closed", description="仍有积水", now=at(day))
    seal_day(city, now=NOW)
    city.commit()
    count = export_record(city, tmp_path / "record.jsonl")
    lines = (tmp_path / "record.jsonl").read_text("utf-8").splitlines()
    assert count == len(lines)
    return lines


def test_the_export_verifies_without_a_database(city: Session, tmp_path: Path):
    seen = verify(read_lines(exported(city, tmp_path)))

    assert (seen.alteration, seen.issues) == (None, 3)
    assert seen.days > 0


def test_every_event_carries_every_sealed_field(city: Session, tmp_path: Path):
    events = [line for line in map(json.loads, exported(city, tmp_path)) if line["type"] == "event"]

    assert all(set(SEALED) | {"hash", "previous_hash"} <= set(event) for event in events)


def test_one_altered_character_is_found(city: Session, tmp_path: Path):
    altered = [line.replace("仍有积水", "没有积水") for line in exported(city, tmp_path)]

    found = verify(read_lines(altered)).alteration

    assert found is not None
    assert found.what == "altered"


def test_progress_is_told_at_the_end(city: Session, tmp_path: Path):
    some_lives(city)
    said: list[tuple[int, int]] = []

    export_record(city, tmp_path / "record.jsonl", progress=lambda done, total: said.append((done, total)))

    assert said == [(13, 13)]
