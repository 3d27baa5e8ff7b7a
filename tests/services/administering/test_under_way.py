"""Whoever ends a unit or closes a point is told what of it is still under way."""

import pytest
from sqlmodel import Session

from services.administering import Edit, row
from services.administering.values import UnderWay
from tests.cast import an_issue
from tests.services.administering.desk import shown


def left(city: Session, edit: Edit) -> list[UnderWay]:
    return list(shown(city, edit, by="R00005").under_way)


def ended(city: Session, table: str, key: str, **cells: str) -> Edit:
    return Edit(table, key, cells, row(city, table, key).mark, gone=not cells)


def test_a_unit_that_ends_names_its_open_issues_and_the_points_it_leads(city):
    an_issue(city, state="assigned")
    an_issue(city, state="closed")

    (told,) = left(city, ended(city, "units", "D-CGJ", valid_to="2027-01-31"))

    assert (told.table, told.key, told.issues) == ("units", "D-CGJ", 1)
    assert told.points > 0


def test_a_unit_that_is_only_renamed_says_nothing(city):
    an_issue(city, state="assigned")

    assert left(city, ended(city, "units", "D-CGJ", name="城市管理执法局")) == []


@pytest.mark.parametrize(("state", "issues"), [("assigned", [1]), ("closed", [])])
def test_a_point_that_is_closed_names_its_open_issues(city, state, issues):
    an_issue(city, state=state)

    assert [one.issues for one in left(city, ended(city, "points", "P-0001"))] == issues
