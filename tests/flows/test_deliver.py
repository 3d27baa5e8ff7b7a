"""Delivery without Prefect: the plain functions behind the flow."""

import asyncio
import time
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from flows import deliver as delivering
from flows.common import Duban
from flows.deliver import Delivered, keep_delivering, keep_telling
from models.message import Message, MessageState
from models.unit import PostKind
from notifications.channels import Channels
from notifications.outbox import wake
from runtime import clock
from runtime.keys import account_keys
from runtime.listening import ring
from runtime.settings import Settings
from runtime.stopping import STOP, this_machine
from services import bulk, hooks
from services.hooks import Wish
from services.message_rows import message_row
from tests.cast import an_issue
from tests.notifications.channels.noting import noting_sink
from tests.services.hooks.desk import LOOPBACK, admin
from tests.small_city import a_city


@pytest.fixture
def here(session: Session, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """A small city; only a word from the database can be quick, and nothing is told to Prefect."""
    a_city(session)
    session.commit()
    monkeypatch.setattr(delivering, "LOOK_EVERY", 60.0)
    monkeypatch.setattr(delivering, "tell_prefect", lambda _: 0)
    return Duban(Settings(), lambda: Session(session.get_bind()), database_url)


async def test_a_committed_message_leaves_at_once(here: Duban, session: Session) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_deliver(here))
        await _listening(session)
        _write_message(session)
        committed = time.monotonic()
        while not _sent(session):
            await asyncio.sleep(0.02)
        took = time.monotonic() - committed
        ring(here.url, channel=STOP, text=this_machine())

    assert took < delivering.LOOK_EVERY / 2  # nobody has looked yet


async def test_subscribers_are_told_at_once_beside_the_messages(here: Duban, session: Session) -> None:
    here = replace(here, settings=here.settings.model_copy(update={"webhook_networks": LOOPBACK}))
    with noting_sink() as sink:
        sink.answer, keys = (204, {}, ""), account_keys(here.settings)
        wish = Wish("x", f"{sink.http}/", ("issue.find",))
        hooks.make(session, wish, by=admin(session), keys=keys, networks=LOOPBACK, now=clock.system_now())
        session.commit()
        total = Delivered()
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_telling.fn(here, time.monotonic() + 30, total))
            await _listening(session)
            an_issue(session)
            session.commit()
            while not sink.requests:
                await asyncio.sleep(0.02)
            ring(here.url, channel=STOP, text=this_machine())

    assert total.webhooks == {"ok": 1}


async def test_delivery_ends_when_this_machine_is_told_to_stop(here: Duban, session: Session) -> None:
    async with asyncio.TaskGroup() as group:
        running = group.create_task(_deliver(here))
        await _listening(session)
        ring(here.url, channel=STOP, text="another machine")
        ring(here.url, channel=STOP, text=this_machine())

    assert running.done()


async def test_delivery_ends_when_its_time_is_over(here: Duban) -> None:
    total = await _deliver(here, seconds=0.0)

    assert total.messages["claimed"] == 0


async def test_delivery_ends_between_two_looks_when_there_is_always_more(
    here: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[None] = []
    monkeypatch.setattr(delivering, "look", lambda *_: looks.append(None) or True)

    await _deliver(here, seconds=0.0)

    assert len(looks) == 1


async def test_delivery_hears_a_stop_between_two_looks(here: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: object) -> bool:
        ring(here.url, channel=STOP, text=this_machine())
        return True

    monkeypatch.setattr(delivering, "look", look)

    async with asyncio.timeout(5.0):
        await _deliver(here)


async def _deliver(here: Duban, *, seconds: float = 30.0) -> Delivered:
    total = Delivered()
    await keep_delivering.fn(here, Channels({}), time.monotonic() + seconds, total)
    return total


async def _listening(session: Session) -> None:
    """Until the last of its LISTENs is through."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN \"duban_stop\"'"
    )
    while not session.connection().exec_driver_sql(query).scalar_one():
        session.rollback()
        await asyncio.sleep(0.02)
    session.rollback()


def _sent(session: Session) -> bool:
    session.rollback()
    return session.exec(select(Message.state)).one() is MessageState.SENT


def _write_message(session: Session) -> None:
    row = message_row(
        key="test",
        kind="watchdog",
        why="L1.duty_officer",
        post=f"5103:{PostKind.DUTY_OFFICER}",
        area_path="5103",
        channels=("app",),
        facts={"problems": ["–"]},
        now=clock.system_now(),
    )
    bulk.insert(session, Message, [row])
    wake(session)
    session.commit()
