"""Holes of the table, counted by class and place: what the counts say, the lists hold."""

from datetime import date

import pytest
from sqlmodel import Session, text

from models.errors import NotFound
from services.filters import Scope
from services.tasks.coverage import Gap, coverage, holes
from tests.services.tasks.desk import YEAR, a_task, task_of

TODAY = date(2026, 11, 2)
GIVEN = {"year": YEAR, "today": TODAY, "lang": "zh-CN"}


def listed(city: Session, gap: Gap, **more: object) -> list[str]:
    return [one.code for one in holes(city, gap, **{**GIVEN, **more})]


def drop(city: Session, point: str) -> None:
    city.delete(task_of(city, point))
    city.commit()


def test_a_point_without_a_row_is_a_hole_in_its_class_and_place(city: Session) -> None:
    drop(city, "P-0003")
    found = coverage(city, **GIVEN)
    assert {one.code: one.no_unit for one in found.classes} == {"01": 1, "12": 0}
    assert {one.code: one.no_unit for one in found.places} == {"510302": 0, "510303": 1}
    assert listed(city, Gap.NO_UNIT) == ["P-0003"]


def test_a_row_of_the_whole_class_covers_its_points(city: Session) -> None:
    drop(city, "P-0003")
    a_task(city, None, person_code="R00006")
    assert listed(city, Gap.NO_UNIT) == []
    assert listed(city, Gap.NO_PERSON) == ["P-0001", "P-0002"]  # their own rows name nobody


def test_a_person_who_holds_no_post_any_more_is_told_apart(city: Session) -> None:
    task_of(city, "P-0001").person_code = "R00006"
    task_of(city, "P-0002").person_code = "R00099"
    city.commit()
    assert listed(city, Gap.PERSON_GONE) == ["P-0002"]
    city.connection().execute(text("UPDATE tenure SET valid_to = '2026-11-01' WHERE person_code = 'R00006'"))
    assert listed(city, Gap.PERSON_GONE) == ["P-0001", "P-0002"]


def test_standards_of_a_class_without_a_row_have_no_unit(city: Session) -> None:
    drop(city, "P-0002")
    found = coverage(city, **GIVEN)
    assert {one.code: (one.standards, one.standard) for one in found.classes} == {"01": (2, 0), "12": (2, 2)}
    assert listed(city, Gap.STANDARD) == ["12-01", "12-02"]
    assert listed(city, Gap.STANDARD, after="12-01 CC-2026") == ["12-02"]


def test_a_row_of_a_point_in_another_class_covers_the_point(city: Session) -> None:
    drop(city, "P-0002")
    a_task(city, "P-0002", category_code="01")
    assert listed(city, Gap.NO_UNIT) == []
    assert len(listed(city, Gap.STANDARD)) == 2


def test_another_year_is_another_table(city: Session) -> None:
    assert coverage(city, **{**GIVEN, "year": 2027}).all.no_unit == 3


def test_closed_points_want_nobody(city: Session) -> None:
    drop(city, "P-0003")
    city.connection().execute(text("UPDATE point SET closed = true WHERE code = 'P-0003'"))
    assert coverage(city, **GIVEN).all.no_unit == 0
    assert coverage(city, **GIVEN).all.points == 2


def test_a_place_is_looked_into(city: Session) -> None:
    found = coverage(city, **GIVEN, area="510302")
    assert ([one.code for one in found.places], found.all.points, found.all.standards) == (["510302001"], 2, 0)
    assert listed(city, Gap.NO_PERSON, area="510303") == ["P-0003"]
    with pytest.raises(NotFound):
        coverage(city, **GIVEN, area="nowhere")


def test_the_scope_of_a_reader_hides_the_rest(city: Session) -> None:
    scope = Scope(areas=frozenset({"510303"}), units=frozenset({"D-SCJGJ"}), counted=True)
    assert coverage(city, **GIVEN, scope=scope).all.points == 2
    assert listed(city, Gap.NO_PERSON, scope=scope) == ["P-0002", "P-0003"]
    assert listed(city, Gap.STANDARD, scope=scope) == []


def test_counts_and_lists_agree_for_every_class(city: Session) -> None:
    drop(city, "P-0003")
    task_of(city, "P-0001").person_code = "R00099"
    city.commit()
    found = coverage(city, **GIVEN)
    for one in found.classes:
        for gap in Gap:
            assert len(listed(city, gap, category=one.code)) == getattr(one, gap.value)
