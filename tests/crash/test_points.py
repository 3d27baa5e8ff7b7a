"""The points themselves: each is there, and a victim that never comes to its point is noticed."""

import pytest

from tests.cast import MONDAY
from tests.crash.deaths import dies
from tests.crash.points import POINTS, find


@pytest.mark.parametrize("name", POINTS)
def test_the_function_of_a_point_is_there(name: str) -> None:
    assert callable(find(POINTS[name])[2])


def test_a_point_that_is_not_reached_is_told(place) -> None:
    with pytest.raises(AssertionError, match="was not reached"):
        dies("tick", place(nothing).job(MONDAY), point="drawn")


def nothing(_session) -> None: ...
