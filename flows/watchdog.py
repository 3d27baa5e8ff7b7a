"""Watchdog 值守: is anything late that should have happened? Tells the duty officer; pings outside when all is well.

Whoever waits for the ping hears of it when this machine, the database or the scheduler is gone: silence is the alarm.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import httpx
from prefect import flow
from prefect.client.schemas.objects import State

from flows.artifacts import show_page
from flows.common import Duban, done, duban, gave_way, patient, superseded
from runtime import clock
from services import outbox_alarms, watch
from services.watch import Watch

EVERY = timedelta(minutes=10)
PING_WITHIN = 10.0
"""Seconds."""


@dataclass(frozen=True)
class Watched:
    """What was seen, how many were told, whether the ping went out."""

    well: bool
    told: int
    pinged: bool


@flow(name="watchdog", persist_result=False)
async def watchdog() -> State[Watched]:
    """检查超时未办的环节和滞留的消息，报告值班员；一切正常时向外发送心跳。
    Looks for late steps and waiting messages, tells the duty officer; pings outside when all is well.
    """
    if superseded(every=EVERY):
        return gave_way("A newer run is due; it does the work of this one too.")
    with duban() as here:
        seen, told = await look(here)
        if not seen.is_well:
            await show_page("watchdog", as_page(seen), description="值守发现的问题 · What the watchdog found")
        address = here.settings.heartbeat_url
        pinged = bool(seen.is_well and address)
        if pinged and address:
            await ping(address.get_secret_value())
    return done(Watched(seen.is_well, told, pinged), "All is well" if seen.is_well else f"Not well; {told} told")


@patient("look 检查", stage="watch")
async def look(here: Duban) -> tuple[Watch, int]:
    """Look, and write the messages when something is wrong (at most once an hour), or all is well again."""
    return await asyncio.to_thread(_look, here)


def _look(here: Duban) -> tuple[Watch, int]:
    with here.sessions() as session:
        now = clock.now(session)
        seen = watch.look(session, now=now, true_now=clock.true_now(session))
        told = watch.alarm(session, seen, now=now)
        told += outbox_alarms.look_after(session, now=now)
        session.commit()
    return seen, told


@patient("ping 心跳", stage="watch")
async def ping(url: str) -> None:
    """One GET; an answer that is an error counts as not arrived and fails the run."""
    async with httpx.AsyncClient(timeout=PING_WITHIN) as client:
        (await client.get(url)).raise_for_status()


def as_page(seen: Watch) -> str:
    """What is wrong, one line each, in both languages."""
    lines = zip(watch.problems(seen, lang="zh-CN"), watch.problems(seen, lang="en"), strict=True)
    return "\n".join(f"- {chinese} / {english}" for chinese, english in lines)
