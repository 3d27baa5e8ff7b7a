"""Views are kept under a name, for one person alone."""

import pytest
from sqlmodel import Session

from models.errors import WrongValue
from services import saved_views
from services.saved_views import TooManyViews, forget_view, save_view, views_of
from tests.cast import HANDLER, MONDAY, OFFICE


def names(session: Session, person: str = OFFICE) -> list[tuple[str, str]]:
    return [(view.name, view.query) for view in views_of(session, person)]


def test_a_view_is_kept_for_its_person_and_nobody_else(city: Session) -> None:
    save_view(city, OFFICE, name=" 我的  逾期 ", query="overdue=1", now=MONDAY)
    assert names(city) == [("我的 逾期", "overdue=1")]
    assert names(city, HANDLER) == []


def test_the_same_name_again_replaces_it(city: Session) -> None:
    save_view(city, OFFICE, name="a", query="open=1", now=MONDAY)
    save_view(city, OFFICE, name="a", query="late=1", now=MONDAY)
    assert names(city) == [("a", "late=1")]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\x00b"])
def test_a_name_that_is_none_is_refused(city: Session, name: str) -> None:
    with pytest.raises(WrongValue):
        save_view(city, OFFICE, name=name, query="", now=MONDAY)
    assert names(city) == []


def test_there_is_an_end_to_how_many_are_kept(city: Session, monkeypatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in ("a", "b"):
        save_view(city, OFFICE, name=name, query="", now=MONDAY)
    with pytest.raises(TooManyViews):
        save_view(city, OFFICE, name="c", query="", now=MONDAY)
    save_view(city, OFFICE, name="b", query="open=1", now=MONDAY)
    assert len(names(city)) == 2


def test_nobody_deletes_the_view_of_somebody_else(city: Session) -> None:
    save_view(city, OFFICE, name="a", query="", now=MONDAY)
    (view,) = views_of(city, OFFICE)
    forget_view(city, HANDLER, view.id)
    assert len(names(city)) == 1
    forget_view(city, OFFICE, view.id)
    assert names(city) == []
