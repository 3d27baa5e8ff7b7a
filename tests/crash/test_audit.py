"""An audit struck anywhere: a round is drawn whole or not at all, a sheet's results come in once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from models.audit import RoundKind
from services import audits
from tests.cast import INSPECTOR, MONDAY, OFFICE
from tests.crash.counting import is_sealed, snapshot
from tests.crash.deaths import dies
from tests.crash.works import command

ORDER = audits.AuditOrder(
    kind=RoundKind.ANNOUNCED,
    area_code="5103",
    points=1,
    seed=7,
    inspectors=(INSPECTOR,),
    on_date=date(2026, 11, 3),
    requested_by=OFFICE,
)
DRAWING = (
    *("audit", "start", "--area", "5103", "--points", "3", "--seed", "7", "--key", "once", "--as", OFFICE),
    *("--inspector", INSPECTOR, "--inspector", OFFICE),
)
OF_A_ROUND = ("round", "round_frame", "sheet", "message", "number_series")
RESULTS = """round,point,inspector,standard,result,note
ZG-A-2026-0001,P-0001,R00002,01-01,符合,
ZG-A-2026-0001,P-0001,R00002,01-02,不符合,三辆车占道
ZG-A-2026-0001,P-0002,R00002,12-01,不符合,无公平秤
ZG-A-2026-0001,P-0002,R00002,12-02,符合,
"""


def nothing(_: Session) -> None: ...


def a_round(session: Session) -> None:
    audits.start(session, ORDER, now=MONDAY)


def three_sheets(session: Session) -> None:
    audits.start(session, replace(ORDER, points=3), now=MONDAY)


def of_a_round(rows: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {table: rows[table] for table in OF_A_ROUND}


@pytest.mark.parametrize(
    ("point", "is_there"),
    [
        ("drawn", False),
        ("round written", False),
        ("sheets written", False),
        ("inspectors told", False),
        ("before a commit", False),
        ("after a commit", True),
    ],
)
def test_a_round_is_drawn_whole_or_not_at_all(place, finished, tmp_path: Path, point: str, is_there: bool) -> None:
    here = place(nothing)
    given = {"home": tmp_path, "typed": DRAWING}
    dies("command", here.job(MONDAY, **given), point=point)

    half = of_a_round(snapshot(here.engine))
    command(here.job(MONDAY, **given))
    whole = finished(nothing, "command", MONDAY, **given)

    assert half == (of_a_round(whole) if is_there else {table: [] for table in OF_A_ROUND})
    assert snapshot(here.engine) == whole


@pytest.mark.parametrize(
    ("point", "nth"),
    [("a sheet's issues made", 1), ("a sheet recorded", 1), ("a sheet recorded", 2), ("before a commit", 1)],
)
def test_results_come_in_all_or_none(place, finished, tmp_path: Path, point: str, nth: int) -> None:
    check_results(place, finished, tmp_path, point, nth)


def test_results_that_came_in_do_not_come_in_again(place, finished, tmp_path: Path) -> None:
    check_results(place, finished, tmp_path, "after a commit", 1)


def check_results(place, finished, tmp_path: Path, point: str, nth: int) -> None:
    """Killed there and sent again, what is on record is as if it had been sent once."""
    file = tmp_path / "results.csv"
    file.write_text(RESULTS, "utf-8")
    here = place(three_sheets)
    given = {"home": tmp_path, "typed": ("audit", "results", str(file), "--as", INSPECTOR)}
    before = snapshot(here.engine)
    dies("command", here.job(MONDAY, **given), point=point, nth=nth)

    half = snapshot(here.engine)
    command(here.job(MONDAY, **given))
    whole = finished(three_sheets, "command", MONDAY, **given)

    assert half == (whole if point == "after a commit" else before)
    assert snapshot(here.engine) == whole
    assert is_sealed(here.engine)
