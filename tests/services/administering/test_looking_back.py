"""The history, versions of rules and calendar, and taking one up again; looking at tables and what refers to a row."""

from datetime import date

import pytest
from sqlmodel import Session

from models.administration import ChangeKind
from models.calendar import DayKind
from models.calendar_sources import NoticeDay
from models.errors import NotFound, WrongValue
from models.rights import SYSTEM
from services import calendars, issues, rulebook
from services.administering import (
    ColumnKind,
    Difference,
    Edit,
    FileEdit,
    body_of,
    calendar_back,
    calendar_difference,
    calendar_versions,
    columns,
    ended,
    file,
    history,
    page,
    references,
    row,
    rules_back,
    rules_difference,
    rules_versions,
    tables,
)
from services.administering.relations import REFERENCES
from services.cities import load, read_pack
from services.cities.reading import FILES
from services.cities.reading_tables import columns_of
from services.findings import Finding
from tests.services.administering.desk import LATER, OFFICE, actor, done, shown
from tests.services.cities.packs import NOW, replace


def hurried(session: Session) -> FileEdit:
    held = file(session, "rules/severities.toml")
    return FileEdit(held.file, (held.text or "").replace('"3 working_days"', '"2 working_days"', 1), held.mark)


def under_way(session: Session) -> None:
    """One issue, assigned under the rules in force."""
    office = actor(session, OFFICE)
    finding = Finding(description="破损", point="P-0001", standard="01-01")
    (found,) = issues.find(session, findings=[finding], by=office, now=NOW)
    issues.assign(session, issue_ids=[found.issue_id], by=office, now=NOW, to="D-CGJ")


class TestHistory:
    def test_a_first_load_is_one_line_for_each_table(self, small):
        assert [(one.changed.place, one.changed.kind) for one in history(small, table="points")] == [
            ("points", ChangeKind.LOADED)
        ]

    def test_a_later_load_tells_each_row_by_whom(self, small, pack):
        replace(pack.folder / "persons.csv", "R2,乙", "R2,乙二")
        replace(pack.folder / "deputies.csv", "R1,R2,2026-11-01,2026-12-31\n", "")
        load(small, read_pack(pack.folder), now=LATER, by="R4", why="年度更新")

        told = {(one.changed.place, one.changed.key): one for one in history(small, who="R4")}
        assert told["persons", "R2"].changed.after == {"name": "乙二"}
        assert told["deputies", "R1~R2~2026-11-01"].changed.after == {"valid_to": "2026-11-22"}
        assert {one.why for one in told.values()} == {"年度更新"}

    def test_a_load_that_changes_nothing_leaves_no_trace(self, small, pack):
        before = history(small)
        load(small, pack, now=LATER)

        assert history(small) == before

    def test_an_address_is_masked_and_still_found_by_its_row(self, small):
        done(small, Edit("contacts", "R4~sms~19900000004", {"position": "2"}))

        (past,) = history(small, table="contacts", key="R4~sms~19900000004")
        assert past.changed.key == "R4~sms~199****0004"
        assert "19900000004" not in str(history(small))

    def test_pages_go_on_where_the_last_one_ended(self, small):
        first = history(small, limit=5)
        second = history(small, after=first[-1].id, limit=500)

        assert [*first, *second] == history(small, limit=500)

    def test_a_body_that_was_never_there_is_not_found(self, small):
        with pytest.raises(NotFound):
            body_of(small, "00")


class TestRules:
    def test_versions_say_which_holds_and_how_many_issues_run_by_each(self, small):
        under_way(small)
        done(small, hurried(small))

        assert [(one.current, one.open_issues) for one in rules_versions(small)] == [(True, 0), (False, 1)]

    def test_two_versions_differ_where_a_value_was_changed(self, small):
        done(small, hurried(small))
        new, old = rules_versions(small)

        assert rules_difference(small, old=old.code, new=new.code) == [
            Difference("severities.S3.limit", "3 working_days", "2 working_days")
        ]

    def test_an_old_version_is_taken_up_again_as_a_new_change(self, small):
        old = rulebook.the_city(small).rule_set_code
        done(small, hurried(small))

        done(small, *rules_back(small, code=old))

        assert rulebook.the_city(small).rule_set_code == old
        assert rules_back(small, code=old) == []

    def test_running_issues_keep_their_rules_and_are_counted(self, small):
        under_way(small)

        assert shown(small, hurried(small)).open_issues == 1
        assert shown(small, Edit("persons", "R1", {"name": "x"})).open_issues == 0


class TestCalendar:
    def test_a_day_added_by_hand_is_a_new_version_and_can_be_taken_back(self, small):
        first = rulebook.the_city(small).calendar_version
        done(small, Edit("days", None, {"date": "2026-12-24", "kind": "holiday", "name": "市庆", "published": "1"}))
        second = rulebook.the_city(small).calendar_version

        assert not rulebook.calendar(small, second).is_workday(date(2026, 12, 24))
        assert [one.where for one in calendar_difference(small, old=first, new=second)] == ["2026-12-24"]
        done(small, *calendar_back(small, version=first))
        third = rulebook.the_city(small).calendar_version
        assert calendar_difference(small, old=first, new=third) == []
        assert [one.current for one in calendar_versions(small)] == [True, False, False]

    def test_what_a_notice_published_can_be_taken_back_by_hand(self, small):
        first = rulebook.the_city(small).calendar_version
        days = [NoticeDay(date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3)]
        calendars.import_notice(small, rows=days, source="notice", now=LATER, by=SYSTEM, commit=True)

        done(small, *calendar_back(small, version=first))

        current = rulebook.the_city(small).calendar_version
        assert calendar_difference(small, old=first, new=current) == []

    def test_an_unknown_version_is_not_found(self, small):
        with pytest.raises(NotFound):
            calendar_back(small, version=99)


class TestTables:
    def test_every_file_is_a_table_with_its_count(self, small):
        counts = {one.name: one.count for one in tables(small)}

        assert counts.keys() == FILES.keys()
        assert (counts["points"], counts["days"], counts["stories"]) == (2, 3, 2)

    def test_columns_say_how_they_are_filled_in(self):
        kinds = {one.name: (one.kind, one.required, one.key) for one in columns("points")}

        assert kinds["code"] == (ColumnKind.TEXT, True, True)
        assert kinds["lat"] == (ColumnKind.NUMBER, False, False)
        assert kinds["area_code"] == (ColumnKind.REFERENCE, True, False)
        assert "office" in next(one.choices for one in columns("posts") if one.name == "kind")

    def test_every_reference_is_a_column_of_its_file(self):
        assert [one for one in REFERENCES if one[1] not in columns_of(FILES[one[0]][1])] == []

    def test_rows_are_searched_and_paged_by_their_keys(self, small):
        first = page(small, "posts", query="5103:", limit=3)
        rest = page(small, "posts", query="5103:", after=first.after or "", limit=100)

        found = [one.key for one in (*first.rows, *rest.rows)]
        assert found == sorted(found)
        assert len(found) == first.count == 7
        assert rest.after is None

    @pytest.mark.parametrize("query", ["%", "' OR 1=1 --", "\\", "公厕\x00"])
    def test_a_hostile_query_finds_nothing(self, small, query):
        assert page(small, "points", query=query).rows == ()

    def test_what_refers_to_a_row_is_told(self, small):
        found = references(small, "persons", "R1")

        assert {name: rows.count for name, rows in found.items()} == {"tenures": 3, "deputies": 1, "contacts": 1}
        assert references(small, "areas", "510302001002")["posts"].count == 1

    def test_ending_a_row_is_by_a_day_or_at_once(self, small):
        assert ended(small, "units", "D-CGJ", last_day="2026-12-31").cells == {"valid_to": "2026-12-31"}
        assert ended(small, "points", "P-0001", last_day="").gone
        with pytest.raises(WrongValue):
            ended(small, "persons", "R1", last_day="2026-12-31")

    @pytest.mark.parametrize("key", ["", "~", "P-0001~", "%7E", "../x", "x" * 5000])
    def test_a_key_that_names_nothing_is_not_found(self, small, key):
        for name in FILES:
            with pytest.raises(NotFound):
                row(small, name, key)


def test_the_moment_of_a_change_is_the_one_given(small):
    assert {one.at for one in history(small)} == {NOW}
