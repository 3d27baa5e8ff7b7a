"""Issuing: who may, what is frozen and numbered, what an edition says otherwise than the one before."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from models.errors import ActionNotAllowed, NotFound, WrongValue
from models.paper import Paper, PaperKind, content_hash
from models.task_letter import TaskLetter
from services.papers.errors import NotAsIssued
from services.papers.reading import printable as any_printable
from services.papers.samples import sample
from services.tasks.errors import NothingToIssue
from services.tasks.reading import printable, view
from tests.cast import DIRECT, DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, OUTSIDER, at, shown, who
from tests.services.tasks.desk import YEAR, a_task, acts, issued, letter_of, task_of, told


def change_person(city: Session, person: str = "R00006") -> None:
    task_of(city, "P-0001").person_code = person
    city.commit()


class TestIssuing:
    def test_each_unit_with_rows_gets_a_letter_numbered_without_gaps(self, city: Session) -> None:
        done = issued(city)
        assert [(one.unit, one.number, one.rows) for one in done] == [
            ("D-CGJ", "自任〔2026〕1号", 1),
            ("D-SCJGJ", "自任〔2026〕2号", 1),
            ("T510303001", "自任〔2026〕3号", 1),
        ]

    def test_a_refused_issue_gives_its_numbers_back(self, city: Session) -> None:
        with pytest.raises(NothingToIssue):
            issued(city, "D-CGJ", "T510302001")
        city.rollback()
        assert issued(city, "D-CGJ")[0].number == "自任〔2026〕1号"

    def test_the_unit_is_told_and_given_three_working_days_to_sign(self, city: Session) -> None:
        issued(city, "D-CGJ")
        assert told(city, "task_letter_issued") == ["D-CGJ:direct_leader", "D-CGJ:handler"]
        assert shown(letter_of(city, "D-CGJ").sign_due_at) == "2026-11-05 17:00"
        assert shown(letter_of(city, "D-CGJ").climb_due_at) == "2026-11-09 17:00"

    def test_a_district_issues_for_its_own_units_alone(self, city: Session) -> None:
        a_task(city, "P-0001", year=2027, unit_code="T510302001")
        a_task(city, "P-0003", year=2027, unit_code="T510303001")
        assert [one.unit for one in issued(city, by=DISTRICT_OFFICE, year=2027)] == ["T510302001"]
        assert letter_of(city, "T510302001").issued_as == "510302:office"

    @pytest.mark.parametrize("who_asks", [HANDLER, DIRECT, OUTSIDER])
    def test_nobody_else_issues_for_a_unit(self, city: Session, who_asks: str) -> None:
        with pytest.raises(ActionNotAllowed):
            issued(city, "D-CGJ", by=who_asks)

    def test_an_unknown_unit_and_an_impossible_year_are_refused(self, city: Session) -> None:
        with pytest.raises(NotFound):
            issued(city, "D-NONE")
        with pytest.raises(WrongValue):
            issued(city, year=26)

    def test_a_year_without_a_table_has_nothing_to_issue(self, city: Session) -> None:
        with pytest.raises(NothingToIssue, match="2031"):
            issued(city, year=2031)

    def test_what_is_printed_names_class_point_person_and_place(self, city: Session) -> None:
        change_person(city)
        (one,) = issued(city, "D-CGJ")
        content = city.exec(select(Paper.content).where(Paper.number == one.number)).one()
        (group,) = content["classes"]
        assert (group["name"], group["count"], group["standards"]) == ("主次干道", 1, 2)
        row = group["rows"][0]
        assert (row["point"], row["person"], row["place"]) == ("高山井社区大道", "何景行", "自流井区五星街街道")
        assert content["people"]["principal_leader"] == "贾清和"
        assert content["office"] == "市创建办"

    def test_what_is_printed_has_the_names_that_templates_are_tried_out_with(self, city: Session) -> None:
        issued(city)
        a_task(city, None)
        task_of(city, "P-0002").unit_code = "D-CGJ"
        change_person(city)
        (one, *_) = issued(city)
        content = city.exec(select(Paper.content).where(Paper.number == one.number)).one()
        assert _names(sample(PaperKind.TASK_LETTER)) == _names(content)


def _names(content: object) -> object:
    if isinstance(content, dict):
        return {
            name: _names(value) for name, value in sorted(content.items()) if name not in ("assisting_codes", "gone")
        }
    return [_names(content[0])] if isinstance(content, list) and content else None


class TestReissuing:
    def test_asked_again_without_a_change_there_is_no_other_letter(self, city: Session) -> None:
        issued(city)
        again = issued(city)
        assert [one.letter for one in again] == [None, None, None]
        assert city.exec(select(text("count(*)")).select_from(TaskLetter)).one() == 3

    def test_a_changed_unit_gets_an_edition_with_the_difference(self, city: Session) -> None:
        issued(city)
        change_person(city)
        a_task(city, None)
        task_of(city, "P-0002").unit_code = "D-CGJ"
        city.commit()
        mine, theirs, unchanged = issued(city)

        assert [row.point_code for row in mine.since.added] == ["", "P-0002"]
        assert [(one.column, one.old, one.new) for one in mine.since.changed] == [("person", "", "何景行")]
        assert [row.point_code for row in theirs.since.gone] == ["P-0002"]
        assert (mine.edition, theirs.edition, theirs.rows, unchanged.edition) == (2, 2, 0, 1)

    def test_the_letter_before_stays_on_record_as_replaced(self, city: Session) -> None:
        (first, *_) = issued(city)
        change_person(city)
        issued(city)
        assert acts(city, first.number) == ["issued", "replaced"]
        seen = view(city, first.number, by=who(city, DIRECT), now=MONDAY)
        assert (seen.line.state, [edition for _, edition in seen.editions]) == ("replaced", [2, 1])
        assert seen.content["rows"][0]["person"] == ""

    def test_another_point_name_is_a_change_too(self, city: Session) -> None:
        issued(city, "D-CGJ")
        city.connection().execute(text("UPDATE point SET name = '高山井路' WHERE code = 'P-0001'"))
        city.commit()
        (one,) = issued(city, "D-CGJ")
        assert [(change.column, change.new) for change in one.since.changed] == [("point", "高山井路")]

    def test_a_namesake_is_another_person(self, city: Session) -> None:
        change_person(city)
        issued(city, "D-CGJ")
        city.connection().execute(text("UPDATE person SET name = '何景行' WHERE code = 'R00007'"))
        change_person(city, "R00007")
        (one,) = issued(city, "D-CGJ")
        assert [(change.old, change.new) for change in one.since.changed] == [("何景行 R00006", "何景行 R00007")]


class TestFrozen:
    def test_later_changes_of_names_and_rows_change_nothing_printed(self, city: Session) -> None:
        (one,) = issued(city, "D-CGJ")
        before = printable(city, one.number, by=who(city, OFFICE)).paper.content
        city.connection().execute(text("UPDATE unit SET name = '改名局'; UPDATE point SET name = '别处'"))
        city.commit()
        city.expire_all()
        assert printable(city, one.number, by=who(city, OFFICE)).paper.content == before

    def test_an_altered_paper_is_not_printed(self, city: Session) -> None:
        (one,) = issued(city, "D-CGJ")
        changed = {**city.exec(select(Paper.content)).one(), "count": 7}
        city.connection().execute(text("ALTER TABLE paper DISABLE TRIGGER USER"))
        row = city.exec(select(Paper)).one()
        row.content, row.content_sha256 = changed, content_hash(changed)
        city.commit()
        for read in (printable, any_printable):
            with pytest.raises(NotAsIssued):
                read(city, one.number, by=who(city, OFFICE))

    def test_the_database_refuses_to_change_what_happened(self, city: Session) -> None:
        issued(city, "D-CGJ")
        with pytest.raises(DBAPIError, match="append-only"):
            city.connection().execute(text("UPDATE task_letter_event SET who = 'R00001'"))

    def test_the_shell_prints_it_like_any_paper(self, city: Session) -> None:
        (one,) = issued(city, "D-CGJ")
        assert any_printable(city, one.number, by=who(city, HANDLER)).paper.number == one.number


def test_the_year_of_the_number_is_that_of_the_city(city: Session) -> None:
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in the city
    assert shown(new_year) == shown(at("2027-01-01 00:30"))
    assert issued(city, "D-CGJ", now=new_year, year=YEAR)[0].number == "自任〔2027〕1号"
