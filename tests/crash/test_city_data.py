"""A city pack and a holiday notice, struck anywhere: all of it is in force or nothing, and done again all is."""

from pathlib import Path

import pytest
from sqlmodel import Session

from tests.cast import OFFICE, an_issue, at
from tests.crash.test_imports import nothing
from tests.crash.wholeness import WHOLE, check
from tests.services.cities.packs import write_pack

NOW = at("2026-12-28 10:00")
NOTICE = "date,kind,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n2027-01-02,make_up,调休\n"


def running(session: Session) -> None:
    for _ in range(3):
        an_issue(session, state="rectifying", now=NOW)


@pytest.mark.parametrize(
    ("point", "nth"),
    [("calendar written", 1), ("issues written", 1), ("clocks moved", 1), ("before a commit", 1), (WHOLE, 1)],
)
def test_a_notice_moves_every_clock_or_none(place, finished, tmp_path: Path, point: str, nth: int) -> None:
    file = tmp_path / "notice.csv"
    file.write_text(NOTICE, "utf-8")
    typed = ("import", "notice", str(file), "--source", "国办发明电〔2026〕1号", "--as", OFFICE)
    check(place, finished, typed, tmp_path, point=point, nth=nth, now=NOW, fill=running)


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        ("a table loaded", 1),
        ("a table loaded", 7),
        ("before the city's own row", 1),
        ("before a commit", 1),
        (WHOLE, 1),
    ],
)
def test_a_city_pack_is_in_force_or_not(place, finished, tmp_path: Path, point: str, nth: int) -> None:
    pack = write_pack(tmp_path / "pack")
    check(place, finished, ("city", "load", str(pack)), tmp_path, point=point, nth=nth, now=NOW, fill=nothing)
