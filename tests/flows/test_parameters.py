"""What flows make of a field, filled in or left empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from flows import audit as flow
from flows.audit import AuditKind, chosen_seed
from flows.bulletins import drafted
from flows.common import Duban
from models.audit import Round
from models.publication import PublicationKind, PublicationState
from runtime import clock
from runtime.settings import Settings
from services.audits import LARGEST_SEED
from tests.cast import INSPECTOR, OFFICE


@pytest.fixture
def here(city: Session, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """A small city on the evening of 2 December 2026."""
    city.commit()
    monkeypatch.setattr(clock, "system_now", lambda: datetime(2026, 12, 2, 10, tzinfo=UTC))
    return Duban(Settings(), lambda: Session(city.get_bind(), expire_on_commit=False), database_url)


async def test_a_late_run_drafts_the_bulletin_of_its_own_slot(here: Duban) -> None:
    row = (await drafted.fn(here, PublicationKind.HALF_MONTH, None, timedelta(days=16))).publication

    assert (row.period_from, row.period_to) == (date(2026, 11, 1), date(2026, 11, 15))


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (PublicationKind.HALF_MONTH, date(2026, 11, 16), date(2026, 11, 30)),
        (PublicationKind.WEEKLY, date(2026, 11, 23), date(2026, 11, 29)),
        (PublicationKind.MONTHLY, date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
async def test_a_run_on_time_drafts_the_period_just_ended(
    here: Duban, kind: PublicationKind, first: date, last: date
) -> None:
    found = await drafted.fn(here, kind, None, timedelta())
    again = await drafted.fn(here, kind, None, timedelta())

    assert (found.publication.period_from, found.publication.period_to) == (first, last)
    assert (found.repeated, again.repeated, found.publication.state) == (False, True, PublicationState.DRAFT)


def test_a_chosen_seed_is_one_that_the_service_takes() -> None:
    assert all(1 <= chosen_seed(str(uuid4())) <= LARGEST_SEED for _ in range(100))


def test_a_run_that_tries_again_chooses_the_same_seed() -> None:
    assert chosen_seed("run") == chosen_seed("run") != chosen_seed("another run")


@pytest.mark.parametrize(
    ("kind", "held", "kept"),
    [
        (AuditKind.SPECIAL, True, True),
        (AuditKind.SPECIAL, False, False),
        (AuditKind.COVERT, False, True),
        (AuditKind.MOCK, False, True),
    ],
)
async def test_a_round_is_held_back_as_the_form_says_and_a_covert_one_in_any_case(
    here: Duban, monkeypatch: pytest.MonkeyPatch, kind: AuditKind, held: bool, kept: bool
) -> None:
    @contextmanager
    def opened() -> Iterator[Duban]:
        yield here

    async def shown(*_: object, **__: object) -> None:
        """Artifacts need a server."""

    for name, stand_in in (("duban", opened), ("draw", flow.draw.fn), ("_show", shown)):
        monkeypatch.setattr(flow, name, stand_in)
    day = date(2026, 12, 3)
    given: dict[str, Any] = {"area": "5103", "points": 2, "inspectors": [INSPECTOR], "requested_by": OFFICE}

    await flow.audit.fn(kind=kind, held=held, on_date=day, **given)

    with here.sessions() as session:
        assert session.exec(select(Round)).one().held is kept
