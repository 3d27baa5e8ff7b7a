"""`duban scores`: rounds, months, years, cycles and the formula, on a terminal and as JSON."""

import pytest
from sqlmodel import Session

from tests.cli.conftest import Run
from tests.services.scores.facts import a_round, three_cases


@pytest.fixture
def number(run: Run, session: Session) -> str:
    found = a_round(session)
    three_cases(session)
    session.commit()
    return found


def test_a_round_and_its_points(run: Run, number: str) -> None:
    rows = run("scores", "round", number, "--points", "--json").json

    assert (rows[0]["kind"], rows[0]["score"]) == ("all", "83.33")
    worst = next(row for row in rows if row["kind"] == "point")
    assert (worst["code"], worst["score"]) == ("P-0001", "11.11")
    assert "3 of 3 sheets" in run("scores", "round", number).out


def test_a_month_of_units(run: Run, number: str) -> None:
    (row,) = run("scores", "month", "2026-11", "--json").json

    assert (row["unit"], row["score"], row["disposal"], row["cases"]) == ("D-CGJ", "67.70", "66.67", 3)


def test_a_year_a_cycle_and_the_formula(run: Run, number: str) -> None:
    year = {row["what"]: row["score"] for row in run("scores", "year", "2026", "--json").json}
    cycle = {row["what"]: row["score"] for row in run("scores", "cycle", "2024", "--json").json}

    assert (year["on_site"], year["annual"], year["preliminary"]) == ("83.33", None, "83.33")
    assert (cycle["2026"], cycle["cycle"]) == (None, None)
    assert run("scores", "formula", "--json").json[0]["weight"].startswith("9f-")


@pytest.mark.parametrize("words", [("round", "none"), ("month", "2026-13"), ("year", "1999"), ("month", "11")])
def test_what_is_not_there_is_told(run: Run, number: str, words: tuple[str, ...]) -> None:
    ended = run("scores", *words)

    assert ended.code != 0
    assert ended.err
