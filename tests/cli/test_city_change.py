"""`duban city export | history | set`: the city in force in the shell."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from models.point import Point
from tests.cli.conftest import Run
from tests.services.cities.packs import write_pack

ADMINISTRATOR, VERIFIER = "R4", "R3"
POINT = ("city", "set", "points", "P-0001")


@pytest.fixture
def run(run_empty: Run, tmp_path: Path) -> Run:
    """Types commands against the small pack, loaded by its administrator."""
    folder = write_pack(tmp_path / "pack")
    assert run_empty("city", "load", str(folder), "--as", ADMINISTRATOR, "--why", "建库").code == 0
    return run_empty


def address(engine: Engine) -> str:
    with Session(engine) as session:
        return session.get_one(Point, "P-0001").address


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_the_city_taken_out_to_a_folder_is_the_city_in_force(run: Run, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    assert run("city", "export", str(target)).code == 0

    if target.is_dir():
        assert run("city", "load", str(target), "--dry-run").rows[1:] == []
    else:
        assert target.read_bytes().startswith(b"PK")


def test_what_is_in_a_folder_is_not_mixed_with_a_pack(run: Run, tmp_path: Path) -> None:
    ended = run("city", "export", str(tmp_path / "pack"), lang="zh-CN")

    assert (ended.code, "文件夹不为空" in ended.err) == (2, True)


def test_a_row_is_shown_then_changed_then_in_the_history(run: Run, engine: Engine) -> None:
    change = (*POINT, "address=某街9号", "--why", "门牌更正", "--as", ADMINISTRATOR)

    tried = run(*change, "--dry-run", "--json").json
    assert tried["changes"][0]["columns"] == {"address": ["某街1号", "某街9号"]}
    assert address(engine) == "某街1号"
    assert run(*change).code == 0
    assert address(engine) == "某街9号"
    (past,) = run("city", "history", "--table", "points", "--key", "P-0001", "--json").json
    assert (past["who"], past["why"], past["columns"]) == (
        ADMINISTRATOR,
        "门牌更正",
        {"address": ["某街1号", "某街9号"]},
    )


def test_the_load_stands_in_the_history_with_who_and_why(run: Run) -> None:
    assert {(one["who"], one["why"]) for one in run("city", "history", "--json").json} == {(ADMINISTRATOR, "建库")}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("address=x", "--as", ADMINISTRATOR), 2, "reason"),
        (("address=x", "--why", "w", "--as", VERIFIER), 3, "not allowed|may not"),
        (("lat=north", "--why", "w", "--as", ADMINISTRATOR), 2, "a number"),
        (("lead_unit=D-NO", "--why", "w", "--as", ADMINISTRATOR), 2, "D-NO"),
        (("address", "--why", "w", "--as", ADMINISTRATOR), 2, "column=value"),
        (("code=P-9", "--why", "w", "--as", ADMINISTRATOR), 2, "names the row"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    run: Run, engine: Engine, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = run(*POINT, *words)

    assert ended.code == code
    assert any(one in ended.err for one in said.split("|"))
    assert address(engine) == "某街1号"


def test_a_dry_run_of_something_unusable_ends_with_1(run: Run) -> None:
    ended = run(*POINT, "lat=north", "lead_unit=D-NO", "--as", ADMINISTRATOR, "--dry-run", lang="zh-CN")

    assert ended.code == 1
    assert "north" in ended.err


def test_a_row_is_added_ended_and_comes_back(run: Run, engine: Engine) -> None:
    how = ("--why", "w", "--as", ADMINISTRATOR)
    assert run("city", "set", "persons", "+", "code=R9", "name=新人", *how).code == 0
    assert run("city", "set", "points", "P-0002", "--end", "now", *how).code == 0
    back = ("code=P-0002", "name=市场", "category_code=12", "area_code=510302001002", "lead_unit=T510302001")
    assert run("city", "set", "points", "+", *back, *how).code == 0

    with Session(engine) as session:
        assert not session.get_one(Point, "P-0002").closed
    kinds = [one["kind"] for one in run("city", "history", "--table", "points", "--json").json]
    assert kinds == ["back", "ended", "loaded"]
    assert run("city", "history", "--table", "points", lang="zh-CN").out.count("恢复") == 1


def test_an_unknown_table_is_not_found(run: Run) -> None:
    ended = run("city", "set", "account", "R1", "name=x", "--why", "w", "--as", ADMINISTRATOR)

    assert (ended.code, "account" in ended.err) == (4, True)
