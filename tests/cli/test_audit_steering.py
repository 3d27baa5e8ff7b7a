"""`duban audit redraw`, `recheck`, `decide`, `publish`, `dispatch`, `sheets`, `feedback` at the shell."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from models.audit import Round
from models.issue import Issue
from models.point import Point
from services.exports.audit_sheets import COLUMNS
from tests.cli.conftest import INSPECTOR, NOW, OFFICE, VERIFIER, Run
from tests.services.audits.rounds import GOOD, fill, filled, started
from tests.services.audits.test_rechecks import FINE
from tests.services.imports.test_feedback import ROWS, word

FIELDS = [column.field for column in COLUMNS]


@pytest.fixture
def round_(run: Run, session: Session) -> Round:
    made = started(session, now=NOW, on_date=NOW.date())
    session.commit()
    return made


def test_the_draw_is_repeated_and_ends_well(run: Run, session: Session, round_: Round) -> None:
    point = session.get_one(Point, "P-0001")
    point.closed = True
    session.add(point)
    session.commit()
    ended = run("audit", "redraw", round_.number, "--json")
    assert (ended.code, ended.json["outcome"], len(ended.json["drawn"])) == (0, "same", 3)


def test_a_draw_that_comes_out_otherwise_ends_badly_and_says_where(run: Run, session: Session, round_: Round) -> None:
    round_.wanted = 1
    session.add(round_)
    session.commit()
    ended = run("audit", "redraw", round_.number)
    assert ended.code == 1
    assert "DIFFERENT" in ended.out
    assert ended.out.count("drawn then, not now") == 2


def test_a_round_is_checked_again_published_and_handed_over(run: Run, session: Session, round_: Round) -> None:
    filled(session, round_)
    session.commit()
    share = ("--share", "100", "--inspector", VERIFIER, "--seed", "3")
    assert run("audit", "recheck", round_.number, *share, "--as", OFFICE, "--json").json["drawn"] == 3
    fill(session, round_, "P-0001", GOOD, FINE, again=True)
    session.commit()
    (one,) = run("audit", "differences", round_.number, "--json").json
    refused = run("audit", "publish", round_.number, "--why", "x", "--as", OFFICE)
    assert (refused.code != 0, "difference" in refused.err) == (True, True)
    look = (str(one["first_id"]), "second", "--why", "photo")
    assert run("audit", "decide", round_.number, *look, "--as", OFFICE).code == 0
    dry = run("audit", "publish", round_.number, "--why", "x", "--as", OFFICE, "--dry-run", "--json").json
    assert (len(dry["issues"]), session.exec(select(Issue)).all()) == (2, [])
    assert run("audit", "publish", round_.number, "--why", "x", "--as", OFFICE).code == 0
    handed = run("audit", "dispatch", round_.number, "--as", OFFICE, "--json").json
    assert (handed["assigned"], len(handed["notices"])) == (2, 2)


def test_sheets_go_out_and_come_back(run: Run, round_: Round, tmp_path: Path) -> None:
    path = tmp_path / "sheets.xlsx"
    assert run("audit", "sheets", round_.number, str(path), "--as", INSPECTOR).code == 0
    book = load_workbook(path)
    book.active.cell(2, FIELDS.index("result") + 1).value = "met"
    book.save(path)
    assert run("audit", "results", str(path), "--as", INSPECTOR, "--json").json["written"] == 1


def test_feedback_comes_in_after_a_dry_run(run: Run, session: Session, tmp_path: Path) -> None:
    path, order = word(tmp_path, *ROWS), ("--level", "province", "--on", "2026-11-20", "--as", OFFICE)
    assert len(run("audit", "feedback", str(path), *order, "--dry-run", "--json").json["issues"]) == 3
    assert session.exec(select(Round)).all() == []
    assert run("audit", "feedback", str(path), *order).code == 0
    assert len(session.exec(select(Issue)).all()) == 3


def test_bad_rows_of_feedback_are_told(run: Run, tmp_path: Path) -> None:
    path = word(tmp_path, ("1", "nowhere", "", "x", "", ""))
    ended = run("audit", "feedback", str(path), "--level", "province", "--as", OFFICE)
    assert ended.code != 0
    assert "nowhere" in ended.err
