"""Files edited as a whole: rules, city.toml, templates, papers, the CSV of a table; in force for every process."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.city import City
from models.errors import BadRows, NotFound
from models.point import Point
from models.rule import RuleSet
from services import rulebook
from services.administering import FileEdit, body_of, file, files, held_pack, history
from services.pack_files import files_in_force, templates_in_force
from services.papers.stationery import stationery_in_force
from tests.services.administering.desk import done, shown

TEMPLATE = "templates/zh_CN/assigned.txt"


def edited(session: Session, path: str, old: str, new: str) -> FileEdit:
    held = file(session, path)
    assert old in (held.text or "")
    return FileEdit(path, (held.text or "").replace(old, new, 1), held.mark)


def test_rules_edited_as_text_are_a_new_set_and_keep_their_comments(small):
    edit = edited(small, "rules/policy.toml", '"4 working_hours"', '"2 working_hours" # 试行')
    made = done(small, edit)

    city = rulebook.the_city(small)
    assert small.get(RuleSet, city.rule_set_code).content["policy"]["assign_within"] == "2 working_hours"
    assert "# 试行" in (file(small, "rules/policy.toml").text or "")
    (past,) = history(small, set_number=made.number)
    assert b"# \xe8\xaf\x95\xe8\xa1\x8c" in body_of(small, past.changed.after["sha256"])
    assert b'"4 working_hours"' in body_of(small, past.changed.before["sha256"])


def test_a_comment_alone_is_kept_and_makes_no_new_rules(small):
    before = rulebook.the_city(small).rule_set_code

    assert done(small, edited(small, "rules/policy.toml", "# Everything else", "# All else")).number
    assert rulebook.the_city(small).rule_set_code == before


@pytest.mark.parametrize("content", ["a = = 1", "\ud800", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(small, content):
    (bad,) = shown(small, FileEdit("rules/policy.toml", content, file(small, "rules/policy.toml").mark)).bad_cells

    assert (bad.place, bad.expected) in {("rules/policy.toml", "TOML"), ("rules/policy.toml", "UTF-8")}


def test_a_bad_row_of_a_table_is_told_with_its_line(small):
    (bad,) = shown(small, edited(small, "points.csv", "29.3,104.7", "north,104.7")).bad_cells

    assert (bad.place, bad.row, bad.column, bad.value) == ("points.csv", 2, "lat", "north")


def test_a_table_given_as_a_whole_closes_the_rows_it_leaves_out(small):
    row = next(line for line in (file(small, "points.csv").text or "").splitlines() if line.startswith("P-0002"))

    done(small, edited(small, "points.csv", f"{row}\n", ""))

    assert small.get(Point, "P-0002").closed


@pytest.mark.parametrize(("old", "new"), [('"5103"', '"5104"'), ("demo = true", "demo = false"), ("ZG", "")])
def test_what_a_running_city_is_stays_so(small, old, new):
    edit = edited(small, "city.toml", old, new)

    assert shown(small, edit).bad_cells
    with pytest.raises(BadRows):
        done(small, edit)


def test_the_citys_own_facts_are_edited_with_its_working_hours(small):
    held = file(small, "city.toml")
    text = (held.text or "").replace("自贡市", "自贡").replace('"13:00"', '"13:30"')

    done(small, FileEdit("city.toml", text, held.mark))

    city = small.exec(select(City)).one()
    assert city.name == "自贡"
    assert [f"{one.start:%H:%M}" for one in rulebook.calendar(small, city.calendar_version).spans] == ["09:00", "13:30"]


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "templates/../x.txt", "/etc/passwd", "rules/other.toml", "a.exe", "papers/x\x00.html"]
)
def test_a_path_that_no_pack_has_is_not_found(small, path):
    with pytest.raises(NotFound):
        shown(small, FileEdit(path, "x"))


@pytest.mark.parametrize("path", ["city.toml", "rules/ladder.toml", "points.csv"])
def test_what_the_city_cannot_do_without_is_not_removed(small, path):
    assert shown(small, FileEdit(path, None, file(small, path).mark)).bad_cells


def test_somebody_elses_file_is_not_overwritten(small):
    mine = edited(small, "rules/policy.toml", '"4 working_hours"', '"2 working_hours"')
    done(small, edited(small, "rules/policy.toml", '"4 working_hours"', '"3 working_hours"'))

    (conflict,) = shown(small, mine).conflicts

    assert '"3 working_hours"' in conflict.theirs["content"]
    assert '"2 working_hours"' in conflict.mine["content"]


def test_a_form_that_sends_crlf_changes_nothing(small):
    held = file(small, "rules/policy.toml")

    assert shown(small, FileEdit(held.file, (held.text or "").replace("\n", "\r\n"), held.mark)).changes == ()


class TestInForce:
    def folder(self, session: Session, tmp_path: Path) -> Path | None:
        return templates_in_force(session, home=tmp_path, otherwise=tmp_path / "pack")

    def test_a_template_holds_at_once_and_an_old_folder_is_left_alone(self, small, tmp_path):
        done(small, FileEdit(TEMPLATE, "一"))
        before = self.folder(small, tmp_path)
        done(small, FileEdit(TEMPLATE, "二", file(small, TEMPLATE).mark))
        after = self.folder(small, tmp_path)

        assert [(one / "zh_CN" / "assigned.txt").read_text("utf-8") for one in (before, after)] == ["一", "二"]

    def test_without_templates_ours_are_used(self, small, tmp_path):
        assert self.folder(small, tmp_path) is None
        done(small, FileEdit(TEMPLATE, "一"))
        done(small, FileEdit(TEMPLATE, None, file(small, TEMPLATE).mark))
        assert self.folder(small, tmp_path) is None

    def test_what_was_rolled_back_does_not_hold(self, small, tmp_path):
        done(small, FileEdit(TEMPLATE, "一"))
        small.rollback()

        assert self.folder(small, tmp_path) is None

    def test_a_city_loaded_before_uses_its_folder(self, small, tmp_path):
        city = small.exec(select(City)).one()
        city.pack = {name: value for name, value in city.pack.items() if name != "files"}
        small.flush()

        assert self.folder(small, tmp_path) == tmp_path / "pack"
        assert files_in_force(small) is None

    def test_a_disk_that_takes_nothing_leaves_our_words(self, small, tmp_path, caplog):
        done(small, FileEdit(TEMPLATE, "一"))
        (tmp_path / "wording").write_text("in the way")

        assert self.folder(small, tmp_path) is None
        assert "wording" in caplog.text

    def test_a_form_of_numbers_holds_at_once(self, small, tmp_path):
        done(small, FileEdit("papers/papers.toml", '[numbers]\nassignment_slip = "新〔{year}〕{n}号"\n'))

        assert stationery_in_force(small, otherwise=tmp_path).forms == {"assignment_slip": "新〔{year}〕{n}号"}

    def test_a_paper_that_cannot_be_filled_in_is_refused(self, small):
        seen = shown(small, FileEdit("papers/assignment_slip.html", "{{ numbr }}"))

        assert [one.code for one in seen.new_errors] == ["unknown_template_variable"]


def test_files_are_listed_without_tables(small):
    assert [one.file for one in files(small)] == [
        "city.toml",
        *(f"rules/{name}.toml" for name in ("severities", "ladder", "closeout", "policy", "scoring")),
    ]
    assert held_pack(small, only=()).points == ()


def test_a_line_that_cannot_be_read_is_told_with_its_number(small):
    text = (file(small, "rules/policy.toml").text or "").replace('"4 working_hours"', "4 working_hours", 1)
    (bad,) = shown(small, FileEdit("rules/policy.toml", text, file(small, "rules/policy.toml").mark)).bad_cells

    assert bad.value == text.splitlines()[bad.row - 1].strip() == "assign_within = 4 working_hours"
