"""The lint of tasks.toml: what cannot be read is an error, what names nothing of the pack is a warning."""

from pathlib import Path

import pytest

from services.cities import lint, read_pack
from services.cities.finding import Finding
from tests.services.cities.packs import NOW, ZIGONG, write_pack

GOOD = '[[set]]\ncode = "six"\nname = "六大攻坚"\n[[set.tag]]\ncode = "clean"\nname = "环境卫生"\n'


def found(folder: Path, written: str, tasks: str = "") -> list[tuple[str, str, str]]:
    pack = write_pack(folder)
    (pack / "tasks.toml").write_text(written, "utf-8")
    if tasks:
        (pack / "tasks.csv").write_text(tasks, "utf-8")
    return [(one.code, one.file, code_of(one)) for one in lint(read_pack(pack), now=NOW) if is_ours(one)]


def code_of(one: Finding) -> str:
    return str(one.params.get("code", ""))


def is_ours(one: Finding) -> bool:
    return one.file in ("tasks.toml", "tasks.csv")


def test_the_example_citys_tags_are_without_a_fault() -> None:
    assert [one.message for one in lint(read_pack(ZIGONG), now=NOW) if is_ours(one)] == []


@pytest.mark.parametrize("written", ["[letters]\nsign_within = 'soon'", "[[set", "colour = 1"])
def test_what_cannot_be_read_is_an_error(tmp_path: Path, written: str) -> None:
    assert [code for code, _, _ in found(tmp_path, written)] == ["rules_refused"]


def test_a_category_and_a_standard_that_are_not_there_are_told(tmp_path: Path) -> None:
    written = GOOD + 'categories = ["77"]\nstandards = ["77-01"]\n'
    assert found(tmp_path, written) == [("idle_setting", "tasks.toml", "77"), ("idle_setting", "tasks.toml", "77-01")]


def test_a_campaign_that_is_no_tag_is_told_once(tmp_path: Path) -> None:
    heading = (ZIGONG / "tasks.csv").read_text("utf-8-sig").splitlines()[0]
    rows = "2026,01,P-0001,D-CGJ,,环境卫上\n2027,01,P-0001,D-CGJ,,环境卫上\n"
    assert found(tmp_path, GOOD, f"{heading}\n{rows}") == [("idle_setting", "tasks.csv", "环境卫上")]
