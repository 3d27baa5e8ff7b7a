"""Reading a pack: types, and every way in which a file can be bad."""

from datetime import date
from pathlib import Path

import pytest

from models.calendar import DayKind
from models.errors import BadRows, UnreadableFile
from models.unit import PostKind
from services.cities import read_pack
from services.cities.rows import StoryStep
from tests.services.cities.packs import FILES, ZIGONG, replace, write_pack


def bad_rows(folder: Path) -> list[tuple[str, int, str, str]]:
    with pytest.raises(BadRows) as refused:
        read_pack(folder)
    return [(row.place, row.row, row.column, row.value) for row in refused.value.rows]


def test_cells_get_their_types(tmp_path):
    pack = read_pack(write_pack(tmp_path))

    assert pack.areas[3].managed_by == "510371"
    assert pack.posts[0].kind is PostKind.OFFICE
    assert pack.points[1].lat is None
    assert pack.days[1].kind is DayKind.MAKE_UP
    assert pack.tenures[0].valid_from == date(2024, 1, 1)
    assert pack.stories[1].story[1] == StoryStep("return", "不属我单位", 0.3)


def test_the_example_city_is_read_whole():
    pack = read_pack(ZIGONG)

    assert (len(pack.areas), len(pack.points), len(pack.standards)) == (1328, 3379, 162)
    assert pack.city.order_number.format(year=2026, n=7) == "自督〔2026〕7号"


def test_a_street_run_by_a_zone_lies_on_the_path_of_the_zone(tmp_path):
    paths = read_pack(write_pack(tmp_path)).paths()

    assert paths["510302001002"] == "5103/510371/510302001/510302001002"


def test_every_bad_cell_of_every_file_is_told_at_once(tmp_path):
    write_pack(tmp_path)
    replace(tmp_path / "areas.csv", "510302,自流井区,2", "510302,自流井区,two")
    replace(tmp_path / "contacts.csv", "r1@example.invalid,1,1", "r1@example.invalid,1,yes")
    replace(tmp_path / "points.csv", "29.3,104.7", "north,nan")
    replace(tmp_path / "tenures.csv", "2024-01-01", "2024-02-30")
    replace(tmp_path / "checklist/standards.csv", "Ads,0.5", "Ads,-1")

    assert bad_rows(tmp_path) == [
        ("areas.csv", 3, "level", "two"),
        ("tenures.csv", 2, "valid_from", "2024-02-30"),
        ("contacts.csv", 2, "verified", "yes"),
        ("checklist/standards.csv", 2, "deduction", "-1"),
        ("points.csv", 2, "lat", "north"),
        ("points.csv", 2, "lng", "nan"),
    ]


def test_a_bad_row_says_what_was_expected(tmp_path):
    write_pack(tmp_path, change={"posts.csv": ("5103:office,office", "5103:office,boss")})

    with pytest.raises(BadRows) as refused:
        read_pack(tmp_path)

    assert "duty_officer" in refused.value.rows[0].expected


@pytest.mark.parametrize(
    "story",
    ["assign", "assign@x", "dance@1", "return@1", "assign(why)@1", "assign@2 sign_in@1", "assign@1,sign_in@2"],
)
def test_a_story_that_cannot_be_told_is_a_bad_row(tmp_path, story):
    write_pack(tmp_path)
    row = f'"{story}"' if "," in story else story
    replace(tmp_path / "issues.csv", "assign@0.1 sign_in@0.3 submit(已换)@2 pass@3 close@4", row)

    assert bad_rows(tmp_path) == [("issues.csv", 2, "story", story)]


def test_an_empty_cell_that_must_be_filled_is_a_bad_row(tmp_path):
    write_pack(tmp_path, change={"persons.csv": ("R2,乙", "R2,")})

    assert bad_rows(tmp_path) == [("persons.csv", 3, "name", "")]


def test_a_row_with_too_many_cells_is_a_bad_row(tmp_path):
    write_pack(tmp_path, change={"persons.csv": ("R2,乙,zh-CN,1", "R2,乙,zh-CN,1,extra")})

    assert bad_rows(tmp_path) == [("persons.csv", 3, "-", "R2,乙,zh-CN,1,extra")]


def test_unknown_and_missing_columns_are_bad_rows_of_the_header(tmp_path):
    write_pack(tmp_path, change={"persons.csv": ("code,name", "code,nom")})

    assert bad_rows(tmp_path) == [("persons.csv", 1, "nom", "nom"), ("persons.csv", 1, "name", "")]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ('name = "自贡市"\n', "", "name"),
        ("demo = true", 'demo = "yes"', "demo"),
        ("demo = true", "colour = 3", "colour"),
        ("Asia/Shanghai", "Asia/Nowhere", "timezone"),
        ('"13:00", "17:00"', '"11:00", "17:00"', "spans"),
        ('[["09:00", "12:00"], ["13:00", "17:00"]]', "8", "spans"),
        ("demo = true", 'order_number = "{month}"', "order_number"),
    ],
)
def test_a_bad_setting_of_the_city_is_a_bad_row(tmp_path, old, new, column):
    write_pack(tmp_path, change={"city.toml": (old, new)})

    assert [(place, name) for place, _, name, _ in bad_rows(tmp_path)] == [("city.toml", column)]


@pytest.mark.parametrize("file", ["city.toml", "points.csv", "rules/ladder.toml"])
def test_a_missing_file_is_named(tmp_path, file):
    (write_pack(tmp_path) / file).unlink()

    with pytest.raises(UnreadableFile, match=file):
        read_pack(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableFile):
        read_pack(tmp_path / "nowhere")


def test_files_that_a_city_may_do_without_may_be_missing(tmp_path):
    write_pack(tmp_path)
    for file in ("deputies.csv", "contacts.csv", "tasks.csv", "issues.csv"):
        (tmp_path / file).unlink()

    assert read_pack(tmp_path).stories == ()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("points.csv", FILES["points.csv"].encode("gb18030")),
        ("points.csv", FILES["points.csv"].encode() + b'"P-3,"x"y\n'),
        ("city.toml", b"code = = 1"),
        ("rules/policy.toml", b"\xff\xfe"),
    ],
)
def test_a_file_of_another_encoding_or_broken_syntax_is_unreadable(tmp_path, file, content):
    (write_pack(tmp_path) / file).write_bytes(content)

    with pytest.raises(UnreadableFile, match=file):
        read_pack(tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = write_pack(tmp_path) / "persons.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert read_pack(tmp_path).persons[0].code == "R1"
