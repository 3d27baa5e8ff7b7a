"""The lint of evaluation systems: trees, weights, negative lists; one broken pack for each thing it may say."""

from collections.abc import Mapping

import pytest

from services.cities import lint, read_pack
from tests.services.cities.packs import NOW
from tests.services.systems.editions import write_whole

SECOND = "V1,civil,2026,The 2026 edition,2026-01-01,某文件,12,0.1\n"
OTHER = "checklist/versions.csv", SECOND, SECOND + "X1,other,另一体系,,2026-01-01,,,\n"
FOUND: Mapping[str, tuple[str, str, str]] = {
    # code: (file, what stands there, what is put there)
    "weights_not_one": ("checklist/modules.csv", "On site,0.7", "On site,0.8"),
    "years_not_in_order": ("checklist/years.csv", "V1,3,0.6", "V1,4,0.6"),
    "standards_without_content": ("checklist/standards.csv", "01-01,01,0101,", "01-01,01,,"),
    "duplicate_code": ("checklist/items.csv", "V1,02,市场环境", "V1,01,市场环境"),
    "unknown_code": ("checklist/contents.csv", "0102,01,申报材料", "0102,09,申报材料"),
    "wrong_setting": ("checklist/versions.csv", "12,0.1", "12,1.1"),
}


@pytest.mark.parametrize("code", FOUND)
def test_each_fault_of_an_edition_is_found(tmp_path, code):
    found = lint(read_pack(write_whole(tmp_path, change=FOUND[code])), now=NOW)

    assert code in {one.code for one in found}
    assert all("{" not in one.message for one in found)


def test_an_edition_that_states_everything_is_without_a_fault(tmp_path):
    assert {one.code for one in lint(read_pack(write_whole(tmp_path)), now=NOW)} == {"calendar_year_provisional"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("checklist/negative.csv", "deduct,0.5,2", "deduct,0,2"),
        ("checklist/negative.csv", "deduct,0.5,2", "deduct,3,2"),
        ("checklist/negative.csv", "veto,0,", "veto,1,"),
        ("checklist/negative.csv", "veto,0,", "veto,0,2"),
        ("checklist/gates.csv", "minors,85", "minors,185"),
        ("checklist/versions.csv", "某文件,12,", "某文件,0,"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(tmp_path, file, old, new):
    found = lint(read_pack(write_whole(tmp_path, change=(file, old, new))), now=NOW)

    assert [(one.code, one.file, one.row > 1) for one in found if one.level == "error"] == [
        ("wrong_setting", file, True)
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("checklist/standards.csv", "01-01,01,0101", "01-01,01,0909"),
        ("checklist/contents.csv", "Publicity,on_site", "Publicity,by_post"),
        ("checklist/weights.csv", "V1,12", "V1,99"),
        ("checklist/counties.csv", "V1,510302", "V1,510399"),
        ("checklist/gates.csv", "V1,minors_gate", "V9,minors_gate"),
    ],
)
def test_what_names_nothing_is_found(tmp_path, file, old, new):
    found = lint(read_pack(write_whole(tmp_path, change=(file, old, new))), now=NOW)

    assert ("unknown_code", file) in {(one.code, one.file) for one in found}


def test_two_systems_do_not_have_the_same_standard(tmp_path):
    folder = write_whole(tmp_path, change=OTHER)
    for file, row in (
        ("systems.csv", "other,另一体系,\n"),
        ("standards.csv", "X1,01-01,01,,别的,,1,service,observe,S3,D-CGJ,photo,0\n"),
    ):
        with (folder / "checklist" / file).open("a", encoding="utf-8") as written:
            written.write(row)

    found = [one for one in lint(read_pack(folder), now=NOW) if one.level == "error"]

    assert [(one.code, one.row, one.params["of"]) for one in found] == [("standard_of_two_systems", 4, "civil")]
