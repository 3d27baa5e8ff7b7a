"""Assigned 待签收: the sign-in clock. A unit that does not sign meets the ladder."""

import asyncio
from datetime import datetime

from flows.common import patient
from models.lifecycle import State
from services.sweeps import Sessions, StageCounts, sweep


@patient("assigned 待签收", stage="assigned")
async def assigned(sessions: Sessions, now: datetime) -> StageCounts:
    """Everything due among the issues that wait for a signature."""
    return await asyncio.to_thread(sweep, sessions, State.ASSIGNED, now=now)
