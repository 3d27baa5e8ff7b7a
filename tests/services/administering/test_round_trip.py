"""The city in force, written as a pack, is the city in force."""

import pytest

from models.calendar import DayKind
from models.calendar_sources import NoticeDay
from models.rights import SYSTEM
from services import calendars
from services.administering import Edit, FileEdit, held_pack, write_pack, zipped
from services.cities import lint, plan, read_pack
from services.cities.reading import TABLE_OF
from tests.services.administering.desk import LATER, done
from tests.services.cities.packs import NOW, ZIGONG


def put(folder, pack):
    """The pack written to a folder, and read from there."""
    for file, body in write_pack(pack):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(body)
    return read_pack(folder)


def test_the_example_city_comes_out_as_it_went_in(zigong, tmp_path):
    written = dict(write_pack(held_pack(zigong)))

    there = {path.relative_to(ZIGONG).as_posix(): path.read_bytes() for path in ZIGONG.rglob("*") if path.is_file()}
    assert written.keys() == there.keys()
    assert [file for file in there if there[file] != written[file] and file != "points.csv"] == []
    assert len(written["points.csv"].splitlines()) == len(there["points.csv"].splitlines())


def test_what_comes_out_of_the_example_city_changes_nothing(zigong, tmp_path):
    assert plan(zigong, put(tmp_path, held_pack(zigong)), now=LATER).is_empty


def test_a_city_changed_by_hand_comes_out_as_it_is(small, tmp_path):
    done(
        small,
        Edit("points", "P-0001", {"address": '某街9号, "后门"', "lat": "", "lng": ""}),
        Edit("persons", None, {"code": "R9", "name": "新人", "lang": "en"}),
        Edit("tenures", None, {"post_code": "510302:office", "person_code": "R9", "valid_from": "2026-12-01"}),
        Edit("standards", "V1~01-01", {"text": "两行\n文字"}),
        FileEdit("templates/zh_CN/assigned.txt", "{{ issue.number }} 请办理\n"),
    )

    again = put(tmp_path, held_pack(small))

    assert plan(small, again, now=LATER).is_empty
    assert [point.address for point in again.points if point.code == "P-0001"] == ['某街9号, "后门"']
    assert again.templates == {"templates/zh_CN/assigned.txt": "{{ issue.number }} 请办理\n"}


def test_an_imported_notice_comes_out_with_the_calendar(small, tmp_path):
    days = [NoticeDay(held, DayKind.HOLIDAY, "元旦") for held in map(_day, ("2027-01-01", "2027-01-02"))]
    calendars.import_notice(small, rows=days, source="notice 2027", now=LATER, by=SYSTEM, commit=True)

    again = put(tmp_path, held_pack(small))

    assert plan(small, again, now=LATER).is_empty
    assert again.calendar().is_published(_day("2027-01-01"), _day("2027-12-31"))


def _day(text):
    from datetime import date

    return date.fromisoformat(text)


def test_taking_the_city_out_twice_gives_the_same_bytes(small):
    assert zipped(held_pack(small)) == zipped(held_pack(small))


def test_the_lines_told_are_those_of_the_files(small, tmp_path):
    done(small, Edit("standards", "V1~01-01", {"text": "两行\n文字"}))
    held = held_pack(small)

    again = put(tmp_path, held)

    for name in TABLE_OF.values():
        assert [row.row for row in getattr(held, name)] == [row.row for row in getattr(again, name)]


def test_a_closed_point_goes_with_all_that_hangs_on_it_and_the_rest_is_sound(small, tmp_path):
    sponsor = {"kind": "sponsor_leader", "owner_kind": "point", "owner_code": "P-0002"}
    done(
        small,
        Edit("posts", None, {"code": "P-0002:sponsor_leader", **sponsor}),
        Edit("tenures", None, {"post_code": "P-0002:sponsor_leader", "person_code": "R4", "valid_from": "2026-11-23"}),
        Edit("points", "P-0001", gone=True),
    )

    again = put(tmp_path, held_pack(small))

    assert {point.code for point in again.points} == {"P-0002"}
    assert [one for one in again.posts if one.owner_code == "P-0001"] == []
    assert [one.level for one in lint(again, now=LATER) if one.level == "error"] == []
    assert plan(small, again, now=LATER).is_empty


def test_comments_of_rules_that_hold_are_kept(small):
    written = dict(write_pack(held_pack(small)))

    assert written["rules/ladder.toml"] == (ZIGONG / "rules" / "ladder.toml").read_bytes()


@pytest.mark.parametrize("file", ["papers/papers.toml", "README.md", "calendar/notices/README.md"])
def test_files_that_fill_no_table_come_out_too(zigong, file):
    assert dict(write_pack(held_pack(zigong)))[file] == (ZIGONG / file).read_bytes()


def test_loading_another_day_still_finds_nothing(small, pack):
    assert plan(small, pack, now=NOW).is_empty
