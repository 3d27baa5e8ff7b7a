import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from models.issue import Issue
from models.point import Point
from tests.cli.conftest import Run

PACK = Path(__file__).resolve().parents[2] / "cities" / "zigong"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The example pack with a point in an area that there is not."""
    folder = tmp_path / "pack"
    shutil.copytree(PACK, folder)
    points = folder / "points.csv"
    points.write_text(points.read_text("utf-8").replace("510302001002,D-CGJ", "999999999999,D-CGJ", 1), "utf-8")
    return folder


def points_in(engine: Engine) -> int:
    with Session(engine) as session:
        return session.exec(select(func.count()).select_from(Point)).one()


def test_the_example_pack_has_no_errors(run_empty: Run) -> None:
    ended = run_empty("city", "check", str(PACK), "--json")

    assert ended.code == 0
    assert {one["level"] for one in ended.json} <= {"warning"}


def test_a_pack_with_an_error_ends_with_1_and_says_where(run_empty: Run, broken: Path) -> None:
    ended = run_empty("city", "check", str(broken), lang="zh-CN")

    assert ended.code == 1
    assert "points.csv" in ended.out
    assert "999999999999" in ended.out


def test_a_pack_with_an_error_is_not_loaded(run_empty: Run, broken: Path, engine: Engine) -> None:
    ended = run_empty("city", "load", str(broken))

    assert ended.code == 2
    assert points_in(engine) == 0


def test_a_folder_that_is_no_pack_is_told(run_empty: Run, tmp_path: Path) -> None:
    ended = run_empty("city", "check", str(tmp_path))

    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert str(tmp_path) in ended.err


def test_a_pack_is_tried_then_loaded_then_the_same(run_empty: Run, engine: Engine) -> None:
    tried = run_empty("city", "load", str(PACK), "--dry-run", "--json")
    assert tried.json["dry_run"] is True
    assert points_in(engine) == 0

    assert run_empty("city", "load", str(PACK)).code == 0
    assert points_in(engine) == 3379

    again = run_empty("city", "load", str(PACK))
    assert (again.code, again.rows[1:]) == (0, [])


def test_samples_are_only_counted_in_a_dry_run(run: Run, engine: Engine) -> None:
    ended = run("city", "samples", str(PACK), "--dry-run")

    assert "100 sample issues" in ended.out
    with Session(engine) as session:
        assert session.exec(select(func.count()).select_from(Issue)).one() == 0


@pytest.mark.slow
def test_the_demo_climbs_to_the_city_and_comes_down_again(run_empty: Run) -> None:
    ended = run_empty("demo")

    steps = [f"E{rank} " for rank in range(9)]
    assert ended.code == 0, ended.err
    assert [step for step in steps if f"  {step}" in ended.out] == steps
    assert ended.out.index("E8 Accountability") < ended.out.index("[Stand-down]") < ended.out.index("Intact: 1 issues")
