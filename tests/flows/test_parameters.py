"""What flows make of a field that was left empty."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from flows.audit import chosen_seed
from flows.common import Duban
from flows.half_month_dispatch import publish
from runtime import clock
from runtime.settings import Settings
from services.audits import LARGEST_SEED


@pytest.fixture
def here(city: Session, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """A small city on the evening of 2 December 2026."""
    city.commit()
    monkeypatch.setattr(clock, "system_now", lambda: datetime(2026, 12, 2, 10, tzinfo=UTC))
    return Duban(Settings(), lambda: Session(city.get_bind(), expire_on_commit=False), database_url)


async def test_a_late_run_publishes_the_half_month_of_its_own_slot(here: Duban) -> None:
    bulletin, _ = await publish.fn(here, None, timedelta(days=16))

    assert (bulletin.period_from, bulletin.period_to) == (date(2026, 11, 1), date(2026, 11, 15))


async def test_a_run_on_time_publishes_the_half_month_just_ended(here: Duban) -> None:
    bulletin, _ = await publish.fn(here, None, timedelta())

    assert (bulletin.period_from, bulletin.period_to) == (date(2026, 11, 16), date(2026, 11, 30))


def test_a_chosen_seed_is_one_that_the_service_takes() -> None:
    assert all(1 <= chosen_seed(str(uuid4())) <= LARGEST_SEED for _ in range(100))


def test_a_run_that_tries_again_chooses_the_same_seed() -> None:
    assert chosen_seed("run") == chosen_seed("run") != chosen_seed("another run")
