"""Rights, ways to log in and what is on record about them have their words."""

from models.access_terms import HAPPENINGS, LOGIN_METHODS, RIGHTS
from models.account import Happening
from models.permissions import Right
from services.sessions import Method


def test_every_right_has_its_words() -> None:
    assert set(RIGHTS) == set(Right)


def test_everything_on_record_has_its_words() -> None:
    assert set(HAPPENINGS) == set(Happening)


def test_every_way_to_log_in_has_its_words() -> None:
    assert set(LOGIN_METHODS) == set(Method)
