"""The lint: one small broken pack for each thing it may say."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from services.cities import Level, lint, read_pack
from services.cities.finding import ERRORS, WARNINGS
from services.cities.lint_templates import lint_templates
from tests.services.cities.packs import NOW, ZIGONG, write_pack
from tests.services.cities.test_lint_systems import FOUND as OF_SYSTEMS

LADDER = "rules/ladder.toml"
STANDARDS, DAYS = "checklist/standards.csv", "calendar/calendar_days.csv"
BROKEN: Mapping[str, tuple[str, str, str]] = {
    # code: (file, what stands there, what is put there)
    "duplicate_code": ("persons.csv", "R2,乙", "R1,乙"),
    "unknown_code": ("points.csv", "P-0001,大道,01,", "P-0001,大道,77,"),
    "level_mismatch": ("areas.csv", "510302001,五星街街道,3", "510302001,五星街街道,4"),
    "cyclic_area": ("areas.csv", "510371,高新区,2,5103,", "510371,高新区,2,5103,510302001"),
    "dates_reversed": ("deputies.csv", "2026-12-31", "2026-10-31"),
    "post_code_mismatch": ("posts.csv", "5103:inspector,inspector", "5103:inspector,verifier"),
    "post_out_of_place": ("posts.csv", "510302:office,office,area,510302", "510302001:office,office,area,510302001"),
    "area_without_unit": ("units.csv", "T510302,T510302单位,territorial,510302,key,,,1\n", ""),
    "unit_code_mismatch": ("units.csv", "T510302单位,territorial,510302,", "T510302单位,territorial,510371,"),
    "point_without_unit": ("points.csv", "510302001002001,D-CGJ", "510302001002001,"),
    "standard_without_lead": (STANDARDS, "S3,D-CGJ", "S3,"),
    "task_without_point": ("tasks.csv", "P-0001", "P-0009"),
    "tenure_overlap": (
        "tenures.csv",
        "5103:office,R1,2024-01-01,",
        "5103:office,R1,2024-01-01,\n5103:office,R1,2025-01-01,",
    ),
    "self_deputy": ("deputies.csv", "R1,R2", "R1,R1"),
    "duty_officer_missing": (
        "tenures.csv",
        "5103:duty_officer,R4,2024-01-01,",
        "5103:duty_officer,R4,2024-01-01,2026-11-19",
    ),
    "calendar_year_missing": (DAYS, "2027-01-01", "2029-01-01"),
    "odd_day": (DAYS, "2026-01-04,make_up", "2026-01-05,make_up"),
    "bad_address": ("contacts.csv", "R3,mail,r3@example.invalid", "R3,chat,wecombot://KEY?form=poem"),
    "rules_refused": (LADDER, 'offset = "10 working_days"', 'offset = "80000 natural_hours"'),
    "wrong_setting": ("rules/severities.toml", "3 working_days", "3 moons"),
    "unreachable_step": (LADDER, 'offset = "5 working_days"', 'offset = "3 working_days"'),
    "unknown_post_reference": (LADDER, "L3.street_chief", "L3.street_boss"),
    "unknown_paper": (LADDER, '"due_warning"', '"due_poem"'),
    "unknown_channel": (LADDER, '["app", "chat", "sms"]', '["app", "pigeon"]'),
    "unknown_severity": (STANDARDS, "observe,S3", "observe,S9"),
    "unknown_condition": ("rules/closeout.toml", '"after_photo"', '"a_song"'),
    "unknown_source": ("rules/closeout.toml", '"snapshot"', '"gossip"'),
    "level_without_post": ("posts.csv", "510302001002:area_chief,area_chief,area,510302001002,area_chief\n", ""),
    "story_in_the_future": ("issues.csv", "close@4", "close@40"),
    "wrong_category": ("issues.csv", "A,P-0001,01-01", "A,P-0001,12-01"),
    "unknown_setting": ("rules/policy.toml", "spread_minutes = 5", "spread_minute = 5"),
    "idle_setting": ("rules/scoring.toml", "default_weight = 1", 'default_weight = 1\nweights = { "77" = 2 }'),
    "level_without_contact": ("contacts.csv", "R3,mail,r3@example.invalid,1,1", "R3,mail,r3@example.invalid,1,0"),
    "vacant_posts": ("tenures.csv", "510302:office,R1,2024-01-01,\n", ""),
    "persons_without_contact": ("contacts.csv", "R3,mail,r3@example.invalid,1,1,1\n", ""),
    "calendar_year_provisional": (DAYS, "元旦,guess", "新年,guess"),
}
TEMPLATES = {"unknown_template_variable", "bad_template", "unused_template"}
SYSTEMS = {*OF_SYSTEMS, "standard_of_two_systems"}


def codes(folder: Path) -> set[str]:
    return {one.code for one in lint(read_pack(folder), now=NOW)}


def test_the_small_pack_is_without_a_fault(tmp_path):
    assert codes(write_pack(tmp_path)) == {"calendar_year_provisional"}


@pytest.mark.parametrize("code", BROKEN)
def test_each_fault_is_found(tmp_path, code):
    file, old, new = BROKEN[code]

    found = lint(read_pack(write_pack(tmp_path, change={file: (old, new)})), now=NOW)

    assert code in {one.code for one in found}
    assert all("{" not in one.message for one in found)


def test_a_questionnaire_that_cannot_be_used_is_found(tmp_path):
    folder = write_pack(tmp_path)
    (folder / "surveys").mkdir()
    (folder / "surveys" / "residents.toml").write_text("name = 1", encoding="utf-8")

    assert codes(folder) == {"calendar_year_provisional", "bad_survey"}


def test_every_code_of_the_lint_is_tested():
    assert set(BROKEN) | TEMPLATES | SYSTEMS | {"bad_survey"} == set(ERRORS) | set(WARNINGS)


def test_a_fault_is_told_with_its_file_and_line(tmp_path):
    pack = read_pack(write_pack(tmp_path, change={"points.csv": ("510302001002001,D-CGJ", "510302001002001,D-XXX")}))

    (found,) = [one for one in lint(pack, now=NOW) if one.level is Level.ERROR]

    assert (found.code, found.file, found.row) == ("unknown_code", "points.csv", 2)
    assert found.message == "There is no unit “D-XXX” in this pack."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('from = "share"\nshare = 0.7', 'from = "share"\nshare = 1.0'),
        ('from = "sign_in_due"', 'from = "doomsday"'),
        ('code = "E4"', 'code = "E7"'),
        ("level = 2\nterritorial", "level = 5\nterritorial"),
        ('from = "assigned"', 'from = "due"'),
    ],
)
def test_a_step_that_never_comes_in_its_turn_is_unreachable(tmp_path, old, new):
    assert "unreachable_step" in codes(write_pack(tmp_path, change={LADDER: (old, new)}))


@pytest.mark.parametrize("broken", ["[jump]", "paper =", "[[step]]"])
def test_rules_that_are_not_whole_are_refused(tmp_path, broken):
    new = {"[jump]": "[leap]", "paper =": "papier =", "[[step]]": "[[stair]]"}[broken]
    path = write_pack(tmp_path) / LADDER
    path.write_text(path.read_text("utf-8").replace(broken, new), "utf-8")

    assert "wrong_setting" in codes(tmp_path)


def test_a_close_out_condition_without_a_code_is_refused(tmp_path):
    path = write_pack(tmp_path) / "rules/closeout.toml"
    path.write_text("condition = [1]\n", "utf-8")

    assert "wrong_setting" in codes(tmp_path)


def test_two_areas_above_each_other_are_a_cycle_and_do_not_hang(tmp_path):
    change = {"areas.csv": ("510302001002,高山井社区,4,510302001", "510302001002,高山井社区,4,510302001002001")}

    assert "cyclic_area" in codes(write_pack(tmp_path, change=change))


def test_several_holders_of_one_post_are_no_overlap(tmp_path):
    change = {"tenures.csv": ("5103:office,R1,2024-01-01,", "5103:office,R1,2024-01-01,\n5103:office,R3,2025-01-01,")}

    assert "tenure_overlap" not in codes(write_pack(tmp_path, change=change))


def test_templates_may_use_what_the_built_in_ones_use(tmp_path):
    built_in = tmp_path / "built_in"
    built_in.mkdir()
    (built_in / "overdue.zh_CN.txt").write_text("{{ number }} {{ due }}", "utf-8")
    pack_folder = write_pack(tmp_path / "pack")
    (pack_folder / "templates").mkdir()
    (pack_folder / "templates" / "a.txt").write_text("{{ number }} {% set x = 1 %}{{ x }}", "utf-8")
    (pack_folder / "templates" / "b.txt").write_text("{{ numbr }}", "utf-8")
    (pack_folder / "templates" / "c.txt").write_text("{{ number", "utf-8")

    found = [(one.code, one.file) for one in lint_templates(read_pack(pack_folder), built_in=built_in)]

    assert [one for one in found if one[0] != "unused_template"] == [
        ("unknown_template_variable", "templates/b.txt"),
        ("bad_template", "templates/c.txt"),
    ]


@pytest.mark.parametrize(
    ("file", "nearest"),
    [
        ("zh_CN/overdue_notise.txt", "zh_CN/overdue_notice"),
        ("zh-CN/assigned.txt", "zh_CN/assigned"),
        ("assigned.txt", "en/assigned"),
        ("zh_CN/_sms.txt", "zh_CN/passed"),
    ],
)
def test_a_template_that_no_message_has_the_name_of_is_told_with_the_nearest(tmp_path, file, nearest):
    path = write_pack(tmp_path) / "templates" / file
    path.parent.mkdir(parents=True)
    path.write_text("您有任务", "utf-8")

    (found,) = lint_templates(read_pack(tmp_path))

    assert (found.code, found.level, found.file) == ("unused_template", Level.WARNING, f"templates/{file}")
    assert found.params["nearest"] == nearest


def test_a_template_that_another_takes_in_is_used(tmp_path):
    folder = write_pack(tmp_path) / "templates" / "zh_CN"
    folder.mkdir(parents=True)
    (folder / "assigned.txt").write_text("{% include 'zh_CN/our_foot.txt' %}", "utf-8")
    (folder / "our_foot.txt").write_text("自贡市创建办", "utf-8")

    assert list(lint_templates(read_pack(tmp_path))) == []


def test_the_example_city_has_no_error():
    assert [one.message for one in lint(read_pack(ZIGONG), now=NOW) if one.level is Level.ERROR] == []
