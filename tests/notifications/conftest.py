import pytest
from sqlmodel import Session

from tests.notifications.desk import Memory
from tests.small_city import a_city


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


@pytest.fixture
def memory() -> Memory:
    return Memory()
