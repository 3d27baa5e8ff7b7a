"""A town on the morning after a half month."""

import pytest
from sqlmodel import Session

from tests.services.bulletins.desk import MORNING, a_half_month
from tests.web.link_desk import set_clock


@pytest.fixture
def town(city: Session) -> Session:
    set_clock(city, MORNING)
    a_half_month(city)
    city.commit()
    return city
