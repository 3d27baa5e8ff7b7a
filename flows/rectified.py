"""Rectified 待复核: an independent verifier is called, and the verification clock runs. Here too: looking at photos."""

import asyncio
from datetime import datetime

from flows.common import Duban, patient
from models.lifecycle import State
from services import developing
from services.developing import Looked
from services.sweeps import Sessions, StageCounts, sweep


@patient("rectified 待复核", stage="rectified")
async def rectified(sessions: Sessions, now: datetime) -> StageCounts:
    """Everything due among the issues whose proof waits to be checked."""
    return await asyncio.to_thread(sweep, sessions, State.RECTIFIED, now=now)


@patient("photos 照片", stage="rectified")
async def look_at_photos(here: Duban, now: datetime) -> Looked:
    """Draw anew what was handed in, and flag what looks wrong about it."""
    return await asyncio.to_thread(_look_at_photos, here, now)


def _look_at_photos(here: Duban, now: datetime) -> Looked:
    with here.sessions() as session:
        looked = developing.look(session, here.settings.evidence, now=now)
        session.commit()
    return looked


def photos_wait(here: Duban) -> bool:
    """Whether anything was handed in that nobody has looked at."""
    with here.sessions() as session:
        return developing.something_waits(session)
