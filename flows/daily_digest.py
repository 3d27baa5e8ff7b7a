"""Daily digest 每日待办: on the city's working days, what waits for each person."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State

from flows.common import Duban, done, duban, gave_way, patient, superseded
from runtime import clock
from services import digests

EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Digested:
    """How many people get a digest; none on a day off."""

    told: int


@flow(name="daily_digest", persist_result=False)
async def daily_digest() -> State[Digested]:
    """工作日向每个人发送当日待办；休息日不发。
    What waits for each person, on working days only.
    """
    if superseded(every=EVERY):
        return gave_way("A newer run is due; yesterday's list would be stale.")
    with duban() as here:
        told = await digest(here)
    return done(Digested(told), f"{told} people get a digest")


@patient("digest 摘要", stage="report")
async def digest(here: Duban) -> int:
    """One message for each person that something waits for; a second run of a day adds none."""
    return await asyncio.to_thread(_digest, here)


def _digest(here: Duban) -> int:
    with here.sessions() as session:
        told = digests.daily_digest(session, now=clock.now(session))
        session.commit()
    return told
