"""Asking for codes and typing them in, over a channel in memory."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import Session

from models.unit import ChannelClass
from services import contact_codes
from services.contact_codes import Asked
from tests.cast import HANDLER, MONDAY, who
from tests.notifications.desk import Memory, doors

ADMINISTRATOR = "R00005"
SMS, MAIL, CHAT = ChannelClass.SMS, ChannelClass.MAIL, ChannelClass.CHAT
NEW = "19912345678"
Ask = Callable[..., Asked]


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def ask(city: Session, sessions, memory: Memory) -> Ask:
    def asked(
        address: str = NEW,
        channel: ChannelClass = SMS,
        *,
        by: str = HANDLER,
        person: str = HANDLER,
        now: datetime = MONDAY,
        **more,
    ) -> Asked:
        actor = who(city, by)
        city.rollback()
        given = {"person_code": person, "channel": channel, "address": address, "now": now, **more}
        return contact_codes.ask(sessions, doors(memory), by=actor, **given)

    return asked


@pytest.fixture
def confirm(city: Session, sessions) -> Callable[..., None]:
    def confirmed(contact_id: int, code: str, *, by: str = HANDLER, now: datetime = MONDAY) -> None:
        actor = who(city, by)
        city.rollback()
        contact_codes.confirm(sessions, by=actor, contact_id=contact_id, code=code, now=now)

    return confirmed
