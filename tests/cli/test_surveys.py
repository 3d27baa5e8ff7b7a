"""`duban surveys`: forms, a start that a dry run only tries, figures, the workbook."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE
from tests.cli.conftest import NOW, Run
from tests.services.surveys.field import INTERVIEWER, a_field, a_survey, ask, places_of

START = (
    *("surveys", "start", "residents", "--title", "第四季度", "--area", "510302", "--from", "2026-11-23"),
    *("--to", "2026-11-30", "--interviewer", INTERVIEWER, "--places", "2", "--seed", "7"),
)


@pytest.fixture
def field(run: Run, session: Session) -> Session:
    a_field(session)
    session.commit()
    return session


def test_the_questionnaires_are_listed(run: Run, field: Session) -> None:
    (form,) = run("surveys", "forms", "--json").json
    assert (form["name"], form["questions"]) == ("residents", 5)


def test_a_dry_run_begins_nothing(run: Run, field: Session) -> None:
    assert run(*START, "--as", OFFICE, "--dry-run").code == 0
    assert run("surveys", "list", "--as", OFFICE, "--json").json == []


def test_it_is_begun_and_listed(run: Run, field: Session) -> None:
    assert run(*START, "--as", OFFICE, "--json").json["seed"] == 7
    (one,) = run("surveys", "list", "--as", OFFICE, "--json").json
    assert (one["code"], one["wanted"], one["done"]) == ("ZG-Q-2026-001", 50, 0)
    assert "ZG-Q-2026-001" in run("surveys", "list", "--as", OFFICE).out


def test_who_may_not_is_refused_with_the_code_for_it(run: Run, field: Session) -> None:
    assert run(*START, "--as", HANDLER).code == 3
    assert run("surveys", "show", "ZG-Q-2026-009", "--as", OFFICE).code == 4


def test_the_figures_are_shown_and_written(run: Run, field: Session, tmp_path: Path) -> None:
    round_ = a_survey(field, now=NOW)
    for n in range(6):
        ask(field, places_of(field, round_)[0], key=str(n), now=NOW)
    field.commit()
    file = tmp_path / "results.xlsx"

    rows = run("surveys", "show", round_.code, "--as", OFFICE, "--json").json
    assert (rows[0]["n"], rows[0]["rate"]) == (6, 100)
    assert "too small a sample" in run("surveys", "show", round_.code, "--as", OFFICE).out
    assert run("surveys", "export", round_.code, str(file), "--as", OFFICE).code == 0
    assert load_workbook(file).active.max_row > 6
