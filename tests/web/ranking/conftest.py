"""October in the small city."""

import pytest
from sqlmodel import Session

from tests.cast import an_issue
from tests.services.ranking.desk import (
    DRAFTED,
    FOUND,
    october,
)
from tests.web.link_desk import set_clock


@pytest.fixture
def cases(city: Session) -> list[int]:
    """Cases of two units in October; it is the second of November."""
    set_clock(city, DRAFTED)
    found = october(city)
    an_issue(city, state="closed", now=FOUND, point="P-0003")
    city.commit()
    return found
