"""A city pack and a holiday notice, struck anywhere: all of it is in force or nothing, and done again all is."""

from pathlib import Path

import pytest
from sqlmodel import Session

from tests.cast import OFFICE, an_issue, at
from tests.crash.counting import is_sealed, rewind, snapshot
from tests.crash.deaths import dies
from tests.crash.test_imports import nothing
from tests.crash.works import command
from tests.services.cities.packs import write_pack

NOW = at("2026-12-28 10:00")
NOTICE = "date,kind,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n2027-01-02,make_up,调休\n"
WHOLE = "after a commit"


def running(session: Session) -> None:
    for _ in range(3):
        an_issue(session, state="rectifying", now=NOW)


def check(place, finished, fill, typed: tuple[str, ...], home: Path, *, point: str, nth: int) -> None:
    here = place(fill)
    before = snapshot(here.engine)
    dies("command", here.job(NOW, home=home, typed=typed), point=point, nth=nth)

    half = snapshot(here.engine)
    rewind(here.engine)
    command(here.job(NOW, home=home, typed=typed))
    whole = finished(fill, "command", NOW, home=home, typed=typed)

    assert before != whole
    assert half == (whole if point == WHOLE else before)
    assert snapshot(here.engine) == whole
    assert is_sealed(here.engine)


@pytest.mark.parametrize(
    ("point", "nth"),
    [("calendar written", 1), ("issues written", 1), ("clocks moved", 1), ("before a commit", 1), (WHOLE, 1)],
)
def test_a_notice_moves_every_clock_or_none(place, finished, tmp_path: Path, point: str, nth: int) -> None:
    file = tmp_path / "notice.csv"
    file.write_text(NOTICE, "utf-8")
    typed = ("import", "notice", str(file), "--source", "国办发明电〔2026〕1号", "--as", OFFICE)
    check(place, finished, running, typed, tmp_path, point=point, nth=nth)


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
    check(place, finished, nothing, ("city", "load", str(pack)), tmp_path, point=point, nth=nth)
