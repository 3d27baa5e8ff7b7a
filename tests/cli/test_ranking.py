"""`duban ranking`: months, places, what if, the draft, files; approving is not here."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from models.publication import Publication
from services import issues
from tests.cast import an_issue, at, who
from tests.cli.conftest import HANDLER, OFFICE, Run
from tests.services.ranking.desk import drafted, number_of, october

RULED = ["--as", OFFICE]


@pytest.fixture
def month(run: Run, session: Session) -> Session:
    """October in the small city: three cases of one unit, one of them still open."""
    october(session)
    return session


def test_the_months_say_where_they_stand(run: Run, month: Session) -> None:
    drafted(month)

    rows = run("ranking", "list", "--json", *RULED).json

    assert [(row["month"], row["standing"], row["edition"]) for row in rows] == [
        ("2026-11", "live", 0),
        ("2026-10", "draft", 1),
    ]
    assert "Draft, open to appeals" in run("ranking", "list", *RULED).out


def test_a_month_shows_places_with_their_bounds(run: Run, month: Session) -> None:
    (row,) = run("ranking", "show", "2026-10", "--json", *RULED).json

    assert (row["code"], row["rank"], row["of"], row["cases"], row["overdue"]) == ("D-CGJ", 1, 1, 3, 1)
    assert (row["disposal"], row["low"] < row["disposal"] < row["high"]) == ("66.67", True)
    assert "Live figures" in run("ranking", "show", "2026-10", *RULED).out


def test_units_without_a_place_are_shown_when_asked_for(run: Run, month: Session) -> None:
    rows = run("ranking", "show", "2026-10", "--all", "--json", *RULED).json

    assert {row["why"] for row in rows if row["rank"] is None} == {"no_cases"}
    assert run("ranking", "show", "2026-10", "--group", "towns", "--json", *RULED).json == []


def test_what_if_names_the_open_issues_that_would_lift_a_unit(run: Run, session: Session) -> None:
    found = at("2026-11-03 10:00")
    states = ("closed", "rectifying", "rectifying")
    for state in states:
        an_issue(session, state=state, now=found)
    other = an_issue(session, now=found, point="P-0003")
    office = who(session, OFFICE, now=found)
    issues.assign(session, issue_ids=[other], by=office, now=found, to="T510303001")
    number = number_of(session, other)
    session.commit()

    told = run("ranking", "what-if", "T510303001", "--json", *RULED).json
    shown = run("ranking", "what-if", "T510303001", *RULED).out

    assert (told["rank"], told["of"], told["ways"]) == (2, 2, [{"rank": 1, "issues": [number]}])
    assert [(step["number"], step["rank_after"]) for step in told["steps"]] == [(number, 1)]
    assert "Place 2 of 2 now." in shown
    assert f"Place 1: close {number}." in shown


def test_a_draft_is_written_once_and_a_dry_run_writes_nothing(run: Run, month: Session) -> None:
    dry = run("ranking", "draft", "2026-10", "--dry-run", *RULED)
    assert (dry.code, month.exec(select(Publication)).all()) == (0, [])

    told = [run("ranking", "draft", "2026-10", "--json", *RULED).json for _ in range(2)]

    assert [(one["state"], one["edition"]) for one in told] == [("draft", 1)] * 2
    assert len(month.exec(select(Publication)).all()) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("draft", "2026-11"), 3),
        (("draft", "2026-13"), 2),
        (("show", "november"), 2),
        (("show", "2026-10", "--area", "nix"), 4),
        (("what-if", "NIX"), 4),
        (("export", "2026-10", "places.txt"), 2),
    ],
)
def test_what_cannot_be_done_says_why(run: Run, month: Session, words: tuple[str, ...], code: int) -> None:
    ended = run("ranking", *words, *RULED)

    assert (ended.code, bool(ended.err)) == (code, True)


def test_a_handler_drafts_nothing(run: Run, month: Session) -> None:
    assert run("ranking", "draft", "2026-10", "--as", HANDLER).code == 3
    assert month.exec(select(Publication)).all() == []


def test_a_month_is_written_as_a_workbook_and_as_csv(run: Run, month: Session, tmp_path: Path) -> None:
    book, text = tmp_path / "places.xlsx", tmp_path / "places.csv"
    assert [run("ranking", "export", "2026-10", str(file), *RULED).code for file in (book, text)] == [0, 0]

    cells = [["" if cell is None else str(cell) for cell in row] for row in load_workbook(book).worksheets[0].values]
    with text.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == cells[0]
    assert [row[3] for row in rows] == [row[3] for row in cells]
    assert any("66.67" in row for row in rows)
