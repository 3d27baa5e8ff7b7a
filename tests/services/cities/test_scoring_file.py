"""The rules of scoring in a city pack: read, linted with the line, held apart from those of issues, taken out again."""

import tomllib

import pytest
from sqlmodel import Session, select

from models.errors import BadRows, UnreadableFile
from models.rule import RuleSet
from models.score import ScoringVersion
from models.scoring.parsing import FILE, version_of
from services import rulebook
from services.cities import Level, lint, load, read_pack
from services.cities.diff import Diff
from services.cities.held import held_pack
from services.cities.lint_scoring import path_of
from services.cities.writing import file_bytes, write_pack
from services.scores import formula
from tests.services.cities import packs
from tests.services.cities.packs import NOW, ZIGONG


def changed(folder, old: str, new: str):
    packs.replace(folder / FILE, old, new)
    return read_pack(folder)


def a_pack(folder):
    return packs.write_pack(folder)


def loaded(session: Session, folder) -> Diff:
    return load(session, read_pack(folder), now=NOW)


def test_the_formula_in_force_is_that_of_the_pack(session, tmp_path):
    loaded(session, a_pack(tmp_path))

    assert formula.in_force(session).version == rulebook.the_city(session).scoring_code
    assert session.get(ScoringVersion, rulebook.the_city(session).scoring_code).content["rounding"]


def test_another_weight_is_another_formula_and_no_other_rule_set(session, tmp_path):
    loaded(session, a_pack(tmp_path))
    before, rules = formula.in_force(session), rulebook.the_city(session).rule_set_code
    load(session, changed(tmp_path, "default_weight = 1", "default_weight = 3"), now=NOW)

    assert formula.in_force(session).on_site.default_weight == 3
    assert formula.by_code(session, before.version) == before
    assert rulebook.the_city(session).rule_set_code == rules
    assert len(session.exec(select(RuleSet)).all()) == 1


def test_loading_what_was_taken_out_changes_nothing(session, tmp_path):
    loaded(session, a_pack(tmp_path / "in"))
    for file, body in write_pack(held_pack(session)):
        (tmp_path / "out" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / file).write_bytes(body)

    assert (tmp_path / "out" / FILE).read_bytes() == (tmp_path / "in" / FILE).read_bytes()
    assert loaded(session, tmp_path / "out").is_empty


def test_a_pack_without_the_file_has_the_default_and_it_can_be_read(session, tmp_path):
    folder = a_pack(tmp_path)
    (folder / FILE).unlink()
    loaded(session, folder)

    assert formula.in_force(session).version == version_of(formula.default_document())
    assert file_bytes(held_pack(session), FILE) == formula.DEFAULT.read_bytes()
    assert loaded(session, folder).is_empty


def test_a_wrong_value_is_told_with_its_line_and_nothing_is_loaded(session, tmp_path):
    pack = changed(a_pack(tmp_path), "on_site = 0.40", "on_site = 0.50")
    (found,) = [one for one in lint(pack, now=NOW) if one.level is Level.ERROR]

    lines = pack.files[FILE].decode().splitlines()
    assert (found.code, found.file) == ("wrong_setting", FILE)
    assert lines[found.row - 1].startswith("[composition.annual]")
    with pytest.raises(BadRows):
        load(session, pack, now=NOW)


@pytest.mark.parametrize("days", ["0", "367", '"soon"', "1.5"])
def test_how_soon_a_fault_counts_as_found_again_is_a_number_of_days_within_a_year(tmp_path, days):
    pack = changed(a_pack(tmp_path), "repeated_within_days = 60", f"repeated_within_days = {days}")
    (found,) = [one for one in lint(pack, now=NOW) if one.level is Level.ERROR]

    assert pack.files[FILE].decode().splitlines()[found.row - 1].startswith("repeated_within_days")


def test_a_misspelt_setting_is_told_with_its_line(tmp_path):
    pack = changed(a_pack(tmp_path), "least_cases = 1", "least_case = 1")
    (found,) = [one for one in lint(pack, now=NOW) if one.level is Level.ERROR]

    assert pack.files[FILE].decode().splitlines()[found.row - 1] == "least_case = 1"


def test_a_file_that_is_no_toml_is_told(tmp_path):
    with pytest.raises(UnreadableFile):
        changed(a_pack(tmp_path), "[rounding]", "[rounding")


def test_the_way_to_a_setting_counts_lists_from_nought():
    assert path_of("negative.entry[2].points") == ("negative", "entry", 1, "points")


def test_the_example_city_names_nothing_that_it_does_not_have():
    assert [one for one in lint(read_pack(ZIGONG), now=NOW) if one.file == FILE] == []
    assert tomllib.loads((ZIGONG / FILE).read_text("utf-8"))["on_site"]["measures"]
