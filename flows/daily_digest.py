"""Daily digest 每日待办: on the city's working days, what waits for each person, and task letters nobody signed for."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State

from flows.common import Duban, done, duban, gave_way, patient, superseded
from runtime import clock
from services import digests
from services.tasks import chasing
from services.tasks.chasing import Chased

EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Digested:
    """How many people get a digest, how many letters are reminded of, climb; none on a day off."""

    told: int
    reminded: int
    climbed: int


@flow(name="daily_digest", persist_result=False)
async def daily_digest() -> State[Digested]:
    """工作日向每个人发送当日待办，提醒未签收的任务书；休息日不发。
    What waits for each person, and task letters that nobody signed for, on working days only.
    """
    if superseded(every=EVERY):
        return gave_way("A newer run is due; yesterday's list would be stale.")
    with duban() as here:
        told = await digest(here)
        chased = await letters(here)
    words = (
        f"{told} people get a digest, {chased.reminded} task letters reminded of, {chased.climbed} told to those above"
    )
    return done(Digested(told, chased.reminded, chased.climbed), words)


@patient("digest 摘要", stage="report")
async def digest(here: Duban) -> int:
    """One message for each person that something waits for; a second run of a day adds none."""
    return await asyncio.to_thread(_digest, here)


@patient("task letters 任务书", stage="report")
async def letters(here: Duban) -> Chased:
    """Remind of letters that nobody signed for, and tell those above; each letter once."""
    return await asyncio.to_thread(_letters, here)


def _letters(here: Duban) -> Chased:
    with here.sessions() as session:
        chased = chasing.chase(session, now=clock.now(session))
        session.commit()
    return chased


def _digest(here: Duban) -> int:
    with here.sessions() as session:
        told = digests.daily_digest(session, now=clock.now(session))
        session.commit()
    return told
