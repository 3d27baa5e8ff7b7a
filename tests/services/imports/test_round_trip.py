"""What is exported imports again to the same issues, in an empty database and in its own."""

from pathlib import Path

from sqlmodel import Session, col, select

from models.issue import Issue
from models.lifecycle import State
from services import issues, sweeps
from services.exports.columns import LEDGER
from services.exports.ledger import export_ledger
from services.findings import Finding
from services.imports import ledger
from services.seal import record_lines, verify
from tests.cast import INSPECTOR, OFFICE, who
from tests.services.imports.lives import LATER, NOW, some_lives, table_of


def exported(session: Session, path: Path, *, lang: str = "zh-CN") -> Path:
    export_ledger(session, path, now=NOW, lang=lang)
    session.commit()
    return path


def moved(city: Session, other: Session, tmp_path: Path, *, lang: str = "zh-CN") -> tuple[Path, Path]:
    some_lives(city)
    first = exported(city, tmp_path / "first.xlsx", lang=lang)
    planned = ledger.plan(other, first, now=NOW)
    assert planned.bad == ()
    ledger.apply(other, planned, by=who(other, OFFICE, now=NOW), now=NOW)
    other.commit()
    return first, exported(other, tmp_path / "second.xlsx", lang=lang)


def test_every_exported_column_is_the_same_after_a_round_trip(city: Session, other_city: Session, tmp_path: Path):
    first, second = moved(city, other_city, tmp_path)

    before, after = table_of(first), table_of(second)

    assert {row["状态"] for row in before} == {
        "待交办",
        "待签收",
        "整改中",
        "待复核",
        "待销号",
        "已销号",
        "挂账",
        "作废",
    }
    for heading in [column.zh for column in LEDGER]:
        assert [row[heading] for row in before] == [row[heading] for row in after], heading


def test_the_english_ledger_makes_the_same_round_trip(city: Session, other_city: Session, tmp_path: Path):
    first, second = moved(city, other_city, tmp_path, lang="en")

    assert table_of(first) == table_of(second)


def test_importing_again_changes_nothing(city: Session, other_city: Session, tmp_path: Path):
    first, _ = moved(city, other_city, tmp_path)

    planned = ledger.plan(other_city, first, now=LATER)

    assert (planned.bad, planned.is_empty, planned.unchanged) == ((), True, len(table_of(first)))


def test_a_ledger_imports_into_its_own_database_without_a_difference(city: Session, tmp_path: Path):
    some_lives(city)

    planned = ledger.plan(city, exported(city, tmp_path / "own.xlsx"), now=NOW)

    assert (planned.bad, planned.is_empty) == ((), True)


def test_the_clocks_of_issues_taken_over_run_on(city: Session, other_city: Session, tmp_path: Path):
    moved(city, other_city, tmp_path)

    waiting = {State.ASSIGNED, State.RECTIFYING, State.RECTIFIED, State.VERIFIED, State.SHELVED, State.FOUND}
    rows = other_city.exec(select(Issue).where(col(Issue.state).in_(waiting))).all()

    assert [row.number for row in rows if row.next_step_at is None and row.step < 8] == []
    for row in rows:
        if row.state in (State.ASSIGNED, State.RECTIFYING):
            assert row.rule_set_code
            assert row.calendar_version == 1
            assert row.due_at
            assert row.sign_in_due_at


def test_steps_told_before_are_not_told_again(city: Session, other_city: Session, tmp_path: Path):
    moved(city, other_city, tmp_path)
    (late,) = other_city.exec(select(Issue).where(Issue.description == "逾期")).all()
    other_city.commit()

    counts = sweeps.sweep(lambda: Session(other_city.get_bind()), State.RECTIFYING, now=NOW)

    assert late.steps_taken == 0b111111
    assert late.next_step == "E6"
    told = [step for number, step in counts.issues if number == late.number]
    assert [step for step in told if step <= "E5"] == []


def test_new_numbers_go_on_behind_those_taken_over(city: Session, other_city: Session, tmp_path: Path):
    first, _ = moved(city, other_city, tmp_path)

    (outcome,) = issues.find(
        other_city,
        findings=[Finding("新问题", point="P-0001")],
        by=who(other_city, INSPECTOR, now=NOW),
        now=NOW,
    )

    assert outcome.number == f"ZG-2026-{len(table_of(first)) + 1:06d}"


def test_the_record_of_issues_taken_over_is_sealed(city: Session, other_city: Session, tmp_path: Path):
    moved(city, other_city, tmp_path)

    assert verify(record_lines(other_city)).alteration is None
